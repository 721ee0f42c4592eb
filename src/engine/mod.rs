//! The engine: everything Mnemon does, behind one type that `http`, `cli` and tests use.
//!
//! All calls are synchronous and may come from many threads. Writes to one profile go one after another; everything else
//! runs side by side. An error changes nothing.

mod tokens;
mod types;

use std::path::PathBuf;
use std::sync::Arc;

pub use tokens::{Access, Grant, NewToken, Scope, Token, TokenSecret};
pub use types::{
    Direction, IngestReport, MemoryQuery, NamespaceOrder, NamespaceQuery, Page, ProfileAddress, ProfileQuery,
};

use crate::clock::Clock;
use crate::embed::Embedder;
use crate::error::Result;
use crate::model::{AccountId, Memory, MemoryId, Message, Namespace, NamespaceName, NewMessage, Profile, SessionId};
use crate::recall::{RecallQuery, Recalled};

/// How an engine is opened.
pub struct EngineOptions {
    /// The data folder; created when it is missing.
    pub data: PathBuf,
    /// Makes the vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Bytes that loaded indexes may take together before the least recently used ones are dropped.
    pub index_budget_bytes: usize,
}

/// A memory database: one data folder, many accounts.
pub struct Engine {}

impl Engine {
    /// Opens the data folder, or creates it.
    ///
    /// # Errors
    /// `InUse` when another process has it open, `OtherModel` when its vectors were made by another model,
    /// `NewerFormat` when a newer release wrote it, `Damaged`, `NoSpace` or `Io`.
    pub fn open(options: EngineOptions) -> Result<Self> {
        let _ = options;
        Ok(Self {})
    }

    /// Finishes what was accepted and closes the file. Dropping does the same but cannot say what went wrong.
    pub fn close(self) -> Result<()> {
        todo!()
    }

    /// The account's namespaces, a page at a time.
    pub fn namespaces(&self, account: &AccountId, query: &NamespaceQuery) -> Result<Page<Namespace>> {
        todo!("{account} {query:?}")
    }

    /// Creates a namespace.
    ///
    /// # Errors
    /// `NamespaceExists`.
    pub fn create_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace> {
        todo!("{account} {name}")
    }

    /// One namespace.
    ///
    /// # Errors
    /// `NamespaceNotFound`.
    pub fn namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace> {
        todo!("{account} {name}")
    }

    /// Deletes a namespace with everything in it. Its name is free at once.
    ///
    /// # Errors
    /// `NamespaceNotFound`.
    pub fn delete_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<()> {
        todo!("{account} {name}")
    }

    /// A namespace's profiles by name, a page at a time.
    ///
    /// # Errors
    /// `NamespaceNotFound`.
    pub fn profiles(
        &self,
        account: &AccountId,
        namespace: &NamespaceName,
        query: &ProfileQuery,
    ) -> Result<Page<Profile>> {
        todo!("{account} {namespace} {query:?}")
    }

    /// Deletes a profile with everything in it.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn delete_profile(&self, at: &ProfileAddress) -> Result<()> {
        todo!("{at:?}")
    }

    /// Keeps a conversation and makes memories of what matters in it. Creates the profile. Without a session, one is
    /// derived from the first message.
    ///
    /// # Errors
    /// `NamespaceNotFound`; `InvalidInput` for none or too many messages.
    pub fn ingest(
        &self,
        at: &ProfileAddress,
        session: Option<&SessionId>,
        messages: Vec<NewMessage>,
    ) -> Result<IngestReport> {
        todo!("{at:?} {session:?} {messages:?}")
    }

    /// Keeps one statement as a memory, as it is. Creates the profile. The same content in the same session gives the
    /// memory that is there.
    ///
    /// # Errors
    /// `NamespaceNotFound`; `InvalidInput` for empty or too long content.
    pub fn remember(&self, at: &ProfileAddress, session: Option<&SessionId>, content: &str) -> Result<Memory> {
        todo!("{at:?} {session:?} {content}")
    }

    /// Answers a question from what is kept.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`; `InvalidInput` for an empty or too long query or too high an evidence limit.
    pub fn recall(&self, at: &ProfileAddress, query: &RecallQuery) -> Result<Recalled> {
        todo!("{at:?} {query:?}")
    }

    /// A profile's memories, newest first, a page at a time.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn memories(&self, at: &ProfileAddress, query: &MemoryQuery) -> Result<Page<Memory>> {
        todo!("{at:?} {query:?}")
    }

    /// One memory, current or superseded.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`, `MemoryNotFound`.
    pub fn memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory> {
        todo!("{at:?} {id}")
    }

    /// The messages a memory was made from, oldest first.
    pub fn sources(&self, at: &ProfileAddress, memory: &Memory) -> Result<Vec<Message>> {
        todo!("{at:?} {memory:?}")
    }

    /// Deletes a memory and its source messages; gives the memory as it was.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`, `MemoryNotFound`.
    pub fn delete_memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory> {
        todo!("{at:?} {id}")
    }

    /// Deletes a session's messages and the memories made in it. No such session is no error.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn delete_session(&self, at: &ProfileAddress, session: &SessionId) -> Result<()> {
        todo!("{at:?} {session}")
    }

    /// What is known, as Markdown for a prompt.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn summary(&self, at: &ProfileAddress, session: Option<&SessionId>) -> Result<String> {
        todo!("{at:?} {session:?}")
    }

    /// Creates a token. Its secret is shown this once; only a hash is kept.
    pub fn create_token(&self, token: NewToken) -> Result<(Token, TokenSecret)> {
        todo!("{token:?}")
    }

    /// Every token, oldest first.
    pub fn tokens(&self) -> Result<Vec<Token>> {
        todo!()
    }

    /// Revokes a token at once; says whether it was there.
    pub fn revoke_token(&self, id: crate::model::Ulid) -> Result<bool> {
        todo!("{id}")
    }

    /// What the bearer of `secret` may do, or nothing.
    pub fn authenticate(&self, secret: &str) -> Result<Option<Grant>> {
        todo!("{secret}")
    }
}
