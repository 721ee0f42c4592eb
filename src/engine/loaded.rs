//! Which profiles' indexes are in memory. An index is a cache: it is built from the rows on first use (`slot.rs`), and
//! dropped, least recently used first, when all of them together take more than the budget.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::slot::{Built, Slot};
use crate::store::SpaceId;

/// Every profile in memory. What a call does here does not grow with their number: a few steps, and one for each index
/// that it drops.
pub(super) struct Loaded {
    slots: Mutex<Slots>,
    total: Arc<AtomicUsize>,
    budget_bytes: usize,
}

/// The slots by profile, and the profiles by when they were last used.
#[derive(Default)]
struct Slots {
    by_space: HashMap<SpaceId, Used>,
    by_use: BTreeMap<u64, SpaceId>,
    uses: u64,
}

/// A slot, and the number of its last use.
struct Used {
    slot: Arc<Slot>,
    at: u64,
}

impl Slots {
    /// The slot of a profile, which is now the one used last.
    fn use_now(&mut self, space: SpaceId, total: &Arc<AtomicUsize>) -> Arc<Slot> {
        self.uses += 1;
        let used = self.by_space.entry(space).or_insert_with(|| Used { slot: Arc::new(Slot::new(total)), at: 0 });
        self.by_use.remove(&used.at);
        used.at = self.uses;
        self.by_use.insert(used.at, space);
        Arc::clone(&used.slot)
    }

    fn remove(&mut self, space: SpaceId) -> Option<Arc<Slot>> {
        let used = self.by_space.remove(&space)?;
        self.by_use.remove(&used.at);
        Some(used.slot)
    }

    /// The least recently used slots that hold `bytes` together, but never the latest one.
    fn oldest(&self, bytes: usize) -> Vec<(SpaceId, Arc<Slot>)> {
        let mut found = 0;
        let all_but_latest = self.by_use.values().take(self.by_use.len().saturating_sub(1));
        let slots = all_but_latest.filter_map(|space| Some((*space, Arc::clone(&self.by_space.get(space)?.slot))));
        slots
            .take_while(|(_, slot)| {
                let more = found < bytes;
                found += slot.bytes();
                more
            })
            .collect()
    }
}

impl Loaded {
    pub(super) fn new(budget_bytes: usize) -> Self {
        Self { slots: Mutex::default(), total: Arc::default(), budget_bytes }
    }

    /// The profile's slot; its index may not be built yet.
    pub(super) fn slot(&self, space: SpaceId) -> Arc<Slot> {
        self.slots.lock().use_now(space, &self.total)
    }

    /// Forgets a profile that was deleted.
    pub(super) fn forget(&self, space: SpaceId) {
        let forgotten = self.slots.lock().remove(space);
        drop(forgotten); // outside the lock: dropping a large index takes a while
    }

    /// Drops the least recently used indexes while all together take more than the budget. The latest one stays, and so
    /// does one that is in use; the next call tries again. `dropped` is given each.
    pub(super) fn trim(&self, dropped: impl Fn(SpaceId, Box<Built>)) {
        let excess = self.total.load(Ordering::Relaxed).saturating_sub(self.budget_bytes);
        if excess == 0 {
            return;
        }
        let oldest = self.slots.lock().oldest(excess);
        for (space, slot) in oldest {
            if let Some(built) = slot.take_idle() {
                dropped(space, built);
            }
            let mut slots = self.slots.lock();
            // Ours and the map's: nobody else holds it, so nobody can be about to build in it.
            if Arc::strong_count(&slot) == 2 && slot.is_absent() {
                slots.remove(space);
            }
        }
    }

    /// The slot of every profile in memory.
    pub(super) fn all(&self) -> Vec<(SpaceId, Arc<Slot>)> {
        self.slots.lock().by_space.iter().map(|(space, used)| (*space, Arc::clone(&used.slot))).collect()
    }

    /// Estimated bytes of all indexes, and how many there are.
    pub(super) fn usage(&self) -> (usize, usize) {
        (self.total.load(Ordering::Relaxed), self.slots.lock().by_space.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::slot::BARE_SLOT_BYTES;
    use crate::index::ProfileIndex;

    fn space(number: u64) -> SpaceId {
        SpaceId::from_number(number)
    }

    fn load(loaded: &Loaded, number: u64) -> Arc<Slot> {
        let slot = loaded.slot(space(number));
        slot.read(|| Ok(Built { index: ProfileIndex::new(8), sequence: 1, unsaved: 0, left_out: 0 }), |_| Ok(()))
            .unwrap();
        slot
    }

    fn in_memory(loaded: &Loaded) -> Vec<u64> {
        let slots = loaded.slots.lock();
        slots.by_use.values().map(|space| space.number()).collect()
    }

    /// The running total is the sum that it stands for, and both maps name the same profiles.
    fn verify(loaded: &Loaded) {
        let slots = loaded.slots.lock();
        let sum: usize = slots.by_space.values().map(|used| used.slot.bytes()).sum();
        assert_eq!(loaded.total.load(Ordering::Relaxed), sum);
        assert_eq!(slots.by_use.len(), slots.by_space.len());
        assert!(slots.by_use.iter().all(|(at, space)| slots.by_space.get(space).is_some_and(|used| used.at == *at)));
    }

    fn one_index_bytes() -> usize {
        BARE_SLOT_BYTES + ProfileIndex::new(8).bytes()
    }

    #[test]
    fn many_profiles_stay_within_the_budget_and_the_latest_stay() {
        let loaded = Loaded::new(one_index_bytes() * 3);
        for number in 1..=1_000 {
            drop(load(&loaded, number));
            loaded.trim(|_, _| ());
            assert!(loaded.usage().0 <= loaded.budget_bytes);
        }
        assert_eq!(in_memory(&loaded), [998, 999, 1_000]);
        drop(load(&loaded, 998));
        drop(load(&loaded, 1));
        loaded.trim(|_, _| ());
        assert_eq!(in_memory(&loaded), [1_000, 998, 1], "used again is used last");
        verify(&loaded);
    }

    #[test]
    fn an_index_in_use_is_not_dropped_and_goes_the_next_time() {
        let loaded = Loaded::new(0);
        let busy = load(&loaded, 1);
        drop(load(&loaded, 2));
        let lock = busy.lock_writer();
        loaded.trim(|_, _| ());
        assert!(!busy.is_absent());
        drop(lock);
        drop(busy);
        loaded.trim(|_, _| ());
        assert_eq!(in_memory(&loaded), [2]);
        verify(&loaded);
    }

    #[test]
    fn a_deleted_profile_counts_until_nobody_reads_it() {
        let loaded = Loaded::new(usize::MAX);
        let reader = load(&loaded, 1);
        drop(load(&loaded, 2));
        loaded.forget(space(1));
        assert_eq!(loaded.usage(), (2 * one_index_bytes(), 1));
        drop(reader);
        assert_eq!(loaded.usage(), (one_index_bytes(), 1));
        verify(&loaded);
    }
}
