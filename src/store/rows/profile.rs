//! Rows of a profile's space: its sessions and what was said in them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::catalog::timestamp;
use super::{Kind, Row, only_version_1};
use crate::model::{Message, MessageId, Moment, Place, Role, SessionId, hash128};
use crate::store::codec::{self, RecordError};
use crate::store::key::Key;

/// The number of commits that a space has seen; kept by the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceRow(pub u64);

impl Row for SequenceRow {
    const KIND: Kind = Kind::Sequence;
    type Key = ();

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &self.0)
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        codec::decode(only_version_1(bytes)?).map(Self)
    }
}

/// A session; its number is the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The name its caller gave it.
    pub name: SessionId,
    /// The position that its next message gets.
    pub next_position: u32,
}

#[derive(Serialize, Deserialize)]
struct SessionV1<'a> {
    name: &'a str,
    next_position: u32,
}

impl Row for SessionRow {
    const KIND: Kind = Kind::Session;
    type Key = u32;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let Self { name, next_position } = self;
        codec::encode(1, &SessionV1 { name: name.as_str(), next_position: *next_position })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let SessionV1 { name, next_position } = codec::decode(only_version_1(bytes)?)?;
        Ok(Self { name: session(name)?, next_position })
    }
}

/// The hash of a session's name: names are of many lengths, keys are of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionNameKey([u8; 16]);

impl SessionNameKey {
    /// The key of that name.
    #[must_use]
    pub fn of(name: &SessionId) -> Self {
        Self(hash128(b"session", &[name.as_str().as_bytes()]))
    }
}

impl Key for SessionNameKey {
    const WIDTH: usize = 16;

    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Key::read(from).map(Self)
    }
}

/// Which number the session of a name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionNameRow {
    /// The session's number.
    pub session: u32,
}

impl Row for SessionNameRow {
    const KIND: Kind = Kind::SessionName;
    type Key = SessionNameKey;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &self.session)
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        Ok(Self { session: codec::decode(only_version_1(bytes)?)? })
    }
}

/// A message, verbatim; its place is the key, and its session's name is the session's row.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its identity.
    pub id: MessageId,
    /// Who wrote it.
    pub role: Role,
    /// What it says.
    pub content: String,
    /// When it was written.
    pub at: Moment,
}

impl MessageRow {
    /// The message this is the row of.
    #[must_use]
    pub fn into_message(self, session: SessionId) -> Message {
        let Self { id, role, content, at } = self;
        Message { id, session, role, content, at }
    }
}

impl From<Message> for MessageRow {
    fn from(message: Message) -> Self {
        let Message { id, session: _, role, content, at } = message;
        Self { id, role, content, at }
    }
}

/// Debug output never shows what was said.
impl fmt::Debug for MessageRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageRow({}, {}, {} bytes)", self.id, self.role.as_str(), self.content.len())
    }
}

#[derive(Serialize, Deserialize)]
struct MessageV1<'a> {
    id: [u8; 16],
    role: RoleV1,
    content: &'a str,
    at: MomentV1,
}

#[derive(Serialize, Deserialize)]
enum RoleV1 {
    System,
    User,
    Assistant,
}

/// An instant in milliseconds since 1970, and minutes east of UTC.
#[derive(Serialize, Deserialize)]
pub(super) struct MomentV1 {
    millis: i64,
    offset_minutes: i16,
}

impl MomentV1 {
    pub(super) fn of(moment: Moment) -> Self {
        Self { millis: moment.instant.millis(), offset_minutes: moment.offset_minutes }
    }

    pub(super) fn moment(&self) -> Result<Moment, RecordError> {
        Ok(Moment { instant: timestamp(self.millis)?, offset_minutes: self.offset_minutes })
    }
}

impl Row for MessageRow {
    const KIND: Kind = Kind::Message;
    type Key = Place;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let role = match self.role {
            Role::System => RoleV1::System,
            Role::User => RoleV1::User,
            Role::Assistant => RoleV1::Assistant,
        };
        codec::encode(1, &MessageV1 { id: self.id.0, role, content: &self.content, at: MomentV1::of(self.at) })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let v1: MessageV1<'_> = codec::decode(only_version_1(bytes)?)?;
        let role = match v1.role {
            RoleV1::System => Role::System,
            RoleV1::User => Role::User,
            RoleV1::Assistant => Role::Assistant,
        };
        Ok(Self { id: MessageId(v1.id), role, content: v1.content.to_owned(), at: v1.at.moment()? })
    }
}

/// Where the message of an id stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessagePlaceRow(pub Place);

#[derive(Serialize, Deserialize)]
struct PlaceV1 {
    session: u32,
    position: u32,
}

impl Row for MessagePlaceRow {
    const KIND: Kind = Kind::MessagePlace;
    type Key = MessageId;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &PlaceV1 { session: self.0.session, position: self.0.position })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let PlaceV1 { session, position } = codec::decode(only_version_1(bytes)?)?;
        Ok(Self(Place { session, position }))
    }
}

/// The session's name, when it can be one.
pub(super) fn session(name: &str) -> Result<SessionId, RecordError> {
    SessionId::parse(name).map_err(|_| RecordError::Field("session"))
}
