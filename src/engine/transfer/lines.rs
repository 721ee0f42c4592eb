//! What a line is. The names here are the format: a change that an older release would misread is a new version.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::{
    AccountId, Memory, MemoryId, MemoryType, MessageId, Moment, NamespaceName, ProfileName, Role, SessionId, Timestamp,
    TopicKey, Ulid, check_content,
};
use crate::store::rows::{MessageRow, NamespaceRow, SessionRow};

pub(super) const FORMAT: &str = "mnemon-export";
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u32,
    /// The release that wrote it, for people.
    #[serde(default)]
    pub(super) by: String,
}

/// What an export holds; the last line says it, so that one that was cut short is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ExportCounts {
    /// Namespaces.
    pub namespaces: u64,
    /// Profiles.
    pub profiles: u64,
    /// Sessions.
    pub sessions: u64,
    /// Messages.
    pub messages: u64,
    /// Memories, current and superseded.
    pub memories: u64,
}

/// Every other line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "lowercase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum Line {
    Namespace { account: String, name: String, id: String, created_at: String, updated_at: String },
    Profile { account: String, namespace: String, name: String, created_at: String },
    Session { number: u32, name: String, next_position: u32 },
    Message { position: u32, id: String, role: String, content: String, at: String, offset_minutes: i16 },
    Memory(MemoryLine),
    End(ExportCounts),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MemoryLine {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    summary: String,
    content: String,
    session: Option<String>,
    created_at: String,
    updated_at: String,
    said_at: String,
    said_offset_minutes: i16,
    topic: Option<String>,
    sources: Vec<String>,
    superseded_by: Option<String>,
}

/// A line, parsed.
pub(super) enum Record {
    Namespace { key: (AccountId, NamespaceName), row: NamespaceRow },
    Profile { namespace: (AccountId, NamespaceName), name: ProfileName, created: Timestamp },
    Session { number: u32, row: SessionRow },
    Message { position: u32, row: MessageRow },
    Memory(Memory),
    End(ExportCounts),
}

impl Line {
    pub(super) fn of_namespace((account, name): &(AccountId, NamespaceName), row: &NamespaceRow) -> Self {
        Self::Namespace {
            account: account.to_string(),
            name: name.to_string(),
            id: row.id.to_string(),
            created_at: row.created.to_string(),
            updated_at: row.updated.to_string(),
        }
    }

    pub(super) fn of_message(position: u32, row: MessageRow) -> Self {
        Self::Message {
            position,
            id: row.id.to_string(),
            role: row.role.as_str().to_owned(),
            content: row.content,
            at: row.at.instant.to_string(),
            offset_minutes: row.at.offset_minutes,
        }
    }

    pub(super) fn of_memory(memory: Memory) -> Self {
        Self::Memory(MemoryLine {
            id: memory.id.to_string(),
            kind: memory.kind.as_str().to_owned(),
            summary: memory.summary,
            content: memory.content,
            session: memory.session.map(|session| session.to_string()),
            created_at: memory.created_at.to_string(),
            updated_at: memory.updated_at.to_string(),
            said_at: memory.said_at.instant.to_string(),
            said_offset_minutes: memory.said_at.offset_minutes,
            topic: memory.topic.map(|topic| topic.to_string()),
            sources: memory.sources.iter().map(ToString::to_string).collect(),
            superseded_by: memory.superseded_by.map(|id| id.to_string()),
        })
    }

    /// # Errors
    /// `InvalidInput` with the field that cannot be what it says.
    pub(super) fn parse(self) -> Result<Record> {
        Ok(match self {
            Self::Namespace { account, name, id, created_at, updated_at } => Record::Namespace {
                key: (AccountId::parse(&account)?, NamespaceName::parse(&name)?),
                row: NamespaceRow {
                    id: ulid("id", &id)?,
                    created: instant("createdAt", &created_at)?,
                    updated: instant("updatedAt", &updated_at)?,
                },
            },
            Self::Profile { account, namespace, name, created_at } => Record::Profile {
                namespace: (AccountId::parse(&account)?, NamespaceName::parse(&namespace)?),
                name: ProfileName::parse(&name)?,
                created: instant("createdAt", &created_at)?,
            },
            Self::Session { number, name, next_position } => {
                Record::Session { number, row: SessionRow { name: SessionId::parse(&name)?, next_position } }
            }
            Self::Message { position, id, role, content, at, offset_minutes } => {
                check_content("/content", &content)?;
                let role = Role::parse(&role).ok_or_else(|| wrong("role", "system, user or assistant"))?;
                let at = Moment { instant: instant("at", &at)?, offset_minutes: offset(offset_minutes)? };
                let row = MessageRow { id: MessageId(hash("id", &id)?), role, content, at };
                Record::Message { position, row }
            }
            Self::Memory(line) => Record::Memory(line.parse()?),
            Self::End(counts) => Record::End(counts),
        })
    }
}

impl MemoryLine {
    fn parse(self) -> Result<Memory> {
        check_content("/content", &self.content)?;
        let kind = MemoryType::parse(&self.kind).ok_or_else(|| wrong("type", "fact, event, instruction or task"))?;
        let sources = self.sources.iter().map(|id| hash("sources", id).map(MessageId));
        Ok(Memory {
            id: ulid("id", &self.id)?,
            kind,
            summary: self.summary,
            content: self.content,
            session: self.session.as_deref().map(SessionId::parse).transpose()?,
            created_at: instant("createdAt", &self.created_at)?,
            updated_at: instant("updatedAt", &self.updated_at)?,
            said_at: Moment {
                instant: instant("saidAt", &self.said_at)?,
                offset_minutes: offset(self.said_offset_minutes)?,
            },
            topic: self.topic.as_deref().map(|topic| hash("topic", topic).map(TopicKey)).transpose()?,
            sources: sources.collect::<Result<_>>()?,
            superseded_by: self.superseded_by.as_deref().map(|id| ulid("supersededBy", id)).transpose()?,
        })
    }
}

fn wrong(field: &str, wanted: &str) -> Error {
    Error::invalid(format!("/{field}"), format!("`{field}` is not {wanted}"))
}

fn ulid(field: &str, text: &str) -> Result<MemoryId> {
    Ulid::parse(text).ok_or_else(|| wrong(field, "a ULID of 26 characters"))
}

fn instant(field: &str, text: &str) -> Result<Timestamp> {
    let moment = Moment::parse(text).ok_or_else(|| wrong(field, "a time such as 2026-05-01T10:00:00.000Z"))?;
    Ok(moment.instant)
}

/// Real offsets lie within 26 hours.
fn offset(minutes: i16) -> Result<i16> {
    let within = (-26 * 60..=26 * 60).contains(&minutes);
    if within { Ok(minutes) } else { Err(wrong("offsetMinutes", "between -1560 and 1560")) }
}

/// 128 bits in 32 lower-case hexadecimal digits.
fn hash(field: &str, text: &str) -> Result<[u8; 16]> {
    let wrong = || wrong(field, "32 lower-case hexadecimal digits");
    let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if text.len() != 32 || !digits {
        return Err(wrong());
    }
    u128::from_str_radix(text, 16).map(u128::to_be_bytes).map_err(|_| wrong())
}
