//! A profile's index as bytes, in six parts, and back. What follows from a part is made again and not written: who made what,
//! what stands where, what is on a topic.
//!
//! The documents of a half come first; its keywords and vectors are of these documents by number.

use std::collections::{BTreeMap, HashMap};

use super::ProfileIndex;
use super::memories::{MemoryDoc, MemoryIndex};
use super::messages::{MessageDoc, MessageIndex};
use super::places::Places;
use super::slots::Slots;
use super::speakers::Speakers;
use crate::error::Result;
use crate::model::{
    Malformed, MemoryId, MemoryType, MessageId, Packer, Place, Role, SessionId, TopicKey, Ulid, Unpacker,
};
use crate::text::{Bm25, KeywordIndex};
use crate::vector::VectorIndex;

/// A part of an index, written and read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where messages stand, when and by whom they were written.
    Messages,
    /// Their words.
    MessageKeywords,
    /// Their vectors.
    MessageVectors,
    /// What is known of memories.
    Memories,
    /// Their words.
    MemoryKeywords,
    /// Their vectors.
    MemoryVectors,
}

impl Part {
    /// Every part, in the order in which they are written.
    pub const ALL: [Self; 6] = [
        Self::Messages,
        Self::MessageKeywords,
        Self::MessageVectors,
        Self::Memories,
        Self::MemoryKeywords,
        Self::MemoryVectors,
    ];
}

/// Gives the bytes of a part.
pub type ReadPart<'a> = &'a mut dyn FnMut(Part) -> Result<Vec<u8>>;

impl ProfileIndex {
    /// Writes a part down.
    pub fn pack(&self, part: Part, out: &mut Packer<'_>) {
        match part {
            Part::Messages => self.messages.pack(out),
            Part::MessageKeywords => self.messages.keywords.pack(out),
            Part::MessageVectors => self.messages.vectors.pack(out),
            Part::Memories => self.memories.pack(out),
            Part::MemoryKeywords => self.memories.keywords.pack(out),
            Part::MemoryVectors => self.memories.vectors.pack(out),
        }
    }

    /// Reads an index for vectors of `dimension` numbers again.
    ///
    /// # Errors
    /// `Damaged` when a part is no such part, or does not agree with the others; and whatever `read` fails with.
    pub fn unpack(dimension: usize, read: ReadPart<'_>) -> Result<Self> {
        let messages = MessageIndex::unpack(dimension, read)?;
        Ok(Self { dimension, messages, memories: MemoryIndex::unpack(dimension, read)? })
    }
}

const ANOTHERS: Malformed = Malformed("words or vectors are not of the documents");

/// Holds words and vectors against the documents that they are of.
fn agree<T>(docs: &Slots<T>, keywords: &KeywordIndex, vectors: &VectorIndex) -> Result<(), Malformed> {
    let mut with_vector = 0;
    for (doc, _) in (0..).zip(docs.slots()).filter(|(_, there)| there.is_some()) {
        if !keywords.contains(doc) {
            return Err(ANOTHERS);
        }
        with_vector += usize::from(vectors.contains(doc));
    }
    if keywords.len() == docs.len() && vectors.len() == with_vector { Ok(()) } else { Err(ANOTHERS) }
}

fn there(flags: u8) -> bool {
    flags & 1 == 1
}

impl MessageIndex {
    fn pack(&self, out: &mut Packer<'_>) {
        let mut numbers = HashMap::new();
        out.count(self.speakers.iter().count());
        for (next, (number, name)) in (1..).zip(self.speakers.iter()) {
            numbers.insert(number, next);
            out.text(name);
        }
        out.count(self.docs.slots().len());
        for doc in self.docs.slots() {
            let Some(doc) = doc else {
                out.byte(0);
                continue;
            };
            let role = Role::ALL.iter().position(|role| *role == doc.role).unwrap_or_default();
            out.byte(1 | u8::from(doc.asks) << 1 | u8::try_from(role).unwrap_or_default() << 2);
            out.small(doc.place.session);
            out.small(doc.place.position);
            out.moment(doc.at);
            out.small(doc.speaker.and_then(|number| numbers.get(&number).copied()).unwrap_or_default());
            out.small(doc.words);
            out.bytes(&doc.id.0);
        }
    }

    pub(crate) fn unpack(dimension: usize, read: ReadPart<'_>) -> Result<Self> {
        let (docs, speakers) = message_docs(&read(Part::Messages)?)?;
        let keywords = KeywordIndex::unpack(Bm25::default(), Unpacker::new(&read(Part::MessageKeywords)?))?;
        let vectors = read(Part::MessageVectors)?;
        let vectors = VectorIndex::unpack(dimension, docs.slots().len(), Unpacker::new(&vectors))?;
        agree(&docs, &keywords, &vectors)?;
        let numbered = || (0_u32..).zip(docs.slots()).filter_map(|(doc, known)| Some((doc, known.as_ref()?)));
        let mut in_order: Vec<(Place, u32)> = numbered().map(|(doc, known)| (known.place, doc)).collect();
        in_order.sort_unstable();
        if in_order.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
            return Err(Malformed("two messages stand in one place").into());
        }
        let mut by_id = HashMap::with_capacity(docs.len());
        by_id.extend(numbered().map(|(doc, known)| (known.id, doc)));
        if by_id.len() != docs.len() {
            return Err(Malformed("a message is there twice").into());
        }
        let mut places = Places::default();
        for (place, doc) in in_order {
            places.insert(place, doc);
        }
        Ok(Self { docs, places, by_id, speakers, keywords, vectors })
    }
}

/// Messages and who speaks in them.
fn message_docs(bytes: &[u8]) -> Result<(Slots<MessageDoc>, Speakers), Malformed> {
    let mut from = Unpacker::new(bytes);
    let names: Vec<&str> = (0..from.count(1)?).map(|_| from.text()).collect::<Result<_, _>>()?;
    let mut speakers = Speakers::default();
    let count = from.count(1)?;
    let mut docs = Vec::with_capacity(count);
    for _ in 0..count {
        let flags = from.byte()?;
        if !there(flags) {
            docs.push(None);
            continue;
        }
        let place = Place { session: from.small()?, position: from.small()? };
        let at = from.moment()?;
        let speaker = match from.small()?.checked_sub(1) {
            None => None,
            Some(number) => Some(*names.get(number as usize).ok_or(Malformed("a speaker has no name"))?),
        };
        let role = Role::ALL.get(usize::from(flags >> 2)).ok_or(Malformed("a message is by nobody"))?;
        let (words, id) = (from.small()?, MessageId(from.array()?));
        let speaker = speaker.map(|name| speakers.join(name));
        docs.push(Some(MessageDoc { place, at, role: *role, speaker, words, asks: flags & 2 == 2, id }));
    }
    from.end()?;
    Ok((Slots::of(docs), speakers))
}

impl MemoryIndex {
    fn pack(&self, out: &mut Packer<'_>) {
        let sessions: BTreeMap<&SessionId, u32> = self.sessions.keys().zip(1..).collect();
        out.count(sessions.len());
        for session in sessions.keys() {
            out.text(session.as_str());
        }
        out.count(self.docs.slots().len());
        for doc in self.docs.slots() {
            let Some(doc) = doc else {
                out.byte(0);
                continue;
            };
            let kind = MemoryType::ALL.iter().position(|kind| *kind == doc.kind).unwrap_or_default();
            out.byte(1 | u8::from(doc.topic.is_some()) << 1 | u8::try_from(kind).unwrap_or_default() << 2);
            out.moment(doc.said_at);
            if let Some(topic) = &doc.topic {
                out.bytes(&topic.0);
            }
            out.small(doc.session.as_ref().and_then(|session| sessions.get(session).copied()).unwrap_or_default());
            self.pack_known(doc.id, &doc.sources, out);
        }
        let history = || self.known.keys().filter_map(|id| Some((id, self.history.get(id)?)));
        out.count(history().count());
        for (id, sources) in history() {
            self.pack_known(*id, sources, out);
        }
    }

    /// What is known of a memory whether it is history or not.
    fn pack_known(&self, id: MemoryId, sources: &[MessageId], out: &mut Packer<'_>) {
        out.u128(id.bits());
        out.bytes(&self.known.get(&id).copied().unwrap_or_default());
        out.small(u32::try_from(sources.len()).unwrap_or(u32::MAX));
        for source in sources {
            out.bytes(&source.0);
        }
    }

    pub(crate) fn unpack(dimension: usize, read: ReadPart<'_>) -> Result<Self> {
        let Known { docs, history, prints } = Known::unpack(&read(Part::Memories)?)?;
        let keywords = KeywordIndex::unpack(Bm25::default(), Unpacker::new(&read(Part::MemoryKeywords)?))?;
        let vectors = read(Part::MemoryVectors)?;
        let vectors = VectorIndex::unpack(dimension, docs.slots().len(), Unpacker::new(&vectors))?;
        agree(&docs, &keywords, &vectors)?;
        let mut index = Self { keywords, vectors, ..Self::new(dimension) };
        index.fingerprints = prints.iter().map(|(id, print)| (*print, *id)).collect();
        index.known = prints.into_iter().collect();
        let numbered = || (0_u32..).zip(docs.slots()).filter_map(|(doc, known)| Some((doc, known.as_ref()?)));
        index.active = numbered().map(|(doc, known)| (known.id, doc)).collect();
        index.topics = numbered().filter_map(|(_, known)| Some((known.topic?, known.id))).collect();
        for (doc, known) in numbered() {
            index.kinds.join(&known.kind, known.id);
            if let Some(session) = &known.session {
                index.sessions.join(session, known.id);
            }
            index.by_source.extend(known.sources.iter().map(|source| (*source, doc)));
        }
        index.replaced = history.iter().flat_map(|(id, sources)| sources.iter().map(|s| (*s, *id))).collect();
        index.history = history.into_iter().collect();
        index.docs = docs;
        if index.known.len() != index.active.len() + index.history.len() || index.active.len() != index.docs.len() {
            return Err(Malformed("a memory is there twice").into());
        }
        Ok(index)
    }
}

/// Memories as they are written down.
struct Known {
    docs: Slots<MemoryDoc>,
    history: Vec<(MemoryId, Box<[MessageId]>)>,
    /// Of both.
    prints: Vec<(MemoryId, [u8; 16])>,
}

impl Known {
    fn unpack(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Unpacker::new(bytes);
        let session = |text| SessionId::parse(text).map_err(|_| Malformed("a session has no name"));
        let sessions: Vec<SessionId> =
            (0..from.count(1)?).map(|_| from.text().and_then(session)).collect::<Result<_, _>>()?;
        let count = from.count(1)?;
        let (mut docs, mut prints) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for _ in 0..count {
            let flags = from.byte()?;
            docs.push(if there(flags) { Some(memory(&mut from, flags, &sessions, &mut prints)?) } else { None });
        }
        let mut history = Vec::new();
        for _ in 0..from.count(33)? {
            history.push(known(&mut from, &mut prints)?);
        }
        from.end()?;
        Ok(Self { docs: Slots::of(docs), history, prints })
    }
}

fn memory(
    from: &mut Unpacker<'_>,
    flags: u8,
    sessions: &[SessionId],
    prints: &mut Vec<(MemoryId, [u8; 16])>,
) -> Result<MemoryDoc, Malformed> {
    let kind = *MemoryType::ALL.get(usize::from(flags >> 2)).ok_or(Malformed("a memory is of no kind"))?;
    let said_at = from.moment()?;
    let topic = if flags & 2 == 2 { Some(TopicKey(from.array()?)) } else { None };
    let session = match from.small()?.checked_sub(1) {
        None => None,
        Some(number) => Some(sessions.get(number as usize).ok_or(Malformed("a memory is of no session"))?.clone()),
    };
    let (id, sources) = known(from, prints)?;
    Ok(MemoryDoc { id, kind, topic, said_at, session, sources })
}

fn known(
    from: &mut Unpacker<'_>,
    prints: &mut Vec<(MemoryId, [u8; 16])>,
) -> Result<(MemoryId, Box<[MessageId]>), Malformed> {
    let id = Ulid::from_bits(from.u128()?);
    prints.push((id, from.array()?));
    let sources = from.small()? as usize;
    let sources = from.bytes(sources.saturating_mul(size_of::<MessageId>()))?.as_chunks().0;
    Ok((id, sources.iter().map(|source| MessageId(*source)).collect()))
}
