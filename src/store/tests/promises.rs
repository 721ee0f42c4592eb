//! Durability, atomicity, isolation.

use std::sync::Barrier;

use super::*;
use crate::store::rows::{
    DoomedKey, DoomedRow, MessagePlaceRow, NamespaceRow, ProfileRow, SequenceRow, SessionNameKey,
};
use crate::store::{StoreOptions, writer};

fn open(dir: &tempfile::TempDir) -> Store {
    Store::open(&dir.path().join("data"), &StoreOptions::default()).unwrap()
}

#[test]
fn an_acknowledged_batch_survives_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "kept")).unwrap();
    store.close().unwrap();

    let store = open(&dir);
    let snapshot = store.read().unwrap();
    assert_eq!(contents(&snapshot, space, &Range::all()), ["kept"]);
    assert_eq!(snapshot.get::<MessageRow>(space, &place(0, 0)).unwrap(), Some(message("kept")));
    assert_eq!(snapshot.sequence(space).unwrap(), 1);
}

#[test]
fn an_acknowledged_batch_is_in_the_file_before_it_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    store.commit(put_message(SpaceId::from_number(1), place(0, 0), "kept")).unwrap();
    // A copy of a file in use is what a crash at this moment would leave.
    let crashed = tempfile::tempdir().unwrap();
    fs_err::copy(dir.path().join("data/mnemon.redb"), crashed.path().join("mnemon.redb")).unwrap();
    let after = Store::open(crashed.path(), &StoreOptions::default()).unwrap();
    assert_eq!(contents(&after.read().unwrap(), SpaceId::from_number(1), &Range::all()), ["kept"]);
}

#[test]
fn a_first_start_that_was_killed_leaves_nothing_in_the_way_of_the_next() {
    let dir = tempfile::tempdir().unwrap();
    // What redb leaves of a file that it did not come to name as its own: it never opens it again.
    fs_err::write(dir.path().join("mnemon.redb.part"), [0; 4096]).unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    store.commit(put_message(SpaceId::from_number(1), place(0, 0), "kept")).unwrap();
    drop(store);
    let names = fs_err::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(names, ["mnemon.redb"], "what is being made has another name");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let _store = open(&dir);
    let mode = |path: &str| fs_err::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/mnemon.redb")), (0o700, 0o600));
}

#[test]
fn a_folder_that_is_open_is_refused_and_the_message_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(&dir);
    let error = Store::open(&dir.path().join("data"), &StoreOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InUse);
    for part in [&*dir.path().join("data").to_string_lossy(), "in use", "stop that process", "--url"] {
        assert!(error.message().contains(part), "{}", error.message());
    }
    first.close().unwrap();
    open(&dir);
}

#[test]
fn a_failed_precondition_changes_nothing() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "first")).unwrap();

    let guarded = |guard: &dyn Fn(&mut Batch)| {
        let mut batch = put_message(space, place(0, 1), "second");
        batch.delete::<MessageRow>(space, &place(0, 0));
        guard(&mut batch);
        store.commit(batch)
    };
    assert_eq!(kind_of(guarded(&|b| b.require_present::<MessageRow>(space, &place(9, 9)))), ErrorKind::Conflict);
    assert_eq!(kind_of(guarded(&|b| b.require_absent::<MessageRow>(space, &place(0, 0)))), ErrorKind::Conflict);
    assert_eq!(kind_of(guarded(&|b| b.require_sequence(space, 0))), ErrorKind::Conflict);
    let snapshot = store.read().unwrap();
    assert_eq!(contents(&snapshot, space, &Range::all()), ["first"]);
    assert_eq!(snapshot.sequence(space).unwrap(), 1);

    guarded(&|b| {
        b.require_present::<MessageRow>(space, &place(0, 0));
        b.require_absent::<MessageRow>(space, &place(0, 1));
        b.require_sequence(space, 1);
    })
    .unwrap();
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()), ["second"]);
}

#[test]
fn a_row_that_must_be_what_was_read_is_compared_by_what_it_says() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    let replace = |old: &str, new: &str| {
        let mut batch = put_message(space, place(0, 0), new);
        batch.require_equal(space, &place(0, 0), &message(old));
        store.commit(batch)
    };
    assert_eq!(kind_of(replace("nothing", "lost")), ErrorKind::Conflict);
    store.commit(put_message(space, place(0, 0), "first")).unwrap();
    replace("first", "second").unwrap();
    assert_eq!(kind_of(replace("first", "lost")), ErrorKind::Conflict);
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()), ["second"]);
}

#[test]
fn a_precondition_sees_the_batches_before_it_in_the_same_group() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    let guarded = |content: &str| {
        let mut batch = put_message(space, place(0, 0), content);
        batch.require_sequence(space, 0);
        batch
    };
    let verdicts = writer::commit_as_one_group(
        store.database().unwrap(),
        vec![guarded("won"), guarded("lost"), put_message(space, place(0, 1), "unguarded")],
    );
    let kinds: Vec<_> = verdicts.iter().map(|verdict| verdict.as_ref().err().map(|failure| failure.kind)).collect();
    assert_eq!(kinds, [None, Some(ErrorKind::Conflict), None]);
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()), ["won", "unguarded"]);
    assert_eq!(store.read().unwrap().sequence(space).unwrap(), 2);
}

#[test]
fn of_eight_writers_with_the_same_precondition_one_wins_each_round() {
    const WRITERS: u32 = 8;
    const ROUNDS: u32 = 20;
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    let barrier = Barrier::new(WRITERS as usize);
    let won: u32 = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, barrier) = (&store, &barrier);
                scope.spawn(move || {
                    let mut won = 0;
                    for round in 0..ROUNDS {
                        barrier.wait();
                        let mut batch = put_message(space, place(writer, round), "won");
                        batch.require_sequence(space, u64::from(round));
                        won += u32::from(store.commit(batch).is_ok());
                    }
                    won
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(won, ROUNDS);
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()).len(), ROUNDS as usize);
}

#[test]
fn batches_of_eight_threads_are_all_there_when_they_are_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let space = store.allocate_space();
    std::thread::scope(|scope| {
        for session in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for position in 0..25 {
                    store.commit(put_message(space, place(session, position), "said")).unwrap();
                    let seen = store.read().unwrap().get::<MessageRow>(space, &place(session, position)).unwrap();
                    assert!(seen.is_some(), "an acknowledged write is visible to the next read");
                }
            });
        }
    });
    store.close().unwrap();
    let store = open(&dir);
    let snapshot = store.read().unwrap();
    assert_eq!(contents(&snapshot, space, &Range::all()).len(), 200);
    assert_eq!(snapshot.sequence(space).unwrap(), 200);
}

#[test]
fn a_snapshot_never_changes() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "before")).unwrap();
    let snapshot = store.read().unwrap();
    let scan = snapshot.scan::<MessageRow>(space, &Range::all()).unwrap();
    store.commit(put_message(space, place(0, 0), "after")).unwrap();
    let mut batch = Batch::new();
    batch.erase_space(space);
    store.commit(batch).unwrap();
    assert_eq!(contents(&snapshot, space, &Range::all()), ["before"]);
    drop(snapshot);
    assert_eq!(scan.count(), 1, "a scan holds its snapshot");
    assert!(!store.read().unwrap().has_rows(space).unwrap());
}

#[test]
fn two_spaces_never_see_each_other() {
    let store = Store::in_memory().unwrap();
    let spaces = [1, 2, 255, 256, u64::MAX].map(SpaceId::from_number);
    for space in spaces {
        store.commit(put_message(space, place(0, 0), &space.to_string())).unwrap();
    }
    let snapshot = store.read().unwrap();
    for space in spaces {
        assert_eq!(contents(&snapshot, space, &Range::all()), [space.to_string()]);
        assert_eq!(snapshot.sequence(space).unwrap(), 1);
    }
    let mut batch = Batch::new();
    batch.erase_space(SpaceId::from_number(255));
    batch.erase_space(SpaceId::from_number(u64::MAX));
    store.commit(batch).unwrap();
    let left: Vec<_> = store.read().unwrap().spaces().map(|space| space.unwrap().number()).collect();
    assert_eq!(left, [0, 1, 2, 256]);
}

#[test]
fn the_sequence_counts_commits_of_its_space_and_none_is_kept_for_the_catalog() {
    let store = Store::in_memory().unwrap();
    let (one, other) = (store.allocate_space(), store.allocate_space());
    let mut both = put_message(one, place(0, 0), "a");
    both.put(one, &place(0, 1), &message("b"));
    both.put(other, &place(0, 0), &message("c"));
    let catalog = ProfileRow { space: one, created: Timestamp::MIN };
    both.put(SpaceId::CATALOG, &(ulid(1), crate::model::ProfileName::parse("p").unwrap()), &catalog);
    store.commit(both).unwrap();
    let mut deleting = Batch::new();
    deleting.delete::<MessageRow>(one, &place(0, 1));
    store.commit(deleting).unwrap();

    let snapshot = store.read().unwrap();
    assert_eq!([one, other, SpaceId::CATALOG].map(|space| snapshot.sequence(space).unwrap()), [2, 1, 0]);
    assert!(!snapshot.contains::<SequenceRow>(SpaceId::CATALOG, &()).unwrap());
}

#[test]
fn a_space_is_erased_in_bounded_steps() {
    let store = Store::in_memory().unwrap();
    let (doomed, other) = (store.allocate_space(), store.allocate_space());
    let mut batch = put_message(other, place(0, 0), "stays");
    for position in 0..100 {
        batch.put(doomed, &place(0, position), &message("goes"));
    }
    store.commit(batch).unwrap();

    let mut steps = 0;
    while store.read().unwrap().has_rows(doomed).unwrap() {
        let before = store.stats().unwrap().rows;
        let mut step = Batch::new();
        step.erase_some(doomed, 40);
        store.commit(step).unwrap();
        assert!(before - store.stats().unwrap().rows <= 40);
        steps += 1;
    }
    assert_eq!(steps, 3, "a hundred messages and the sequence");
    assert_eq!(contents(&store.read().unwrap(), other, &Range::all()), ["stays"]);
}

#[test]
fn erased_and_written_again_in_one_batch_is_what_was_written() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "old")).unwrap();
    let mut batch = Batch::new();
    batch.erase_space(space);
    batch.put(space, &place(0, 1), &message("new"));
    store.commit(batch).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(contents(&snapshot, space, &Range::all()), ["new"]);
    assert_eq!(snapshot.sequence(space).unwrap(), 1);
}

#[test]
fn a_space_is_never_given_twice_whatever_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    assert_eq!(store.allocate_space(), SpaceId::from_number(1));
    assert_eq!(store.allocate_space(), SpaceId::from_number(2));
    let mut batch = put_message(SpaceId::from_number(5), place(0, 0), "a row in it");
    let profile = ProfileRow { space: SpaceId::from_number(7), created: Timestamp::MIN };
    batch.put(SpaceId::CATALOG, &(ulid(1), crate::model::ProfileName::parse("p").unwrap()), &profile);
    store.commit(batch).unwrap();
    store.close().unwrap();

    let store = open(&dir);
    assert_eq!(store.allocate_space(), SpaceId::from_number(8), "a profile without rows has its space");
    let mut batch = Batch::new();
    let doomed = DoomedKey::Space(SpaceId::from_number(9));
    batch.put(SpaceId::CATALOG, &doomed, &DoomedRow { since: Timestamp::MIN });
    store.commit(batch).unwrap();
    drop(store);
    assert_eq!(open(&dir).allocate_space(), SpaceId::from_number(10), "a doomed space is in use until it is erased");
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    let mut batch = put_message(space, place(0, 0), "beside it");
    batch.put(space, &place(0, 1), &message(&"long ".repeat(1 << 20)));
    let error = store.commit(batch).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(!error.message().contains("long long"), "{}", error.message());
    assert!(!store.read().unwrap().has_rows(space).unwrap());
}

#[test]
fn an_empty_batch_is_no_commit() {
    let store = Store::in_memory().unwrap();
    let batch = Batch::new();
    assert!(batch.is_empty());
    assert_eq!(batch.bytes(), 0);
    store.commit(batch).unwrap();
    assert_eq!(store.stats().unwrap().rows, 1, "only the format");
}

#[test]
fn a_row_is_found_under_its_own_kind_and_key_only() {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    let name = session_name("tuesday");
    let mut batch = Batch::new();
    batch.put(space, &SessionNameKey::of(&name), &SessionNameRow { session: 3 });
    batch.put(space, &MessageId([7; 16]), &MessagePlaceRow(place(3, 4)));
    store.commit(batch).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.get(space, &SessionNameKey::of(&name)).unwrap(), Some(SessionNameRow { session: 3 }));
    assert_eq!(snapshot.get(space, &MessageId([7; 16])).unwrap(), Some(MessagePlaceRow(place(3, 4))));
    assert_eq!(snapshot.get::<MessagePlaceRow>(space, &MessageId([8; 16])).unwrap(), None);
    assert_eq!(snapshot.get::<SessionRow>(space, &3).unwrap(), None);
    assert_eq!(snapshot.scan::<NamespaceRow>(space, &Range::all()).unwrap().count(), 0);
}

#[test]
fn statistics_count_what_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    store.commit(put_message(store.allocate_space(), place(0, 0), &"x".repeat(10_000))).unwrap();
    let stats = store.stats().unwrap();
    assert_eq!(stats.rows, 3, "the format, the sequence, the message");
    assert!(stats.stored_bytes > 10_000 && stats.file_bytes > stats.stored_bytes, "{stats:?}");
}

fn ulid(bits: u128) -> crate::model::Ulid {
    crate::model::Ulid::from_bits(bits)
}
