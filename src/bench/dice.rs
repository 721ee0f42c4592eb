//! Chance that is the same in every run: `SplitMix64`.

/// A stream of numbers from a seed.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The stream of a seed and a purpose: two purposes of one seed have nothing in common.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = Self(seed ^ purpose.wrapping_mul(0xA24B_AED4_963E_E407));
        dice.next();
        dice
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `end`, or 0 when there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        // The product's upper half: as even as anyone can tell for small ends.
        usize::try_from((u128::from(self.next()) * u128::from(end)) >> 64).unwrap_or(0)
    }

    /// From 0 up to, but not, 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of some words; an empty text when there is none.
    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_in_every_run_and_differ_by_purpose() {
        let some = |purpose| (0..4).map(|_| Dice::new(7, purpose).below(1_000)).collect::<Vec<_>>();
        assert_eq!(some(1), some(1));
        let stream = |purpose| {
            let mut dice = Dice::new(7, purpose);
            (0..8).map(|_| dice.next()).collect::<Vec<_>>()
        };
        assert_ne!(stream(1), stream(2));
    }

    #[test]
    fn every_number_below_the_end_comes_up() {
        let mut dice = Dice::new(7, 0);
        let mut seen = [0_u32; 6];
        (0..6_000).for_each(|_| seen[dice.below(6)] += 1);
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
        assert!((0..1_000).map(|_| dice.share()).all(|share| (0.0..1.0).contains(&share)));
    }
}
