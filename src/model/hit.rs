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

/// Keeps the best `k` of any number of hits, in any order of arrival. Of equal scores the one that comes first in an order of the
/// caller's, by number where there is none.
///
/// Up to twice as many are held until the worse half is dropped at once: a hit costs the same however large `k` is, where
/// a heap would take its logarithm.
pub struct Best<O> {
    k: usize,
    held: Vec<Hit>,
    /// The worst of the best `k` when hits were last dropped: whatever is not better is out.
    bar: Option<Hit>,
    order: O,
}

/// The order of documents by their numbers.
#[must_use]
pub fn by_number(doc: u32) -> u128 {
    u128::from(doc)
}

impl<O: Fn(u32) -> u128> Best<O> {
    /// Keeps `k` hits; memory grows with what arrives, not with `k`. Among equal scores those with the least `order` are best.
    #[must_use]
    pub fn new(k: usize, order: O) -> Self {
        Self { k, held: Vec::new(), bar: None, order }
    }

    fn compare(&self, a: Hit, b: Hit) -> Ordering {
        compare(&self.order, a, b)
    }

    /// Whether `hit` would be held if it were offered now. One that is not is not among the best; one that is may not be in the end.
    #[must_use]
    pub fn would_keep(&self, hit: Hit) -> bool {
        self.k > 0 && self.bar.is_none_or(|bar| self.compare(hit, bar).is_lt())
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
        let Self { mut held, order, .. } = self;
        held.sort_unstable_by(|a, b| compare(&order, *a, *b));
        held
    }

    fn drop_worse(&mut self) {
        if self.k > 0 && self.held.len() > self.k {
            let Self { held, order, .. } = self;
            let (_, worst, _) = held.select_nth_unstable_by(self.k - 1, |a, b| compare(order, *a, *b));
            self.bar = Some(*worst);
            self.held.truncate(self.k);
        }
    }
}

/// Best first.
fn compare(order: &impl Fn(u32) -> u128, a: Hit, b: Hit) -> Ordering {
    b.score.total_cmp(&a.score).then_with(|| order(a.doc).cmp(&order(b.doc)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_best_are_kept_and_ties_go_to_the_lower_number() {
        let hits = [(4, 1.0), (3, 2.0), (9, 2.0), (1, 0.5), (2, 1.0)].map(|(doc, score)| Hit { doc, score });
        for (k, expected) in [(0, vec![]), (1, vec![3]), (3, vec![3, 9, 2]), (9, vec![3, 9, 2, 4, 1])] {
            let mut best = Best::new(k, by_number);
            for hit in hits {
                best.offer(hit);
            }
            assert_eq!(best.into_vec().iter().map(|hit| hit.doc).collect::<Vec<_>>(), expected, "k = {k}");
        }
    }

    #[test]
    fn an_order_of_the_callers_parts_equals() {
        let mut best = Best::new(2, |doc| u128::from(100 - doc));
        for doc in 0..9 {
            best.offer(Hit { doc, score: 1.0 });
        }
        assert_eq!(best.into_vec().iter().map(|hit| hit.doc).collect::<Vec<_>>(), [8, 7]);
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_sorting_all_would_keep(scores in prop::collection::vec(0..50_u8, 0..400), k in 0..40_usize) {
            let hits: Vec<Hit> = (0..).zip(&scores).map(|(doc, score)| Hit { doc, score: f32::from(*score) }).collect();
            let mut best = Best::new(k, by_number);
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
