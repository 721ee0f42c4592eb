//! Plain data: what a memory is, and the values that every room passes around.
//!
//! Values are parsed once, at the door; a value of one of these types is valid and nobody checks it again.
//! This room knows no other room but [`crate::error`], does no I/O and reads no clock.

mod grow;
mod hit;
mod id;
mod identity;
pub mod limits;
mod marked;
mod memory;
mod message;
mod name;
mod packed;
mod place;
mod scope;
mod time;
mod vector;

pub(crate) use grow::grow;
pub use hit::{Best, Hit, by_number};
pub use id::{MemoryId, MessageId, NamespaceId, TopicKey, Ulid};
pub(crate) use id::{hash128, hex};
pub use identity::{ModelIdentity, Pooling};
pub use marked::Marked;
pub use memory::{Memory, MemoryType};
pub(crate) use message::check_content;
pub use message::{Message, NewMessage, Role};
pub use name::{AccountId, NamespaceName, ProfileName, SessionId};
pub use packed::{Malformed, Packer, Unpacker};
pub use place::Place;
pub use scope::Scope;
pub use time::{Moment, Timestamp};
pub use vector::{NotAUnitVector, UnitVector};

/// A namespace as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Never reused, not even when the name is.
    pub id: NamespaceId,
    /// Unique within its account.
    pub name: NamespaceName,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its own record last changed.
    pub updated_at: Timestamp,
}

/// A profile: one isolated set of memories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Unique within its namespace.
    pub name: ProfileName,
    /// When its first write was accepted.
    pub created_at: Timestamp,
}
