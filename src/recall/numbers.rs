//! Maps by the numbers of documents. These are small and given out by the index, so that no hashing against an attacker is needed;
//! and a map is walked in the same order in every run.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Values by document.
pub(crate) type ByNumber<V> = HashMap<u32, V, BuildHasherDefault<Spread>>;

/// Spreads the bits of one number.
#[derive(Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        // 2^64 over the golden ratio; the map uses the upper bits and the lower ones.
        let product = (self.0 ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_numbers() {
        let map: ByNumber<u32> = (0..10_000).map(|number| (number * 64, number)).collect();
        assert!((0..10_000).all(|number| map.get(&(number * 64)) == Some(&number)));
        assert_eq!(map.get(&1), None);
    }
}
