//! Memories by something that many of them have.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::MemoryId;

/// The memories of each key that has any. A key is kept once, however many there are.
#[derive(PartialEq)]
pub(super) struct Groups<K>(BTreeMap<K, BTreeSet<MemoryId>>);

impl<K: Ord + Clone> Groups<K> {
    pub(super) fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Puts a memory in; gives the key as it is kept.
    pub(super) fn join(&mut self, key: &K, id: MemoryId) -> K {
        let kept = self.0.get_key_value(key).map_or_else(|| key.clone(), |(kept, _)| kept.clone());
        self.0.entry(kept.clone()).or_default().insert(id);
        kept
    }

    pub(super) fn leave(&mut self, key: &K, id: MemoryId) {
        if let Some(ids) = self.0.get_mut(key) {
            ids.remove(&id);
            if ids.is_empty() {
                self.0.remove(key);
            }
        }
    }

    /// Those of a key, by rising id.
    pub(super) fn of(&self, key: &K) -> impl DoubleEndedIterator<Item = MemoryId> + use<'_, K> {
        self.0.get(key).into_iter().flatten().copied()
    }

    pub(super) fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.0.keys()
    }

    /// How many memories there are, of all keys.
    pub(super) fn len(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }
}
