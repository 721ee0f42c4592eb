//! Layouts of other versions.

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Database, ReadableTable, TableDefinition};

use super::*;
use crate::store::failure::Failure;
use crate::store::migrate::{Rows, Step};
use crate::store::rows::FormatRow;
use crate::store::space_left::SpaceLeft;
use crate::store::{ROWS, StoreOptions};

/// Opens the file with a release that knows these steps.
fn open_with(dir: &tempfile::TempDir, steps: &[Step]) -> crate::Result<Store> {
    let path = dir.path().join("mnemon.redb");
    let file = fs_err::OpenOptions::new().read(true).write(true).create(true).open(path).unwrap();
    let backend = FileBackend::new(file.into_parts().0).unwrap();
    Store::with_steps(backend, &StoreOptions::default(), SpaceLeft::Unlimited, steps)
}

fn version(store: &Store) -> u32 {
    store.read().unwrap().get::<FormatRow>(SpaceId::CATALOG, &()).unwrap().unwrap().version
}

/// Appends its number to the value of one row of bytes that no kind has.
fn mark(rows: &mut Rows<'_>, number: u8) -> Result<(), Failure> {
    let key: &[u8] = &[0xEE];
    let mut value = rows.get(key)?.map(|value| value.value().to_vec()).unwrap_or_default();
    value.push(number);
    rows.insert(key, value.as_slice())?;
    Ok(())
}

fn marks(dir: &tempfile::TempDir) -> Vec<u8> {
    let database = Database::open(dir.path().join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    let rows = transaction.open_table(ROWS).unwrap();
    let value = rows.get(&[0xEE][..]).unwrap().map(|value| value.value().to_vec());
    value.unwrap_or_default()
}

const FIRST: Step = |rows| mark(rows, 1);
const SECOND: Step = |rows| mark(rows, 2);
const FAILING: Step = |rows| {
    mark(rows, 99)?;
    Err(Failure::new(ErrorKind::Damaged, "cannot be migrated"))
};

#[test]
fn an_older_layout_takes_each_missing_step_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_with(&dir, &[]).unwrap();
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "kept")).unwrap();
    assert_eq!(version(&store), 1);
    drop(store);

    let store = open_with(&dir, &[FIRST]).unwrap();
    assert_eq!(version(&store), 2);
    drop(store);
    assert_eq!(marks(&dir), [1]);

    let store = open_with(&dir, &[FIRST, SECOND]).unwrap();
    assert_eq!(version(&store), 3);
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()), ["kept"]);
    drop(store);
    drop(open_with(&dir, &[FIRST, SECOND]).unwrap());
    assert_eq!(marks(&dir), [1, 2]);
}

#[test]
fn a_new_file_takes_no_step() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(version(&open_with(&dir, &[FIRST, SECOND]).unwrap()), 3);
    assert!(marks(&dir).is_empty());
}

#[test]
fn a_step_that_fails_leaves_the_layout_before_it() {
    let dir = tempfile::tempdir().unwrap();
    drop(open_with(&dir, &[]).unwrap());
    assert_eq!(kind_of(open_with(&dir, &[FIRST, FAILING])), ErrorKind::Damaged);
    assert_eq!(marks(&dir), [1], "the step before it is kept, of its own nothing is");
    assert_eq!(version(&open_with(&dir, &[FIRST, SECOND]).unwrap()), 3);
    assert_eq!(marks(&dir), [1, 2]);
}

#[test]
fn a_newer_layout_is_refused_untouched_and_the_message_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    drop(open_with(&dir, &[FIRST, SECOND]).unwrap());
    let error = Store::open(dir.path(), &StoreOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NewerFormat);
    for part in [&*dir.path().to_string_lossy(), "version 3", "up to 1", "use the release that wrote it"] {
        assert!(error.message().contains(part), "{}", error.message());
    }
    assert_eq!(version(&open_with(&dir, &[FIRST, SECOND]).unwrap()), 3);
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
    let store = Store::with_steps(backend, &StoreOptions::default(), SpaceLeft::Unlimited, &[]).unwrap();
    assert_eq!(version(&store), 1);
    assert_eq!(version(&Store::in_memory().unwrap()), 1);
}
