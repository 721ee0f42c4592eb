//! Which profiles' indexes are in memory. An index is a cache: it is built from the rows on first use, and dropped,
//! least recently used first, when all of them together take more than the budget.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard, RwLock, RwLockReadGuard};

use crate::error::Result;
use crate::index::ProfileIndex;
use crate::store::SpaceId;

/// One profile's place in memory.
#[derive(Default)]
pub(super) struct Slot {
    /// Held by whoever writes to the profile, and while its index is built.
    writer: Mutex<()>,
    index: RwLock<Option<ProfileIndex>>,
    bytes: AtomicUsize,
    last_used: AtomicU64,
}

impl Slot {
    /// Waits until nobody else writes to the profile.
    pub(super) fn lock_writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock()
    }

    /// Reads the index, which `build` makes when it is not there.
    pub(super) fn read<T>(
        &self,
        build: impl Fn() -> Result<ProfileIndex>,
        mut with: impl FnMut(&ProfileIndex) -> Result<T>,
    ) -> Result<T> {
        if let Some(answer) = self.read_if_built(&mut with) {
            return answer;
        }
        // Nothing is committed to the profile while its index is built, so that no change is missed.
        let writer = self.writer.lock();
        self.read_as_writer(&writer, build, with)
    }

    /// The same for who holds the writer's lock.
    pub(super) fn read_as_writer<T>(
        &self,
        _writer: &MutexGuard<'_, ()>,
        build: impl Fn() -> Result<ProfileIndex>,
        mut with: impl FnMut(&ProfileIndex) -> Result<T>,
    ) -> Result<T> {
        if let Some(answer) = self.read_if_built(&mut with) {
            return answer;
        }
        let index = build()?;
        self.bytes.store(index.bytes(), Ordering::Relaxed);
        let answer = with(&index);
        *self.index.write() = Some(index);
        answer
    }

    fn read_if_built<T>(&self, with: &mut impl FnMut(&ProfileIndex) -> Result<T>) -> Option<Result<T>> {
        let index: RwLockReadGuard<'_, Option<ProfileIndex>> = self.index.read();
        index.as_ref().map(with)
    }

    /// Applies to the index what was just committed. An index that was dropped meanwhile will be built from the rows.
    pub(super) fn apply(&self, _writer: &MutexGuard<'_, ()>, change: impl FnOnce(&mut ProfileIndex)) {
        let mut index = self.index.write();
        if let Some(index) = index.as_mut() {
            change(index);
            self.bytes.store(index.bytes(), Ordering::Relaxed);
        }
    }

    /// Takes the index out, unless somebody uses it right now.
    fn take_idle(&self) -> Option<ProfileIndex> {
        let _writer = self.writer.try_lock()?;
        let index = self.index.try_write()?.take();
        self.bytes.store(0, Ordering::Relaxed);
        index
    }
}

/// Every profile in memory.
pub(super) struct Loaded {
    slots: Mutex<HashMap<SpaceId, Arc<Slot>>>,
    uses: AtomicU64,
    budget_bytes: usize,
}

impl Loaded {
    pub(super) fn new(budget_bytes: usize) -> Self {
        Self { slots: Mutex::default(), uses: AtomicU64::new(1), budget_bytes }
    }

    /// The profile's slot; its index may not be built yet.
    pub(super) fn slot(&self, space: SpaceId) -> Arc<Slot> {
        let slot = Arc::clone(self.slots.lock().entry(space).or_default());
        slot.last_used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        slot
    }

    /// Forgets a profile that was deleted.
    pub(super) fn forget(&self, space: SpaceId) {
        let forgotten = self.slots.lock().remove(&space);
        drop(forgotten); // outside the lock: dropping a large index takes a while
    }

    /// Drops the least recently used indexes while all together take more than the budget. The latest one stays.
    pub(super) fn trim(&self) {
        for (space, slot) in self.over_budget() {
            drop(slot.take_idle());
            let mut slots = self.slots.lock();
            // Ours and the map's: nobody else holds it, so nobody can be about to build in it.
            if Arc::strong_count(&slot) == 2 && slot.index.try_read().is_some_and(|index| index.is_none()) {
                slots.remove(&space);
            }
        }
    }

    /// Estimated bytes of all indexes, and how many there are.
    pub(super) fn usage(&self) -> (usize, usize) {
        let slots = self.slots.lock();
        (slots.values().map(|slot| slot.bytes.load(Ordering::Relaxed)).sum(), slots.len())
    }

    fn over_budget(&self) -> Vec<(SpaceId, Arc<Slot>)> {
        let slots = self.slots.lock();
        let bytes = |slot: &Slot| slot.bytes.load(Ordering::Relaxed);
        let mut total: usize = slots.values().map(|slot| bytes(slot)).sum();
        if total <= self.budget_bytes {
            return Vec::new();
        }
        let mut by_age: Vec<_> = slots.iter().map(|(space, slot)| (*space, Arc::clone(slot))).collect();
        by_age.sort_by_key(|(_, slot)| slot.last_used.load(Ordering::Relaxed));
        by_age.pop();
        by_age.retain(|(_, slot)| {
            let excess = total > self.budget_bytes;
            total -= if excess { bytes(slot) } else { 0 };
            excess
        });
        by_age
    }
}
