//! A memory's row.

use serde::{Deserialize, Serialize};

use super::catalog::timestamp;
use super::profile::{MomentV1, session};
use super::{Kind, Row, only_version_1};
use crate::model::{Memory, MemoryId, MemoryType, MessageId, SessionId, TopicKey, Ulid};
use crate::store::codec::{self, RecordError};

/// A memory, whole; its id is the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryRow(pub Memory);

#[derive(Serialize, Deserialize)]
struct MemoryV1<'a> {
    id: [u8; 16],
    kind: MemoryTypeV1,
    summary: &'a str,
    content: &'a str,
    session: Option<&'a str>,
    created_at: i64,
    updated_at: i64,
    said_at: MomentV1,
    topic: Option<[u8; 16]>,
    sources: Vec<[u8; 16]>,
    superseded_by: Option<[u8; 16]>,
}

#[derive(Serialize, Deserialize)]
enum MemoryTypeV1 {
    Fact,
    Event,
    Instruction,
    Task,
}

impl<'a> MemoryV1<'a> {
    fn of(memory: &'a Memory) -> Self {
        let kind = match memory.kind {
            MemoryType::Fact => MemoryTypeV1::Fact,
            MemoryType::Event => MemoryTypeV1::Event,
            MemoryType::Instruction => MemoryTypeV1::Instruction,
            MemoryType::Task => MemoryTypeV1::Task,
        };
        Self {
            id: bytes(memory.id),
            kind,
            summary: &memory.summary,
            content: &memory.content,
            session: memory.session.as_ref().map(SessionId::as_str),
            created_at: memory.created_at.millis(),
            updated_at: memory.updated_at.millis(),
            said_at: MomentV1::of(memory.said_at),
            topic: memory.topic.map(|topic| topic.0),
            sources: memory.sources.iter().map(|source| source.0).collect(),
            superseded_by: memory.superseded_by.map(bytes),
        }
    }

    fn memory(self) -> Result<Memory, RecordError> {
        let kind = match self.kind {
            MemoryTypeV1::Fact => MemoryType::Fact,
            MemoryTypeV1::Event => MemoryType::Event,
            MemoryTypeV1::Instruction => MemoryType::Instruction,
            MemoryTypeV1::Task => MemoryType::Task,
        };
        Ok(Memory {
            id: id(self.id),
            kind,
            summary: self.summary.to_owned(),
            content: self.content.to_owned(),
            session: self.session.map(session).transpose()?,
            created_at: timestamp(self.created_at)?,
            updated_at: timestamp(self.updated_at)?,
            said_at: self.said_at.moment()?,
            topic: self.topic.map(TopicKey),
            sources: self.sources.into_iter().map(MessageId).collect(),
            superseded_by: self.superseded_by.map(id),
        })
    }
}

fn bytes(id: MemoryId) -> [u8; 16] {
    id.bits().to_be_bytes()
}

fn id(bytes: [u8; 16]) -> MemoryId {
    Ulid::from_bits(u128::from_be_bytes(bytes))
}

impl Row for MemoryRow {
    const KIND: Kind = Kind::Memory;
    type Key = MemoryId;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &MemoryV1::of(&self.0))
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        codec::decode::<MemoryV1<'_>>(only_version_1(bytes)?)?.memory().map(Self)
    }

    fn belongs_under(&self, key: &MemoryId) -> bool {
        self.0.id == *key
    }
}
