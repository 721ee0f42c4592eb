//! Ranked documents of an index in memory.

use std::cmp::Ordering;

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
///
/// Up to twice as many are held until the worse half is dropped at once: a hit costs the same however large `k` is, where
/// a heap would take its logarithm.
#[derive(Debug)]
pub struct Best {
    k: usize,
    held: Vec<Hit>,
    /// The worst of the best `k` when hits were last dropped: whatever is not better is out.
    bar: Option<Hit>,
}

impl Best {
    /// Keeps `k` hits; memory grows with what arrives, not with `k`.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { k, held: Vec::new(), bar: None }
    }

    /// Whether `hit` would be held if it were offered now. One that is not is not among the best; one that is may not be in the end.
    #[must_use]
    pub fn would_keep(&self, hit: Hit) -> bool {
        self.k > 0 && self.bar.is_none_or(|bar| hit < bar)
    }

    /// A score that a hit must reach to be held; none while every hit is. It rises from time to time.
    #[must_use]
    pub fn bar(&self) -> Option<f32> {
        self.bar.map(|bar| bar.score)
    }

    /// Keeps `hit` when it is among the best so far.
    pub fn offer(&mut self, hit: Hit) {
        if self.would_keep(hit) {
            self.held.push(hit);
            if self.held.len() >= self.k.saturating_mul(2) {
                self.drop_worse();
            }
        }
    }

    /// What was kept, best first.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Hit> {
        self.drop_worse();
        self.held.sort_unstable();
        self.held
    }

    fn drop_worse(&mut self) {
        if self.k > 0 && self.held.len() > self.k {
            let (_, worst, _) = self.held.select_nth_unstable(self.k - 1);
            self.bar = Some(*worst);
            self.held.truncate(self.k);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn what_is_kept_is_what_sorting_all_would_keep(scores in prop::collection::vec(0..50_u8, 0..400), k in 0..40_usize) {
            let hits: Vec<Hit> = (0..).zip(&scores).map(|(doc, score)| Hit { doc, score: f32::from(*score) }).collect();
            let mut best = Best::new(k);
            for hit in &hits {
                best.offer(*hit);
            }
            let mut sorted = hits;
            sorted.sort_unstable();
            sorted.truncate(k);
            prop_assert_eq!(best.into_vec(), sorted);
        }
    }
}
