//! What the engine is asked, and what it answers.

use std::fmt;

use crate::model::{AccountId, MemoryId, MemoryType, NamespaceName, ProfileName, SessionId};

/// Which profile: its account, its namespace and its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ProfileAddress {
    /// The account that the namespace belongs to.
    pub account: AccountId,
    /// The namespace that the profile belongs to.
    pub namespace: NamespaceName,
    /// The profile.
    pub profile: ProfileName,
}

impl fmt::Debug for ProfileAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.account, self.namespace, self.profile)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Asks for the next page; none on the last.
    pub cursor: Option<String>,
}

/// By what namespaces are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NamespaceOrder {
    /// By id, which is by age.
    #[default]
    Id,
    /// By name.
    Name,
}

/// Which way a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// Which page of an account's namespaces.
#[derive(Clone, Debug)]
pub struct NamespaceQuery {
    /// Rows a page, 1 to 1,000.
    pub per_page: usize,
    /// By what.
    pub order: NamespaceOrder,
    /// Which way.
    pub direction: Direction,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// Which page of a namespace's profiles.
#[derive(Clone, Debug)]
pub struct ProfileQuery {
    /// Rows a page, 1 to 500.
    pub per_page: usize,
    /// Where the last page ended: a profile's name.
    pub cursor: Option<String>,
}

/// Which page of which memories.
#[derive(Clone, Debug)]
pub struct MemoryQuery {
    /// Rows a page, 1 to 500.
    pub per_page: usize,
    /// Where the last page ended.
    pub cursor: Option<MemoryId>,
    /// Only those of this session.
    pub session: Option<SessionId>,
    /// Only those of this type.
    pub kind: Option<MemoryType>,
    /// History too.
    pub include_superseded: bool,
}

/// What an ingest did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngestReport {
    /// The conversation, given or derived.
    pub session: SessionId,
    /// Messages that were not there before.
    pub messages_added: usize,
    /// Memories made.
    pub memories_added: usize,
    /// Memories that were said again.
    pub memories_confirmed: usize,
    /// Memories that became history.
    pub memories_superseded: usize,
}
