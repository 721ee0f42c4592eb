//! Memories as statements: by topic, fingerprint and kind, by words and by vector.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::groups::Groups;
use super::slots::Slots;
use crate::model::{Memory, MemoryId, MemoryType, MessageId, Moment, SessionId, TopicKey, UnitVector};
use crate::text::{Bm25, KeywordIndex, terms};
use crate::vector::{Effort, VectorIndex};

/// A memory as the index takes it.
#[derive(Clone, Copy, Debug)]
pub struct MemoryEntry<'a> {
    /// The memory.
    pub memory: &'a Memory,
    /// What makes two memories the same one; decided by whoever reconciles them.
    pub fingerprint: [u8; 16],
    /// Its vector; tasks have none.
    pub vector: Option<&'a UnitVector>,
}

/// What is known of an active memory without reading its row.
pub(crate) struct MemoryDoc {
    pub(crate) id: MemoryId,
    pub(crate) kind: MemoryType,
    pub(crate) topic: Option<TopicKey>,
    pub(crate) said_at: Moment,
    pub(crate) session: Option<SessionId>,
    pub(crate) sources: Box<[MessageId]>,
}

/// The memories of one profile.
pub(crate) struct MemoryIndex {
    /// Every memory that is known, with its fingerprint; history included.
    pub(super) known: BTreeMap<MemoryId, [u8; 16]>,
    pub(super) fingerprints: BTreeSet<([u8; 16], MemoryId)>,
    pub(super) docs: Slots<MemoryDoc>,
    pub(super) active: BTreeMap<MemoryId, u32>,
    pub(super) topics: BTreeSet<(TopicKey, MemoryId)>,
    pub(super) kinds: Groups<MemoryType>,
    /// Documents share its names.
    pub(super) sessions: Groups<SessionId>,
    pub(super) keywords: KeywordIndex,
    pub(super) vectors: VectorIndex,
    pub(super) by_source: BTreeSet<(MessageId, u32)>,
    /// Sources of memories that are history, both ways.
    pub(super) replaced: BTreeSet<(MessageId, MemoryId)>,
    pub(super) history: HashMap<MemoryId, Box<[MessageId]>>,
}

const FIRST: MemoryId = MemoryId::from_bits(0);
const LAST: MemoryId = MemoryId::from_bits(u128::MAX);

impl MemoryIndex {
    pub(crate) fn new(dimension: usize) -> Self {
        Self {
            known: BTreeMap::new(),
            fingerprints: BTreeSet::new(),
            docs: Slots::new(),
            active: BTreeMap::new(),
            topics: BTreeSet::new(),
            kinds: Groups::new(),
            sessions: Groups::new(),
            keywords: KeywordIndex::new(Bm25::default()),
            vectors: VectorIndex::new(dimension),
            by_source: BTreeSet::new(),
            replaced: BTreeSet::new(),
            history: HashMap::new(),
        }
    }

    pub(crate) fn put(&mut self, entry: MemoryEntry<'_>) {
        let MemoryEntry { memory, fingerprint, vector } = entry;
        self.remove(memory.id);
        self.known.insert(memory.id, fingerprint);
        self.fingerprints.insert((fingerprint, memory.id));
        if memory.is_active() {
            self.activate(memory, vector);
        } else {
            self.replaced.extend(memory.sources.iter().map(|source| (*source, memory.id)));
            self.history.insert(memory.id, memory.sources.clone().into_boxed_slice());
        }
    }

    fn activate(&mut self, memory: &Memory, vector: Option<&UnitVector>) {
        let session = memory.session.as_ref().map(|session| self.sessions.join(session, memory.id));
        let kind = self.kinds.join(&memory.kind, memory.id);
        let doc = self.docs.insert(MemoryDoc {
            id: memory.id,
            kind,
            topic: memory.topic,
            said_at: memory.said_at,
            session,
            sources: memory.sources.clone().into_boxed_slice(),
        });
        self.active.insert(memory.id, doc);
        self.topics.extend(memory.topic.map(|topic| (topic, memory.id)));
        self.keywords.insert(doc, terms(&memory.content).iter().map(|term| (term, 1.0)));
        if let Some(vector) = vector {
            self.vectors.insert(doc, vector);
        }
        self.by_source.extend(memory.sources.iter().map(|source| (*source, doc)));
    }

    pub(crate) fn remove(&mut self, id: MemoryId) {
        if let Some(fingerprint) = self.known.remove(&id) {
            self.fingerprints.remove(&(fingerprint, id));
        }
        let Some(doc) = self.active.remove(&id) else {
            for source in self.history.remove(&id).iter().flatten() {
                self.replaced.remove(&(*source, id));
            }
            return;
        };
        self.keywords.remove(doc);
        self.vectors.remove(doc);
        let Some(gone) = self.docs.remove(doc) else { return };
        self.kinds.leave(&gone.kind, id);
        if let Some(session) = gone.session {
            self.sessions.leave(&session, id);
        }
        if let Some(topic) = gone.topic {
            self.topics.remove(&(topic, id));
        }
        for source in &gone.sources {
            self.by_source.remove(&(*source, doc));
        }
    }

    pub(crate) fn by_topic(&self, key: TopicKey) -> Vec<MemoryId> {
        self.topics.range((key, FIRST)..=(key, LAST)).map(|&(_, id)| id).collect()
    }

    pub(crate) fn by_fingerprint(&self, fingerprint: [u8; 16]) -> Option<MemoryId> {
        let newest_first =
            || self.fingerprints.range((fingerprint, FIRST)..=(fingerprint, LAST)).rev().map(|&(_, id)| id);
        newest_first().find(|id| self.active.contains_key(id)).or_else(|| newest_first().next())
    }

    /// Active memories of a kind, oldest first.
    pub(crate) fn of_kind(&self, kind: MemoryType) -> impl DoubleEndedIterator<Item = MemoryId> + '_ {
        self.kinds.of(&kind)
    }

    /// Active memories that were last said in a session, oldest first.
    pub(crate) fn of_session(&self, session: &SessionId) -> impl DoubleEndedIterator<Item = MemoryId> + '_ {
        self.sessions.of(session)
    }

    /// The session of the newest memory that has one.
    pub(crate) fn last_session(&self) -> Option<&SessionId> {
        self.active.values().rev().find_map(|doc| self.docs.get(*doc)?.session.as_ref())
    }

    pub(crate) fn similar(&self, vector: &UnitVector, k: usize) -> Vec<(MemoryId, f32)> {
        let hits = self.vectors.search_in_order(vector, k, &|doc| self.order(doc), Effort::Usual);
        hits.into_iter().filter_map(|hit| Some((self.docs.get(hit.doc)?.id, hit.score))).collect()
    }

    /// The order of memories by their ids, for searches: numbers depend on what came and went.
    pub(crate) fn order(&self, doc: u32) -> u128 {
        self.docs.get(doc).map_or(u128::MAX, |doc| doc.id.bits())
    }

    pub(crate) fn newest(&self) -> Option<MemoryId> {
        self.known.keys().next_back().copied()
    }

    pub(crate) fn keywords(&self) -> &KeywordIndex {
        &self.keywords
    }

    pub(super) fn tend(&mut self, nodes: usize) {
        self.vectors.tend(nodes);
    }

    pub(crate) fn vectors(&self) -> &VectorIndex {
        &self.vectors
    }

    pub(crate) fn doc(&self, doc: u32) -> Option<&MemoryDoc> {
        self.docs.get(doc)
    }

    pub(crate) fn doc_of(&self, id: MemoryId) -> Option<u32> {
        self.active.get(&id).copied()
    }

    /// Active memories that were made from a message.
    pub(crate) fn made_from(&self, source: MessageId) -> impl Iterator<Item = u32> + '_ {
        self.by_source.range((source, 0)..=(source, u32::MAX)).map(|(_, doc)| *doc)
    }

    /// Whether something that this message said has been replaced since.
    pub(crate) fn is_replaced(&self, source: MessageId) -> bool {
        self.replaced.range((source, FIRST)..=(source, LAST)).next().is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.active.len()
    }

    /// Active memories in the order of their ids, with their numbers.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = (MemoryId, u32)> + '_ {
        self.active.iter().map(|(&id, &doc)| (id, doc))
    }

    pub(crate) fn bytes(&self) -> usize {
        let links: usize = self.docs.iter().map(|doc| (doc.sources.len() + 1) * size_of::<MessageId>()).sum();
        // Ordered maps are half full, as their keys come: of ids with fingerprints, both ways, of ids by number, kind and session, of sources.
        let names: usize = self.sessions.keys().map(|session| session.as_str().len() + 96).sum();
        let maps = self.known.len() * 110 + self.active.len() * 100 + self.by_source.len() * 36 + names;
        self.docs.bytes() + links + maps + self.keywords.bytes() + self.vectors.bytes()
    }

    pub(crate) fn verify(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (id, doc) in self.in_order() {
            if self.docs.get(doc).is_none_or(|known| known.id != id) || !self.known.contains_key(&id) {
                wrong.push(format!("memory {id} is not what its number says"));
            }
            if !self.keywords.contains(doc) {
                wrong.push(format!("memory {id} has no keywords"));
            }
        }
        let counts = [self.active.len(), self.docs.len(), self.kinds.len(), self.keywords.len()];
        if counts.iter().any(|count| *count != self.active.len()) {
            wrong.push(format!("memories, documents, kinds and keyword documents differ in number: {counts:?}"));
        }
        wrong.extend(self.keywords.verify().err().map(|e| format!("memory keywords: {e}")));
        wrong.extend(self.vectors.verify().err().map(|e| format!("memory vectors: {e}")));
        wrong
    }
}
