//! Whether a keyword index agrees with itself: for tests, and for `mnemon check`.

use super::index::{Document, Entry, KeywordIndex};

/// What does not agree within an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keyword index: {what} at place {place}")]
pub struct BrokenIndex {
    /// The rule that does not hold.
    pub what: &'static str,
    /// The term or document where.
    pub place: usize,
}

impl KeywordIndex {
    /// A document's terms with how often each occurs, in 1/256, in the order of the terms.
    #[must_use]
    pub fn terms_of(&self, doc: u32) -> Vec<(&str, u32)> {
        let terms = self.document(doc).map_or(&[][..], |document| &document.terms);
        let known = terms.iter().filter_map(|term| self.entries.get(*term as usize));
        let mut terms: Vec<(&str, u32)> = known
            .filter_map(|entry| {
                let at = entry.postings.binary_search_by_key(&doc, |posting| posting.doc).ok()?;
                Some((&*entry.text, entry.postings.get(at)?.frequency))
            })
            .collect();
        terms.sort_unstable();
        terms
    }

    /// Checks that postings are sorted, that they and the documents name each other, and that lengths add up.
    ///
    /// # Errors
    /// The first [`BrokenIndex`] found.
    pub fn verify(&self) -> Result<(), BrokenIndex> {
        for (place, entry) in self.entries.iter().enumerate() {
            self.verify_entry(place, entry).map_or(Ok(()), |what| Err(BrokenIndex { what, place }))?;
        }
        for (place, document) in self.documents.iter().enumerate() {
            let broken = document.as_ref().and_then(|document| self.verify_document(place, document));
            broken.map_or(Ok(()), |what| Err(BrokenIndex { what, place }))?;
        }
        let postings: usize = self.entries.iter().map(|entry| entry.postings.len()).sum();
        let terms: usize = self.documents.iter().flatten().map(|document| document.terms.len()).sum();
        let length: u64 = self.documents.iter().flatten().map(|document| u64::from(document.length)).sum();
        let totals = [
            ("postings and documents differ", postings == terms),
            ("lengths do not add up", length == self.length),
            ("terms do not add up", self.dictionary.len() + self.free_entries.len() == self.entries.len()),
            ("documents do not add up", self.documents.iter().flatten().count() == self.count),
        ];
        totals.into_iter().find(|(_, holds)| !holds).map_or(Ok(()), |(what, _)| Err(BrokenIndex { what, place: 0 }))
    }

    fn verify_entry(&self, place: usize, entry: &Entry) -> Option<&'static str> {
        let known = self.dictionary.get(&entry.text).is_some_and(|&at| at as usize == place);
        if known == entry.postings.is_empty() {
            return Some("term and dictionary differ");
        }
        let sorted = entry.postings.is_sorted_by(|a, b| a.doc < b.doc);
        let bounded = entry.postings.iter().all(|posting| posting.frequency <= entry.most);
        let rules = [(sorted, "postings are not sorted"), (bounded, "a posting is above its term's bound")];
        rules.into_iter().find(|(holds, _)| !holds).map(|(_, what)| what)
    }

    fn verify_document(&self, place: usize, document: &Document) -> Option<&'static str> {
        let frequency = |&term: &u32| {
            let postings = &self.entries.get(term as usize)?.postings;
            let at = postings.binary_search_by_key(&place, |posting| posting.doc as usize).ok()?;
            postings.get(at).map(|posting| u64::from(posting.frequency))
        };
        match document.terms.iter().map(frequency).sum::<Option<u64>>() {
            None => Some("a document's posting is missing"),
            Some(length) => (length != u64::from(document.length)).then_some("a document's length differs"),
        }
    }
}
