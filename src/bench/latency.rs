//! Latencies: recorded in an HDR histogram, reported in milliseconds.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// The longest time that is told from longer ones: ten minutes, in nanoseconds.
const LONGEST: u64 = 600_000_000_000;
/// Digits that are right: a time is within .1 % of the one that was measured.
const DIGITS: u8 = 3;
/// The percentiles of a report's curve.
const CURVE: [f64; 14] = [0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.8, 99.9, 99.95, 100.0];

/// Counts times as they come.
pub(super) struct Recorder(Histogram<u64>);

impl Recorder {
    /// # Errors
    /// `Internal` when the histogram refuses its bounds.
    pub(super) fn new() -> Result<Self> {
        let failed = |error| Error::new(ErrorKind::Internal, "cannot make a histogram").caused_by(error);
        Ok(Self(Histogram::new_with_bounds(1, LONGEST, DIGITS).map_err(failed)?))
    }

    pub(super) fn add(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(LONGEST));
    }

    /// Adds what another one counted.
    pub(super) fn merge(&mut self, other: &Self) {
        // Both have the same bounds, which is all that can be wrong.
        let _ = self.0.add(&other.0);
    }

    /// What was counted.
    pub(super) fn latency(&self) -> Latency {
        let at = |percent: f64| milliseconds(self.0.value_at_quantile(percent / 100.0));
        Latency {
            count: self.0.len(),
            mean: self.0.mean() / 1e6,
            p50: at(50.0),
            p90: at(90.0),
            p99: at(99.0),
            p999: at(99.9),
            max: milliseconds(self.0.max()),
            curve: if self.0.is_empty() { Vec::new() } else { CURVE.map(|percent| (percent, at(percent))).to_vec() },
        }
    }
}

fn milliseconds(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

/// How long something took, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// How often it was measured.
    pub count: u64,
    /// The mean.
    pub mean: f64,
    /// What half of all took at most.
    pub p50: f64,
    /// What nine of ten took at most.
    pub p90: f64,
    /// What 99 of 100 took at most.
    pub p99: f64,
    /// What 999 of 1,000 took at most.
    pub p999: f64,
    /// The longest.
    pub max: f64,
    /// Percentiles with their times, rising.
    pub curve: Vec<(f64, f64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_what_was_added() {
        let mut recorder = Recorder::new().unwrap();
        (1..=1_000).for_each(|n| recorder.add(Duration::from_micros(n)));
        let latency = recorder.latency();
        assert_eq!(latency.count, 1_000);
        for (found, expected) in [(latency.p50, 0.5), (latency.p99, 0.99), (latency.max, 1.0), (latency.mean, 0.5005)] {
            assert!((found - expected).abs() < expected * 0.002, "{found} for {expected}");
        }
        assert!(latency.curve.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        let mut both = Recorder::new().unwrap();
        both.merge(&recorder);
        both.merge(&recorder);
        assert_eq!(both.latency().count, 2_000);
        assert_eq!(Recorder::new().unwrap().latency(), Latency::default());
    }
}
