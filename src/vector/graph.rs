//! A navigable small-world graph that proposes candidates; their scores come from elsewhere.
//!
//! What `hnsw_rs` asks of its user is kept here:
//! - It cannot delete: a node whose documents are gone stays as a way to others, and [`Graph::is_worn`] says when to build anew.
//! - Equal vectors hide each other: documents with the same code share one node.
//! - Distances must never be negative or `NaN`: ours lies within [1, 3], rounding included.
//! - Inserting in parallel depends on timing: we insert one after the other, and its levels come from a fixed seed, so that
//!   the same calls give the same graph.
//! - Dropping it takes a tenth of a second for ten thousand nodes: a thread of its own does that.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use hnsw_rs::prelude::{Distance, Hnsw};

use super::code::{BLOCK, Bytes, dot_codes};

/// Neighbours of a node in the upper layers; twice as many in the lowest.
const NEIGHBOURS: usize = 16;
/// Candidates for neighbours that are looked at when a node comes in.
const LOOKED_AT_TO_INSERT: usize = 200;
/// Layers; levels beyond are drawn once in 16^16 nodes.
const LAYERS: usize = 16;
/// The graph is worn when one node in so many is dead.
const WORN_AT: usize = 5;
/// Measured beside the node's own bytes: its links, their counters and locks.
const BYTES_A_NODE: usize = 3000;

/// Documents by direction.
pub(super) struct Graph {
    /// `None` only while it is being dropped.
    links: Option<Hnsw<'static, Bytes, Angle>>,
    /// The living documents of each node, rising.
    pub(super) nodes: Vec<Vec<u32>>,
    pub(super) node_of: HashMap<u32, u32>,
    /// The node of each hash of a code. Two vectors that collide would share a node, and so be proposed together: a
    /// candidate too many or, once in 2^64 pairs, one too few.
    by_hash: HashMap<u64, u32>,
    pub(super) dead: usize,
    dimension: usize,
}

/// The numbers of a code, and a block with the inverse of their length, as `hnsw_rs` is given them.
struct Direction(Vec<Bytes>);

impl Direction {
    fn of(code: &[Bytes]) -> Self {
        let inverse = 1.0 / (dot_codes(code, code).max(1) as f32).sqrt();
        let mut last = [0; BLOCK];
        for (byte, of_inverse) in last.iter_mut().zip(inverse.to_le_bytes()) {
            *byte = of_inverse.cast_signed();
        }
        Self(code.iter().copied().chain([last]).collect())
    }
}

/// 2 − cosine of two [`Direction`]s: only the order of distances matters, and so rounding cannot make one negative.
#[derive(Clone, Copy, Debug)]
struct Angle;

impl Distance<Bytes> for Angle {
    fn eval(&self, a: &[Bytes], b: &[Bytes]) -> f32 {
        let (Some((a_last, a)), Some((b_last, b))) = (a.split_last(), b.split_last()) else { return 2.0 };
        let inverse = |&[x, y, z, w, ..]: &Bytes| f32::from_le_bytes([x, y, z, w].map(i8::cast_unsigned));
        let cosine = dot_codes(a, b) as f32 * inverse(a_last) * inverse(b_last);
        2.0 - cosine.clamp(-1.0, 1.0)
    }
}

impl Graph {
    pub(super) fn new(dimension: usize, expected: usize) -> Self {
        let links = Hnsw::new(NEIGHBOURS, expected, LAYERS, LOOKED_AT_TO_INSERT, Angle);
        let (nodes, node_of, by_hash, dead) = Default::default();
        Self { links: Some(links), nodes, node_of, by_hash, dead, dimension }
    }

    /// Puts a document in that is not there.
    pub(super) fn insert(&mut self, doc: u32, code: &[Bytes]) {
        let mut hasher = DefaultHasher::new();
        code.hash(&mut hasher);
        let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let node = *self.by_hash.entry(hasher.finish()).or_insert(next);
        if node == next {
            self.nodes.push(Vec::new());
            self.dead += 1;
            if let Some(links) = &self.links {
                links.insert((&Direction::of(code).0, node as usize));
            }
        }
        if let Some(documents) = self.nodes.get_mut(node as usize) {
            self.dead -= usize::from(documents.is_empty());
            documents.insert(documents.partition_point(|&other| other < doc), doc);
            self.node_of.insert(doc, node);
        }
    }

    /// Takes a document out. Nothing happens when it is not there.
    pub(super) fn remove(&mut self, doc: u32) {
        let Some(node) = self.node_of.remove(&doc) else { return };
        if let Some(documents) = self.nodes.get_mut(node as usize) {
            documents.retain(|&other| other != doc);
            self.dead += usize::from(documents.is_empty());
        }
    }

    /// The documents of the `breadth` nodes nearest to a code, but for a few that are missed; nearest first.
    pub(super) fn candidates(&self, code: &[Bytes], breadth: usize) -> Vec<u32> {
        let direction = Direction::of(code);
        let found = self.links.as_ref().map(|links| links.search(&direction.0, breadth, breadth)).unwrap_or_default();
        found.into_iter().filter_map(|near| self.nodes.get(near.d_id)).flatten().copied().collect()
    }

    /// Whether so many nodes are dead that searching walks over graves.
    pub(super) fn is_worn(&self) -> bool {
        self.dead * WORN_AT > self.nodes.len()
    }

    pub(super) fn contains(&self, doc: u32) -> bool {
        self.node_of.contains_key(&doc)
    }

    /// How many documents there are.
    pub(super) fn len(&self) -> usize {
        self.node_of.len()
    }

    /// An estimate of the memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let maps = self.node_of.capacity() * (size_of::<(u32, u32)>() + 1)
            + self.by_hash.capacity() * (size_of::<(u64, u64)>() + 1);
        self.nodes.len() * (BYTES_A_NODE + self.dimension) + maps
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        let links = self.links.take();
        // When no thread can be had, the closure is dropped here and now, and the links with it.
        let _ = std::thread::Builder::new().name("graph-drop".into()).spawn(move || drop(links));
    }
}
