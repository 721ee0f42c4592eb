//! An engine in this process, on a data folder.

use super::Backend;
use super::shapes::{Memory, Namespace, Profile, Recalled};
use crate::engine::{
    Direction, Engine, EngineOptions, IngestReport, MemoryQuery, NamespaceOrder, NamespaceQuery, Page, ProfileAddress,
    ProfileQuery,
};
use crate::error::Result;
use crate::model::{AccountId, MemoryId, NamespaceName, NewMessage, SessionId};
use crate::recall::RecallQuery;

const ROWS_A_PAGE: usize = 500;

/// A data folder, opened for one command.
pub(crate) struct Local(Engine);

impl Local {
    pub(crate) fn open(options: EngineOptions) -> Result<Self> {
        Engine::open(options).map(Self)
    }
}

impl Backend for Local {
    fn namespaces(&self, account: &AccountId, cursor: Option<String>) -> Result<Page<Namespace>> {
        let query = NamespaceQuery {
            per_page: ROWS_A_PAGE,
            order: NamespaceOrder::Name,
            direction: Direction::Ascending,
            cursor,
        };
        let page = self.0.namespaces(account, &query)?;
        Ok(Page { items: page.items.iter().map(|n| Namespace::new(n, account)).collect(), cursor: page.cursor })
    }

    fn create_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace> {
        self.0.create_namespace(account, name).map(|namespace| Namespace::new(&namespace, account))
    }

    fn delete_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<()> {
        self.0.delete_namespace(account, name)
    }

    fn profiles(&self, account: &AccountId, name: &NamespaceName, cursor: Option<String>) -> Result<Page<Profile>> {
        let page = self.0.profiles(account, name, &ProfileQuery { per_page: ROWS_A_PAGE, cursor })?;
        Ok(Page { items: page.items.into_iter().map(Profile::from).collect(), cursor: page.cursor })
    }

    fn delete_profile(&self, at: &ProfileAddress) -> Result<()> {
        self.0.delete_profile(at)
    }

    fn ingest(
        &self,
        at: &ProfileAddress,
        session: &SessionId,
        messages: &[NewMessage],
    ) -> Result<Option<IngestReport>> {
        self.0.ingest(at, Some(session), messages).map(Some)
    }

    fn remember(&self, at: &ProfileAddress, session: Option<&SessionId>, content: &str) -> Result<Memory> {
        self.0.remember(at, session, content).map(Memory::from)
    }

    fn recall(&self, at: &ProfileAddress, query: &RecallQuery) -> Result<Recalled> {
        self.0.recall(at, query).map(|recalled| Recalled::new(recalled, query.evidence_limit > 0))
    }

    fn memories(&self, at: &ProfileAddress, query: &MemoryQuery) -> Result<Page<Memory>> {
        let page = self.0.memories(at, query)?;
        let items = page.items.into_iter().map(|memory| Memory::from(memory).without_content()).collect();
        Ok(Page { items, cursor: page.cursor })
    }

    fn memory(&self, at: &ProfileAddress, id: MemoryId, sources: bool) -> Result<Memory> {
        let memory = self.0.memory(at, id)?;
        let messages = if sources { Some(self.0.sources(at, &memory)?) } else { None };
        let sources = messages.map(|messages| messages.into_iter().map(Into::into).collect());
        Ok(Memory { sources, ..memory.into() })
    }

    fn delete_memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory> {
        self.0.delete_memory(at, id).map(Memory::from)
    }

    fn delete_session(&self, at: &ProfileAddress, session: &SessionId) -> Result<()> {
        self.0.delete_session(at, session)
    }

    fn summary(&self, at: &ProfileAddress, session: Option<&SessionId>) -> Result<String> {
        self.0.summary(at, session)
    }

    fn close(self: Box<Self>) -> Result<()> {
        self.0.close()
    }
}
