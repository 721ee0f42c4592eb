//! Storage that fails, fills up or panics.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use super::*;
use crate::store::StoreOptions;
use crate::store::disk::{Disk, Fault};
use crate::store::space_left::SpaceLeft;

const WORKS: u8 = 0;
const FAILS: u8 = 1;
const IS_FULL: u8 = 2;
const PANICS: u8 = 3;

/// A backend in memory whose writes can be made to fail.
#[derive(Debug)]
struct Faulty {
    inner: InMemoryBackend,
    mood: Arc<AtomicU8>,
}

impl Faulty {
    fn meet(&self) -> io::Result<()> {
        match self.mood.load(Ordering::SeqCst) {
            FAILS => Err(io::Error::other("the cable is out")),
            IS_FULL => Err(io::ErrorKind::StorageFull.into()),
            PANICS => panic!("a fault that a test asked for"),
            _ => Ok(()),
        }
    }
}

impl StorageBackend for Faulty {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.meet()?;
        self.inner.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.meet()?;
        self.inner.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.meet()?;
        self.inner.write(offset, data)
    }
}

fn faulty_store() -> (Store, Arc<AtomicU8>) {
    let mood = Arc::new(AtomicU8::new(WORKS));
    let backend = Faulty { inner: InMemoryBackend::new(), mood: Arc::clone(&mood) };
    let store = Store::with_backend(backend, &StoreOptions::default(), SpaceLeft::Unlimited).unwrap();
    (store, mood)
}

#[test]
fn after_a_failed_commit_nothing_more_is_written() {
    for (fault, first) in [(FAILS, ErrorKind::Io), (IS_FULL, ErrorKind::NoSpace), (PANICS, ErrorKind::Poisoned)] {
        let (store, mood) = faulty_store();
        let space = store.allocate_space();
        store.commit(put_message(space, place(0, 0), "acknowledged")).unwrap();
        store.ready().unwrap();
        mood.store(fault, Ordering::SeqCst);
        assert_eq!(kind_of(store.commit(put_message(space, place(0, 1), "lost"))), first);
        mood.store(WORKS, Ordering::SeqCst);
        let error = store.commit(put_message(space, place(0, 2), "too late")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Poisoned);
        assert!(error.message().contains("restart"), "{}", error.message());
        if fault != PANICS {
            // After a panic this holds when the thread has been unwound, a moment after its callers were told.
            assert_eq!(kind_of(store.ready()), ErrorKind::Poisoned);
        }
        assert_eq!(kind_of(store.close()), ErrorKind::Poisoned);
    }
}

#[test]
fn everyone_who_waits_is_told_when_the_writer_ends() {
    for fault in [FAILS, PANICS] {
        let (store, mood) = faulty_store();
        let space = store.allocate_space();
        mood.store(fault, Ordering::SeqCst);
        std::thread::scope(|scope| {
            for session in 0..8 {
                let store = &store;
                scope.spawn(move || {
                    for position in 0..10 {
                        store.commit(put_message(space, place(session, position), "lost")).unwrap_err();
                    }
                });
            }
        });
    }
}

#[test]
fn a_disk_that_is_nearly_full_refuses_writes_before_they_begin_and_takes_deletes() {
    let left = Arc::new(AtomicU64::new(u64::MAX));
    let fixed = SpaceLeft::Fixed(Arc::clone(&left));
    let store = Store::with_backend(InMemoryBackend::new(), &StoreOptions::default(), fixed).unwrap();
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "kept")).unwrap();

    left.store(10 << 20, Ordering::Relaxed);
    let error = store.commit(put_message(space, place(0, 1), "too much")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSpace);
    assert!(error.message().contains("10485760 bytes left"), "{}", error.message());
    let mut deleting = Batch::new();
    deleting.delete::<MessageRow>(space, &place(0, 0));
    store.commit(deleting).unwrap();

    left.store(1 << 30, Ordering::Relaxed);
    store.commit(put_message(space, place(0, 2), "room again")).unwrap();
    assert_eq!(contents(&store.read().unwrap(), space, &Range::all()), ["room again"]);
}

#[test]
fn a_read_that_fails_ends_the_scan_and_makes_the_store_unready() {
    let disk = Disk::with_file(1);
    let store = Store::on_disk(&disk, &StoreOptions { cache_bytes: 0, check_pages: false }).unwrap();
    let space = store.allocate_space();
    for position in 0..300 {
        store.commit(put_message(space, place(0, position), &"a".repeat(500))).unwrap();
    }
    let snapshot = store.read().unwrap();
    store.ready().unwrap();
    disk.plan(disk.counts().reads + 20, Fault::FailsToRead);
    let rows: Vec<_> = snapshot.scan::<MessageRow>(space, &Range::all()).unwrap().take(1000).collect();
    assert_eq!(rows.iter().filter(|row| row.is_err()).count(), 1, "{} rows", rows.len());
    let unready = store.ready().unwrap_err();
    assert_eq!(unready.kind(), ErrorKind::Poisoned);
    assert!(unready.message().contains("does not answer") && unready.message().contains("restart"), "{unready}");
}
