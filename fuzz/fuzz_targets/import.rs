//! Bytes that claim to be an export are refused or taken in; what was taken in goes out, and in again as the same.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use mnemon::engine::{Engine, Existing};
use mnemon_fuzz::{QUIET, export, is_clean, open, options};

fuzz_target!(|input: &[u8]| {
    if Engine::verify_export(input).is_err() {
        return;
    }
    let Some(first) = taken_in(input) else { return };
    assert_eq!(taken_in(first.as_bytes()).as_ref(), Some(&first), "what went out comes in as the same");
});

/// What a new folder has when it has taken it in.
fn taken_in(input: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let import = || Engine::import(&options(folder.path()), &mut Cursor::new(input), Existing::Refuse, QUIET);
    if let Err(error) = import() {
        assert_ne!(error.kind(), mnemon::ErrorKind::Internal, "{error}");
        return None;
    }
    import().expect("importing twice changes nothing");
    let engine = open(folder.path());
    is_clean(&engine);
    Some(export(&engine))
}
