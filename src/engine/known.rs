//! What reconciling asks of a profile: the index for what is alike, the rows for what it says.

use crate::index::ProfileIndex;
use crate::ingest::{Fingerprint, Known, KnownMemory};
use crate::model::{MemoryId, TopicKey, UnitVector};
use crate::store::rows::MemoryRow;
use crate::store::{Snapshot, SpaceId};

/// A profile as [`crate::ingest::reconcile`] sees it.
pub(super) struct KnownProfile<'a> {
    pub(super) index: &'a ProfileIndex,
    pub(super) snapshot: &'a Snapshot,
    pub(super) space: SpaceId,
}

impl Known for KnownProfile<'_> {
    fn by_topic(&self, key: TopicKey) -> Vec<MemoryId> {
        self.index.by_topic(key)
    }

    fn same_content(&self, fingerprint: Fingerprint) -> Option<MemoryId> {
        self.index.by_fingerprint(fingerprint.0)
    }

    fn similar(&self, vector: &UnitVector, k: usize) -> Vec<(MemoryId, f32)> {
        self.index.similar(vector, k)
    }

    /// A row that cannot be read is as good as none here: reconciling then keeps both, and `check` reports the row.
    fn memory(&self, id: MemoryId) -> Option<KnownMemory> {
        let MemoryRow(memory) = self.snapshot.get(self.space, &id).ok()??;
        Some(KnownMemory {
            is_active: memory.is_active(),
            kind: memory.kind,
            content: memory.content,
            topic: memory.topic,
            said_at: memory.said_at,
        })
    }

    fn open_tasks(&self) -> Vec<MemoryId> {
        self.index.open_tasks()
    }
}
