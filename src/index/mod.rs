//! One profile's caches in memory: everything recall and reconciliation ask of it without reading rows.
//!
//! It holds no truth: it can be dropped at any moment and rebuilt from the rows by putting them in again, in any order, with the same
//! answers. It holds no text either, only postings, vectors and a few numbers a message. It does no I/O and reads no clock.
//!
//! Two halves: messages are indexed where they stand, so that what was said just before and after, and in the same session, can
//! speak for them; memories are indexed as statements of their own, and know which messages they came from.

use std::fmt;

mod groups;
mod memories;
mod messages;
mod packed;
mod places;
mod same;
mod slots;
mod speakers;

pub use memories::MemoryEntry;
pub(crate) use memories::{MemoryDoc, MemoryIndex};
pub(crate) use messages::{MessageDoc, MessageIndex};
pub use packed::{Part, ReadPart};

use crate::model::{MemoryId, MemoryType, Message, MessageId, Place, TopicKey, UnitVector};

/// The caches of one profile.
pub struct ProfileIndex {
    dimension: usize,
    pub(crate) messages: MessageIndex,
    pub(crate) memories: MemoryIndex,
}

impl ProfileIndex {
    /// An index of nothing, for vectors of `dimension` numbers.
    #[must_use]
    pub fn new(dimension: usize) -> Self {
        Self { dimension, messages: MessageIndex::new(dimension), memories: MemoryIndex::new(dimension) }
    }

    /// Numbers in a vector of this index.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Both halves, to be filled side by side.
    pub(crate) fn halves(&mut self) -> (&mut MessageIndex, &mut MemoryIndex) {
        (&mut self.messages, &mut self.memories)
    }

    /// Indexes a message at its place, in any order; what stood there before is replaced. A vector of another dimension is left out.
    pub fn add_message(&mut self, place: Place, message: &Message, vector: Option<&UnitVector>) {
        self.messages.add(place, message, vector.filter(|v| v.dimension() == self.dimension));
    }

    /// Forgets the message at `place`, if there is one.
    pub fn remove_message(&mut self, place: Place) {
        self.messages.remove(place);
    }

    /// Where a message stands, if it is here.
    #[must_use]
    pub fn place_of(&self, id: MessageId) -> Option<Place> {
        self.messages.place_of(id)
    }

    /// Indexes a memory, or replaces what was known of it. One that is superseded leaves every structure that is searched.
    pub fn put_memory(&mut self, entry: MemoryEntry<'_>) {
        let vector = entry.vector.filter(|v| v.dimension() == self.dimension);
        self.memories.put(MemoryEntry { vector, ..entry });
    }

    /// Forgets a memory, if it is here.
    pub fn remove_memory(&mut self, id: MemoryId) {
        self.memories.remove(id);
    }

    /// Lets the graphs over many vectors learn up to `nodes` new ones each, where there are so many that a graph pays;
    /// until then they are scanned. A node takes about 2 ms.
    pub fn tend(&mut self, nodes: usize) {
        self.messages.tend(nodes);
        self.memories.tend(nodes);
    }

    /// Active memories on a topic, oldest first.
    #[must_use]
    pub fn by_topic(&self, key: TopicKey) -> Vec<MemoryId> {
        self.memories.by_topic(key)
    }

    /// The newest active memory with that fingerprint, or else the newest one that was superseded.
    #[must_use]
    pub fn by_fingerprint(&self, fingerprint: [u8; 16]) -> Option<MemoryId> {
        self.memories.by_fingerprint(fingerprint)
    }

    /// Active tasks, oldest first.
    #[must_use]
    pub fn open_tasks(&self) -> Vec<MemoryId> {
        self.memories.of_kind(MemoryType::Task).collect()
    }

    /// Active instructions, oldest first.
    #[must_use]
    pub fn instructions(&self) -> Vec<MemoryId> {
        self.memories.of_kind(MemoryType::Instruction).collect()
    }

    /// The `k` active memories whose vectors are nearest to `vector`, with their cosines, best first.
    #[must_use]
    pub fn similar(&self, vector: &UnitVector, k: usize) -> Vec<(MemoryId, f32)> {
        self.memories.similar(vector, k)
    }

    /// The largest id of any memory that is known here, history included.
    #[must_use]
    pub fn newest_memory_id(&self) -> Option<MemoryId> {
        self.memories.newest()
    }

    /// Messages in the index.
    #[must_use]
    pub fn message_count(&self) -> usize {
        self.messages.len()
    }

    /// Active memories in the index.
    #[must_use]
    pub fn memory_count(&self) -> usize {
        self.memories.len()
    }

    /// Active memories, in the order of their ids.
    pub fn memory_ids(&self) -> impl DoubleEndedIterator<Item = MemoryId> + '_ {
        self.memories.in_order().map(|(id, _)| id)
    }

    /// Places of the messages, in order.
    pub fn places(&self) -> impl DoubleEndedIterator<Item = Place> + '_ {
        self.messages.in_order().map(|(place, _)| place)
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.messages.bytes() + self.memories.bytes()
    }

    /// What the bytes of [`ProfileIndex::bytes`] are for.
    #[must_use]
    pub fn parts(&self) -> Vec<(&'static str, usize)> {
        let (messages, memories) = (&self.messages, &self.memories);
        let (said, kept) = (messages.keywords().bytes(), memories.keywords().bytes());
        let (near_messages, near_memories) = (messages.vectors().bytes(), memories.vectors().bytes());
        vec![
            ("message vectors", near_messages),
            ("message keywords", said),
            ("message places", messages.bytes() - near_messages - said),
            ("memory vectors", near_memories),
            ("memory keywords", kept),
            ("memory links", memories.bytes() - near_memories - kept),
        ]
    }

    /// What disagrees between its structures, one line each; empty when all is well.
    #[must_use]
    pub fn verify(&self) -> Vec<String> {
        let mut wrong = self.messages.verify();
        wrong.extend(self.memories.verify());
        wrong
    }
}

impl fmt::Debug for ProfileIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProfileIndex({} messages, {} memories)", self.message_count(), self.memory_count())
    }
}
