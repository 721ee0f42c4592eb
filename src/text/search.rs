//! Searching the keyword index, a block of documents at a time.
//!
//! Scores of one block fit in the processor's nearest cache, and a block that no term of the query occurs in is never
//! touched: the cost follows the postings of the query's terms, not the number of documents.

use crate::model::{Best, Hit};

use super::bm25::TermScorer;
use super::index::{KeywordIndex, Posting};
use super::term::Term;

/// Documents in a block: 16 KiB of scores.
const BLOCK: usize = 4096;

/// What is left to read of one term's postings.
struct Cursor<'a> {
    postings: &'a [Posting],
    scorer: TermScorer,
}

impl KeywordIndex {
    /// The best `k` documents that have a term of the query and that `accept` lets through, best first; equal scores by
    /// rising document number. A term counts with the weight beside it; weights that are not above 0 count nothing.
    pub fn search(&self, query: &[(Term, f32)], k: usize, accept: impl Fn(u32) -> bool) -> Vec<Hit> {
        let mut best = Best::new(k);
        self.score_all(query, |doc, score| {
            let hit = Hit { doc, score };
            if best.would_keep(hit) && accept(doc) {
                best.offer(hit);
            }
        });
        best.into_vec()
    }

    /// Calls `visit` with the number and the score of every document that has a term of the query, each once, in an order
    /// that the same calls always give.
    pub fn score_all(&self, query: &[(Term, f32)], mut visit: impl FnMut(u32, f32)) {
        let mut cursors = self.cursors(query);
        let mut scores = [0.0_f32; BLOCK];
        while let Some(first) = cursors.iter().filter_map(|cursor| cursor.postings.first()).map(|p| p.place).min() {
            let start = first as usize / BLOCK * BLOCK;
            let documents = self.documents.get(start..).unwrap_or_default();
            for cursor in &mut cursors {
                cursor.add_block(start, &mut scores, |at| documents.get(at).map_or(0, |document| document.length));
            }
            cursors.retain(|cursor| !cursor.postings.is_empty());
            for (score, document) in scores.iter_mut().zip(documents) {
                if *score > 0.0 {
                    visit(document.number, std::mem::take(score));
                }
            }
        }
    }

    fn cursors(&self, query: &[(Term, f32)]) -> Vec<Cursor<'_>> {
        let totals = self.totals();
        let wanted = query.iter().filter(|(_, weight)| *weight > 0.0 && weight.is_finite());
        let found = wanted.filter_map(|(term, weight)| Some((&*self.entry(term)?.postings, weight)));
        let scorer = |frequency, weight| self.params.scorer(totals, frequency, weight);
        found.map(|(postings, &weight)| Cursor { postings, scorer: scorer(postings.len(), weight) }).collect()
    }
}

impl Cursor<'_> {
    /// Adds this term's scores of the documents in the block that begins at `start`, and moves past them.
    fn add_block(&mut self, start: usize, scores: &mut [f32; BLOCK], length: impl Fn(usize) -> u32) {
        let mut read = 0;
        for posting in self.postings {
            let at = posting.place as usize - start;
            let Some(score) = scores.get_mut(at) else { break };
            *score += self.scorer.score(posting.frequency, length(at));
            read += 1;
        }
        self.postings = self.postings.get(read..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::{Bm25, terms};
    use super::*;

    type Documents = BTreeMap<u32, Vec<(Term, f32)>>;

    fn weighed(text: &str, weight: f32) -> Vec<(Term, f32)> {
        terms(text).into_iter().map(|term| (term, weight)).collect()
    }

    fn index_of(documents: &Documents) -> KeywordIndex {
        let mut index = KeywordIndex::new(Bm25::default());
        for (&doc, terms) in documents {
            index.insert(doc, terms.iter().map(|(term, weight)| (term, *weight)));
        }
        index
    }

    /// BM25 straight from its definition, in double precision.
    fn naive(documents: &Documents, query: &[(Term, f32)]) -> BTreeMap<u32, f64> {
        let count = |terms: &[(Term, f32)], wanted: Option<&Term>| -> f64 {
            terms.iter().filter(|(term, _)| wanted.is_none_or(|w| w == term)).map(|(_, w)| f64::from(*w)).sum()
        };
        let n = documents.len() as f64;
        let average = documents.values().map(|terms| count(terms, None)).sum::<f64>() / n;
        let mut scores = BTreeMap::new();
        for (term, weight) in query {
            let df = documents.values().filter(|terms| terms.iter().any(|(t, _)| t == term)).count() as f64;
            let rarity = (1.0 + (n - df + 0.5) / (df + 0.5)).ln();
            for (&doc, terms) in documents.iter().filter(|(_, terms)| terms.iter().any(|(t, _)| t == term)) {
                let (tf, length) = (count(terms, Some(term)), count(terms, None));
                let part = tf * 1.9 / (tf + 0.9 * (0.6 + 0.4 * length / average));
                *scores.entry(doc).or_default() += f64::from(*weight) * rarity * part;
            }
        }
        scores
    }

    fn assert_same(documents: &Documents, index: &KeywordIndex, query: &[(Term, f32)]) {
        let expected = naive(documents, query);
        let mut found = BTreeMap::new();
        index.score_all(query, |doc, score| assert!(found.insert(doc, score).is_none(), "visited twice"));
        assert!(found.keys().eq(expected.keys()));
        for (doc, score) in &expected {
            assert!((f64::from(found[doc]) - score).abs() < 1e-4 * score.max(1.0), "{doc}: {} {score}", found[doc]);
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Insert(u32, Vec<(u8, u8)>),
        Remove(u32),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let doc = prop_oneof![0..12_u32, Just(u32::MAX)];
        let words = prop::collection::vec((0..9_u8, 1..5_u8), 0..8);
        let insert = (doc.clone(), words).prop_map(|(doc, words)| Step::Insert(doc, words));
        prop::collection::vec(prop_oneof![2 => insert, 1 => doc.prop_map(Step::Remove)], 1..60)
    }

    proptest! {
        #[test]
        fn scores_are_as_if_what_was_removed_had_never_been_there(steps in steps()) {
            let mut documents = Documents::new();
            let mut index = KeywordIndex::new(Bm25::default());
            for step in steps {
                match step {
                    Step::Insert(doc, words) => {
                        let word = |(word, weight): (u8, u8)| weighed(&format!("w{word}"), f32::from(weight) / 4.0);
                        let terms: Vec<_> = words.into_iter().flat_map(word).collect();
                        index.insert(doc, terms.iter().map(|(term, weight)| (term, *weight)));
                        documents.insert(doc, terms);
                    }
                    Step::Remove(doc) => {
                        index.remove(doc);
                        documents.remove(&doc);
                    }
                }
                prop_assert_eq!(index.verify(), Ok(()));
                prop_assert_eq!(index.len(), documents.len());
                assert_same(&documents, &index, &weighed("w1 w4 w4 w7 absent", 0.5));
            }
        }
    }

    #[test]
    fn the_best_come_first_and_equals_by_number() {
        let texts = [(9, "red fox"), (2, "red fox"), (5, "red red fox fox"), (7, "blue hare"), (8, "")];
        let index = index_of(&texts.into_iter().map(|(doc, text)| (doc, weighed(text, 1.0))).collect());
        let found = |k, accept: fn(u32) -> bool| -> Vec<u32> {
            index.search(&weighed("red foxes", 1.0), k, accept).iter().map(|hit| hit.doc).collect()
        };
        assert_eq!(found(10, |_| true), [5, 2, 9]);
        assert_eq!(found(2, |_| true), [5, 2]);
        assert_eq!(found(2, |doc| doc != 5), [2, 9]);
        assert_eq!(index.search(&weighed("red", f32::NAN), 10, |_| true), []);
    }

    #[test]
    fn documents_far_apart_are_all_found() {
        let mut documents = Documents::new();
        for doc in 0..10_000 {
            documents.insert(doc, weighed(if doc % 4099 == 0 { "rare common" } else { "common" }, 1.0));
        }
        let index = index_of(&documents);
        assert_same(&documents, &index, &weighed("rare", 1.0));
        assert_same(&documents, &index, &weighed("rare common", 1.0));
    }

    #[test]
    fn memory_comes_back_when_documents_go() {
        let mut index = KeywordIndex::new(Bm25::default());
        let mut most = 0;
        for round in 0..20 {
            for doc in 0..300 {
                let terms = weighed(&format!("common round{round} word{}", doc * 31 + round), 1.0);
                index.insert(doc + round * 300, terms.iter().map(|(term, weight)| (term, *weight)));
            }
            if round == 0 {
                most = index.bytes() * 2;
            }
            (0..300).for_each(|doc| index.remove(doc + round * 300));
            assert_eq!(index.verify(), Ok(()));
            assert!(index.bytes() < most, "{} of {most} bytes in round {round}", index.bytes());
        }
        assert!(index.bytes() < 1000, "{}", index.bytes());
    }
}
