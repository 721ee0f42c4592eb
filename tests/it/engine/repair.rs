//! Repair: every kind of record damaged in turn, and damaged pages. What can be made again is, what cannot is kept aside
//! and told, and afterwards all is in order.

use std::path::Path;

use mnemon::ErrorKind;
use mnemon::engine::{Engine, MemoryQuery, RepairReport};
use mnemon::model::{Memory, Moment};
use mnemon::recall::RecallQuery;
use redb::{Database, ReadableTable, TableDefinition};

use crate::support::{Bench, WordEmbedder, address, said, session};

const QUIET: &dyn Fn(u64, u64) = &|_, _| {};
const ROWS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("rows");
/// Where a key says what kind of row it is.
pub(super) const KIND_AT: usize = 8;

/// The kinds, by their numbers on disk, and whether damage to one loses something that was said.
const KINDS: [(u8, &str, bool); 12] = [
    (1, "Namespace", false),
    (2, "Profile", false),
    (3, "Token", true),
    (6, "Model", false),
    (16, "Sequence", false),
    (17, "Session", true),
    (18, "SessionName", false),
    (19, "Message", true),
    (20, "MessagePlace", false),
    (21, "MessageVector", false),
    (22, "Memory", true),
    (23, "MemoryVector", false),
];

pub(super) fn filled() -> Bench {
    let bench = Bench::new();
    let ana = bench.profile("ana");
    let messages = [
        said("2026-05-01T10:00:00+02:00", "I live in Oslo. I work as a nurse."),
        said("2026-05-02T10:00:00Z", "I live in Bergen now. Please always answer in short sentences."),
    ];
    bench.engine().ingest(&ana, Some(&session("monday")), &messages).unwrap();
    bench.engine().remember(&ana, None, "Ana is allergic to peanuts").unwrap();
    bench.engine().ensure_first_token().unwrap();
    bench
}

/// Changes rows of the file while no engine has it open.
pub(super) fn change(folder: &Path, change: impl Fn(&[u8], &[u8]) -> Option<Vec<u8>>) -> usize {
    let database = Database::open(folder.join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    let mut changed = Vec::new();
    {
        let mut rows = transaction.open_table(ROWS).unwrap();
        for row in rows.iter().unwrap() {
            let (key, value) = row.unwrap();
            changed.extend(change(key.value(), value.value()).map(|new| (key.value().to_vec(), new)));
        }
        for (key, value) in &changed {
            if value.is_empty() {
                drop(rows.remove(key.as_slice()).unwrap());
            } else {
                drop(rows.insert(key.as_slice(), value.as_slice()).unwrap());
            }
        }
    }
    transaction.commit().unwrap();
    changed.len()
}

/// Puts a row under another key, as it is.
pub(super) fn move_row(folder: &Path, from: &[u8], to: &[u8]) {
    let database = Database::open(folder.join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    {
        let mut rows = transaction.open_table(ROWS).unwrap();
        let value = rows.remove(from).unwrap().unwrap().value().to_vec();
        assert!(rows.insert(to, value.as_slice()).unwrap().is_none(), "no row is written over");
    }
    transaction.commit().unwrap();
}

/// Makes the first row of a kind one that cannot be read.
fn break_first(folder: &Path, kind: u8) {
    let done = std::cell::Cell::new(false);
    let changed =
        change(folder, |key, _| (key[KIND_AT] == kind && !done.replace(true)).then(|| b"\x09broken".to_vec()));
    assert_eq!(changed, 1, "there is a row of kind {kind}");
}

fn repair(bench: &Bench) -> RepairReport {
    Engine::repair(&bench.options(WordEmbedder::named("words")), QUIET).unwrap()
}

fn findings(bench: &Bench) -> Vec<String> {
    let report = bench.engine().check(QUIET).unwrap();
    report.findings.into_iter().map(|finding| format!("{}: {}", finding.place, finding.what)).collect()
}

fn memories(bench: &Bench) -> Vec<Memory> {
    let query = MemoryQuery { include_superseded: true, per_page: 500, cursor: None, session: None, kind: None };
    bench.engine().memories(&address("local", "tests", "ana"), &query).unwrap().items
}

fn answer(bench: &Bench) -> String {
    let at = address("local", "tests", "ana");
    let query = RecallQuery::new("Where does the user live?", Moment::parse("2026-06-01").unwrap());
    bench.engine().recall(&at, &query).unwrap().answer
}

#[test]
fn every_kind_of_record_is_mended_or_kept_aside() {
    for (kind, name, loses) in KINDS {
        let mut bench = filled();
        let before = memories(&bench);
        bench.close();
        break_first(bench.folder.path(), kind);

        let report = repair(&bench);
        assert_eq!(!report.lost.is_empty(), loses, "{name}: {report:?}");
        let aside = fs_err::read_to_string(report.quarantine.as_ref().unwrap()).unwrap();
        assert_eq!(aside.lines().count(), 1, "{name}");
        assert!(aside.contains(&format!("\"kind\":\"{name}\"")), "{aside}");
        assert!(aside.contains("\"value\":\"0962726f6b656e\""), "what was there is kept: {aside}");

        bench.reopen();
        assert_eq!(findings(&bench), Vec::<String>::new(), "{name}");
        let after = memories(&bench);
        if name == "Memory" {
            assert_eq!(after.len() + 1, before.len());
        } else {
            assert_eq!(after, before, "{name} touches no memory");
            assert!(answer(&bench).contains("Bergen"), "{name}: {}", answer(&bench));
        }
        bench.close();
        let again = repair(&bench);
        assert!(again.mended.is_empty() && again.lost.is_empty() && again.quarantine.is_none(), "{name}: {again:?}");
    }
}

#[test]
fn rows_that_are_gone_are_made_again_or_their_traces_removed() {
    for (kind, name, _) in KINDS {
        let mut bench = filled();
        bench.close();
        assert!(change(bench.folder.path(), |key, _| (key[KIND_AT] == kind).then(Vec::new)) > 0, "{name}");
        repair(&bench);
        bench.reopen();
        assert_eq!(findings(&bench), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn check_tells_what_repair_mends() {
    for kind in [16_u8, 17, 18, 19, 20, 21, 22, 23] {
        let mut bench = filled();
        bench.close();
        break_first(bench.folder.path(), kind);
        bench.reopen();
        let found = findings(&bench);
        assert!(found.iter().any(|finding| finding.contains("record")), "{kind}: {found:?}");
        bench.close();
        repair(&bench);
        bench.reopen();
        assert_eq!(findings(&bench), Vec::<String>::new(), "{kind}");
    }
}

/// Changes the message about Oslo, and gives what check says and what repair did.
fn change_oslo(bench: &mut Bench, changed: [u8; 4]) -> (Vec<String>, RepairReport) {
    bench.close();
    let done = change(bench.folder.path(), |key, value| {
        let at = value.windows(4).position(|text| text == b"Oslo").filter(|_| key[KIND_AT] == 19)?;
        let mut value = value.to_vec();
        value[at..at + 4].copy_from_slice(&changed);
        Some(value)
    });
    assert_eq!(done, 1);
    bench.reopen();
    let found = findings(bench);
    bench.close();
    let report = repair(bench);
    bench.reopen();
    assert_eq!(findings(bench), Vec::<String>::new());
    (found, report)
}

#[test]
fn a_message_with_one_bit_flipped_is_what_it_was() {
    let mut bench = filled();
    let before = bench.export();
    let (found, report) = change_oslo(&mut bench, *b"Osdo");
    assert!(found[0].contains("Message record") && found[0].contains("checksum does not agree"), "{found:?}");
    assert!(report.lost.is_empty() && report.quarantine.is_some(), "{report:?}");
    assert!(report.mended[0].what.contains("one bit flipped"), "{report:?}");
    assert_eq!(bench.export(), before);
}

#[test]
fn a_message_that_says_something_else_is_read_by_nobody_and_put_aside() {
    let mut bench = filled();
    let (found, report) = change_oslo(&mut bench, *b"Rome");
    assert!(found[0].contains("checksum does not agree"), "{found:?}");
    assert!(report.lost.iter().any(|lost| lost.what.contains("a message was put aside")), "{report:?}");
    let aside = fs_err::read_to_string(report.quarantine.unwrap()).unwrap();
    assert!(aside.contains("526f6d65"), "Rome, in hexadecimal: {aside}");
    let export = bench.export();
    assert!(!export.contains("Rome") && export.contains("The user lives in Oslo"), "{export}");
}

/// An index kept from before it must not be taken for one of today.
#[test]
fn a_count_of_commits_that_was_lost_goes_on_beyond_what_it_can_have_been() {
    let mut bench = filled();
    bench.close();
    break_first(bench.folder.path(), 16);
    repair(&bench);
    let counts = std::cell::RefCell::new(Vec::new());
    change(bench.folder.path(), |key, value| {
        if key[KIND_AT] == 16 {
            counts.borrow_mut().push(value.to_vec());
        }
        None
    });
    let count = &counts.borrow()[0];
    // Version 1, then the number's width and its bytes, little-endian: milliseconds since 1970.
    assert_eq!(count[..2], [1, 253], "{count:?}");
    assert!(u64::from_le_bytes(count[2..10].try_into().unwrap()) > 1_700_000_000_000);
    bench.reopen();
}

#[test]
fn a_row_that_strayed_into_a_space_of_nobody_makes_no_profile_there() {
    let mut bench = filled();
    bench.close();
    let key = std::cell::RefCell::new(Vec::new());
    change(bench.folder.path(), |at, _| {
        if at[KIND_AT] == 19 && key.borrow().is_empty() {
            *key.borrow_mut() = at.to_vec();
        }
        None
    });
    // Two bits: it is not known where it was.
    let from = key.into_inner();
    let mut to = from.clone();
    to[2] ^= 0b101;
    move_row(bench.folder.path(), &from, &to);
    let report = repair(&bench);
    assert!(report.lost.iter().any(|lost| lost.what.contains("a message was put aside")), "{report:?}");
    bench.reopen();
    assert_eq!(findings(&bench), Vec::<String>::new());
    assert!(!bench.export().contains("recovered"));
}

#[test]
fn what_cannot_be_told_apart_goes_to_nobody() {
    let mut bench = filled();
    let bo = bench.profile("bo");
    bench.engine().remember(&bo, None, "Bo likes tea").unwrap();
    bench.close();
    assert_eq!(change(bench.folder.path(), |key, _| (key[KIND_AT] == 2).then(|| b"\x09".to_vec())), 2);
    let report = repair(&bench);
    assert_eq!(report.lost.len(), 4, "{report:?}");
    bench.reopen();
    assert_eq!(findings(&bench), Vec::<String>::new());
    assert!(
        bench
            .engine()
            .memories(
                &bo,
                &MemoryQuery { include_superseded: true, per_page: 9, cursor: None, session: None, kind: None }
            )
            .is_err()
    );
    let recovered = |space: u64| {
        let at = address("recovered", "recovered", &format!("space-{space}"));
        let query = MemoryQuery { include_superseded: true, per_page: 9, cursor: None, session: None, kind: None };
        bench.engine().memories(&at, &query).unwrap().items.len()
    };
    assert!(recovered(1) > 1);
    assert_eq!(recovered(2), 1);
}

#[test]
fn a_profile_and_its_namespace_that_are_both_broken_are_mended_together_and_again() {
    let mut bench = filled();
    for round in 0..2 {
        bench.close();
        // Rows that say nothing, then a namespace that is not even named.
        let broken = change(bench.folder.path(), |key, _| match key[KIND_AT] {
            1 | 2 if round == 0 => Some(b"\x09".to_vec()),
            1 => Some(Vec::new()),
            _ => None,
        });
        assert!(broken > 0);
        repair(&bench);
        bench.reopen();
        assert_eq!(findings(&bench), Vec::<String>::new(), "round {round}");
    }
    let at = address("recovered", "recovered-1", "ana");
    let query = MemoryQuery { include_superseded: true, per_page: 500, cursor: None, session: None, kind: None };
    assert!(bench.engine().memories(&at, &query).unwrap().items.len() > 1);
}

#[test]
fn of_damaged_pages_everything_else_is_saved() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    for n in 0..40 {
        let text = format!("The user owns thing number {n}: {}", "words and more words ".repeat(20));
        bench.engine().ingest(&at, Some(&session("monday")), &[said("2026-05-01", &text)]).unwrap();
    }
    bench.close();
    let file = bench.folder.path().join("mnemon.redb");
    let whole = fs_err::read(&file).unwrap();
    let mut seed = 7_usize;
    let mut saved = 0;
    let texts: Vec<usize> = (0..whole.len() - 12).filter(|at| whole[*at..].starts_with(b"thing number")).collect();
    for round in 0..12 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Anywhere, where it may be what leads to everything; or a whole page with messages in it.
        let anywhere = 8192 + (seed >> 20) % (whole.len() - 16_384);
        let at = if round % 2 == 0 { anywhere } else { texts[(seed >> 20) % texts.len()] & !4095 };
        let mut bytes = whole.clone();
        bytes[at..at + 4096].iter_mut().for_each(|byte| *byte ^= 0x5A);
        fs_err::write(&file, &bytes).unwrap();
        match Engine::repair(&bench.options(WordEmbedder::named("words")), QUIET) {
            Ok(report) => {
                let kept = report.salvage.map(|salvage| salvage.kept);
                bench.reopen();
                assert_eq!(findings(&bench), Vec::<String>::new(), "damage at {at}");
                bench.close();
                if let Some(kept) = kept {
                    saved += 1;
                    assert_eq!(fs_err::metadata(&kept).unwrap().len(), whole.len() as u64, "it is kept");
                    fs_err::remove_file(kept).unwrap();
                }
                clear(bench.folder.path());
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
                assert!(error.message().contains("backup"), "{error}");
            }
        }
    }
    assert!(saved > 3, "only {saved} files had damage that matters and could be read");
    fs_err::write(&file, &whole).unwrap();
}

fn clear(folder: &Path) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("quarantine") {
            fs_err::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_folder_that_is_in_order_stays_as_it_is() {
    let mut bench = filled();
    let mut before = Vec::new();
    bench.engine().backup(&mut before, QUIET).unwrap();
    bench.close();
    let report = repair(&bench);
    assert!(report.mended.is_empty() && report.lost.is_empty() && report.salvage.is_none(), "{report:?}");
    bench.reopen();
    let mut after = Vec::new();
    bench.engine().backup(&mut after, QUIET).unwrap();
    assert_eq!(after, before);
}
