//! Rows of the catalog, space 0: who owns which space, who may do what, and what the data as a whole is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Kind, Row, only_version_1};
use crate::model::{
    AccountId, MemoryId, ModelIdentity, NamespaceId, NamespaceName, Place, Pooling, ProfileName, Scope, Timestamp, Ulid,
};
use crate::store::codec::{self, RecordError};
use crate::store::key::{Key, SpaceId};

/// A namespace; its account and name are the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceRow {
    /// Never reused, not even when the name is.
    pub id: NamespaceId,
    /// When it was created.
    pub created: Timestamp,
    /// When its own record last changed.
    pub updated: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct NamespaceV1 {
    id: [u8; 16],
    created: i64,
    updated: i64,
}

impl Row for NamespaceRow {
    const KIND: Kind = Kind::Namespace;
    type Key = (AccountId, NamespaceName);

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let id = self.id.bits().to_be_bytes();
        codec::encode(1, &NamespaceV1 { id, created: self.created.millis(), updated: self.updated.millis() })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let NamespaceV1 { id, created, updated } = codec::decode(only_version_1(bytes)?)?;
        let id = Ulid::from_bits(u128::from_be_bytes(id));
        Ok(Self { id, created: timestamp(created)?, updated: timestamp(updated)? })
    }
}

/// A profile; its namespace and name are the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// Where its rows are.
    pub space: SpaceId,
    /// When its first write was accepted.
    pub created: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct ProfileV1 {
    space: u64,
    created: i64,
}

impl Row for ProfileRow {
    const KIND: Kind = Kind::Profile;
    type Key = (NamespaceId, ProfileName);

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &ProfileV1 { space: self.space.number(), created: self.created.millis() })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let ProfileV1 { space, created } = codec::decode(only_version_1(bytes)?)?;
        Ok(Self { space: SpaceId::from_number(space), created: timestamp(created)? })
    }
}

/// An access token; its id is the key. The token itself is kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// What it is called, for people.
    pub label: String,
    /// The account it is bound to, or any.
    pub account: Option<AccountId>,
    /// The namespace it is bound to, or any.
    pub namespace: Option<NamespaceName>,
    /// What it may do.
    pub scope: Scope,
    /// When it was issued.
    pub created: Timestamp,
    /// When it was used last, to some minutes; nothing when that was never kept.
    pub last_used: Option<Timestamp>,
}

/// Debug output never shows the hash.
impl fmt::Debug for TokenRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenRow({:?}, {:?})", self.label, self.scope)
    }
}

#[derive(Serialize, Deserialize)]
struct TokenV1<'a> {
    hash: [u8; 32],
    label: &'a str,
    account: Option<&'a str>,
    namespace: Option<&'a str>,
    scope: ScopeV1,
    created: i64,
}

/// What version 1 has, and the last use.
#[derive(Serialize, Deserialize)]
struct TokenV2<'a> {
    #[serde(borrow)]
    v1: TokenV1<'a>,
    last_used: i64,
}

#[derive(Serialize, Deserialize)]
enum ScopeV1 {
    Read,
    Write,
}

impl Row for TokenRow {
    const KIND: Kind = Kind::Token;
    type Key = Ulid;

    /// The older version where it says everything.
    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let scope = match self.scope {
            Scope::Read => ScopeV1::Read,
            Scope::Write => ScopeV1::Write,
        };
        let v1 = TokenV1 {
            hash: self.hash,
            label: &self.label,
            account: self.account.as_ref().map(AccountId::as_str),
            namespace: self.namespace.as_ref().map(NamespaceName::as_str),
            scope,
            created: self.created.millis(),
        };
        match self.last_used {
            None => codec::encode(1, &v1),
            Some(at) => codec::encode(2, &TokenV2 { v1, last_used: at.millis() }),
        }
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        match codec::version(bytes)? {
            (1, body) => token(&codec::decode(body)?, None),
            (2, body) => {
                let TokenV2 { v1, last_used } = codec::decode(body)?;
                token(&v1, Some(timestamp(last_used)?))
            }
            (other, _) => Err(RecordError::Version(other)),
        }
    }
}

fn token(v1: &TokenV1<'_>, last_used: Option<Timestamp>) -> Result<TokenRow, RecordError> {
    let scope = match v1.scope {
        ScopeV1::Read => Scope::Read,
        ScopeV1::Write => Scope::Write,
    };
    let namespace = v1.namespace.map(NamespaceName::parse).transpose();
    Ok(TokenRow {
        hash: v1.hash,
        label: v1.label.to_owned(),
        account: v1.account.map(AccountId::parse).transpose().map_err(|_| RecordError::Field("account"))?,
        namespace: namespace.map_err(|_| RecordError::Field("namespace"))?,
        scope,
        created: timestamp(v1.created)?,
        last_used,
    })
}

/// What was deleted and still has rows. A namespace's profiles become doomed spaces one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoomedKey {
    /// A namespace: its profiles' rows in the catalog, and their spaces.
    Namespace(NamespaceId),
    /// A space: every row in it.
    Space(SpaceId),
}

/// The kind is one byte; a space's number stands in the last eight of the sixteen that follow.
impl Key for DoomedKey {
    const WIDTH: usize = 1 + Ulid::BYTES;

    fn write(&self, out: &mut Vec<u8>) {
        let (kind, bits) = match self {
            Self::Namespace(id) => (1, id.bits()),
            Self::Space(space) => (2, u128::from(space.number())),
        };
        out.push(kind);
        out.extend(bits.to_be_bytes());
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let ([kind], bits) = <([u8; 1], [u8; 16])>::read(from)?;
        let bits = u128::from_be_bytes(bits);
        match kind {
            1 => Some(Self::Namespace(Ulid::from_bits(bits))),
            2 => u64::try_from(bits).ok().map(SpaceId::from_number).map(Self::Space),
            _ => None,
        }
    }
}

/// Something that was deleted and is being erased. Rows are erased in order: how far it is shows in what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoomedRow {
    /// When it was deleted.
    pub since: Timestamp,
}

impl Row for DoomedRow {
    const KIND: Kind = Kind::Doomed;
    type Key = DoomedKey;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &self.since.millis())
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        Ok(Self { since: timestamp(codec::decode(only_version_1(bytes)?)?)? })
    }
}

/// The version of the layout as a whole; written by the store alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatRow {
    /// Counted from 1.
    pub version: u32,
}

impl Row for FormatRow {
    const KIND: Kind = Kind::Format;
    type Key = ();

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &self.version)
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        Ok(Self { version: codec::decode(only_version_1(bytes)?)? })
    }
}

/// A change of layout that was begun and is not finished; written by the store alone. The format is the new one already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigratingRow {
    /// The whole key of the last row that is as the new layout has it.
    pub last: Vec<u8>,
}

impl Row for MigratingRow {
    const KIND: Kind = Kind::Migrating;
    type Key = ();

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &self.last)
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        Ok(Self { last: codec::decode(only_version_1(bytes)?)? })
    }
}

#[derive(Serialize, Deserialize)]
struct ModelV1<'a> {
    name: &'a str,
    sha256: [u8; 32],
    dimension: u32,
    pooling: PoolingV1,
}

#[derive(Serialize, Deserialize)]
enum PoolingV1 {
    Mean,
    Cls,
}

impl<'a> ModelV1<'a> {
    fn of(model: &'a ModelIdentity) -> Result<Self, RecordError> {
        let pooling = match model.pooling {
            Pooling::Mean => PoolingV1::Mean,
            Pooling::Cls => PoolingV1::Cls,
        };
        let dimension = u32::try_from(model.dimension).map_err(|_| RecordError::Field("dimension"))?;
        Ok(Self { name: &model.name, sha256: model.sha256, dimension, pooling })
    }

    fn identity(self) -> Result<ModelIdentity, RecordError> {
        let pooling = match self.pooling {
            PoolingV1::Mean => Pooling::Mean,
            PoolingV1::Cls => Pooling::Cls,
        };
        let dimension = usize::try_from(self.dimension).map_err(|_| RecordError::Field("dimension"))?;
        Ok(ModelIdentity { name: self.name.to_owned(), sha256: self.sha256, dimension, pooling })
    }
}

/// The model that the vectors were made by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRow(pub ModelIdentity);

impl Row for ModelRow {
    const KIND: Kind = Kind::Model;
    type Key = ();

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &ModelV1::of(&self.0)?)
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        codec::decode::<ModelV1<'_>>(only_version_1(bytes)?)?.identity().map(Self)
    }
}

/// The last row that a reindex gave a new vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reindexed {
    /// A message of a space; the space's memories come after its messages.
    Message(SpaceId, Place),
    /// A memory of a space.
    Memory(SpaceId, MemoryId),
}

/// A reindex that was begun and is not finished: some vectors are of the old model and some of the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReindexRow {
    /// The model whose vectors replace the old ones.
    pub target: ModelIdentity,
    /// How far it is, in the order of spaces; nothing when it has just begun.
    pub last: Option<Reindexed>,
}

#[derive(Serialize, Deserialize)]
struct ReindexV1<'a> {
    #[serde(borrow)]
    target: ModelV1<'a>,
    last: Option<ReindexedV1>,
}

#[derive(Serialize, Deserialize)]
enum ReindexedV1 {
    Message { space: u64, session: u32, position: u32 },
    Memory { space: u64, id: [u8; 16] },
}

impl Row for ReindexRow {
    const KIND: Kind = Kind::Reindex;
    type Key = ();

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let last = self.last.map(|last| match last {
            Reindexed::Message(space, Place { session, position }) => {
                ReindexedV1::Message { space: space.number(), session, position }
            }
            Reindexed::Memory(space, id) => ReindexedV1::Memory { space: space.number(), id: id.bits().to_be_bytes() },
        });
        codec::encode(1, &ReindexV1 { target: ModelV1::of(&self.target)?, last })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let ReindexV1 { target, last } = codec::decode(only_version_1(bytes)?)?;
        let last = last.map(|last| match last {
            ReindexedV1::Message { space, session, position } => {
                Reindexed::Message(SpaceId::from_number(space), Place { session, position })
            }
            ReindexedV1::Memory { space, id } => {
                Reindexed::Memory(SpaceId::from_number(space), Ulid::from_bits(u128::from_be_bytes(id)))
            }
        });
        Ok(Self { target: target.identity()?, last })
    }
}

/// The instant of that many milliseconds, when it can be one.
pub(super) fn timestamp(millis: i64) -> Result<Timestamp, RecordError> {
    let at = Timestamp::from_millis(millis);
    if at.millis() == millis { Ok(at) } else { Err(RecordError::Field("time")) }
}
