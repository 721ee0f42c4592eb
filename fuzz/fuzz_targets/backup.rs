//! Backups of any rows, with the right checksum: restored or refused. What is restored opens or says why not, `check` reads
//! it to its end, and after `repair` everything agrees.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::ErrorKind;
use mnemon::engine::Engine;
use mnemon_fuzz::{QUIET, is_clean, open, options};
use sha2::{Digest, Sha256};

fuzz_target!(|input: &[u8]| {
    let _refused_or_not = Engine::verify_backup(input, QUIET);
    let rows = [input, &[0, 0]].concat();
    let whole = [&rows[..], &Sha256::digest(&rows)].concat();
    let Ok(summary) = Engine::verify_backup(&*whole, QUIET) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    if Engine::restore(folder.path(), &*whole, QUIET).is_err() {
        return;
    }
    if let Ok(engine) = Engine::open(options(folder.path())) {
        let found = engine.check(QUIET).map_or(usize::MAX, |report| report.findings.len());
        assert!(found > 0 || summary.damaged == 0, "damaged rows that check does not find");
        engine.close().expect("nothing failed");
    }
    match Engine::repair(&options(folder.path()), QUIET) {
        Ok(_) => is_clean(&open(folder.path())),
        Err(error) => assert!(matches!(error.kind(), ErrorKind::OtherModel | ErrorKind::NewerFormat), "{error:?}"),
    }
});
