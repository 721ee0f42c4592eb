//! Memories: what is kept of what was said.

use std::fmt;

use super::{MemoryId, MessageId, Moment, SessionId, Timestamp, TopicKey};

/// The four kinds of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemoryType {
    /// Something that holds until something newer replaces it.
    Fact,
    /// Something that happened or will happen, at a time.
    Event,
    /// How the agent should behave, until told otherwise.
    Instruction,
    /// Something to be done; short-lived, found by text only.
    Task,
}

impl MemoryType {
    /// Every type, in the order of the contract.
    pub const ALL: [Self; 4] = [Self::Fact, Self::Event, Self::Instruction, Self::Task];

    /// The type's name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Event => "event",
            Self::Instruction => "instruction",
            Self::Task => "task",
        }
    }

    /// The type of that name, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether a newer memory on the same topic replaces an older one of this type.
    #[must_use]
    pub fn is_superseded_by_topic(self) -> bool {
        matches!(self, Self::Fact | Self::Instruction)
    }
}

/// One memory, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Memory {
    /// Its identity; newer memories have larger ones.
    pub id: MemoryId,
    /// Which of the four kinds it is.
    pub kind: MemoryType,
    /// A short form of `content`.
    pub summary: String,
    /// The statement, which stands alone.
    pub content: String,
    /// The conversation it was last said in, if any.
    pub session: Option<SessionId>,
    /// When the memory was made.
    pub created_at: Timestamp,
    /// When it was last confirmed, superseded or otherwise changed.
    pub updated_at: Timestamp,
    /// When it was said, in the speaker's own offset: what "newer" means for superseding.
    pub said_at: Moment,
    /// What it is about; facts and instructions only.
    pub topic: Option<TopicKey>,
    /// The messages it was made from, oldest first. Empty for a remembered one.
    pub sources: Vec<MessageId>,
    /// The newer memory on the same topic, when this one is history.
    pub superseded_by: Option<MemoryId>,
}

impl Memory {
    /// Whether it is current: history is left out of lists, recall and summary.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.superseded_by.is_none()
    }
}

/// Debug output never shows what was said.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({}, {}, {} bytes)", self.id, self.kind.as_str(), self.content.len())
    }
}
