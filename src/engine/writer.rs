//! One writer at work on one profile: it holds the profile's lock from reading to applying.

use std::collections::HashSet;

use parking_lot::MutexGuard;

use super::catalog::{CATALOG, Found, namespace_row};
use super::edit::Edit;
use super::known::KnownProfile;
use super::lowering::{Counts, Lowering, Origin};
use super::rows::ProfileRows;
use super::slot::{IndexChange, Slot};
use super::{IngestReport, ProfileAddress, Shared};
use crate::embed::embed_all;
use crate::error::Result;
use crate::index::ProfileIndex;
use crate::ingest::{
    CONTEXT_TURNS, Change, Draft, Target, Turn, extract, fingerprint, reconcile, remembered, settle_types,
};
use crate::model::{
    AccountId, Memory, Message, MessageId, Moment, NamespaceId, NamespaceName, NewMessage, ProfileName, SessionId,
    Timestamp, UnitVector,
};
use crate::store::rows::{MessagePlaceRow, NamespaceRow, ProfileRow};
use crate::store::{Batch, Snapshot, SpaceId};

/// How much a write adds to the graph of a very large profile: some 20 ms of work, while recalls wait.
const GRAPH_NODES_PER_WRITE: usize = 8;

/// The profile that is written to, or that the write will create.
pub(super) struct Home {
    pub(super) space: SpaceId,
    kind: HomeKind,
}

enum HomeKind {
    Old,
    New { namespace: ((AccountId, NamespaceName), NamespaceRow), profile: (NamespaceId, ProfileName) },
}

impl Home {
    /// The profile at an address, to be created if it is not there.
    ///
    /// # Errors
    /// `NamespaceNotFound`.
    pub(super) fn find_or_new(shared: &Shared, at: &ProfileAddress) -> Result<Self> {
        let snapshot = shared.store.read()?;
        let namespace = namespace_row(&snapshot, &at.account, &at.namespace)?;
        let profile = (namespace.id, at.profile.clone());
        if let Some(row) = snapshot.get::<ProfileRow>(CATALOG, &profile)? {
            return Ok(Self { space: row.space, kind: HomeKind::Old });
        }
        let namespace = ((at.account.clone(), at.namespace.clone()), namespace);
        Ok(Self { space: shared.store.allocate_space(), kind: HomeKind::New { namespace, profile } })
    }

    /// The profile at an address.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub(super) fn find(shared: &Shared, at: &ProfileAddress) -> Result<Self> {
        let space = Found::profile(&shared.store.read()?, at)?.row.space;
        Ok(Self { space, kind: HomeKind::Old })
    }

    pub(super) fn is_new(&self) -> bool {
        matches!(self.kind, HomeKind::New { .. })
    }

    /// Holds the commit to what was read: the profile is still there, or still is not but its namespace is.
    fn guard(&self, batch: &mut Batch, snapshot: &Snapshot, now: Timestamp) -> Result<()> {
        match &self.kind {
            HomeKind::Old => batch.require_sequence(self.space, snapshot.sequence(self.space)?),
            HomeKind::New { namespace: (key, row), profile } => {
                batch.require_equal(CATALOG, key, row);
                batch.require_absent::<ProfileRow>(CATALOG, profile);
                batch.put(CATALOG, profile, &ProfileRow { space: self.space, created: now });
            }
        }
        Ok(())
    }
}

/// Writes to one profile.
pub(super) struct Writer<'a> {
    shared: &'a Shared,
    home: &'a Home,
    slot: &'a Slot,
    lock: &'a MutexGuard<'a, ()>,
    snapshot: Snapshot,
    now: Timestamp,
}

impl<'a> Writer<'a> {
    /// Sees everything that was committed before `lock` was taken.
    pub(super) fn new(
        shared: &'a Shared,
        home: &'a Home,
        slot: &'a Slot,
        lock: &'a MutexGuard<'a, ()>,
    ) -> Result<Self> {
        Ok(Self { shared, home, slot, lock, snapshot: shared.store.read()?, now: shared.clock.now() })
    }

    pub(super) fn ingest(&self, id: &SessionId, messages: &[NewMessage]) -> Result<IngestReport> {
        let fresh = self.unknown(id, messages)?;
        if fresh.is_empty() {
            return Ok(Counts::default().of_session(id));
        }
        let session = self.rows().session_or_new(id)?;
        let context = self.rows().last_messages(&session, CONTEXT_TURNS)?;
        let mut found = extract(&turns(&context, &fresh), &self.shared.extract);
        let texts = fresh.iter().map(|m| m.content.as_str()).chain(found.texts());
        let mut message_vectors = self.embed_all(texts)?;
        let draft_vectors = message_vectors.split_off(fresh.len());
        let draft_vectors = found.settle(draft_vectors, self.shared.embedder.identity());
        let drafts = found.drafts;
        let changes = self.reconcile(&drafts, &draft_vectors)?;

        let mut edit = Edit::new(&self.snapshot, self.home.space);
        let sources: Vec<MessageId> = context.iter().chain(&fresh).map(|m| m.id).collect();
        let origin =
            Origin { drafts: &drafts, vectors: &draft_vectors, messages: &sources, session: Some(id), now: self.now };
        let mut report = Lowering::new(origin, &self.shared.ids)?.apply(&changes, &mut edit)?.of_session(id);
        report.messages_added = fresh.len();
        let places = session.grow(fresh.len(), edit.batch(), self.home.space);
        for ((message, vector), place) in fresh.into_iter().zip(message_vectors).zip(places) {
            edit.add_message(place, message, vector);
        }
        self.commit(edit)?;
        Ok(report)
    }

    pub(super) fn remember(&self, session: Option<&SessionId>, content: &str) -> Result<Memory> {
        let mut drafts = [remembered(content, Moment::utc(self.now))];
        let [draft] = &drafts;
        if let Some(memory) = self.same_statement(draft, session)? {
            return Ok(memory);
        }
        let vectors = self.embed_all([draft.content.as_str()])?;
        settle_types(&mut drafts, &vectors, self.shared.embedder.identity());
        let changes: Vec<Change> = self.reconcile(&drafts, &vectors)?.into_iter().map(on_purpose).collect();

        let mut edit = Edit::new(&self.snapshot, self.home.space);
        let origin = Origin { drafts: &drafts, vectors: &vectors, messages: &[], session, now: self.now };
        let mut lowering = Lowering::new(origin, &self.shared.ids)?;
        lowering.apply(&changes, &mut edit)?;
        let memory = edit.memory(lowering.memory_of(0)?)?.clone();
        self.commit(edit)?;
        Ok(memory)
    }

    /// Lets `change` edit the profile's rows, and commits what it did.
    pub(super) fn edit<T>(&self, change: impl Fn(ProfileRows<'_>, &mut Edit<'_>) -> Result<T>) -> Result<T> {
        let mut edit = Edit::new(&self.snapshot, self.home.space);
        let done = change(self.rows(), &mut edit)?;
        self.commit(edit)?;
        Ok(done)
    }

    fn rows(&self) -> ProfileRows<'_> {
        ProfileRows { snapshot: &self.snapshot, space: self.home.space }
    }

    fn embed_all<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<UnitVector>> {
        let texts: Vec<&str> = texts.into_iter().collect();
        embed_all(&*self.shared.embedder, &texts)
    }

    /// The messages that are not kept yet, each once, with their ids and times.
    fn unknown(&self, session: &SessionId, messages: &[NewMessage]) -> Result<Vec<Message>> {
        let mut seen = HashSet::new();
        let mut fresh = Vec::new();
        for message in messages {
            let id = MessageId::of(session, message.role, &message.content);
            if seen.insert(id) && self.snapshot.get::<MessagePlaceRow>(self.home.space, &id)?.is_none() {
                fresh.push(Message {
                    id,
                    session: session.clone(),
                    role: message.role,
                    content: message.content.clone(),
                    at: message.at.unwrap_or(Moment::utc(self.now)),
                });
            }
        }
        Ok(fresh)
    }

    fn same_statement(&self, draft: &Draft, session: Option<&SessionId>) -> Result<Option<Memory>> {
        let id = self.with_index(|index| Ok(index.by_fingerprint(fingerprint(&draft.content).0)))?;
        let Some(id) = id else { return Ok(None) };
        let memory = self.rows().memory(id)?;
        Ok(memory.filter(|m| m.is_active() && m.content == draft.content && m.session.as_ref() == session))
    }

    fn reconcile(&self, drafts: &[Draft], vectors: &[UnitVector]) -> Result<Vec<Change>> {
        self.with_index(|index| {
            let known = KnownProfile { index, snapshot: &self.snapshot, space: self.home.space };
            reconcile(drafts, vectors, &known, &|newer, older| {
                self.shared.embedder.reader().map_or(Ok(Vec::new()), |reader| reader.outdates(newer, older))
            })
        })
    }

    fn with_index<T>(&self, with: impl FnMut(&ProfileIndex) -> Result<T>) -> Result<T> {
        self.slot.read(|| self.shared.build_index(self.home.space), with)
    }

    fn commit(&self, mut edit: Edit<'_>) -> Result<()> {
        self.home.guard(edit.batch(), &self.snapshot, self.now)?;
        let sequence = self.snapshot.sequence(self.home.space)? + 1;
        let (batch, committed) = edit.finish(sequence)?;
        let is_counted = batch.touches(self.home.space);
        self.shared.store.commit(batch)?;
        if !is_counted {
            return Ok(());
        }
        let texts = committed.texts();
        let apply = Box::new(move |index: &mut ProfileIndex| {
            committed.apply_to(index);
            index.tend(GRAPH_NODES_PER_WRITE);
        });
        self.slot.apply(self.lock, IndexChange { sequence, texts, apply });
        Ok(())
    }
}

fn turns<'m>(context: &'m [Message], fresh: &'m [Message]) -> Vec<Turn<'m>> {
    let turn = |m: &'m Message, is_new| Turn { role: m.role, content: &m.content, at: m.at, is_new };
    context.iter().map(|m| turn(m, false)).chain(fresh.iter().map(|m| turn(m, true))).collect()
}

/// A statement remembered on purpose is a memory of its own: the same said elsewhere becomes history.
fn on_purpose(change: Change) -> Change {
    match change {
        Change::Confirm { draft, memory: Target::Memory(id) } => Change::Add {
            draft,
            superseded: vec![id],
            superseded_by: None,
            because: Some("remembered again on purpose"),
        },
        other => other,
    }
}
