//! Where ids come from: never one smaller than before, not even when the clock is set back.

use parking_lot::Mutex;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Timestamp, Ulid};

const RANDOM_BITS: u32 = 80;

/// Issues ULIDs in strictly increasing order.
#[derive(Default)]
pub(super) struct Ids {
    last: Mutex<u128>,
}

impl Ids {
    /// Makes every later id larger than `id`. Called with the newest id of what is loaded from disk.
    pub(super) fn observe(&self, id: Ulid) {
        let mut last = self.last.lock();
        *last = id.bits().max(*last);
    }

    /// A new id for something made at `now`.
    pub(super) fn next(&self, now: Timestamp) -> Result<Ulid> {
        let mut bytes = [0; 16];
        random_bytes(&mut bytes)?;
        let millis = u128::try_from(now.millis()).unwrap_or(0);
        let fresh = (millis << RANDOM_BITS) | (u128::from_be_bytes(bytes) >> (128 - RANDOM_BITS));
        let mut last = self.last.lock();
        *last = fresh.max(*last + 1);
        Ok(Ulid::from_bits(*last))
    }
}

/// Fills `bytes` from the operating system's source of randomness.
#[expect(clippy::disallowed_methods, reason = "this is the seam")]
pub(super) fn random_bytes(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|e| Error::new(ErrorKind::Internal, "the system gives no random numbers").caused_by(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_when_the_clock_stands_still_or_goes_back() {
        let ids = Ids::default();
        let (noon, earlier) = (Timestamp::from_millis(1_800_000_000_000), Timestamp::from_millis(1_700_000_000_000));
        let issued: Vec<Ulid> = [noon, noon, earlier, noon].map(|at| ids.next(at).unwrap()).to_vec();
        assert!(issued.is_sorted_by(|a, b| a < b), "{issued:?}");
    }

    #[test]
    fn ids_start_above_what_was_loaded() {
        let ids = Ids::default();
        let from_the_future = Ulid::parse("7ZZZZZZZZZ0000000000000000").unwrap();
        ids.observe(from_the_future);
        assert!(ids.next(Timestamp::from_millis(0)).unwrap() > from_the_future);
    }
}
