//! The file as redb sees it, and whether reading or writing it has ever failed: after the first failure redb answers
//! nothing that is not in memory, and says so only to who asks for more. Here it is known at once.

use std::io;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use redb::{BackendError, StorageBackend};

/// What failed first, once something has.
pub(super) type FirstFailure = Arc<OnceLock<String>>;

/// A backend that notes its first failure and changes nothing else.
#[derive(Debug)]
pub(super) struct Watched<B> {
    inner: B,
    first: FirstFailure,
}

impl<B: StorageBackend> Watched<B> {
    pub(super) fn new(inner: B) -> (Self, FirstFailure) {
        let first = FirstFailure::default();
        (Self { inner, first: Arc::clone(&first) }, first)
    }

    fn note<T>(&self, what: &str, done: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &done {
            self.first.get_or_init(|| format!("the data file cannot be {what}: {error}"));
        }
        done
    }
}

impl<B: StorageBackend> StorageBackend for Watched<B> {
    fn len(&self) -> io::Result<u64> {
        self.note("measured", self.inner.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.note("read", self.inner.read(offset, out))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.note("resized", self.inner.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.note("synced", self.inner.sync_data())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.note("written", self.inner.write(offset, data))
    }

    fn close(&self) -> io::Result<()> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.query_lock_range(start, end)
    }
}
