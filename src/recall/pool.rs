//! Which messages are scored for a question, and how one finds another's neighbours and session among them.

use super::ThinkingLevel;
use super::analyse::Asked;
use super::stages::{Stage, Stages};
use crate::index::MessageIndex;
use crate::model::{Place, UnitVector};

/// Up to so many messages, every one is scored; beyond, those that words or vectors bring up, with their neighbours.
pub(super) const SCAN_ALL: usize = 4_096;
/// Turns to either side that speak for a message.
const REACH: u32 = 2;

/// Messages under consideration, in order of place, and one number for each in every view.
pub(super) struct Pool {
    pub(super) docs: Vec<(Place, u32)>,
    /// The row of a document, or `NONE`.
    rows: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Pool {
    pub(super) fn of(
        index: &MessageIndex,
        asked: &Asked,
        near: (&UnitVector, ThinkingLevel),
        stages: &mut dyn Stages,
    ) -> Self {
        let docs =
            if index.len() <= SCAN_ALL { index.in_order().collect() } else { brought_up(index, asked, near, stages) };
        let pool = Self::among(index, docs);
        stages.ended(Stage::Fuse);
        pool
    }

    pub(super) fn among(index: &MessageIndex, docs: Vec<(Place, u32)>) -> Self {
        let mut rows = vec![NONE; index.end()];
        for (row, (_, doc)) in (0_u32..).zip(&docs) {
            if let Some(slot) = rows.get_mut(*doc as usize) {
                *slot = row;
            }
        }
        Self { docs, rows }
    }

    pub(super) fn row(&self, doc: u32) -> Option<usize> {
        self.rows.get(doc as usize).filter(|row| **row != NONE).map(|row| *row as usize)
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
    let k = 25 * thinking.candidates();
    let by_words = index.keywords().search(&asked.terms, k, |_| true);
    stages.ended(Stage::Keyword);
    let by_vector = index.vectors().search(vector, k, &|_| true, thinking.effort());
    stages.ended(Stage::Vector);
    let mut docs: Vec<(Place, u32)> = Vec::new();
    for hit in by_words.iter().chain(&by_vector) {
        let Some(place) = index.doc(hit.doc).map(|doc| doc.place) else { continue };
        let first = Place { position: place.position.saturating_sub(REACH), ..place };
        let last = Place { position: place.position.saturating_add(REACH), ..place };
        docs.extend(index.between(first, last));
    }
    docs.sort_unstable();
    docs.dedup();
    docs
}
