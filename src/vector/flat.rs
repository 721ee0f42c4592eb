//! All vectors, side by side, and the exact scan over them.
//!
//! The vectors lie without gaps: the last one moves into the place of one that is removed.

use std::collections::HashMap;
use std::ops::Range;

use super::code::{BLOCK, Bytes, Code, Query};
use crate::model::{Best, Hit};

/// How many candidates of the rough scan are scored in full, for each hit that is wanted: 4 gives the exact answer on
/// sentence vectors, where the two scores differ by less than the tenth and the fortieth hit do.
const SCORED_IN_FULL: usize = 4;
/// And at least so many.
const SCORED_AT_LEAST: usize = 40;

/// Vectors of one dimension, each under a document's number.
#[derive(Clone, Debug)]
pub(super) struct Flat {
    pub(super) dimension: usize,
    pub(super) places: HashMap<u32, u32>,
    pub(super) documents: Vec<u32>,
    pub(super) scales: Vec<f32>,
    /// Blocks of one document's code.
    pub(super) width: usize,
    /// `width` blocks a document.
    pub(super) high: Vec<Bytes>,
    /// `width` blocks a document.
    pub(super) low: Vec<Bytes>,
}

impl Flat {
    pub(super) fn new(dimension: usize) -> Self {
        let (places, documents, scales, high, low) = Default::default();
        Self { dimension, width: dimension.div_ceil(BLOCK), places, documents, scales, high, low }
    }

    /// Appends, in the place of what the document had.
    pub(super) fn insert(&mut self, doc: u32, code: &Code) {
        self.remove(doc);
        // Fewer than 2^32 vectors fit in memory.
        self.places.insert(doc, u32::try_from(self.documents.len()).unwrap_or(u32::MAX));
        self.documents.push(doc);
        self.scales.push(code.scale);
        self.high.extend_from_slice(&code.high);
        self.low.extend_from_slice(&code.low);
    }

    pub(super) fn remove(&mut self, doc: u32) {
        let Some(place) = self.places.remove(&doc) else { return };
        let at = place as usize;
        self.documents.swap_remove(at);
        self.scales.swap_remove(at);
        swap_remove_row(&mut self.high, at, self.width);
        swap_remove_row(&mut self.low, at, self.width);
        if let Some(&moved) = self.documents.get(at) {
            self.places.insert(moved, place);
        }
        self.give_back();
    }

    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    pub(super) fn place(&self, doc: u32) -> Option<usize> {
        self.places.get(&doc).map(|&place| place as usize)
    }

    /// A document's high bytes.
    pub(super) fn high(&self, doc: u32) -> Option<&[Bytes]> {
        self.high.get(self.row(self.place(doc)?))
    }

    /// The best `k` by cosine, from a scan of the high bytes and a second look at the best of those.
    pub(super) fn search(&self, query: &Query, k: usize, accept: &dyn Fn(u32) -> bool) -> Vec<Hit> {
        let mut rough = Best::new(k.saturating_mul(SCORED_IN_FULL).max(SCORED_AT_LEAST));
        let rows = self.high.chunks_exact(self.width.max(1)).zip(&self.scales).zip(&self.documents);
        for ((high, &scale), &doc) in rows {
            let hit = Hit { doc, score: query.roughly(scale, high) };
            if rough.would_keep(hit) && accept(doc) {
                rough.offer(hit);
            }
        }
        self.score(query, k, rough.into_vec().into_iter().map(|hit| hit.doc))
    }

    /// The best `k` of some documents, scored in full.
    pub(super) fn score(&self, query: &Query, k: usize, documents: impl Iterator<Item = u32>) -> Vec<Hit> {
        let mut best = Best::new(k);
        for hit in documents.filter_map(|doc| Some(Hit { doc, score: self.cosine(doc, query)? })) {
            best.offer(hit);
        }
        best.into_vec()
    }

    pub(super) fn cosine(&self, doc: u32, query: &Query) -> Option<f32> {
        self.cosine_at(self.place(doc)?, query)
    }

    /// Calls `visit` with every document and its cosine in full.
    pub(super) fn score_all(&self, query: &Query, visit: &mut dyn FnMut(u32, f32)) {
        for (place, &doc) in self.documents.iter().enumerate() {
            if let Some(score) = self.cosine_at(place, query) {
                visit(doc, score);
            }
        }
    }

    /// An estimate of the memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        (self.high.capacity() + self.low.capacity()) * BLOCK
            + self.documents.capacity() * size_of::<u32>()
            + self.scales.capacity() * size_of::<f32>()
            + self.places.capacity() * (size_of::<(u32, u32)>() + 1)
    }

    fn cosine_at(&self, place: usize, query: &Query) -> Option<f32> {
        Some(query.cosine(*self.scales.get(place)?, self.high.get(self.row(place))?, self.low.get(self.row(place))?))
    }

    fn row(&self, place: usize) -> Range<usize> {
        place * self.width..(place + 1) * self.width
    }

    /// Returns memory once three quarters of it are unused.
    fn give_back(&mut self) {
        let kept = self.len() * 2;
        if self.len() < self.documents.capacity() / 4 {
            self.documents.shrink_to(kept);
            self.scales.shrink_to(kept);
            self.high.shrink_to(kept * self.width);
            self.low.shrink_to(kept * self.width);
        }
        if self.len() < self.places.capacity() / 4 {
            self.places.shrink_to(kept);
        }
    }
}

/// Moves the last row of `width` blocks over the row at `place`, and drops it from the end.
fn swap_remove_row(rows: &mut Vec<Bytes>, place: usize, width: usize) {
    let last = rows.len().saturating_sub(width);
    if place * width < last {
        rows.copy_within(last.., place * width);
    }
    rows.truncate(last);
}
