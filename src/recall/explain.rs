//! Why something was found: what each channel adds to its score.
//!
//! The channels' numbers are there anyway, since the score is their sum; they are only named when somebody asks.

/// What one channel adds to a score, or takes from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// The channel's name.
    pub channel: &'static str,
    /// Finite; the contributions of all channels sum to the score.
    pub score: f32,
}

/// One number for each channel of a room's list. The score is their sum, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Views<const N: usize>(pub [f32; N]);

impl<const N: usize> Views<N> {
    /// The score.
    pub(crate) fn sum(&self) -> f32 {
        self.0.iter().sum()
    }

    /// The same with one channel left out, if the list has it: for measuring what it is worth.
    pub(crate) fn without(mut self, names: [&'static str; N], left_out: Option<&str>) -> Self {
        for (_, view) in names.iter().zip(&mut self.0).filter(|(name, _)| Some(**name) == left_out) {
            *view = 0.0;
        }
        self
    }

    /// The channels that say anything, named.
    pub(crate) fn explain(&self, names: [&'static str; N]) -> Vec<Contribution> {
        let channels = names.into_iter().zip(self.0);
        channels.filter(|(_, score)| *score != 0.0).map(|(channel, score)| Contribution { channel, score }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_that_is_left_out_says_nothing() {
        let views = Views([1.5, 2.0, -0.25]);
        assert_eq!(views.without(["a", "b", "c"], Some("b")), Views([1.5, 0.0, -0.25]));
        assert_eq!(views.without(["a", "b", "c"], Some("d")), views);
        assert_eq!(views.without(["a", "b", "c"], None), views);
    }

    #[test]
    fn channels_that_say_nothing_are_not_named() {
        let explained = Views([1.5, 0.0, -0.25]).explain(["a", "b", "c"]);
        let expected = [("a", 1.5), ("c", -0.25)].map(|(channel, score)| Contribution { channel, score });
        assert_eq!(explained, expected);
    }
}
