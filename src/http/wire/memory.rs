//! Memories and the messages they came from.

use serde::Serialize;
use utoipa::ToSchema;

use super::ingest::RoleName;
use crate::model;

/// One memory, whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Memory {
    /// A ULID.
    id: String,
    /// Which kind it is.
    #[serde(rename = "type")]
    kind: TypeName,
    /// A short form of the content.
    summary: String,
    /// The statement.
    content: String,
    /// The conversation it was last said in; null when there is none.
    #[schema(required)]
    session_id: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// The newer memory on the same topic, when this one is history.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    superseded_by: Option<String>,
    /// The messages it was made from, oldest first, when they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sources: Option<Vec<SourceMessage>>,
}

/// A memory in a list: everything but its content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct MemoryEntry {
    /// A ULID.
    id: String,
    /// Which kind it is.
    #[serde(rename = "type")]
    kind: TypeName,
    /// A short form of the content.
    summary: String,
    /// The conversation it was last said in; null when there is none.
    #[schema(required)]
    session_id: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// The newer memory on the same topic, when this one is history.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    superseded_by: Option<String>,
}

/// The four kinds of memory.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum TypeName {
    /// Holds until something newer replaces it.
    Fact,
    /// Happened, or will happen, at a time.
    Event,
    /// How the agent should behave.
    Instruction,
    /// Something to be done.
    Task,
}

/// A message that a memory was made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SourceMessage {
    /// Its identity, in hexadecimal.
    message_id: String,
    /// The conversation it belongs to.
    session_id: String,
    /// Who wrote it.
    role: RoleName,
    /// Verbatim.
    content: String,
    /// When it was written.
    #[schema(format = DateTime)]
    timestamp: String,
}

impl Memory {
    /// The same memory, with the messages it was made from.
    pub(in crate::http) fn with_sources(self, sources: Vec<model::Message>) -> Self {
        Self { sources: Some(sources.into_iter().map(SourceMessage::from).collect()), ..self }
    }
}

impl From<model::Memory> for Memory {
    fn from(memory: model::Memory) -> Self {
        Self {
            id: memory.id.to_string(),
            kind: memory.kind.into(),
            summary: memory.summary,
            content: memory.content,
            session_id: memory.session.map(|session| session.to_string()),
            created_at: memory.created_at.to_string(),
            updated_at: memory.updated_at.to_string(),
            superseded_by: memory.superseded_by.map(|id| id.to_string()),
            sources: None,
        }
    }
}

impl From<model::Memory> for MemoryEntry {
    fn from(memory: model::Memory) -> Self {
        Self {
            id: memory.id.to_string(),
            kind: memory.kind.into(),
            summary: memory.summary,
            session_id: memory.session.map(|session| session.to_string()),
            created_at: memory.created_at.to_string(),
            updated_at: memory.updated_at.to_string(),
            superseded_by: memory.superseded_by.map(|id| id.to_string()),
        }
    }
}

impl From<model::MemoryType> for TypeName {
    fn from(kind: model::MemoryType) -> Self {
        match kind {
            model::MemoryType::Fact => Self::Fact,
            model::MemoryType::Event => Self::Event,
            model::MemoryType::Instruction => Self::Instruction,
            model::MemoryType::Task => Self::Task,
        }
    }
}

impl From<model::Message> for SourceMessage {
    fn from(message: model::Message) -> Self {
        Self {
            message_id: message.id.to_string(),
            session_id: message.session.to_string(),
            role: message.role.into(),
            content: message.content,
            timestamp: message.at.instant.to_string(),
        }
    }
}
