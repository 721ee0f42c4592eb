//! The BM25 formula.

use super::index::UNITS_PER_OCCURRENCE;

/// BM25's two constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bm25 {
    /// How slowly repetition stops counting; 0 counts a term once.
    pub k1: f32,
    /// How much a longer text must say to score the same; 0 ignores length, 1 divides by it.
    pub b: f32,
}

/// The values of Anserini's baselines: on short turns of conversation they find more evidence in the first ten
/// than 1.2 and .75 (.579 against .552 of `LoCoMo`'s).
impl Default for Bm25 {
    fn default() -> Self {
        Self { k1: 0.9, b: 0.4 }
    }
}

/// BM25 for one term of one query over an index as it is now.
#[derive(Clone, Copy, Debug)]
pub(super) struct TermScorer {
    /// The query's weight, the term's rarity, and the formula's `k1 + 1`.
    gain: f32,
    /// `k1` for a document without length.
    base: f32,
    /// What each unit of a document's length adds to `base`.
    per_unit: f32,
}

/// What the formula needs to know about a whole index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    /// How many documents there are.
    pub(super) documents: usize,
    /// The sum of their lengths, in units.
    pub(super) length: u64,
}

impl Bm25 {
    /// A scorer for a term that `frequency` documents have and the query weighs with `weight`.
    pub(super) fn scorer(self, totals: Totals, frequency: usize, weight: f32) -> TermScorer {
        let (documents, frequency) = (totals.documents as f32, frequency as f32);
        let rarity = (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln();
        let average = (totals.length as f32 / documents.max(1.0)).max(1.0);
        TermScorer {
            gain: weight * rarity * (self.k1 + 1.0),
            base: self.k1 * (1.0 - self.b),
            per_unit: self.k1 * self.b / average,
        }
    }
}

impl TermScorer {
    /// The score of a document of that length that has the term that often, both in units.
    pub(super) fn score(self, frequency: u32, length: u32) -> f32 {
        let occurrences = frequency as f32 / UNITS_PER_OCCURRENCE as f32;
        self.gain * occurrences / (occurrences + self.base + self.per_unit * length as f32)
    }
}
