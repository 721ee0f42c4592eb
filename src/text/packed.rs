//! A keyword index as bytes, and back.
//!
//! ```text
//! numbers of documents (4) · a bit for each that is there
//! terms (4) · their texts · for each: highest frequency · postings · (step to the next document · frequency)*
//! ```
//! What a document's terms are, and how long it is, follows from the postings. Terms that no document has are left out: the places
//! of those behind them move, and nothing else depends on a place.

use std::collections::HashMap;
use std::sync::Arc;

use super::Bm25;
use super::index::{Document, Entry, KeywordIndex, Posting};
use crate::model::{Malformed, Packer, Unpacker};

/// Occurrences are whole mostly: turned by so many bits, their frequencies are small numbers.
const UNIT_BITS: u32 = super::index::UNITS_PER_OCCURRENCE.trailing_zeros();

impl KeywordIndex {
    /// Writes it down.
    pub fn pack(&self, out: &mut Packer<'_>) {
        let used = self.documents.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let documents = self.documents.get(..used).unwrap_or_default();
        out.count(documents.len());
        for eight in documents.chunks(8) {
            out.byte((0..).zip(eight).fold(0, |bits, (at, document)| bits | u8::from(document.is_some()) << at));
        }
        let entries = || self.entries.iter().filter(|entry| !entry.postings.is_empty());
        out.count(entries().count());
        for entry in entries() {
            out.text(&entry.text);
        }
        for entry in entries() {
            out.small(entry.most.rotate_right(UNIT_BITS));
            out.count(entry.postings.len());
            let mut next = 0;
            for posting in &entry.postings {
                out.small(posting.doc - next);
                out.small(posting.frequency.rotate_right(UNIT_BITS));
                next = posting.doc.saturating_add(1);
            }
        }
    }

    /// Reads it again, to its end.
    ///
    /// # Errors
    /// When it is no such index, or one that does not agree with itself.
    pub fn unpack(params: Bm25, mut from: Unpacker<'_>) -> Result<Self, Malformed> {
        let mut documents = documents(&mut from)?;
        let entries = entries(&mut from)?;
        from.end()?;
        let mut index = Self::new(params);
        index.count = documents.iter().flatten().count();
        let mut terms = vec![0_u32; documents.len()];
        for posting in entries.iter().flat_map(|entry| &entry.postings) {
            let document = documents.get_mut(posting.doc as usize).and_then(Option::as_mut).ok_or(UNKNOWN_DOCUMENT)?;
            document.length = document.length.checked_add(posting.frequency).ok_or(TOO_LONG)?;
            if let Some(count) = terms.get_mut(posting.doc as usize) {
                *count += 1;
            }
        }
        index.length = documents.iter().flatten().map(|document| u64::from(document.length)).sum();
        give_terms(&mut documents, &terms, &entries);
        index.dictionary = dictionary(&entries)?;
        (index.documents, index.entries) = (documents, entries);
        Ok(index)
    }
}

const UNKNOWN_DOCUMENT: Malformed = Malformed("a term is in a document that is not there");
const TOO_LONG: Malformed = Malformed("a document is longer than documents are");

/// Documents without their terms.
fn documents(from: &mut Unpacker<'_>) -> Result<Vec<Option<Document>>, Malformed> {
    let count = from.u32()? as usize;
    let bits = from.bytes(count.div_ceil(8))?;
    let there = bits.iter().flat_map(|bits| (0..8).map(move |at| bits >> at & 1 == 1)).take(count);
    Ok(there.map(|there| there.then(Document::default)).collect())
}

fn entries(from: &mut Unpacker<'_>) -> Result<Vec<Entry>, Malformed> {
    let count = from.count(1)?;
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let text = from.text()?.into();
        entries.push(Entry { text, postings: Vec::new(), most: 0 });
    }
    for entry in &mut entries {
        entry.most = from.small()?.rotate_left(UNIT_BITS);
        entry.postings = postings(from, entry.most)?;
    }
    Ok(entries)
}

fn postings(from: &mut Unpacker<'_>, most: u32) -> Result<Vec<Posting>, Malformed> {
    let count = from.count(2)?;
    let mut postings = Vec::with_capacity(count);
    let mut next = 0_u32;
    for _ in 0..count {
        let doc = next.checked_add(from.small()?).filter(|doc| *doc < u32::MAX).ok_or(UNKNOWN_DOCUMENT)?;
        let frequency = from.small()?.rotate_left(UNIT_BITS);
        if frequency == 0 || frequency > most {
            return Err(Malformed("a term is there as often as it cannot be"));
        }
        postings.push(Posting { doc, frequency });
        next = doc + 1;
    }
    if postings.is_empty() { Err(Malformed("a term is nowhere")) } else { Ok(postings) }
}

/// Gives every document the places of its terms, rising.
fn give_terms(documents: &mut [Option<Document>], counts: &[u32], entries: &[Entry]) {
    let mut terms: Vec<Vec<u32>> = counts.iter().map(|count| Vec::with_capacity(*count as usize)).collect();
    for (place, entry) in (0..).zip(entries) {
        for posting in &entry.postings {
            if let Some(terms) = terms.get_mut(posting.doc as usize) {
                terms.push(place);
            }
        }
    }
    for (document, terms) in documents.iter_mut().zip(terms) {
        if let Some(document) = document {
            document.terms = terms.into_boxed_slice();
        }
    }
}

fn dictionary(entries: &[Entry]) -> Result<HashMap<Arc<str>, u32>, Malformed> {
    let mut dictionary = HashMap::with_capacity(entries.len());
    for (place, entry) in (0..).zip(entries) {
        if entry.text.is_empty() || dictionary.insert(Arc::clone(&entry.text), place).is_some() {
            return Err(Malformed("a term is there twice, or is none"));
        }
    }
    Ok(dictionary)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Term, terms};

    fn packed(index: &KeywordIndex) -> Vec<u8> {
        let mut bytes = Vec::new();
        index.pack(&mut Packer::new(&mut |some| bytes.extend_from_slice(some)));
        bytes
    }

    fn unpacked(bytes: &[u8]) -> Result<KeywordIndex, Malformed> {
        KeywordIndex::unpack(Bm25::default(), Unpacker::new(bytes))
    }

    fn index_of(texts: &[(u32, String)]) -> KeywordIndex {
        let mut index = KeywordIndex::new(Bm25::default());
        for (doc, text) in texts {
            let weight = |at: usize| [1.0, 0.5, 0.004][at % 3];
            index.insert(*doc, terms(text).iter().enumerate().map(|(at, term)| (term, weight(at))));
        }
        index
    }

    fn query() -> Vec<(Term, f32)> {
        terms("one two three four").into_iter().map(|term| (term, 0.7)).collect()
    }

    fn texts() -> impl Strategy<Value = Vec<(u32, String)>> {
        let word = prop::sample::select(vec!["one", "two", "three", "four", "five"]);
        let text = prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "));
        prop::collection::vec((0..40_u32, text), 0..30)
    }

    proptest! {
        #[test]
        fn what_is_read_again_agrees_and_scores_the_same(texts in texts(), gone in prop::collection::vec(0..40_u32, 0..20)) {
            let mut index = index_of(&texts);
            for doc in gone {
                index.remove(doc);
            }
            let mut again = unpacked(&packed(&index)).unwrap();
            prop_assert_eq!(again.verify(), Ok(()));
            prop_assert_eq!(again.search(&query(), 9, |_| true), index.search(&query(), 9, |_| true));
            prop_assert!((0..40).all(|doc| again.contains(doc) == index.contains(doc)));
            // And it goes on alike.
            for index in [&mut index, &mut again] {
                index.insert(3, terms("two six").iter().map(|term| (term, 1.0)));
                index.remove(5);
            }
            prop_assert_eq!(again.verify(), Ok(()));
            prop_assert_eq!(again.search(&query(), 9, |_| true), index.search(&query(), 9, |_| true));
        }

        #[test]
        fn other_bytes_are_refused_or_agree(texts in texts(), at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>()) {
            let mut bytes = packed(&index_of(&texts));
            prop_assert!(unpacked(&bytes[..end.index(bytes.len())]).is_err(), "it is cut");
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(index) = unpacked(&bytes) {
                prop_assert_eq!(index.verify(), Ok(()));
                drop(index.search(&query(), 9, |_| true));
            }
        }
    }
}
