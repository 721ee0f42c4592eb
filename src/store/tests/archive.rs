//! Backups, and data files made anew.

use proptest::prelude::*;

use super::*;
use crate::store::rows::{FormatRow, Kind, Row};
use crate::store::{StoreOptions, key, verify_backup};

const QUIET: &dyn Fn(u64, u64) = &|_, _| {};

fn filled() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    for space in 1..4 {
        let mut batch = Batch::new();
        for position in 0..40 {
            batch.put(SpaceId::from_number(space), &place(0, position), &message(&format!("said {position} {space}")));
        }
        store.commit(batch).unwrap();
    }
    (dir, store)
}

fn backup(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    let summary = store.read().unwrap().write_backup(&mut bytes, QUIET).unwrap();
    assert_eq!(summary.bytes, bytes.len() as u64);
    bytes
}

fn names(dir: &std::path::Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs_err::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_restores_every_row_and_nothing_else() {
    let (_dir, store) = filled();
    let bytes = backup(&store);
    let empty = tempfile::tempdir().unwrap();
    let summary = Store::restore(empty.path(), &*bytes, QUIET).unwrap();
    assert_eq!((summary.rows, summary.damaged), (124, 0), "three times 40 messages and a sequence, and the format");
    assert_eq!(names(empty.path()), ["mnemon.redb"]);
    let restored = Store::open(empty.path(), &StoreOptions::default()).unwrap();
    assert_eq!(backup(&restored), bytes, "a backup of what was restored is the same bytes");
    assert_eq!(restored.allocate_space().number(), 4, "no space is given out twice");
}

#[test]
fn a_backup_is_of_one_moment_while_writes_go_on() {
    let (_dir, store) = filled();
    let snapshot = store.read().unwrap();
    store.commit(put_message(SpaceId::from_number(9), place(0, 0), "later")).unwrap();
    let mut bytes = Vec::new();
    assert_eq!(snapshot.write_backup(&mut bytes, QUIET).unwrap().rows, 124);
    assert_eq!(verify_backup(&*bytes, QUIET).unwrap().rows, 124);
}

#[test]
fn a_backup_that_is_cut_or_changed_anywhere_restores_nothing() {
    let (_dir, store) = filled();
    let whole = backup(&store);
    let (target, kept) = filled();
    let kept_rows = backup(&kept);
    kept.close().unwrap();
    for at in (0..whole.len()).step_by(7) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        for bad in [&whole[..at], &flipped] {
            let error = verify_backup(bad, QUIET).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Damaged | ErrorKind::NewerFormat), "{at}: {error:?}");
        }
    }
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    assert_eq!(kind_of(Store::restore(target.path(), &*flipped, QUIET)), ErrorKind::Damaged);
    assert_eq!(names(target.path()), ["mnemon.redb"], "nothing is left behind");
    assert_eq!(backup(&Store::open(target.path(), &StoreOptions::default()).unwrap()), kept_rows);
    let longer = [&whole[..], b"x"].concat();
    assert!(verify_backup(&*longer, QUIET).unwrap_err().message().contains("follows its end"));
}

#[test]
fn a_newer_backup_is_refused_before_anything_is_read() {
    for (header, what) in
        [("mnemon-backup 2 anything\n", "has version 2"), ("mnemon-backup 1 format 9 rows 3\n", "format version 9")]
    {
        let error = verify_backup(header.as_bytes(), QUIET).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NewerFormat, "{header}");
        assert!(error.message().contains(what), "{}", error.message());
    }
    for other in ["", "{\"format\": \"mnemon-export\"}\n", "mnemon-backup\n", "mnemon-backup 1 format x rows y\n"] {
        assert_eq!(kind_of(verify_backup(other.as_bytes(), QUIET)), ErrorKind::Damaged, "{other}");
    }
}

#[test]
fn damaged_records_are_kept_and_counted() {
    let (_dir, store) = filled();
    let bytes = backup(&store);
    let at = bytes.windows(6).position(|bytes| bytes == b"said 7").unwrap();
    let sum_at = bytes.len() - 32;
    let mut broken = bytes.clone();
    // The content becomes what is no text; then the checksum is made to fit.
    broken[at] = 0xFF; // which its own checksum tells too
    let sum: [u8; 32] =
        sha2::Digest::finalize(sha2::Digest::chain_update(sha2::Sha256::default(), &broken[..sum_at])).into();
    broken[sum_at..].copy_from_slice(&sum);
    assert_eq!(verify_backup(&*broken, QUIET).unwrap().damaged, 1);
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Store::restore(dir.path(), &*broken, QUIET).unwrap().damaged, 1);
    assert_eq!(backup(&Store::open(dir.path(), &StoreOptions::default()).unwrap()), broken);
}

#[test]
fn a_folder_that_is_open_is_not_restored_over() {
    let (dir, store) = filled();
    let bytes = backup(&store);
    assert_eq!(kind_of(Store::restore(dir.path(), &*bytes, QUIET)), ErrorKind::InUse);
}

#[test]
fn compacting_gives_space_back_and_keeps_every_row() {
    let (dir, store) = filled();
    let mut batch = Batch::new();
    for position in 0..2_000 {
        batch.put(
            SpaceId::from_number(7),
            &place(0, position),
            &message(&format!("{position} {}", "gone ".repeat(200))),
        );
    }
    store.commit(batch).unwrap();
    let mut batch = Batch::new();
    batch.erase_space(SpaceId::from_number(7));
    store.commit(batch).unwrap();
    let rows = backup(&store);
    let (before, after) = store.compact(QUIET).unwrap();
    assert!(after * 2 < before, "{before} bytes became {after}");
    assert_eq!(names(dir.path()), ["mnemon.redb"]);
    assert_eq!(backup(&Store::open(dir.path(), &StoreOptions::default()).unwrap()), rows);
}

#[test]
fn what_an_interrupted_run_left_is_replaced() {
    let (dir, store) = filled();
    let rows = backup(&store);
    fs_err::write(dir.path().join("mnemon.redb.part"), "half of something").unwrap();
    store.compact(QUIET).unwrap();
    assert_eq!(names(dir.path()), ["mnemon.redb"]);
    assert_eq!(backup(&Store::open(dir.path(), &StoreOptions::default()).unwrap()), rows);
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_no_backup(rows in 0..4_u64, body: Vec<u8>) {
        let bytes = [format!("mnemon-backup 1 format 1 rows {rows}\n").as_bytes(), &body[..]].concat();
        prop_assert!(verify_backup(&*bytes, QUIET).is_err());
    }
}

#[test]
fn every_backup_says_the_format_of_its_data() {
    let (_dir, store) = filled();
    let bytes = backup(&store);
    let first = key::row_key(SpaceId::CATALOG, Kind::Format, &());
    let version = FormatRow::decode(&store_value(&store, &first)).unwrap().version;
    assert!(bytes.starts_with(format!("mnemon-backup 1 format {version} rows 124\n").as_bytes()));
}

fn store_value(store: &Store, whole: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    store
        .read()
        .unwrap()
        .visit_raw(&mut |key, value| {
            if key == whole {
                found = value.to_vec();
            }
            Ok(())
        })
        .unwrap();
    found
}

/// No release makes one: the change is finished before anything else is done.
#[test]
fn a_backup_from_within_a_change_of_format_is_refused() {
    let key = [0, 0, 0, 0, 0, 0, 0, 0, Kind::Migrating.number()];
    let row = [&[0, 9, 0, 0, 0, 1], &key[..], &[1, 0, 0]].concat();
    let whole = [b"mnemon-backup 1 format 1 rows 1\n", &row[..]].concat();
    let sum = sha2::Digest::chain_update(sha2::Sha256::default(), &whole);
    let error = verify_backup(&*[&whole[..], &sha2::Digest::finalize(sum)].concat(), QUIET).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    assert!(error.message().contains("within a change of format"), "{error}");
}
