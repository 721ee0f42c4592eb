//! Whether a vector index agrees with itself: for tests, and for `mnemon check`.

use super::flat::Flat;

/// What does not agree within an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("vector index: {what} at place {place}")]
pub struct BrokenIndex {
    /// The rule that does not hold.
    pub what: &'static str,
    /// The vector where.
    pub place: usize,
}

impl Flat {
    /// Checks that every document has its place, and every place its numbers.
    pub(super) fn verify(&self) -> Result<(), BrokenIndex> {
        let n = self.documents.len();
        let rules = [
            ("documents and their places differ in number", self.places.len() == n),
            ("scales are missing", self.scales.len() == n),
            ("high bytes are missing", self.high.len() == n * self.dimension),
            ("low bytes are missing", self.low.len() == n * self.dimension),
        ];
        if let Some((what, _)) = rules.into_iter().find(|(_, holds)| !holds) {
            return Err(BrokenIndex { what, place: n });
        }
        let misplaced = self.documents.iter().enumerate().find(|&(place, &doc)| self.place(doc) != Some(place));
        misplaced.map_or(Ok(()), |(place, _)| Err(BrokenIndex { what: "a document is elsewhere", place }))
    }
}
