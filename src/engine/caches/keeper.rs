//! The thread that writes caches, behind everything else: where much has changed since the last one, where an index is dropped from
//! memory, and at the end.
//!
//! A cache is written while nobody else writes to its profile; recalls go on. When it cannot be written the profile has none.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::file::{Draft, HeadHash, Name};
use super::{Caches, Home, forget, remove, sweep};
use crate::embed::stand_back;
use crate::engine::Shared;
use crate::engine::slot::{Built, Slot};
use crate::error::{Error, ErrorKind, Result};
use crate::store::rows::{CacheRow, ChangeRow};
use crate::store::{Batch, Range, SpaceId, bytes_left};

/// A cache is written anew when one text in so many has changed since: reading that much again takes about as long as the rest.
const CHANGED: usize = 8;
/// And at the end, or when an index is dropped, when one in so many has.
const CHANGED_AT_END: usize = 64;
/// How long caches may be written after the end was asked for: a server has said that it ends in time.
const AT_THE_END: Duration = Duration::from_secs(2);
/// Bytes of the disk that are left to the data.
const LEFT_TO_DATA: u64 = 64 << 20;

/// What there is to do.
#[derive(Default)]
pub(super) struct Work {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Profiles in memory of which much has changed.
    due: BTreeMap<SpaceId, Weak<Slot>>,
    /// An index that nobody has any more. No more than one: it is beyond the budget.
    dropped: Option<(SpaceId, Box<Built>)>,
    /// Until when there is time, once the end was asked for.
    end: Option<Instant>,
}

enum Job {
    Due(SpaceId, Weak<Slot>),
    Dropped(SpaceId, Box<Built>),
}

impl Work {
    fn push(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock());
        self.changed.notify_one();
    }

    /// Waits; nothing at the end.
    fn next(&self) -> Option<Job> {
        let mut state = self.state.lock();
        loop {
            if let Some((space, built)) = state.dropped.take() {
                return Some(Job::Dropped(space, built));
            }
            if state.end.is_some() {
                return None;
            }
            if let Some((space, slot)) = state.due.pop_first() {
                return Some(Job::Due(space, slot));
            }
            self.changed.wait(&mut state);
        }
    }

    fn has_time(&self) -> bool {
        self.state.lock().end.is_none_or(|end| Instant::now() < end)
    }
}

impl Caches {
    /// Looks whether so much has changed in a profile that its cache is to be written anew.
    pub(in crate::engine) fn notice(&self, space: SpaceId, slot: &Arc<Slot>) {
        if self.home.is_some() && slot.look(|built| self.is_due(built)) == Some(true) {
            self.work.push(|state| drop(state.due.insert(space, Arc::downgrade(slot))));
        }
    }

    /// Takes an index that is dropped from memory.
    pub(in crate::engine) fn take_dropped(&self, space: SpaceId, built: Box<Built>) {
        if self.home.is_some() && self.is_due_at_end(&built) {
            self.work.push(|state| {
                if state.dropped.is_none() {
                    state.dropped = Some((space, built));
                }
            });
        }
    }

    fn is_due(&self, built: &Built) -> bool {
        built.left_out == 0 && built.unsaved >= self.from.max(built.texts() / CHANGED)
    }

    fn is_due_at_end(&self, built: &Built) -> bool {
        let enough = (self.from / CHANGED).max(built.texts() / CHANGED_AT_END).max(1);
        let is_worth_it = built.texts() >= self.from && built.unsaved >= enough;
        self.is_due(built) || (built.left_out == 0 && is_worth_it)
    }
}

/// The thread. Dropped, it writes what is worth it and ends.
pub(in crate::engine) struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts it, where there is a folder.
    pub(in crate::engine) fn start(shared: &Arc<Shared>) -> Result<Self> {
        let mut thread = None;
        if shared.caches.home.is_some() {
            let shared = Arc::clone(shared);
            let spawned = std::thread::Builder::new().name("mnemon-caches".into()).spawn(move || run(&shared));
            thread = Some(spawned.map_err(|e| Error::new(ErrorKind::Busy, format!("a thread cannot start: {e}")))?);
        }
        Ok(Self { shared: Arc::clone(shared), thread })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.caches.work.push(|state| state.end = Some(Instant::now() + AT_THE_END));
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("writing caches of indexes panicked; they are built from the rows after the next start");
        }
    }
}

fn run(shared: &Shared) {
    let Some(home) = &shared.caches.home else { return };
    stand_back();
    if let Err(error) = sweep(&shared.store, &home.folder) {
        tracing::warn!(%error, "caches that are of no use may stay on the disk");
    }
    let keeping = Keeping { shared, home };
    while let Some(job) = shared.caches.work.next() {
        match job {
            Job::Due(space, slot) => slot.upgrade().into_iter().for_each(|slot| keeping.keep_loaded(space, &slot)),
            Job::Dropped(space, built) => keeping.outcome(space, keeping.keep_dropped(space, &built)),
        }
    }
    for (space, slot) in shared.loaded.all() {
        if slot.look(|built| shared.caches.is_due_at_end(built)) == Some(true) {
            keeping.keep_loaded(space, &slot);
        }
    }
}

struct Keeping<'a> {
    shared: &'a Shared,
    home: &'a Home,
}

impl Keeping<'_> {
    fn keep_loaded(&self, space: SpaceId, slot: &Slot) {
        let writer = slot.lock_writer();
        let written = slot.look(|built| Ok((self.write(space, built)?, built.sequence, built.unsaved)));
        let Some(written) = written else { return };
        if let Ok((_, _, saved)) = written {
            slot.set_unsaved(|unsaved| unsaved.saturating_sub(saved));
        } else {
            // It is tried again when as much has changed.
            slot.set_unsaved(|_| 0);
        }
        drop(writer);
        let kept = written.and_then(|(draft, sequence, _)| self.keep(space, sequence, draft));
        self.outcome(space, kept);
    }

    fn keep_dropped(&self, space: SpaceId, built: &Built) -> Result<()> {
        let draft = self.write(space, built)?;
        self.keep(space, built.sequence, draft)
    }

    /// Tells what went wrong; then the profile has no cache.
    fn outcome(&self, space: SpaceId, kept: Result<()>) {
        let Err(error) = kept else { return };
        remove(&self.home.folder, |name| name.space == space && name.is_unfinished());
        if !self.shared.caches.work.has_time() {
            tracing::info!(%space, "there was no time to write the cache of an index");
            return;
        }
        tracing::warn!(%space, %error, "the cache of an index cannot be written; the index is built from the rows next time");
        if let Err(error) = forget(&self.shared.store, space) {
            tracing::warn!(%space, %error, "the cache of an index stays as it is");
            return;
        }
        self.shared.caches.remove_files(space);
    }

    /// Writes an index down; nothing when it is too small, or its profile is gone.
    fn write(&self, space: SpaceId, built: &Built) -> Result<Option<Draft>> {
        if built.texts() < self.shared.caches.from {
            forget(&self.shared.store, space)?;
            self.shared.caches.remove_files(space);
            return Ok(None);
        }
        if !self.announce(space, built.sequence)? {
            return Ok(None);
        }
        let need = (built.index.bytes() as u64).saturating_add(LEFT_TO_DATA);
        if let Some(left) = bytes_left(&self.home.folder).filter(|left| *left < need) {
            let message = format!("the disk has {left} bytes left, {need} are asked for");
            return Err(Error::new(ErrorKind::NoSpace, message));
        }
        let subject = self.home.subject(space, built.sequence);
        let go_on = || self.shared.caches.work.has_time();
        Draft::write(&self.home.folder, &subject, &built.index, &go_on).map(Some).map_err(|error| cannot_write(&error))
    }

    /// Lets commits say what they change from now on. False when the profile is gone, or has a cache that is newer.
    fn announce(&self, space: SpaceId, sequence: u64) -> Result<bool> {
        let snapshot = self.shared.store.read()?;
        if sequence == 0 || sequence > snapshot.sequence(space)? {
            return Ok(false);
        }
        if let Some(row) = snapshot.get::<CacheRow>(space, &())? {
            return Ok(row.head.is_none() || row.sequence <= sequence);
        }
        let mut batch = Batch::new();
        batch.require_sequence(space, sequence);
        batch.put(space, &(), &CacheRow { sequence, head: None });
        self.committed(batch)
    }

    /// Makes a cache the one that is believed, and the older ones go.
    fn keep(&self, space: SpaceId, sequence: u64, draft: Option<Draft>) -> Result<()> {
        let Some(draft) = draft else { return Ok(()) };
        let (HeadHash(head), bytes) = draft.keep().map_err(|error| cannot_write(&error))?;
        let mut batch = Batch::new();
        batch.require_present::<CacheRow>(space, &());
        batch.put(space, &(), &CacheRow { sequence, head: Some(head) });
        batch.delete_range::<ChangeRow>(space, &Range::all().before(&sequence.saturating_add(1)));
        let believed = self.committed(batch)?.then(|| Name::of(space, HeadHash(head)));
        remove(&self.home.folder, |name| name.space == space && Some(name) != believed.as_ref());
        tracing::debug!(%space, sequence, bytes, kept = believed.is_some(), "wrote the cache of an index");
        Ok(())
    }

    /// Commits; false when what was required does not hold.
    fn committed(&self, batch: Batch) -> Result<bool> {
        match self.shared.store.commit(batch) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn cannot_write(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string())
}
