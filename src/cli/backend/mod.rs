//! Where a command's work is done: by an engine in this process, or by a server.
//!
//! Both take `model` and `engine` types and answer in the shapes of the HTTP API, so that `--json` prints the same
//! whichever did the work.

mod local;
mod remote;
mod shapes;
mod tokens;
mod transport;
mod trust;

pub(crate) use local::Local;
pub(crate) use remote::Remote;
pub(crate) use shapes::{Contribution, Evidence, Memory, Namespace, Profile, Recalled};
pub(crate) use tokens::Tokens;
pub(crate) use transport::stream;

use crate::engine::{IngestReport, MemoryQuery, Page, ProfileAddress};
use crate::error::Result;
use crate::model::{AccountId, MemoryId, NamespaceName, NewMessage, SessionId};
use crate::recall::RecallQuery;

/// What the commands need done. Errors have the kinds that [`crate::engine::Engine`] documents, whoever did the work.
pub(crate) trait Backend {
    /// A page of an account's namespaces, by name.
    fn namespaces(&self, account: &AccountId, cursor: Option<String>) -> Result<Page<Namespace>>;
    /// Creates a namespace.
    fn create_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace>;
    /// Deletes a namespace with everything in it.
    fn delete_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<()>;
    /// A page of a namespace's profiles, by name.
    fn profiles(&self, account: &AccountId, name: &NamespaceName, cursor: Option<String>) -> Result<Page<Profile>>;
    /// Deletes a profile with everything in it.
    fn delete_profile(&self, at: &ProfileAddress) -> Result<()>;
    /// Keeps messages of one session. A server does not say what came of them.
    fn ingest(&self, at: &ProfileAddress, session: &SessionId, messages: &[NewMessage])
    -> Result<Option<IngestReport>>;
    /// Keeps one statement.
    fn remember(&self, at: &ProfileAddress, session: Option<&SessionId>, content: &str) -> Result<Memory>;
    /// Answers a question.
    fn recall(&self, at: &ProfileAddress, query: &RecallQuery) -> Result<Recalled>;
    /// A page of memories, newest first, without their content.
    fn memories(&self, at: &ProfileAddress, query: &MemoryQuery) -> Result<Page<Memory>>;
    /// One memory, with its source messages when they are wanted.
    fn memory(&self, at: &ProfileAddress, id: MemoryId, sources: bool) -> Result<Memory>;
    /// Deletes a memory; gives it as it was.
    fn delete_memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory>;
    /// Deletes a session's messages and memories.
    fn delete_session(&self, at: &ProfileAddress, session: &SessionId) -> Result<()>;
    /// What is known, as Markdown.
    fn summary(&self, at: &ProfileAddress, session: Option<&SessionId>) -> Result<String>;
    /// Finishes; says what went wrong last.
    fn close(self: Box<Self>) -> Result<()>;
}

/// Every row of a list, page after page.
pub(crate) fn all<T>(mut page: impl FnMut(Option<String>) -> Result<Page<T>>) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let next = page(cursor)?;
        rows.extend(next.items);
        cursor = next.cursor;
        if cursor.is_none() {
            return Ok(rows);
        }
    }
}
