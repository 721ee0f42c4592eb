//! The rows: for each its kind, its key and its value. `ARCHITECTURE.md` has the table.
//!
//! A row's struct is what the engine works with; beside it stand the structs that are on disk, one for every version
//! that was ever released (`MemoryV1`), with conversions both ways. A changed model can then never change bytes unseen.

mod cache;
mod catalog;
mod memory;
mod profile;
mod vector;

use super::checksum;
use super::codec::{self, RecordError};
use super::key::{self, Key, SpaceId, row_key, split_row_key};

pub use cache::{CacheRow, ChangeRow};
pub use catalog::{
    DoomedKey, DoomedRow, FormatRow, MigratingRow, ModelRow, NamespaceRow, ProfileRow, ReindexRow, Reindexed, TokenRow,
};
pub use memory::MemoryRow;
pub use profile::{MessagePlaceRow, MessageRow, SequenceRow, SessionNameKey, SessionNameRow, SessionRow};
pub use vector::{MemoryVectorRow, MessageVectorRow};

/// A kind of row: which key it has, and how its value becomes bytes.
pub trait Row: Sized {
    /// The number in its key.
    const KIND: Kind;

    /// What identifies it within a space.
    type Key: Key;

    /// The record's bytes, in the newest version.
    ///
    /// # Errors
    /// [`RecordError::TooLong`] when it could not be read back.
    fn encode(&self) -> Result<Vec<u8>, RecordError>;

    /// The value that `bytes` are, in whichever version.
    ///
    /// # Errors
    /// [`RecordError`] when they are none.
    fn decode(bytes: &[u8]) -> Result<Self, RecordError>;

    /// Whether it belongs under that key, as far as it repeats it. Another profile's row under a key of this one is
    /// damage, and never read as this one's.
    fn belongs_under(&self, _key: &Self::Key) -> bool {
        true
    }
}

/// A row as it is stored: whole key and value.
///
/// # Errors
/// [`RecordError::TooLong`] when it could not be read back.
pub(super) fn stored<R: Row>(space: SpaceId, key: &R::Key, row: &R) -> Result<(Vec<u8>, Vec<u8>), RecordError> {
    let whole = row_key(space, R::KIND, key);
    let value = checksum::seal(&whole, row.encode()?);
    Ok((whole, value))
}

/// The row that is stored under a key, which `whole` is as bytes.
///
/// # Errors
/// [`RecordError`] when the bytes are none, or another's.
pub(super) fn read<R: Row>(whole: &[u8], key: &R::Key, stored: &[u8]) -> Result<R, RecordError> {
    let row = R::decode(checksum::record(whole, stored)?)?;
    if row.belongs_under(key) { Ok(row) } else { Err(RecordError::Another) }
}

/// Names every kind with its number and its row, once.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $number:literal, $row:ty;)+) => {
        /// What a row is. The numbers are on disk: they are never changed and never used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $kind = $number,)+
        }

        impl Kind {
            /// Every kind, in the order in which their rows stand in a space.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Whether the whole key, which ends in `fields`, and `stored` are a row of this kind.
            fn check(self, whole: &[u8], fields: &[u8], stored: &[u8]) -> Result<(), RecordError> {
                match self {
                    $(Self::$kind => check::<$row>(whole, fields, stored),)+
                }
            }
        }

        $(const _: () = assert!(<$row as Row>::KIND as u8 == $number, "the row names another kind");)+
    };
}
kinds! {
    /// A namespace, by account and name. Catalog.
    Namespace = 1, NamespaceRow;
    /// A profile, by namespace and name. Catalog.
    Profile = 2, ProfileRow;
    /// An access token, by its id. Catalog.
    Token = 3, TokenRow;
    /// Something deleted whose rows are still being erased. Catalog.
    Doomed = 4, DoomedRow;
    /// The version of the layout as a whole. Catalog, one row.
    Format = 5, FormatRow;
    /// The embedding model of the data. Catalog, one row.
    Model = 6, ModelRow;
    /// How far a change of embedding model is. Catalog, one row while there is one.
    Reindex = 7, ReindexRow;
    /// How far a change of layout is. Catalog, one row while there is one.
    Migrating = 8, MigratingRow;
    /// The number of commits that a space has seen. One row a space.
    Sequence = 16, SequenceRow;
    /// A session, by its number.
    Session = 17, SessionRow;
    /// A session's number, by the hash of its name.
    SessionName = 18, SessionNameRow;
    /// A message, by its place.
    Message = 19, MessageRow;
    /// A message's place, by its id.
    MessagePlace = 20, MessagePlaceRow;
    /// A message's vector, by its place.
    MessageVector = 21, MessageVectorRow;
    /// A memory, by its id.
    Memory = 22, MemoryRow;
    /// A memory's vector, by its id.
    MemoryVector = 23, MemoryVectorRow;
    /// The file that the profile's index is kept in. One row a space at most.
    Cache = 24, CacheRow;
    /// What a commit changed since that file was written, by the commit's number.
    Change = 25, ChangeRow;
}

impl Kind {
    /// Its number on disk.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Whether a commit of such rows alone is counted in the space's sequence. Those about a cache change nothing of the profile.
    pub(super) const fn is_counted(self) -> bool {
        !matches!(self, Self::Cache | Self::Change)
    }

    /// The kind of that number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.number() == number)
    }
}

/// Whether a whole key and what is stored under it are a row.
pub(super) fn check_row(whole: &[u8], stored: &[u8]) -> Result<(), RecordError> {
    let (_, kind, fields) = split_row_key(whole).ok_or(RecordError::Key)?;
    Kind::from_number(kind).ok_or(RecordError::Kind(kind))?.check(whole, fields, stored)
}

fn check<R: Row>(whole: &[u8], fields: &[u8], stored: &[u8]) -> Result<(), RecordError> {
    let key = key::decode::<R::Key>(fields).ok_or(RecordError::Key)?;
    read::<R>(whole, &key, stored).map(drop)
}

/// The body of a record that has had one version so far.
fn only_version_1(value: &[u8]) -> Result<&[u8], RecordError> {
    match codec::version(value)? {
        (1, body) => Ok(body),
        (other, _) => Err(RecordError::Version(other)),
    }
}
