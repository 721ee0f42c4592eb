//! Builds the indexes of large profiles on threads of their own, so that a recall need not wait for one to the end.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::store::SpaceId;

/// The threads. Dropped, it has them stop, and waits for them.
pub(super) struct Builders {
    shared: Arc<Shared>,
    running: Arc<Running>,
}

/// A thread for each profile whose index is being built.
#[derive(Default)]
struct Running {
    builds: Mutex<HashMap<SpaceId, JoinHandle<()>>>,
    ended: Condvar,
}

impl Builders {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared), running: Arc::default() }
    }

    /// Has the index of a profile built, and waits for that, but no longer than `patience`. Whether it is done; what went wrong with
    /// it meets whoever reads the index next.
    ///
    /// # Errors
    /// `Busy` when no thread can be started.
    pub(super) fn build_within(&self, space: SpaceId, patience: Duration) -> Result<bool> {
        let until = Instant::now().checked_add(patience);
        let mut builds = self.running.builds.lock();
        if let Entry::Vacant(place) = builds.entry(space) {
            place.insert(self.start(space)?);
            tracing::info!(%space, "loading the index of a large profile; recalls that do not wait for it read its rows instead");
        }
        while builds.contains_key(&space) {
            match until {
                None => self.running.ended.wait(&mut builds),
                Some(until) if self.running.ended.wait_until(&mut builds, until).timed_out() => {
                    return Ok(!builds.contains_key(&space));
                }
                Some(_) => {}
            }
        }
        Ok(true)
    }

    fn start(&self, space: SpaceId) -> Result<JoinHandle<()>> {
        let (shared, running) = (Arc::clone(&self.shared), Arc::clone(&self.running));
        let build = move || {
            let _told = Told { running: &running, space };
            let shared = shared; // given back before anybody is told, also by a panic: who closes the engine needs the last one
            let built = shared.with_index(space, |_, _| Ok(()));
            if let Err(error) = built
                && !shared.closing.load(Ordering::Relaxed)
            {
                tracing::warn!(%space, %error, "an index could not be built in the background");
            }
        };
        let thread = thread::Builder::new().name("mnemon-index".into()).spawn(build);
        thread.map_err(|e| Error::new(ErrorKind::Busy, format!("a thread to build an index cannot start: {e}")))
    }
}

impl Drop for Builders {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        let threads = std::mem::take(&mut *self.running.builds.lock());
        if threads.into_values().map(JoinHandle::join).any(|ended| ended.is_err()) {
            tracing::error!("building an index panicked");
        }
    }
}

/// Tells who waits that a build has ended, however it did.
struct Told<'a> {
    running: &'a Running,
    space: SpaceId,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.running.builds.lock().remove(&self.space);
        self.running.ended.notify_all();
    }
}
