//! Changes to one profile, gathered: a batch for the store, and the same changes for the index.

use std::collections::BTreeMap;

use super::rows::if_readable;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{MemoryEntry, ProfileIndex};
use crate::ingest::fingerprint;
use crate::model::{Memory, MemoryId, MemoryType, Message, MessageId, Place, UnitVector};
use crate::store::rows::{
    CacheRow, ChangeRow, MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow,
};
use crate::store::{Batch, Snapshot, SpaceId};

/// Changes that will be committed together.
pub(super) struct Edit<'a> {
    snapshot: &'a Snapshot,
    space: SpaceId,
    batch: Batch,
    memories: BTreeMap<MemoryId, Option<EditedMemory>>,
    messages: Vec<(Place, Option<(Message, UnitVector)>)>,
}

struct EditedMemory {
    memory: Memory,
    vector: Option<UnitVector>,
}

/// What was committed, to be applied to the index.
pub(super) struct Committed {
    memories: BTreeMap<MemoryId, Option<EditedMemory>>,
    messages: Vec<(Place, Option<(Message, UnitVector)>)>,
}

impl<'a> Edit<'a> {
    /// Changes to the rows of `space` as `snapshot` shows them.
    pub(super) fn new(snapshot: &'a Snapshot, space: SpaceId) -> Self {
        Self { snapshot, space, batch: Batch::new(), memories: BTreeMap::new(), messages: Vec::new() }
    }

    /// The batch, for preconditions and for rows that no index knows.
    pub(super) fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }

    pub(super) fn add_message(&mut self, place: Place, message: Message, vector: UnitVector) {
        self.batch.put(self.space, &place, &MessageRow::from(message.clone()));
        self.batch.put(self.space, &message.id, &MessagePlaceRow(place));
        self.batch.put(self.space, &place, &MessageVectorRow(vector.clone()));
        self.messages.push((place, Some((message, vector))));
    }

    /// Deletes a message; one that is not there is no error.
    pub(super) fn delete_message(&mut self, id: MessageId) -> Result<()> {
        if let Some(MessagePlaceRow(place)) = self.snapshot.get(self.space, &id)? {
            self.batch.delete::<MessagePlaceRow>(self.space, &id);
            self.batch.delete::<MessageRow>(self.space, &place);
            self.batch.delete::<MessageVectorRow>(self.space, &place);
            self.messages.push((place, None));
        }
        Ok(())
    }

    /// Adds a memory; its vector is left out where [`has_vector`] says so.
    pub(super) fn add_memory(&mut self, memory: Memory, vector: &UnitVector) {
        let vector = has_vector(&memory).then(|| vector.clone());
        self.memories.insert(memory.id, Some(EditedMemory { memory, vector }));
    }

    /// A memory to be changed, as these changes have it so far.
    ///
    /// # Errors
    /// `MemoryNotFound`.
    pub(super) fn memory(&mut self, id: MemoryId) -> Result<&mut Memory> {
        use std::collections::btree_map::Entry;
        let slot = match self.memories.entry(id) {
            Entry::Occupied(edited) => edited.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(stored(self.snapshot, self.space, id)?),
        };
        slot.as_mut().map(|edited| &mut edited.memory).ok_or_else(memory_not_found)
    }

    pub(super) fn delete_memory(&mut self, id: MemoryId) {
        self.memories.insert(id, None);
    }

    /// The batch to commit as the space's commit of that number, and what to apply afterwards.
    pub(super) fn finish(mut self, sequence: u64) -> Result<(Batch, Committed)> {
        for (id, edited) in &self.memories {
            let vector = edited.as_ref().filter(|e| has_vector(&e.memory)).and_then(|e| e.vector.as_ref());
            match edited {
                Some(edited) => self.batch.put(self.space, id, &MemoryRow(edited.memory.clone())),
                None => self.batch.delete::<MemoryRow>(self.space, id),
            }
            match vector {
                Some(vector) => self.batch.put(self.space, id, &MemoryVectorRow(vector.clone())),
                None => self.batch.delete::<MemoryVectorRow>(self.space, id),
            }
        }
        self.note_changes(sequence)?;
        Ok((self.batch, Committed { memories: self.memories, messages: self.messages }))
    }

    /// Lets a cache of the index be brought up to date, where the profile has one.
    fn note_changes(&mut self, sequence: u64) -> Result<()> {
        // A batch that changes nothing is no commit of the space, and its number is the next one's.
        if !self.batch.touches(self.space) || !self.snapshot.contains::<CacheRow>(self.space, &())? {
            return Ok(());
        }
        let places = self.messages.iter().map(|(place, _)| *place).collect();
        let changes = ChangeRow { places, memories: self.memories.keys().copied().collect() };
        if changes.len() <= ChangeRow::MOST {
            self.batch.put(self.space, &sequence, &changes);
        } else {
            self.batch.delete::<CacheRow>(self.space, &());
        }
        Ok(())
    }
}

impl Committed {
    /// Messages and memories that it changes.
    pub(super) fn texts(&self) -> usize {
        self.memories.len() + self.messages.len()
    }

    pub(super) fn apply_to(&self, index: &mut ProfileIndex) {
        for (place, message) in &self.messages {
            match message {
                Some((message, vector)) => index.add_message(*place, message, Some(vector)),
                None => index.remove_message(*place),
            }
        }
        for (id, edited) in &self.memories {
            match edited {
                Some(edited) => index.put_memory(entry(&edited.memory, edited.vector.as_ref())),
                None => index.remove_memory(*id),
            }
        }
    }
}

/// A memory as the index takes it.
pub(super) fn entry<'a>(memory: &'a Memory, vector: Option<&'a UnitVector>) -> MemoryEntry<'a> {
    MemoryEntry { memory, vector, fingerprint: fingerprint(&memory.content).0 }
}

/// Tasks are found by their words only, and history is not searched.
pub(super) fn has_vector(memory: &Memory) -> bool {
    memory.is_active() && memory.kind != MemoryType::Task
}

pub(super) fn memory_not_found() -> Error {
    Error::new(ErrorKind::MemoryNotFound, "memory not found")
}

fn stored(snapshot: &Snapshot, space: SpaceId, id: MemoryId) -> Result<Option<EditedMemory>> {
    let Some(row) = snapshot.get::<MemoryRow>(space, &id)? else { return Ok(None) };
    // A damaged vector hinders no change of its memory; `repair` makes it again.
    let vector = if_readable(snapshot.get::<MemoryVectorRow>(space, &id))?.map(|row| row.0);
    Ok(Some(EditedMemory { memory: row.0, vector }))
}
