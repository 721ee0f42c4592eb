//! Gives the space of deleted namespaces and profiles back, in the background, a bounded transaction at a time; and keeps
//! when tokens were used, now and then.
//!
//! What is to be erased is written down with the delete itself, so that a restart goes on where it was.

use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};

use super::Shared;
use super::catalog::{CATALOG, doom_profile};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::model::NamespaceId;
use crate::store::rows::{DoomedKey, DoomedRow, ProfileRow};
use crate::store::{Batch, Range, SpaceId, Store};

/// Rows erased in one transaction: about a millisecond of the writer's time.
const ROWS_AT_ONCE: usize = 2_000;
/// Profiles of a deleted namespace handed over in one transaction.
const PROFILES_AT_ONCE: usize = 256;

/// The background thread.
pub(super) struct Eraser {
    signal: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    work: bool,
    stop: bool,
}

impl Eraser {
    /// Starts the thread; it looks at once for what an earlier run left.
    pub(super) fn start(shared: Arc<Shared>) -> Result<Self> {
        let signal = Arc::new(Signal { state: Mutex::new(State { work: true, stop: false }), changed: Condvar::new() });
        let heard = Arc::clone(&signal);
        let thread = std::thread::Builder::new().name("mnemon-eraser".into()).spawn(move || run(&shared, &heard));
        let thread =
            thread.map_err(|e| Error::new(ErrorKind::Busy, format!("the eraser's thread cannot start: {e}")))?;
        Ok(Self { signal, thread: Some(thread) })
    }

    /// Says that there is something to erase.
    pub(super) fn wake(&self) {
        self.signal.state.lock().work = true;
        self.signal.changed.notify_one();
    }
}

impl Drop for Eraser {
    fn drop(&mut self) {
        self.signal.state.lock().stop = true;
        self.signal.changed.notify_one();
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the eraser panicked; what is left to erase is erased after the next start");
        }
    }
}

fn run(shared: &Shared, signal: &Signal) {
    while signal.wait_for_work() {
        if let Err(error) = shared.keep_uses() {
            tracing::warn!(%error, "cannot keep when tokens were used; it is tried again in some minutes");
        }
        if let Err(error) = erase_all(shared, signal) {
            tracing::error!(%error, "cannot give back the space of deleted profiles; the next delete or start tries again");
        }
    }
}

impl Signal {
    /// Waits; false means stop.
    fn wait_for_work(&self) -> bool {
        let mut state = self.state.lock();
        while !state.work && !state.stop {
            self.changed.wait(&mut state);
        }
        state.work = false;
        !state.stop
    }

    fn stopped(&self) -> bool {
        self.state.lock().stop
    }
}

fn erase_all(shared: &Shared, signal: &Signal) -> Result<()> {
    loop {
        let first = shared.store.read()?.scan::<DoomedRow>(CATALOG, &Range::all())?.next().transpose()?;
        let Some((doomed, _)) = first else { return Ok(()) };
        if let DoomedKey::Space(space) = doomed {
            shared.caches.remove_files(space);
        }
        for space in erase_next(&shared.store, &*shared.clock, doomed)? {
            shared.loaded.forget(space);
            shared.caches.note_damage(space, 0);
        }
        if signal.stopped() {
            return Ok(());
        }
    }
}

/// Erases everything that waits to be erased, in a store that no engine has.
pub(super) fn erase_everything(store: &Store, clock: &dyn Clock) -> Result<()> {
    while let Some(first) = store.read()?.scan::<DoomedRow>(CATALOG, &Range::all())?.next() {
        erase_next(store, clock, first?.0)?;
    }
    Ok(())
}

/// One transaction's part of it; the spaces that it took from their profiles, or that have no rows any more: a call that began before a
/// profile was deleted may have put its index into memory again.
fn erase_next(store: &Store, clock: &dyn Clock, doomed: DoomedKey) -> Result<Vec<SpaceId>> {
    match doomed {
        DoomedKey::Namespace(id) => hand_over_profiles(store, clock, id),
        DoomedKey::Space(space) => erase_some(store, space).map(|erased| erased.then_some(space).into_iter().collect()),
    }
}

fn hand_over_profiles(store: &Store, clock: &dyn Clock, id: NamespaceId) -> Result<Vec<SpaceId>> {
    let profiles: Vec<_> = store
        .read()?
        .scan::<ProfileRow>(CATALOG, &Range::within(&id))?
        .take(PROFILES_AT_ONCE)
        .collect::<Result<_>>()?;
    let mut batch = Batch::new();
    for (key, row) in &profiles {
        doom_profile(&mut batch, key, row, clock.now());
    }
    if profiles.is_empty() {
        batch.delete::<DoomedRow>(CATALOG, &DoomedKey::Namespace(id));
    }
    store.commit(batch)?;
    Ok(profiles.iter().map(|(_, row)| row.space).collect())
}

/// Whether the space has no rows any more.
fn erase_some(store: &Store, space: SpaceId) -> Result<bool> {
    let mut batch = Batch::new();
    let erased = !store.read()?.has_rows(space)?;
    if erased {
        batch.delete::<DoomedRow>(CATALOG, &DoomedKey::Space(space));
    } else {
        batch.erase_some(space, ROWS_AT_ONCE);
    }
    store.commit(batch)?;
    Ok(erased)
}
