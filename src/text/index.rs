//! The keyword index: a dictionary of terms, each with the documents that have it.
//!
//! Removal takes postings out instead of marking them, so that scores and memory are at once what they would be if the
//! document had never been there.

use std::collections::HashMap;
use std::sync::Arc;

use super::bm25::{Bm25, Totals};
use super::term::Term;
use crate::model::grow;

/// Term frequencies and lengths are whole numbers of these: sums that come and go stay exact.
pub(super) const UNITS_PER_OCCURRENCE: u32 = 256;

/// Terms of documents, searched by BM25. Document numbers are the caller's, and small: a list is as long as the largest one.
#[derive(Clone, Debug, Default)]
pub struct KeywordIndex {
    pub(super) params: Bm25,
    /// The place in `entries` of each term that some document has.
    pub(super) dictionary: HashMap<Arc<str>, u32>,
    pub(super) entries: Vec<Entry>,
    /// Places in `entries` that no term uses.
    pub(super) free_entries: Vec<u32>,
    /// By their numbers.
    pub(super) documents: Vec<Option<Document>>,
    /// How many there are.
    pub(super) count: usize,
    /// The sum of all documents' lengths, in units.
    pub(super) length: u64,
}

/// A term of the dictionary. Without a document it is unused and its text empty.
#[derive(Clone, Default)]
pub(super) struct Entry {
    pub(super) text: Arc<str>,
    /// By rising document.
    pub(super) postings: Vec<Posting>,
    /// The highest frequency of any posting since the term came in, which bounds what it can score.
    pub(super) most: u32,
}

/// Never the text: it is a person's word.
impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({} documents)", self.postings.len())
    }
}

/// One term in one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    /// The document's number.
    pub(super) doc: u32,
    /// How often the term occurs there, in units.
    pub(super) frequency: u32,
}

/// A document of the index.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    /// The sum of its terms' frequencies, in units.
    pub(super) length: u32,
    /// Its terms' places in `entries`, rising.
    pub(super) terms: Box<[u32]>,
}

impl KeywordIndex {
    /// An index without documents.
    #[must_use]
    pub fn new(params: Bm25) -> Self {
        Self { params, ..Self::default() }
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether the document is there.
    #[must_use]
    pub fn contains(&self, doc: u32) -> bool {
        self.document(doc).is_some()
    }

    /// How many documents have the term.
    #[must_use]
    pub fn document_frequency(&self, term: &Term) -> usize {
        self.entry(term).map_or(0, |entry| entry.postings.len())
    }

    /// Puts a document in, in the place of one with the same number. Each term counts with the weight beside it: 1 for a
    /// word of the text, less for a word of its surroundings. Weights are kept to 1/256; one that is not above 0 counts nothing.
    ///
    /// ```
    /// use mnemon::text::{Bm25, KeywordIndex, terms};
    /// let mut index = KeywordIndex::new(Bm25::default());
    /// index.insert(7, terms("Ana feeds the herons").iter().map(|term| (term, 1.0)));
    /// let query: Vec<_> = terms("who feeds herons?").into_iter().map(|term| (term, 1.0)).collect();
    /// assert_eq!(index.search(&query, 10, |_| true)[0].doc, 7);
    /// ```
    pub fn insert<'a>(&mut self, doc: u32, terms: impl IntoIterator<Item = (&'a Term, f32)>) {
        self.remove(doc);
        let frequencies = self.frequencies(terms);
        let mut length = 0_u32;
        for &(entry, frequency) in &frequencies {
            length = length.saturating_add(frequency);
            if let Some(entry) = self.entries.get_mut(entry as usize) {
                entry.add(Posting { doc, frequency });
            }
        }
        self.length += u64::from(length);
        self.count += 1;
        let at = doc as usize;
        if let Some(more) = (at + 1).checked_sub(self.documents.len()) {
            grow(&mut self.documents, more);
            self.documents.resize_with(at + 1, || None);
        }
        if let Some(slot) = self.documents.get_mut(at) {
            *slot = Some(Document { length, terms: frequencies.into_iter().map(|(entry, _)| entry).collect() });
        }
    }

    /// Takes a document out. Nothing happens when it is not there.
    pub fn remove(&mut self, doc: u32) {
        let Some(document) = self.documents.get_mut(doc as usize).and_then(Option::take) else { return };
        self.count -= 1;
        self.length -= u64::from(document.length);
        for &at in &document.terms {
            let Some(entry) = self.entries.get_mut(at as usize) else { continue };
            entry.take_out(doc);
            if entry.postings.is_empty() {
                self.dictionary.remove(&entry.text);
                *entry = Entry::default();
                self.free_entries.push(at);
            }
        }
        self.give_back();
    }

    /// An estimate of the memory held, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let term = |entry: &Entry| entry.text.len() + ARC_BYTES + entry.postings.capacity() * size_of::<Posting>();
        self.entries.iter().map(term).sum::<usize>()
            + self.entries.capacity() * size_of::<Entry>()
            + self.dictionary.capacity() * (size_of::<(Arc<str>, u32)>() + 1)
            + self.documents.iter().flatten().map(|document| size_of_val(&*document.terms)).sum::<usize>()
            + self.documents.capacity() * size_of::<Option<Document>>()
            + self.free_entries.capacity() * size_of::<u32>()
    }

    pub(super) fn entry(&self, term: &Term) -> Option<&Entry> {
        self.entries.get(*self.dictionary.get(term.as_str())? as usize)
    }

    pub(super) fn document(&self, doc: u32) -> Option<&Document> {
        self.documents.get(doc as usize)?.as_ref()
    }

    pub(super) fn totals(&self) -> Totals {
        Totals { documents: self.len(), length: self.length }
    }

    /// Each different term's place with its frequency in units, by rising place. New terms get their place here.
    fn frequencies<'a>(&mut self, terms: impl IntoIterator<Item = (&'a Term, f32)>) -> Vec<(u32, u32)> {
        let counted = terms.into_iter().filter_map(|(term, weight)| Some((term, units(weight)?)));
        let mut frequencies: Vec<(u32, u32)> = counted.map(|(term, units)| (self.intern(term), units)).collect();
        frequencies.sort_unstable();
        frequencies.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 = if same { kept.1.saturating_add(next.1) } else { kept.1 };
            same
        });
        frequencies
    }

    fn intern(&mut self, term: &Term) -> u32 {
        if let Some(&at) = self.dictionary.get(term.as_str()) {
            return at;
        }
        let text: Arc<str> = term.as_str().into();
        let at = self.free_entries.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            small(self.entries.len() - 1)
        });
        if let Some(entry) = self.entries.get_mut(at as usize) {
            entry.text = Arc::clone(&text);
        }
        self.dictionary.insert(text, at);
        at
    }

    /// Returns memory once most of it is unused. Numbers at the end go; those in the middle wait to be used again.
    fn give_back(&mut self) {
        if self.is_empty() {
            *self = Self::new(self.params);
        }
        if self.count < self.documents.capacity() / 4 {
            let end = self.documents.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
            self.documents.truncate(end);
            self.documents.shrink_to(end * 2);
        }
        if self.dictionary.len() < self.dictionary.capacity() / 4 {
            self.dictionary.shrink_to(self.dictionary.len() * 2);
        }
    }
}

impl Entry {
    fn add(&mut self, posting: Posting) {
        self.most = self.most.max(posting.frequency);
        grow(&mut self.postings, 1);
        // A load adds document after document.
        if self.postings.last().is_none_or(|last| last.doc < posting.doc) {
            return self.postings.push(posting);
        }
        let at = self.postings.partition_point(|other| other.doc < posting.doc);
        self.postings.insert(at, posting);
    }

    fn take_out(&mut self, doc: u32) {
        if let Ok(at) = self.postings.binary_search_by_key(&doc, |posting| posting.doc) {
            self.postings.remove(at);
        }
        if self.postings.len() < self.postings.capacity() / 4 {
            self.postings.shrink_to(self.postings.len() * 2);
        }
    }
}

/// Beside the characters of a shared string: two counters.
const ARC_BYTES: usize = 2 * size_of::<usize>();

/// A weight in units, at least one; `None` when it counts nothing.
fn units(weight: f32) -> Option<u32> {
    // The cast saturates, and 2^16 occurrences are beyond any text that is let in.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let units = (weight.min(65_536.0) * UNITS_PER_OCCURRENCE as f32).round() as u32;
    (weight > 0.0).then_some(units.max(1))
}

/// A place as a small number. More than 2^32 documents or terms do not fit in memory: each takes tens of bytes.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
