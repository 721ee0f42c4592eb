//! Rows of a profile's space about the file that its index is kept in. They say nothing of the profile, and a commit of these
//! alone is not counted.

use serde::{Deserialize, Serialize};

use super::{Kind, Row, only_version_1};
use crate::model::{MemoryId, Place, Ulid};
use crate::store::codec::{self, RecordError};

/// The one cache that is believed, by its hash. Since the hash is of what the file says, no other file can be taken for it: not
/// one of another data folder, of another profile, or of a time that a backup has undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheRow {
    /// The number of commits that it knows.
    pub sequence: u64,
    /// What the file's head hashes to; nothing while the first one is being written. From this row on, commits say what they change.
    pub head: Option<[u8; 32]>,
}

#[derive(Serialize, Deserialize)]
struct CacheV1 {
    sequence: u64,
    head: Option<[u8; 32]>,
}

impl Row for CacheRow {
    const KIND: Kind = Kind::Cache;
    type Key = ();

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        codec::encode(1, &CacheV1 { sequence: self.sequence, head: self.head })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let CacheV1 { sequence, head } = codec::decode(only_version_1(bytes)?)?;
        Ok(Self { sequence, head })
    }
}

/// Which rows the commit of that number changed, so that a cache from before it can be brought up to date. A number that has no such
/// row was a commit that did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeRow {
    /// Places whose messages are new or gone.
    pub places: Vec<Place>,
    /// Memories that are new, changed or gone.
    pub memories: Vec<MemoryId>,
}

impl ChangeRow {
    /// The most that one commit tells: what changed more is sooner built anew.
    pub const MOST: usize = 16_384;

    /// How much changed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len() + self.memories.len()
    }

    /// Whether nothing changed that an index knows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[derive(Serialize, Deserialize)]
struct ChangeV1 {
    places: Vec<(u32, u32)>,
    memories: Vec<[u8; 16]>,
}

impl Row for ChangeRow {
    const KIND: Kind = Kind::Change;
    type Key = u64;

    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let places = self.places.iter().map(|place| (place.session, place.position)).collect();
        let memories = self.memories.iter().map(|id| id.bits().to_be_bytes()).collect();
        codec::encode(1, &ChangeV1 { places, memories })
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let ChangeV1 { places, memories } = codec::decode(only_version_1(bytes)?)?;
        let places = places.into_iter().map(|(session, position)| Place { session, position }).collect();
        let memories = memories.into_iter().map(|id| Ulid::from_bits(u128::from_be_bytes(id))).collect();
        Ok(Self { places, memories })
    }
}
