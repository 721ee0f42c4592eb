//! All vectors, side by side, and the search among them.
//!
//! The vectors lie without gaps: the last one moves into the place of one that is removed.

use std::ops::Range;

use super::code::{BLOCK, Bytes, Code, Query};
use super::sketch::{SketchQuery, Sketches};
use super::wide;
use crate::model::{Best, Hit, grow};

/// What of the documents may be found, and which of two with one score comes first.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) accept: &'a dyn Fn(u32) -> bool,
    pub(super) order: &'a dyn Fn(u32) -> u128,
}

/// The signs give so many candidates for each hit that is wanted, and some more. See `sketch` for what it loses.
const BY_SIGNS: usize = 6;
const BY_SIGNS_AND: usize = 150;

/// A code is fetched while so many others are scored.
const AHEAD: usize = 6;

/// The place of a document that is not here.
const NOWHERE: u32 = u32::MAX;

/// Vectors of one dimension, each under a document's number.
#[derive(Clone, Debug)]
pub(super) struct Flat {
    pub(super) dimension: usize,
    /// By document, its place or [`NOWHERE`].
    places: Vec<u32>,
    pub(super) documents: Vec<u32>,
    pub(super) scales: Vec<f32>,
    /// Blocks of one document's code.
    pub(super) width: usize,
    /// `width` blocks a document.
    pub(super) codes: Vec<Bytes>,
    pub(super) sketches: Sketches,
}

impl Flat {
    pub(super) fn new(dimension: usize) -> Self {
        let (places, documents, scales, codes) = Default::default();
        let (width, sketches) = (dimension.div_ceil(BLOCK), Sketches::new(dimension));
        Self { dimension, places, documents, scales, width, codes, sketches }
    }

    /// Appends, in the place of what the document had.
    pub(super) fn insert(&mut self, doc: u32, code: &Code) {
        self.remove(doc);
        self.append(doc, code.scale, code.numbers.iter().copied());
    }

    /// Appends the vector of a document that has none.
    pub(super) fn append(&mut self, doc: u32, scale: f32, numbers: impl Iterator<Item = Bytes>) {
        // Fewer than 2^32 vectors fit in memory.
        let place = u32::try_from(self.documents.len()).unwrap_or(NOWHERE);
        let at = doc as usize;
        if let Some(more) = (at + 1).checked_sub(self.places.len()) {
            grow(&mut self.places, more);
            self.places.resize(at + 1, NOWHERE);
        }
        self.put_at(doc, place);
        grow(&mut self.documents, 1);
        self.documents.push(doc);
        grow(&mut self.scales, 1);
        self.scales.push(scale);
        let start = self.codes.len();
        grow(&mut self.codes, self.width);
        self.codes.extend(numbers);
        self.sketches.push(scale, self.codes.get(start..).unwrap_or_default());
    }

    /// Makes room for so many vectors of documents below `numbers`.
    pub(super) fn reserve(&mut self, vectors: usize, numbers: usize) {
        self.documents.reserve_exact(vectors);
        self.scales.reserve_exact(vectors);
        self.codes.reserve_exact(vectors * self.width);
        self.places.reserve_exact(numbers);
        self.sketches.reserve(vectors);
    }

    pub(super) fn remove(&mut self, doc: u32) {
        let Some(at) = self.place(doc) else { return };
        self.put_at(doc, NOWHERE);
        self.documents.swap_remove(at);
        self.scales.swap_remove(at);
        swap_remove_row(&mut self.codes, at, self.width);
        self.sketches.swap_remove(at);
        if let Some(&moved) = self.documents.get(at) {
            self.put_at(moved, u32::try_from(at).unwrap_or(NOWHERE));
        }
        self.give_back();
    }

    fn put_at(&mut self, doc: u32, place: u32) {
        if let Some(slot) = self.places.get_mut(doc as usize) {
            *slot = place;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    /// How many documents have a place.
    pub(super) fn placed(&self) -> usize {
        self.places.iter().filter(|place| **place != NOWHERE).count()
    }

    pub(super) fn place(&self, doc: u32) -> Option<usize> {
        self.places.get(doc as usize).filter(|place| **place != NOWHERE).map(|place| *place as usize)
    }

    pub(super) fn code(&self, doc: u32) -> Option<&[Bytes]> {
        self.codes.get(self.row(self.place(doc)?))
    }

    /// The best `k` by cosine, but for a few in a thousand where there are many: of those whose signs seem nearest.
    pub(super) fn search(&self, query: &Query, k: usize, rules: Rules<'_>) -> Vec<Hit> {
        let wanted = k.saturating_mul(BY_SIGNS).saturating_add(BY_SIGNS_AND);
        // Fewer than twice as many are sooner scored than chosen from.
        if self.len() / 2 < wanted {
            return self.scan(query, k, rules);
        }
        let places = self.sketches.nearest(&SketchQuery::of(query), wanted);
        let (found, mut let_through) = (places.len(), 0);
        let mut best = Best::new(k, rules.order);
        self.score_places(query, &places, &mut |doc, score| {
            if (rules.accept)(doc) {
                best.offer(Hit { doc, score });
                let_through += 1;
            }
        });
        // A filter that keeps most of these out lets others in that are farther.
        if let_through * 2 < found { self.scan(query, k, rules) } else { best.into_vec() }
    }

    /// The best `k` by cosine, of all.
    pub(super) fn scan(&self, query: &Query, k: usize, rules: Rules<'_>) -> Vec<Hit> {
        let mut best = Best::new(k, rules.order);
        let rows = self.codes.chunks_exact(self.width.max(1)).zip(&self.scales).zip(&self.documents);
        for ((code, &scale), &doc) in rows {
            let hit = Hit { doc, score: query.cosine(scale, code) };
            if best.would_keep(hit) && (rules.accept)(doc) {
                best.offer(hit);
            }
        }
        best.into_vec()
    }

    /// The best `k` of some documents that the rules let through.
    pub(super) fn score(
        &self,
        query: &Query,
        k: usize,
        rules: Rules<'_>,
        documents: impl Iterator<Item = u32>,
    ) -> Vec<Hit> {
        let mut best = Best::new(k, rules.order);
        let documents = documents.filter(|doc| (rules.accept)(*doc));
        for hit in documents.filter_map(|doc| Some(Hit { doc, score: self.cosine(doc, query)? })) {
            best.offer(hit);
        }
        best.into_vec()
    }

    /// Calls `visit` with each of some documents and its cosine; those that are not here are left out.
    pub(super) fn score_some(
        &self,
        query: &Query,
        documents: impl Iterator<Item = u32>,
        visit: &mut dyn FnMut(u32, f32),
    ) {
        let place = |doc: u32| self.places.get(doc as usize).copied().filter(|place| *place != NOWHERE);
        self.score_places(query, &documents.filter_map(place).collect::<Vec<_>>(), visit);
    }

    fn score_places(&self, query: &Query, places: &[u32], visit: &mut dyn FnMut(u32, f32)) {
        for (at, &place) in places.iter().enumerate() {
            let next = places.get(at + AHEAD).and_then(|next| self.codes.get(self.row(*next as usize)));
            wide::fetch(next.unwrap_or_default());
            if let (Some(&doc), Some(score)) =
                (self.documents.get(place as usize), self.cosine_at(place as usize, query))
            {
                visit(doc, score);
            }
        }
    }

    pub(super) fn cosine(&self, doc: u32, query: &Query) -> Option<f32> {
        self.cosine_at(self.place(doc)?, query)
    }

    /// Calls `visit` with every document and its cosine.
    pub(super) fn score_all(&self, query: &Query, visit: &mut dyn FnMut(u32, f32)) {
        for (place, &doc) in self.documents.iter().enumerate() {
            if let Some(score) = self.cosine_at(place, query) {
                visit(doc, score);
            }
        }
    }

    /// An estimate of the memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.codes.capacity() * BLOCK
            + self.documents.capacity() * size_of::<u32>()
            + self.scales.capacity() * size_of::<f32>()
            + self.places.capacity() * size_of::<u32>()
            + self.sketches.bytes()
    }

    fn cosine_at(&self, place: usize, query: &Query) -> Option<f32> {
        Some(query.cosine(*self.scales.get(place)?, self.codes.get(self.row(place))?))
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
            self.codes.shrink_to(kept * self.width);
            self.sketches.shrink_to(kept);
            let end = self.places.iter().rposition(|place| *place != NOWHERE).map_or(0, |last| last + 1);
            self.places.truncate(end);
            self.places.shrink_to(end * 2);
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
