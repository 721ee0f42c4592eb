//! Layouts of other versions.

use std::collections::BTreeMap;

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Database, ReadableTable, StorageBackend, TableDefinition};

use super::*;
use crate::store::disk::{Disk, Fault};
use crate::store::failure::Failure;
use crate::store::key::row_key;
use crate::store::migrate::{LAYOUTS, Layouts, Step};
use crate::store::rows::{FormatRow, MigratingRow, Row};
use crate::store::space_left::SpaceLeft;
use crate::store::{ROWS, StoreOptions};

fn with_layouts(backend: impl StorageBackend, layouts: Layouts<'_>) -> crate::Result<Store> {
    Store::with_layouts(backend, &StoreOptions::default(), SpaceLeft::Unlimited, layouts)
}

/// Opens the file with a release that knows these steps, and takes a row at a time.
fn open_with(dir: &tempfile::TempDir, steps: &[Step]) -> crate::Result<Store> {
    let path = dir.path().join("mnemon.redb");
    let file = fs_err::OpenOptions::new().read(true).write(true).create(true).open(path).unwrap();
    let backend = FileBackend::new(file.into_parts().0).unwrap();
    with_layouts(backend, Layouts { steps, bytes_at_once: 1 })
}

fn version(store: &Store) -> u32 {
    store.read().unwrap().get::<FormatRow>(SpaceId::CATALOG, &()).unwrap().unwrap().version
}

/// Rows of bytes that no kind has, to which steps append their numbers.
const MARKED: [&[u8]; 3] = [&[0xEE], &[0xEF], &[0xF0]];

#[expect(clippy::unnecessary_wraps, reason = "what a step answers")]
fn mark(key: &[u8], value: &[u8], number: u8) -> Result<Option<Vec<u8>>, Failure> {
    Ok(MARKED.contains(&key).then(|| [value, &[number]].concat()))
}

fn marks(dir: &tempfile::TempDir) -> Vec<Vec<u8>> {
    let database = Database::open(dir.path().join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    let rows = transaction.open_table(ROWS).unwrap();
    MARKED.iter().map(|key| rows.get(*key).unwrap().map(|value| value.value().to_vec()).unwrap_or_default()).collect()
}

/// A folder of the first layout, with the rows to be marked.
fn of_the_first_layout() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    drop(open_with(&dir, &[]).unwrap());
    for key in MARKED {
        put_raw(&dir, key, &[0]);
    }
    dir
}

const FIRST: Step = |key, value| mark(key, value, 1);
const SECOND: Step = |key, value| mark(key, value, 2);
/// Cannot change the last one.
const FAILING: Step = |key, value| {
    if key == MARKED[2] { Err(Failure::new(ErrorKind::Damaged, "cannot be migrated")) } else { mark(key, value, 2) }
};

#[test]
fn an_older_layout_takes_each_missing_step_once_and_in_order() {
    let dir = of_the_first_layout();
    let store = open_with(&dir, &[]).unwrap();
    let space = SpaceId::from_number(1);
    store.commit(put_message(space, place(0, 0), "kept")).unwrap();
    assert_eq!(version(&store), 1);
    drop(store);

    let store = open_with(&dir, &[FIRST]).unwrap();
    assert_eq!(version(&store), 2);
    drop(store);
    assert_eq!(marks(&dir), [[0, 1]; 3]);

    let store = open_with(&dir, &[FIRST, SECOND]).unwrap();
    assert_eq!(version(&store), 3);
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()), ["kept"]);
    drop(store);
    drop(open_with(&dir, &[FIRST, SECOND]).unwrap());
    assert_eq!(marks(&dir), [[0, 1, 2]; 3]);
}

#[test]
fn a_new_file_takes_no_step() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(version(&open_with(&dir, &[FIRST, SECOND]).unwrap()), 3);
    assert_eq!(marks(&dir), [[0_u8; 0]; 3]);
}

#[test]
fn a_step_that_was_cut_off_goes_on_where_it_was_and_no_older_release_reads_what_is_half_done() {
    let dir = of_the_first_layout();
    for _ in 0..2 {
        assert_eq!(kind_of(open_with(&dir, &[FIRST, FAILING])), ErrorKind::Damaged);
        assert_eq!(marks(&dir), [vec![0, 1, 2], vec![0, 1, 2], vec![0, 1]]);
    }
    assert_eq!(kind_of(open_with(&dir, &[FIRST])), ErrorKind::NewerFormat);
    let store = open_with(&dir, &[FIRST, SECOND]).unwrap();
    assert_eq!(version(&store), 3);
    assert!(!store.read().unwrap().contains::<MigratingRow>(SpaceId::CATALOG, &()).unwrap());
    drop(store);
    assert_eq!(marks(&dir), [[0, 1, 2]; 3]);
}

#[test]
fn how_far_a_change_of_layout_is_must_be_known_to_go_on() {
    let dir = of_the_first_layout();
    open_with(&dir, &[FIRST, FAILING]).unwrap_err();
    put_raw(&dir, &[0, 0, 0, 0, 0, 0, 0, 0, 8], &[1, 1, 0xEE, 0, 0, 0, 0]);
    let error = open_with(&dir, &[FIRST, SECOND]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    assert!(error.message().contains("restore a backup"), "{error}");
}

/// A disk with a file of the first format: rows without checksums.
fn disk_of_format_1() -> (Disk, BTreeMap<Vec<u8>, Vec<u8>>) {
    let disk = Disk::with_file(3);
    let store = Store::on_disk(&disk, &StoreOptions::default()).unwrap();
    for n in 0..6_u32 {
        store.commit(put_message(SpaceId::from_number(u64::from(n / 3 + 1)), place(0, n), "said")).unwrap();
    }
    store.close().unwrap();
    let database = redb::Builder::new().create_with_backend(disk.clone()).unwrap();
    let before = all_rows(&database);
    let transaction = database.begin_write().unwrap();
    let mut rows = transaction.open_table(ROWS).unwrap();
    for (key, value) in &before {
        let is_format = *key == [0, 0, 0, 0, 0, 0, 0, 0, 5];
        let record = if is_format { &[1, 1] } else { &value[..value.len() - 4] };
        rows.insert(&**key, record).unwrap();
    }
    drop(rows);
    transaction.commit().unwrap();
    database.close().unwrap();
    (disk.after_restart(), before)
}

fn all_rows(database: &Database) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let transaction = database.begin_write().unwrap();
    let rows = transaction.open_table(ROWS).unwrap();
    let rows = rows.iter().unwrap().map(Result::unwrap);
    rows.map(|(key, value)| (key.value().to_vec(), value.value().to_vec())).collect()
}

/// Fails, tears or cuts off every write, resize and sync of the change from format 1 to 2 in turn.
#[test]
fn the_change_to_format_2_survives_any_failure_of_the_disk() {
    let layouts = Layouts { bytes_at_once: 100, ..LAYOUTS };
    let mut faults = 0;
    for fault in [Fault::Fails, Fault::Tears, Fault::Forgets, Fault::Mixes] {
        for at in 0.. {
            let (disk, wanted) = disk_of_format_1();
            disk.plan(at, fault);
            let opened = with_layouts(disk.clone(), layouts).and_then(Store::close);
            if !disk.has_met() {
                opened.unwrap();
                break;
            }
            faults += 1;
            let after = disk.after_restart();
            with_layouts(after.clone(), layouts).unwrap().close().unwrap();
            let database = redb::Builder::new().create_with_backend(after).unwrap();
            assert_eq!(all_rows(&database), wanted, "{fault:?} at {at}");
        }
    }
    assert!(faults > 100, "only {faults}");
}

/// `cargo test --release --lib -- --ignored --nocapture a_large_file`: seconds, and memory beside the file's cache.
#[test]
#[ignore = "writes 400 MB"]
fn a_large_file_is_changed_in_bounded_memory() {
    const ROWS_THERE: u64 = 400_000;
    let dir = tempfile::tempdir().unwrap();
    drop(open_with(&dir, &[]).unwrap());
    let mut builder = redb::Builder::new();
    let database = builder.set_cache_size(64 << 20).open(dir.path().join("mnemon.redb")).unwrap();
    for first in (0..ROWS_THERE).step_by(10_000) {
        let transaction = database.begin_write().unwrap();
        let mut rows = transaction.open_table(ROWS).unwrap();
        for n in first..first + 10_000 {
            let at = place(u32::try_from(n / 1000).unwrap(), u32::try_from(n % 1000).unwrap());
            let key = row_key(SpaceId::from_number(1), MessageRow::KIND, &at);
            rows.insert(&*key, &*message(&format!("{n} {}", "said ".repeat(160))).encode().unwrap()).unwrap();
        }
        drop(rows);
        transaction.commit().unwrap();
    }
    database.close().unwrap();
    let megabytes = || fs_err::metadata(dir.path().join("mnemon.redb")).unwrap().len() >> 20;
    let (before, most_before) = (megabytes(), most_kib());
    let begun = std::time::Instant::now();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    let (took, more) = (begun.elapsed(), (most_kib() - most_before) >> 10);
    println!("{before} MB became {} in {took:.1?}, with {more} MiB more than filling it", megabytes());
    let snapshot = store.read().unwrap();
    assert_eq!(
        snapshot.scan::<MessageRow>(SpaceId::from_number(1), &Range::all()).unwrap().map(Result::unwrap).count(),
        400_000
    );
    assert!(more < 128, "{more} MiB");
}

/// The most memory that this process has had.
fn most_kib() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// What a page's checksum does not agree with never gets a checksum of its own.
#[test]
fn damaged_pages_are_found_before_rows_get_checksums() {
    let (disk, _) = disk_of_format_1();
    let mut bytes = vec![0; usize::try_from(disk.len().unwrap()).unwrap()];
    disk.read(0, &mut bytes).unwrap();
    let texts: Vec<_> = (0..bytes.len() - 4).filter(|&at| bytes[at..].starts_with(b"said")).collect();
    for at in texts {
        bytes[at] ^= 1;
    }
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("mnemon.redb"), &bytes).unwrap();
    assert_eq!(kind_of(Store::open(dir.path(), &StoreOptions::default())), ErrorKind::Damaged);
    let salvage = Store::salvage(dir.path(), "mark").unwrap();
    assert!(!salvage.with_checksums && !salvage.format_lost, "{salvage:?}");
}

#[test]
fn a_newer_layout_is_refused_untouched_and_the_message_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    drop(open_with(&dir, &[FIRST, SECOND, SECOND]).unwrap());
    let error = Store::open(dir.path(), &StoreOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NewerFormat);
    for part in [&*dir.path().to_string_lossy(), "version 4", "up to 2", "use the release that wrote it"] {
        assert!(error.message().contains(part), "{}", error.message());
    }
    assert_eq!(version(&open_with(&dir, &[FIRST, SECOND, SECOND]).unwrap()), 4);
}

#[test]
fn another_programs_database_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let other: TableDefinition<u64, u64> = TableDefinition::new("theirs");
    let database = Database::create(dir.path().join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(other).unwrap().insert(1, 2).unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert_eq!(kind_of(Store::open(dir.path(), &StoreOptions::default())), ErrorKind::Damaged);
    let database = Database::open(dir.path().join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    assert_eq!(transaction.list_tables().unwrap().count(), 1);
}

#[test]
fn a_file_that_is_no_database_is_damaged_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mnemon.redb");
    let text = "shopping list\n".repeat(1000);
    fs_err::write(&path, &text).unwrap();
    assert_eq!(kind_of(Store::open(dir.path(), &StoreOptions::default())), ErrorKind::Damaged);
    assert_eq!(fs_err::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_path_that_is_no_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs_err::write(&file, "").unwrap();
    let error = Store::open(&file, &StoreOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().contains("a-file"), "{}", error.message());
}

#[test]
fn a_store_in_memory_is_new_each_time() {
    let backend = InMemoryBackend::new();
    assert_eq!(version(&with_layouts(backend, Layouts { steps: &[], bytes_at_once: 1 }).unwrap()), 1);
    assert_eq!(version(&Store::in_memory().unwrap()), 2);
}
