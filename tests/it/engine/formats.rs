//! Every format that was released, as files of its time: `N.redb` a data file, `N.backup` and `N.jsonl` a backup and an
//! export of it. They are never changed; a new format gets files of its own.

use std::io::Cursor;
use std::path::PathBuf;

use mnemon::ErrorKind;
use mnemon::engine::{Engine, Existing};

use super::repair::{KIND_AT, change, filled};
use crate::support::{Bench, WordEmbedder, address};

const QUIET: &dyn Fn(u64, u64) = &|_, _| {};
/// The formats that were released, oldest first.
const RELEASED: [u32; 2] = [1, 2];
/// The `Format` record's kind.
const FORMAT: u8 = 5;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/formats")).join(name)
}

/// Writes the files of the newest format when they are not there: read them, and commit them with what changed it.
#[test]
fn the_newest_format_has_its_files() {
    let newest = RELEASED[RELEASED.len() - 1];
    if fixture(&format!("{newest}.redb")).exists() {
        return;
    }
    let mut bench = filled();
    fs_err::create_dir_all(fixture("")).unwrap();
    fs_err::write(fixture(&format!("{newest}.jsonl")), bench.export()).unwrap();
    let mut backup = Vec::new();
    bench.engine().backup(&mut backup, QUIET).unwrap();
    fs_err::write(fixture(&format!("{newest}.backup")), backup).unwrap();
    bench.close();
    Engine::compact(bench.folder.path(), &*bench.clock, QUIET).unwrap();
    fs_err::copy(bench.folder.path().join("mnemon.redb"), fixture(&format!("{newest}.redb"))).unwrap();
    panic!("the files of format {newest} were not there and are written");
}

/// The engine on a folder with that release's data file.
fn opened(format: u32) -> Bench {
    let mut bench = Bench::new();
    bench.close();
    fs_err::copy(fixture(&format!("{format}.redb")), bench.folder.path().join("mnemon.redb")).unwrap();
    bench.reopen();
    bench
}

#[test]
fn data_of_every_release_opens_and_says_what_it_said() {
    for format in RELEASED {
        let bench = opened(format);
        assert_eq!(bench.engine().check(QUIET).unwrap().findings, []);
        assert_eq!(bench.export(), fs_err::read_to_string(fixture(&format!("{format}.jsonl"))).unwrap());
        assert_eq!(bench.engine().tokens().unwrap().len(), 1);
        let summary = bench.engine().summary(&address("local", "tests", "ana"), None).unwrap();
        assert!(summary.contains("Bergen") && !summary.contains("Oslo"), "{summary}");
    }
}

#[test]
fn backups_and_exports_of_every_release_are_read() {
    for format in RELEASED {
        let text = fs_err::read_to_string(fixture(&format!("{format}.jsonl"))).unwrap();
        let mut bench = Bench::new();
        bench.close();
        let backup = fs_err::File::open(fixture(&format!("{format}.backup"))).unwrap();
        assert_eq!(Engine::restore(bench.folder.path(), backup, QUIET).unwrap().damaged, 0);
        bench.reopen();
        assert_eq!(bench.engine().check(QUIET).unwrap().findings, []);
        assert_eq!(bench.export(), text);

        let mut bench = Bench::new();
        bench.close();
        let options = bench.options(WordEmbedder::named("words"));
        Engine::import(&options, &mut Cursor::new(&text), Existing::Refuse, QUIET).unwrap();
        bench.reopen();
        assert_eq!(bench.export(), text);
    }
}

/// The first format, then what is changed about it in memory: every release reads its record, and nothing else of it.
#[test]
fn data_of_the_first_format_becomes_the_bytes_of_the_newest() {
    let mut bench = opened(1);
    let mut lifted = Vec::new();
    bench.engine().backup(&mut lifted, QUIET).unwrap();
    bench.close();
    let mut restored = Bench::new();
    restored.close();
    let backup = fs_err::File::open(fixture("1.backup")).unwrap();
    Engine::restore(restored.folder.path(), backup, QUIET).unwrap();
    restored.reopen();
    let mut again = Vec::new();
    restored.engine().backup(&mut again, QUIET).unwrap();
    assert_eq!(again, lifted, "a backup and the file it is of become the same");
    assert_eq!(
        change(bench.folder.path(), |key, value| (key[KIND_AT] == FORMAT && value == [1, 2]).then(|| vec![1, 2])),
        1
    );
    bench.reopen();
}

#[test]
fn a_newer_format_is_refused_and_left_as_it_is() {
    let mut bench = opened(2);
    bench.close();
    // Version 1 of the record, and a format that no release has had yet.
    assert_eq!(change(bench.folder.path(), |key, _| (key[KIND_AT] == FORMAT).then(|| vec![1, 200])), 1);
    let options = bench.options(WordEmbedder::named("words"));
    let refused = Engine::open(options.clone()).err().unwrap();
    assert_eq!(refused.kind(), ErrorKind::NewerFormat);
    assert!(refused.message().contains("format version 200"), "{refused}");
    let refused = Engine::repair(&options, QUIET).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NewerFormat, "repair does not take it for damage");
    let refused = Engine::backup_folder(bench.folder.path(), &mut Vec::new(), QUIET).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NewerFormat);
    assert_eq!(
        change(bench.folder.path(), |key, value| (key[KIND_AT] == FORMAT && value == [1, 200]).then(|| vec![1, 2])),
        1
    );
    bench.reopen();
}
