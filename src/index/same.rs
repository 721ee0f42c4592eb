//! Whether two indexes know the same, whatever numbers their documents have: for tests, and for `mnemon check`.

use std::collections::BTreeSet;

use super::{MemoryIndex, MessageIndex, ProfileIndex};
use crate::model::{MemoryId, MessageId};
use crate::text::KeywordIndex;
use crate::vector::VectorIndex;

impl ProfileIndex {
    /// The first thing that this index knows and the other does not, or the other way round; nothing when both know the same.
    /// Shows no text.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        self.messages.difference(&other.messages).or_else(|| self.memories.difference(&other.memories))
    }
}

impl MessageIndex {
    fn difference(&self, other: &Self) -> Option<String> {
        if !self.in_order().map(|(place, _)| place).eq(other.in_order().map(|(place, _)| place)) {
            return Some("messages stand in other places".to_owned());
        }
        for ((place, a), (_, b)) in self.in_order().zip(other.in_order()) {
            let same = self.facts(a) == other.facts(b)
                && same_words(&self.keywords, a, &other.keywords, b)
                && same_vector(&self.vectors, a, &other.vectors, b);
            if !same {
                return Some(format!("message {}.{} is another", place.session, place.position));
            }
        }
        let names = |index: &Self| index.speakers().map(|(_, name)| name.to_owned()).collect::<BTreeSet<_>>();
        (names(self) != names(other)).then(|| "speakers are others".to_owned())
    }

    fn facts(&self, doc: u32) -> Option<impl PartialEq + use<'_>> {
        let known = self.doc(doc)?;
        let speaker = known.speaker.and_then(|number| self.speakers.name(number));
        Some((known.at, known.role, speaker, known.words, known.asks, known.id, self.doc_of(known.id) == Some(doc)))
    }
}

impl MemoryIndex {
    fn difference(&self, other: &Self) -> Option<String> {
        let same = self.known == other.known
            && self.fingerprints == other.fingerprints
            && self.history == other.history
            && self.replaced == other.replaced;
        if !same || !self.in_order().map(|(id, _)| id).eq(other.in_order().map(|(id, _)| id)) {
            return Some("memories or what they replaced are others".to_owned());
        }
        for ((id, a), (_, b)) in self.in_order().zip(other.in_order()) {
            let same = self.facts(a) == other.facts(b)
                && same_words(&self.keywords, a, &other.keywords, b)
                && same_vector(&self.vectors, a, &other.vectors, b);
            if !same {
                return Some(format!("memory {id} is another"));
            }
        }
        let same = self.topics == other.topics && self.kinds == other.kinds && self.sessions == other.sessions;
        (!same || self.made() != other.made()).then(|| "memories are found elsewhere".to_owned())
    }

    fn facts(&self, doc: u32) -> Option<impl PartialEq + use<'_>> {
        let known = self.doc(doc)?;
        Some((known.id, known.kind, known.topic, known.said_at, known.session.as_ref(), &known.sources))
    }

    /// Each message with the memories that were made from it.
    fn made(&self) -> BTreeSet<(MessageId, MemoryId)> {
        self.by_source.iter().filter_map(|(source, doc)| Some((*source, self.doc(*doc)?.id))).collect()
    }
}

fn same_words(a: &KeywordIndex, doc_a: u32, b: &KeywordIndex, doc_b: u32) -> bool {
    a.terms_of(doc_a) == b.terms_of(doc_b)
}

fn same_vector(a: &VectorIndex, doc_a: u32, b: &VectorIndex, doc_b: u32) -> bool {
    a.code(doc_a) == b.code(doc_b)
}
