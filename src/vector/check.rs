//! Whether a vector index agrees with itself: for tests, and for `mnemon check`.

use super::flat::Flat;
use super::graph::Graph;

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
            ("scales are missing", self.scales.len() == n),
            ("codes are missing", self.codes.len() == n * self.width),
            ("signs are missing", self.sketches.len() == n),
            ("documents and their places differ in number", self.placed() == n),
        ];
        if let Some((what, _)) = rules.into_iter().find(|(_, holds)| !holds) {
            return Err(BrokenIndex { what, place: n });
        }
        let misplaced = self.documents.iter().enumerate().find(|&(place, &doc)| self.place(doc) != Some(place));
        misplaced.map_or(Ok(()), |(place, _)| Err(BrokenIndex { what: "a document is elsewhere", place }))
    }
}

impl Graph {
    /// Checks that documents and nodes name each other, and that the dead are counted.
    pub(super) fn verify(&self) -> Result<(), BrokenIndex> {
        let broken = |what, place: u32| Err(BrokenIndex { what, place: place as usize });
        for (&doc, &node) in &self.node_of {
            if self.nodes.get(node as usize).is_none_or(|documents| documents.binary_search(&doc).is_err()) {
                return broken("a document is not in its node", node);
            }
        }
        let documents: usize = self.nodes.iter().map(Vec::len).sum();
        let dead = self.nodes.iter().filter(|documents| documents.is_empty()).count();
        if documents != self.len() || dead != self.dead {
            return broken("nodes do not add up", self.nodes.len().try_into().unwrap_or(u32::MAX));
        }
        Ok(())
    }
}
