//! Ranked documents of an index in memory.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A document that a search found. Ordered best first: by falling score, then by rising document number.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// The number that the caller gave the document.
    pub doc: u32,
    /// How well it matches; comparable within one search only.
    pub score: f32,
}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.doc.cmp(&other.doc))
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Hit {}

/// Keeps the best `k` of any number of hits, in any order of arrival.
#[derive(Debug)]
pub struct Best {
    k: usize,
    worst_first: BinaryHeap<Hit>,
}

impl Best {
    /// Keeps `k` hits; memory grows with what arrives, not with `k`.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { k, worst_first: BinaryHeap::new() }
    }

    /// Whether `hit` would be kept if it were offered now.
    #[must_use]
    pub fn would_keep(&self, hit: Hit) -> bool {
        self.worst_first.len() < self.k || self.worst_first.peek().is_some_and(|worst| hit < *worst)
    }

    /// Keeps `hit` when it is among the best so far.
    pub fn offer(&mut self, hit: Hit) {
        if self.would_keep(hit) {
            if self.worst_first.len() == self.k {
                self.worst_first.pop();
            }
            self.worst_first.push(hit);
        }
    }

    /// What was kept, best first.
    #[must_use]
    pub fn into_vec(self) -> Vec<Hit> {
        self.worst_first.into_sorted_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_and_ties_go_to_the_lower_number() {
        let hits = [(4, 1.0), (3, 2.0), (9, 2.0), (1, 0.5), (2, 1.0)].map(|(doc, score)| Hit { doc, score });
        for (k, expected) in [(0, vec![]), (1, vec![3]), (3, vec![3, 9, 2]), (9, vec![3, 9, 2, 4, 1])] {
            let mut best = Best::new(k);
            for hit in hits {
                best.offer(hit);
            }
            assert_eq!(best.into_vec().iter().map(|hit| hit.doc).collect::<Vec<_>>(), expected, "k = {k}");
        }
    }
}
