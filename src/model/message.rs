//! Messages: what was said, kept verbatim.

use std::fmt;

use super::limits::CONTENT_BYTES;
use super::{MessageId, Moment, SessionId};
use crate::error::{Error, Result};

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Context set by the application; never a memory.
    System,
    /// The person, or several people when messages name their speakers.
    User,
    /// The agent.
    Assistant,
}

impl Role {
    /// Every role, in the order of the contract.
    pub const ALL: [Self; 3] = [Self::System, Self::User, Self::Assistant];

    /// The role's name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }

    /// The role of that name, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// A message as a caller sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Who wrote it.
    pub role: Role,
    /// 1 to 32,768 bytes, kept as they are.
    pub content: String,
    /// When it was written, with the writer's own offset; the time of ingest when the caller does not say.
    pub at: Option<Moment>,
}

impl NewMessage {
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] when `content` is empty or longer than the limit.
    pub fn new(role: Role, content: impl Into<String>, at: Option<Moment>) -> Result<Self> {
        let content = content.into();
        check_content("/content", &content)?;
        Ok(Self { role, content, at })
    }
}

/// A message as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Its identity.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub session: SessionId,
    /// Who wrote it.
    pub role: Role,
    /// Verbatim.
    pub content: String,
    /// When it was written.
    pub at: Moment,
}

/// Debug output never shows what was said.
impl fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewMessage({}, {} bytes)", self.role.as_str(), self.content.len())
    }
}

/// Debug output never shows what was said.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({}, {}, {} bytes)", self.id, self.role.as_str(), self.content.len())
    }
}

/// Holds `content` against the contract's limits; `pointer` is the field the error names.
pub(crate) fn check_content(pointer: &'static str, content: &str) -> Result<()> {
    match content.len() {
        0 => Err(Error::invalid(pointer, format!("content is empty, it must have 1 to {CONTENT_BYTES} bytes"))),
        1..=CONTENT_BYTES => Ok(()),
        n => Err(Error::invalid(pointer, format!("content has {n} bytes, the limit is {CONTENT_BYTES}"))),
    }
}
