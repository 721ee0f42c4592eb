//! The vector index: which way to search, and what stays the same whichever it is.

use std::collections::BTreeSet;
use std::fmt;

use super::check::BrokenIndex;
use super::code::{Code, Query};
use super::flat::{Flat, Rules};
use super::graph::Graph;
use crate::model::{Hit, UnitVector, by_number};

/// How hard a search tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Exact among few; among many, at least 99 of 100 of those that are truly nearest.
    #[default]
    Usual,
    /// Every vector is looked at.
    Exact,
}

/// When a graph is worth its memory and the time to build it, in vectors. See the room's figures.
const GRAPH_FROM: usize = 1_000_000;
/// Nodes that a search in the graph keeps in view.
const BREADTH: usize = 128;
/// A search for more than so many hits scans: the graph would have to keep several times as many in view.
const MOST_FROM_GRAPH: usize = 32;
/// The graph is used once at most one vector in so many is not in it; those are scanned.
const WAITING_SHARE: usize = 8;
/// Documents that a filter is tried on, to see whether it lets at least half of them through.
const TRIED: usize = 64;

/// Unit vectors of one dimension, searched by cosine. Document numbers are the caller's, and small: a list is as long as the
/// largest one.
///
/// A vector of another dimension than the index's is not put in, and nothing is near it: which model made a vector is
/// checked where data is opened.
pub struct VectorIndex {
    pub(super) flat: Flat,
    graph: Option<Graph>,
    /// Documents that are not in the graph, when there is one.
    waiting: BTreeSet<u32>,
    graph_from: usize,
}

impl VectorIndex {
    /// An index without vectors.
    #[must_use]
    pub fn new(dimension: usize) -> Self {
        Self::with_graph_from(dimension, GRAPH_FROM)
    }

    /// An index that builds a graph when it has at least so many vectors.
    #[must_use]
    pub fn with_graph_from(dimension: usize, vectors: usize) -> Self {
        Self { flat: Flat::new(dimension), graph: None, waiting: BTreeSet::new(), graph_from: vectors.max(1) }
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

    /// Gives a document its vector, in the place of one it had. Takes microseconds: the graph learns of it in [`tend`](Self::tend).
    pub fn insert(&mut self, doc: u32, vector: &UnitVector) {
        if vector.dimension() == self.flat.dimension {
            self.flat.insert(doc, &Code::of(vector));
            if let Some(graph) = &mut self.graph {
                graph.remove(doc);
                self.waiting.insert(doc);
            }
        }
    }

    /// Takes a document's vector out. Nothing happens when there is none.
    pub fn remove(&mut self, doc: u32) {
        self.flat.remove(doc);
        self.waiting.remove(&doc);
        if let Some(graph) = &mut self.graph {
            graph.remove(doc);
        }
    }

    /// Brings up to `budget` vectors into the graph, where one is worth it, and tells how many still wait.
    ///
    /// A vector takes about 2 ms, which is why no insert does this: until somebody calls this between two writes,
    /// searches are exact scans. A graph that is worn is thrown away here, and everything waits for the next one.
    pub fn tend(&mut self, budget: usize) -> usize {
        let n = self.flat.len();
        if self.graph.as_ref().is_some_and(|graph| graph.is_worn() || n < self.graph_from / 2) {
            self.graph = None;
            self.waiting.clear();
        }
        if self.graph.is_none() && n >= self.graph_from {
            self.graph = Some(Graph::new(self.flat.dimension, n));
            self.waiting = self.flat.documents.iter().copied().collect();
        }
        let Some(graph) = &mut self.graph else { return 0 };
        for _ in 0..budget {
            let Some(doc) = self.waiting.pop_first() else { break };
            if let Some(code) = self.flat.code(doc) {
                graph.insert(doc, code);
            }
        }
        self.waiting.len()
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
        self.search_by(query, k, Rules { accept, order: &by_number }, effort)
    }

    /// The same of all documents, where of equal cosines those with the least `order` come first: an order that does not depend on
    /// numbers makes the result independent of them too.
    pub fn search_in_order(
        &self,
        query: &UnitVector,
        k: usize,
        order: &dyn Fn(u32) -> u128,
        effort: Effort,
    ) -> Vec<Hit> {
        self.search_by(query, k, Rules { accept: &|_| true, order }, effort)
    }

    fn search_by(&self, query: &UnitVector, k: usize, rules: Rules<'_>, effort: Effort) -> Vec<Hit> {
        let Some(coded) = self.query(query) else { return Vec::new() };
        let near = if effort == Effort::Usual { self.search_graph(query, &coded, k, rules) } else { None };
        near.unwrap_or_else(|| match effort {
            Effort::Usual => self.flat.search(&coded, k, rules),
            Effort::Exact => self.flat.scan(&coded, k, rules),
        })
    }

    /// Calls `visit` with every document and its cosine with the query, in an order that the same calls always give.
    pub fn score_all(&self, query: &UnitVector, visit: &mut dyn FnMut(u32, f32)) {
        if let Some(query) = self.query(query) {
            self.flat.score_all(&query, visit);
        }
    }

    /// The same for some documents, in their order; those without a vector are left out.
    pub fn score_some(
        &self,
        query: &UnitVector,
        documents: impl IntoIterator<Item = u32>,
        visit: &mut dyn FnMut(u32, f32),
    ) {
        if let Some(query) = self.query(query) {
            self.flat.score_some(&query, documents.into_iter(), visit);
        }
    }

    /// The cosine of a document's vector and the query, within [-1, 1]. Of several documents, ask [`score_some`](Self::score_some):
    /// making the query ready takes as long as scoring fifty.
    #[must_use]
    pub fn cosine(&self, doc: u32, query: &UnitVector) -> Option<f32> {
        self.flat.cosine(doc, &self.query(query)?)
    }

    /// An estimate of the memory held, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        // A place in an ordered set takes about three times its number.
        let waiting = self.waiting.len() * 3 * size_of::<u32>();
        self.flat.bytes() + waiting + self.graph.as_ref().map_or(0, Graph::bytes)
    }

    /// Checks that the index agrees with itself.
    ///
    /// # Errors
    /// The first [`BrokenIndex`] found.
    pub fn verify(&self) -> Result<(), BrokenIndex> {
        self.flat.verify()?;
        let Some(graph) = &self.graph else { return Ok(()) };
        graph.verify()?;
        let lost = self.flat.documents.iter().position(|doc| graph.contains(*doc) == self.waiting.contains(doc));
        let counted = graph.len() + self.waiting.len() == self.len();
        match lost.or((!counted).then_some(self.len())) {
            Some(place) => Err(BrokenIndex { what: "a document is not either in the graph or waiting", place }),
            None => Ok(()),
        }
    }

    fn query(&self, vector: &UnitVector) -> Option<Query> {
        (vector.dimension() == self.flat.dimension).then(|| Query::of(vector))
    }

    /// The best from the graph and from what waits for it, or `None` when a scan is better: there is no graph, too many
    /// wait, more is wanted than it sees, or the filter is selective.
    fn search_graph(&self, query: &UnitVector, coded: &Query, k: usize, rules: Rules<'_>) -> Option<Vec<Hit>> {
        let graph = self.graph.as_ref()?;
        if k > MOST_FROM_GRAPH
            || self.waiting.len() * WAITING_SHARE > self.len()
            || !self.lets_most_through(rules.accept)
        {
            return None;
        }
        let mut candidates = graph.candidates(&Code::of(query).numbers, BREADTH);
        candidates.retain(|&doc| (rules.accept)(doc));
        if candidates.len() < k {
            return None;
        }
        candidates.extend(self.waiting.iter().copied());
        Some(self.flat.score(coded, k, rules, candidates.into_iter()))
    }

    /// Whether at least half of some documents, evenly chosen, pass the filter.
    fn lets_most_through(&self, accept: &dyn Fn(u32) -> bool) -> bool {
        let documents = self.flat.documents.iter().step_by((self.len() / TRIED).max(1));
        let tried = documents.clone().count();
        documents.filter(|&&doc| accept(doc)).count() * 2 >= tried
    }
}

impl fmt::Debug for VectorIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VectorIndex({} of {} numbers)", self.len(), self.flat.dimension)
    }
}
