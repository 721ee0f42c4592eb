//! The vector index: which way to search, and what stays the same whichever it is.

use super::check::BrokenIndex;
use super::code::{Code, Query};
use super::flat::Flat;
use crate::model::{Hit, UnitVector};

/// How hard a search tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Exact while that is fast; beyond, at least 99 of 100 of the true ten nearest.
    #[default]
    Usual,
    /// Every vector is looked at.
    Exact,
}

/// Unit vectors of one dimension, searched by cosine. Document numbers are the caller's and may be any.
///
/// A vector of another dimension than the index's is not put in, and nothing is near it: which model made a vector is
/// checked where data is opened.
#[derive(Debug)]
pub struct VectorIndex {
    flat: Flat,
}

impl VectorIndex {
    /// An index without vectors.
    #[must_use]
    pub fn new(dimension: usize) -> Self {
        Self { flat: Flat::new(dimension) }
    }

    /// How many vectors there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flat.len()
    }

    /// Whether there is no vector.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the document has a vector.
    #[must_use]
    pub fn contains(&self, doc: u32) -> bool {
        self.flat.place(doc).is_some()
    }

    /// Gives a document its vector, in the place of one it had.
    pub fn insert(&mut self, doc: u32, vector: &UnitVector) {
        if vector.dimension() == self.flat.dimension {
            self.flat.insert(doc, &Code::of(vector));
        }
    }

    /// Takes a document's vector out. Nothing happens when there is none.
    pub fn remove(&mut self, doc: u32) {
        self.flat.remove(doc);
    }

    /// The `k` documents nearest to the query that `accept` lets through, best first by cosine; equals by rising number.
    ///
    /// ```
    /// use mnemon::model::UnitVector;
    /// use mnemon::vector::{Effort, VectorIndex};
    /// let unit = |x, y| UnitVector::normalise(vec![x, y]).unwrap();
    /// let mut index = VectorIndex::new(2);
    /// index.insert(1, &unit(1.0, 0.0));
    /// index.insert(2, &unit(0.0, 1.0));
    /// let hits = index.search(&unit(1.0, 3.0), 1, &|_| true, Effort::Usual);
    /// assert_eq!(hits[0].doc, 2);
    /// ```
    pub fn search(&self, query: &UnitVector, k: usize, accept: &dyn Fn(u32) -> bool, effort: Effort) -> Vec<Hit> {
        let _ = effort;
        self.query(query).map_or(Vec::new(), |query| self.flat.search(&query, k, accept))
    }

    /// Calls `visit` with every document and its cosine with the query, in an order that the same calls always give.
    pub fn score_all(&self, query: &UnitVector, visit: &mut dyn FnMut(u32, f32)) {
        if let Some(query) = self.query(query) {
            self.flat.score_all(&query, visit);
        }
    }

    /// The cosine of a document's vector and the query, within [-1, 1].
    #[must_use]
    pub fn cosine(&self, doc: u32, query: &UnitVector) -> Option<f32> {
        self.flat.cosine(doc, &self.query(query)?)
    }

    /// An estimate of the memory held, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.flat.bytes()
    }

    /// Checks that the index agrees with itself.
    ///
    /// # Errors
    /// The first [`BrokenIndex`] found.
    pub fn verify(&self) -> Result<(), BrokenIndex> {
        self.flat.verify()
    }

    fn query(&self, vector: &UnitVector) -> Option<Query> {
        (vector.dimension() == self.flat.dimension).then(|| Query::of(vector))
    }
}
