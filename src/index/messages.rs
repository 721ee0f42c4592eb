//! Messages where they stand: by place, by words, by vector, by speaker.
//!
//! A message is indexed by its own words and vector only. What its neighbours and its session say for it is put together when a question
//! is asked, from the same numbers: nothing has to be indexed again when a conversation goes on.

use std::collections::HashMap;

use super::places::Places;
use super::slots::Slots;
use super::speakers::Speakers;
use crate::model::{Message, MessageId, Moment, Place, Role, UnitVector};
use crate::text::{Bm25, KeywordIndex, spoken, terms};
use crate::vector::VectorIndex;

/// What is known of a message without reading its row.
pub(crate) struct MessageDoc {
    /// Where it stands.
    pub(crate) place: Place,
    /// When it was written.
    pub(crate) at: Moment,
    /// Who wrote it.
    pub(crate) role: Role,
    /// The number of the speaker that it names.
    pub(crate) speaker: Option<u32>,
    /// How many words were said.
    pub(crate) words: u32,
    /// Whether it ends by asking.
    pub(crate) asks: bool,
    /// Its identity.
    pub(crate) id: MessageId,
}

/// The messages of one profile.
pub(crate) struct MessageIndex {
    pub(super) docs: Slots<MessageDoc>,
    pub(super) places: Places,
    pub(super) by_id: HashMap<MessageId, u32>,
    pub(super) speakers: Speakers,
    pub(super) keywords: KeywordIndex,
    pub(super) vectors: VectorIndex,
}

impl MessageIndex {
    pub(crate) fn new(dimension: usize) -> Self {
        Self {
            docs: Slots::new(),
            places: Places::default(),
            by_id: HashMap::new(),
            speakers: Speakers::default(),
            keywords: KeywordIndex::new(Bm25::default()),
            vectors: VectorIndex::new(dimension),
        }
    }

    pub(crate) fn add(&mut self, place: Place, message: &Message, vector: Option<&UnitVector>) {
        self.remove(place);
        let spoken = spoken(&message.content);
        let speaker = spoken.speaker.map(|name| self.speakers.join(name));
        let doc = self.docs.insert(MessageDoc {
            place,
            at: message.at,
            role: message.role,
            speaker,
            words: u32::try_from(spoken.text.split_whitespace().count()).unwrap_or(u32::MAX),
            asks: said(spoken.text).ends_with('?'),
            id: message.id,
        });
        self.places.insert(place, doc);
        self.by_id.insert(message.id, doc);
        self.keywords.insert(doc, terms(spoken.text).iter().map(|term| (term, 1.0)));
        if let Some(vector) = vector {
            self.vectors.insert(doc, vector);
        }
    }

    pub(crate) fn remove(&mut self, place: Place) {
        let Some(doc) = self.places.remove(place) else { return };
        self.keywords.remove(doc);
        self.vectors.remove(doc);
        let Some(gone) = self.docs.remove(doc) else { return };
        if self.by_id.get(&gone.id) == Some(&doc) {
            self.by_id.remove(&gone.id);
        }
        gone.speaker.into_iter().for_each(|speaker| self.speakers.leave(speaker));
    }

    /// Speakers' names in lower case, with their numbers.
    pub(crate) fn speakers(&self) -> impl Iterator<Item = (u32, &str)> {
        self.speakers.iter()
    }

    /// The order of messages by their places, for searches: numbers depend on what came and went.
    pub(crate) fn order(&self, doc: u32) -> u128 {
        let place = self.docs.get(doc).map(|doc| doc.place);
        place.map_or(u128::MAX, |place| u128::from(place.session) << 32 | u128::from(place.position))
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

    pub(crate) fn doc(&self, doc: u32) -> Option<&MessageDoc> {
        self.docs.get(doc)
    }

    pub(crate) fn doc_of(&self, id: MessageId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn place_of(&self, id: MessageId) -> Option<Place> {
        Some(self.docs.get(self.doc_of(id)?)?.place)
    }

    pub(crate) fn len(&self) -> usize {
        self.docs.len()
    }

    /// Messages in the order of their places.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = (Place, u32)> + '_ {
        self.places.iter()
    }

    /// Messages of the same session that stand at most `reach` positions away, itself among them, in order.
    pub(crate) fn around(&self, place: Place, reach: u32) -> impl Iterator<Item = (Place, u32)> + '_ {
        let Place { session, position } = place;
        self.places.between(session, position.saturating_sub(reach), position.saturating_add(reach))
    }

    pub(crate) fn bytes(&self) -> usize {
        let maps = self.places.bytes() + self.by_id.capacity() * (size_of::<(MessageId, u32)>() + 1);
        self.docs.bytes() + maps + self.speakers.bytes() + self.keywords.bytes() + self.vectors.bytes()
    }

    pub(crate) fn verify(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (place, doc) in self.in_order() {
            if self.docs.get(doc).is_none_or(|known| known.place != place || self.doc_of(known.id) != Some(doc)) {
                wrong.push(format!("message {}.{} is not where its number says", place.session, place.position));
            }
            if !self.keywords.contains(doc) {
                wrong.push(format!("message {}.{} has no keywords", place.session, place.position));
            }
        }
        let counts = [self.docs.len(), self.places.len(), self.by_id.len(), self.keywords.len()];
        if counts.iter().any(|count| *count != self.docs.len()) {
            wrong.push(format!("messages, places, ids and keyword documents differ in number: {counts:?}"));
        }
        wrong.extend(self.keywords.verify().err().map(|e| format!("message keywords: {e}")));
        wrong.extend(self.vectors.verify().err().map(|e| format!("message vectors: {e}")));
        wrong
    }
}

/// What was said, without a note in brackets at the end.
fn said(text: &str) -> &str {
    let text = text.trim_end();
    let note = text.ends_with(']').then(|| text.rfind('[')).flatten();
    note.and_then(|at| text.get(..at)).map_or(text, str::trim_end)
}
