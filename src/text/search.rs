//! Searching the keyword index, a block of documents at a time.
//!
//! Once as many good documents are found as are wanted, common terms bring up no others: what they could score at most is not
//! enough. Then a block is read for the rarer terms only, and common ones add to what those brought up. No result changes: the
//! score of what is looked at is the same sum in the same order.

use crate::model::{Best, Hit, by_number};

use super::bm25::TermScorer;
use super::index::{Document, KeywordIndex, Posting};
use super::term::Term;

/// Documents in a block: 16 KiB of scores.
const BLOCK: u32 = 4096;
/// Words of a bit for each of them.
const MARKS: usize = BLOCK as usize / WORD as usize;
const WORD: u32 = u64::BITS;
/// What a sum may come out higher for the order that it is made in.
const ROUNDING: f32 = 1.0001;

/// What is left to read of one term's postings.
struct Cursor<'a> {
    postings: &'a [Posting],
    scorer: TermScorer,
    /// The most that it scores anywhere.
    bound: f32,
    /// Whether a document that has no better term may still be good enough.
    brings_up: bool,
}

impl KeywordIndex {
    /// The best `k` documents that have a term of the query and that `accept` lets through, best first; equal scores by
    /// rising document number. A term counts with the weight beside it; weights that are not above 0 count nothing.
    pub fn search(&self, query: &[(Term, f32)], k: usize, accept: impl Fn(u32) -> bool) -> Vec<Hit> {
        self.search_in_order(query, k, accept, by_number)
    }

    /// The same, where of equal scores those with the least `order` come first: an order that does not depend on numbers makes the
    /// result independent of them too.
    pub fn search_in_order(
        &self,
        query: &[(Term, f32)],
        k: usize,
        accept: impl Fn(u32) -> bool,
        order: impl Fn(u32) -> u128,
    ) -> Vec<Hit> {
        let mut best = Best::new(k, order);
        self.score_above(query, |doc, score| {
            let hit = Hit { doc, score };
            if best.would_keep(hit) && accept(doc) {
                best.offer(hit);
            }
            best.bar()
        });
        best.into_vec()
    }

    /// Calls `visit` with the number and the score of every document that has a term of the query, each once, by rising number.
    pub fn score_all(&self, query: &[(Term, f32)], mut visit: impl FnMut(u32, f32)) {
        self.score_above(query, |doc, score| {
            visit(doc, score);
            None
        });
    }

    /// The same, but for documents that surely score less than `visit` last said.
    fn score_above(&self, query: &[(Term, f32)], mut visit: impl FnMut(u32, f32) -> Option<f32>) {
        let mut cursors = self.cursors(query);
        let mut scores = [0.0_f32; BLOCK as usize];
        let mut bar = None;
        while let Some(first) = next(&mut cursors, bar) {
            let start = first / BLOCK * BLOCK;
            let documents = self.documents.get(start as usize..).unwrap_or_default();
            let blocks: Vec<&[Posting]> = cursors.iter_mut().map(|cursor| cursor.take(start)).collect();
            let brought_up = marks(cursors.iter().zip(&blocks).filter(|(c, _)| c.brings_up).map(|(_, block)| *block));
            for (cursor, block) in cursors.iter().zip(&blocks) {
                for posting in *block {
                    let at = (posting.doc % BLOCK) as usize;
                    if let Some(score) = scores.get_mut(at).filter(|_| is_marked(&brought_up, posting.doc)) {
                        let length = length(documents.get(at).and_then(Option::as_ref));
                        *score += cursor.scorer.score(posting.frequency, length);
                    }
                }
            }
            for at in marked(&brought_up) {
                let score = scores.get_mut(at as usize).map(std::mem::take).unwrap_or_default();
                if score > 0.0 {
                    bar = visit(start + at, score);
                }
            }
            cursors.retain(|cursor| !cursor.postings.is_empty());
        }
    }

    /// Calls `visit` with the number and the score of every document that has the term and is wanted, by rising number.
    /// Whether any document has the term.
    pub fn score_wanted(
        &self,
        (term, weight): (&Term, f32),
        wanted: impl Fn(u32) -> bool,
        mut visit: impl FnMut(u32, f32),
    ) -> bool {
        let Some(entry) = self.entry(term).filter(|_| weight > 0.0 && weight.is_finite()) else { return false };
        let scorer = self.params.scorer(self.totals(), entry.postings.len(), weight);
        for posting in entry.postings.iter().filter(|posting| wanted(posting.doc)) {
            visit(posting.doc, scorer.score(posting.frequency, length(self.document(posting.doc))));
        }
        true
    }

    fn cursors(&self, query: &[(Term, f32)]) -> Vec<Cursor<'_>> {
        let totals = self.totals();
        let wanted = query.iter().filter(|(_, weight)| *weight > 0.0 && weight.is_finite());
        let cursor = |(term, weight): &(Term, f32)| {
            let entry = self.entry(term)?;
            let scorer = self.params.scorer(totals, entry.postings.len(), *weight);
            // More of a term scores more, and a document is at least as long as it has of it.
            let bound = scorer.score(entry.most, entry.most) * ROUNDING;
            Some(Cursor { postings: &entry.postings, scorer, bound, brings_up: true })
        };
        wanted.filter_map(cursor).collect()
    }
}

/// The next document that may reach `bar`, and says which cursors may bring up such. Those that may are the ones that together with
/// all lesser ones reach it.
fn next(cursors: &mut [Cursor<'_>], bar: Option<f32>) -> Option<u32> {
    if let Some(bar) = bar {
        let mut by_bound: Vec<&mut Cursor<'_>> = cursors.iter_mut().collect();
        by_bound.sort_by(|a, b| a.bound.total_cmp(&b.bound));
        let mut sum = 0.0;
        for cursor in by_bound {
            sum += cursor.bound;
            cursor.brings_up = sum >= bar;
        }
    }
    let bringing = cursors.iter().filter(|cursor| cursor.brings_up);
    bringing.filter_map(|cursor| cursor.postings.first()).map(|posting| posting.doc).min()
}

/// A bit for each document of a block that has a posting.
fn marks<'a>(blocks: impl Iterator<Item = &'a [Posting]>) -> [u64; MARKS] {
    let mut marks = [0; MARKS];
    for posting in blocks.flatten() {
        if let Some(word) = marks.get_mut((posting.doc % BLOCK / WORD) as usize) {
            *word |= 1 << (posting.doc % WORD);
        }
    }
    marks
}

fn is_marked(marks: &[u64; MARKS], doc: u32) -> bool {
    marks.get((doc % BLOCK / WORD) as usize).is_some_and(|word| word >> (doc % WORD) & 1 == 1)
}

/// The places in the block of documents that are marked, rising.
fn marked(marks: &[u64; MARKS]) -> impl Iterator<Item = u32> + '_ {
    (0..).zip(marks).flat_map(|(at, &word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros())?;
            left &= left - 1;
            Some(at * WORD + bit)
        })
    })
}

fn length(document: Option<&Document>) -> u32 {
    document.map_or(0, |document| document.length)
}

impl<'a> Cursor<'a> {
    /// The postings of the block that begins at `start`, which are then read, and those before it.
    fn take(&mut self, start: u32) -> &'a [Posting] {
        let begin = past(self.postings, start);
        let end = begin + self.postings.get(begin..).map_or(0, |rest| past(rest, start.saturating_add(BLOCK)));
        let block = self.postings.get(begin..end).unwrap_or_default();
        self.postings = self.postings.get(end..).unwrap_or_default();
        block
    }
}

/// How many of some postings come before a document: steps that double, so that a block near by is found soon.
fn past(postings: &[Posting], doc: u32) -> usize {
    let mut reach = 64;
    while postings.get(reach).is_some_and(|posting| posting.doc < doc) {
        reach *= 2;
    }
    let near = postings.get(..postings.len().min(reach)).unwrap_or_default();
    near.partition_point(|posting| posting.doc < doc)
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
        for (term, weight) in query {
            let naive = naive(documents, &[(term.clone(), *weight)]);
            let mut alone = BTreeMap::new();
            let known =
                index.score_wanted((term, *weight), |doc| doc % 2 == 0, |doc, score| alone.extend([(doc, score)]));
            assert_eq!(known, !naive.is_empty());
            assert!(alone.keys().eq(naive.keys().filter(|doc| *doc % 2 == 0)));
            assert!(
                alone.iter().all(|(doc, score)| (f64::from(*score) - naive[doc]).abs() < 1e-4 * naive[doc].max(1.0))
            );
        }
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
        let doc = prop_oneof![0..12_u32, Just(9_000)];
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
    fn stopping_early_changes_no_result() {
        let mut state = 9_u64;
        let mut roll = |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        };
        let mut documents = Documents::new();
        for doc in 0..9_000 {
            let words = (0..3 + roll(9)).map(|_| format!("w{}", roll(40) * roll(40) / 40));
            documents.insert(doc, weighed(&words.collect::<Vec<_>>().join(" "), 1.0));
        }
        let index = index_of(&documents);
        for (query, k) in [("w0 w30", 5), ("w1 w0 w2 w33 w33", 20), ("w36 w35", 400), ("w0", 3), ("w0 w1 w2 w3", 9_000)]
        {
            let query = weighed(query, 0.7);
            let mut all = Vec::new();
            index.score_all(&query, |doc, score| all.push(Hit { doc, score }));
            all.sort_unstable();
            for accept in [|_| true, |doc| doc % 3 == 0] {
                let expected: Vec<Hit> = all.iter().copied().filter(|hit| accept(hit.doc)).take(k).collect();
                assert_eq!(index.search(&query, k, accept), expected);
            }
        }
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
                index.insert(doc, terms.iter().map(|(term, weight)| (term, *weight)));
            }
            if round == 0 {
                most = index.bytes() * 2;
            }
            (0..300).for_each(|doc| index.remove(doc));
            assert_eq!(index.verify(), Ok(()));
            assert!(index.bytes() < most, "{} of {most} bytes in round {round}", index.bytes());
        }
        assert!(index.bytes() < 1000, "{}", index.bytes());
    }
}
