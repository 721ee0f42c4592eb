//! Which messages are scored for a question, and how one finds another's neighbours and session among them.

use super::ThinkingLevel;
use super::analyse::Asked;
use super::stages::{Stage, Stages};
use crate::index::MessageIndex;
use crate::model::{Place, UnitVector};

/// Up to so many messages, every one is scored; beyond, those that words or vectors bring up, with their neighbours.
pub(super) const SCAN_ALL: usize = 4_096;
/// So many hits of words, and of vectors, for each candidate. All messages instead moved .002 of the evidence among the first
/// ten and .003 among the first fifty, of 2,760 messages in one profile and 760 questions.
const HITS: usize = 20;
/// Turns to either side that speak for a message.
const REACH: u32 = 2;

/// Messages under consideration, in order of place, and one number for each in every view.
pub(super) struct Pool {
    pub(super) docs: Vec<(Place, u32)>,
    rows: Rows,
}

/// The rows of documents. Its size is a bit a document of the profile, and twelve bytes a row.
struct Rows {
    /// Whether a document has a row, by its number.
    here: Vec<u64>,
    /// How many have one before each word of these.
    before: Vec<u32>,
    /// The rows, by rising number of their documents.
    by_number: Vec<u32>,
}

impl Rows {
    fn of(docs: &[(Place, u32)]) -> Self {
        let mut by_number: Vec<(u32, u32)> = (0..).zip(docs).map(|(row, &(_, doc))| (doc, row)).collect();
        by_number.sort_unstable();
        let mut here = vec![0_u64; by_number.last().map_or(0, |(doc, _)| *doc as usize / WORD + 1)];
        for (doc, _) in &by_number {
            if let Some(word) = here.get_mut(*doc as usize / WORD) {
                *word |= 1 << (doc % u64::BITS);
            }
        }
        let mut sum = 0;
        let before = here.iter().map(|word| {
            sum += word.count_ones();
            sum - word.count_ones()
        });
        let before = before.collect();
        Self { here, before, by_number: by_number.into_iter().map(|(_, row)| row).collect() }
    }

    fn has(&self, doc: u32) -> bool {
        self.here.get(doc as usize / WORD).is_some_and(|word| word >> (doc % u64::BITS) & 1 == 1)
    }

    fn get(&self, doc: u32) -> Option<usize> {
        let at = doc as usize / WORD;
        let below = self.here.get(at)? & ((1 << (doc % u64::BITS)) - 1);
        let rank = self.before.get(at)? + below.count_ones();
        self.by_number.get(rank as usize).filter(|_| self.has(doc)).map(|row| *row as usize)
    }
}

const WORD: usize = u64::BITS as usize;

impl Pool {
    pub(super) fn of(
        index: &MessageIndex,
        asked: &Asked,
        near: (&UnitVector, ThinkingLevel),
        stages: &mut dyn Stages,
    ) -> Self {
        let docs =
            if index.len() <= SCAN_ALL { index.in_order().collect() } else { brought_up(index, asked, near, stages) };
        let pool = Self::among(docs);
        stages.ended(Stage::Fuse);
        pool
    }

    pub(super) fn among(docs: Vec<(Place, u32)>) -> Self {
        Self { rows: Rows::of(&docs), docs }
    }

    pub(super) fn has(&self, doc: u32) -> bool {
        self.rows.has(doc)
    }

    pub(super) fn row(&self, doc: u32) -> Option<usize> {
        self.rows.get(doc)
    }

    /// The value of the row `by` before or after, when it stands near enough in the same session.
    pub(super) fn near(&self, values: &[f32], row: usize, by: isize) -> Option<f32> {
        let other = row.checked_add_signed(by)?;
        let (here, there) = (self.docs.get(row)?.0, self.docs.get(other)?.0);
        let close = here.session == there.session && here.position.abs_diff(there.position) <= REACH;
        values.get(other).copied().filter(|_| close)
    }

    /// For every row, the greatest value of its session.
    pub(super) fn best_of_session(&self, values: &[f32]) -> Vec<f32> {
        let mut best = Vec::with_capacity(values.len());
        for session in self.docs.chunk_by(|a, b| a.0.session == b.0.session) {
            let own = values.get(best.len()..best.len() + session.len()).unwrap_or_default();
            let most = own.iter().copied().fold(f32::MIN, f32::max);
            best.resize(best.len() + session.len(), most);
        }
        best
    }
}

/// The messages that words or vectors bring up, with their neighbours, in order of place.
fn brought_up(
    index: &MessageIndex,
    asked: &Asked,
    (vector, thinking): (&UnitVector, ThinkingLevel),
    stages: &mut dyn Stages,
) -> Vec<(Place, u32)> {
    let k = HITS * thinking.candidates();
    let order = |doc| index.order(doc);
    let by_words = index.keywords().search_in_order(&asked.terms, k, |_| true, order);
    stages.ended(Stage::Keyword);
    let by_vector = index.vectors().search_in_order(vector, k, &order, thinking.effort());
    stages.ended(Stage::Vector);
    let hits = by_words.iter().chain(&by_vector);
    let mut found: Vec<Place> = hits.filter_map(|hit| index.doc(hit.doc)).map(|doc| doc.place).collect();
    found.sort_unstable();
    found.dedup();
    let mut docs: Vec<(Place, u32)> = Vec::with_capacity(found.len() * 4);
    for place in found {
        let last = docs.last().map(|(last, _)| *last);
        docs.extend(index.around(place, REACH).filter(|(place, _)| last.is_none_or(|last| *place > last)));
    }
    docs
}
