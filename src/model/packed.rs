//! Numbers and bytes one after another: how what is in memory is written down to be read again by the same release.
//!
//! Numbers are little-endian; one that is mostly small takes a byte for every seven bits. Reading believes nothing: a length is
//! held against what is left before anything is allocated for it.

use super::{Moment, Timestamp};
use crate::error::{Error, ErrorKind};

/// Bytes that are held back before they are handed on.
const HELD: usize = 64 << 10;

/// Why bytes are not what they should be. Never holds what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub &'static str);

impl From<Malformed> for Error {
    fn from(error: Malformed) -> Self {
        Self::new(ErrorKind::Damaged, error.0)
    }
}

/// Takes values and hands their bytes on, many at a time.
pub struct Packer<'a> {
    held: Vec<u8>,
    take: &'a mut dyn FnMut(&[u8]),
}

impl<'a> Packer<'a> {
    /// Hands bytes on to `take`; the last of them when it is dropped.
    pub fn new(take: &'a mut dyn FnMut(&[u8])) -> Self {
        Self { held: Vec::with_capacity(HELD + 64), take }
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= HELD {
            self.hand_on();
        }
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes(&[byte]);
    }

    /// Four bytes.
    pub fn u32(&mut self, number: u32) {
        self.bytes(&number.to_le_bytes());
    }

    /// Sixteen bytes.
    pub fn u128(&mut self, number: u128) {
        self.bytes(&number.to_le_bytes());
    }

    /// A number of things. More than 2^32 of anything do not fit in memory.
    pub fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// A number that is mostly small: one byte below 128, at most five.
    pub fn small(&mut self, number: u32) {
        let mut left = number;
        while left >= 0x80 {
            self.held.push(u8::try_from(left & 0x7F).unwrap_or_default() | 0x80);
            left >>= 7;
        }
        self.byte(u8::try_from(left).unwrap_or_default());
    }

    /// Text behind its length.
    pub fn text(&mut self, text: &str) {
        self.small(u32::try_from(text.len()).unwrap_or(u32::MAX));
        self.bytes(text.as_bytes());
    }

    /// Ten bytes.
    pub fn moment(&mut self, moment: Moment) {
        self.bytes(&moment.instant.millis().to_le_bytes());
        self.bytes(&moment.offset_minutes.to_le_bytes());
    }

    fn hand_on(&mut self) {
        (self.take)(&self.held);
        self.held.clear();
    }
}

impl Drop for Packer<'_> {
    fn drop(&mut self) {
        self.hand_on();
    }
}

/// Reads what a [`Packer`] wrote.
///
/// ```
/// use mnemon::model::{Packer, Unpacker};
/// let mut bytes = Vec::new();
/// Packer::new(&mut |some| bytes.extend_from_slice(some)).small(300);
/// let mut from = Unpacker::new(&bytes);
/// assert_eq!(from.small(), Ok(300));
/// assert!(from.u32().is_err(), "nothing is left");
/// ```
#[derive(Clone, Debug)]
pub struct Unpacker<'a>(&'a [u8]);

type Result<T> = std::result::Result<T, Malformed>;

const ENDS_EARLY: Malformed = Malformed("it ends early");

impl<'a> Unpacker<'a> {
    /// From the first of `bytes` on.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// So many bytes.
    ///
    /// # Errors
    /// When fewer are left, here and below.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(ENDS_EARLY)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// As many bytes as the array has.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(ENDS_EARLY)?;
        self.0 = rest;
        Ok(*bytes)
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Sixteen bytes.
    pub fn u128(&mut self) -> Result<u128> {
        self.array().map(u128::from_le_bytes)
    }

    /// A number of things that take at least `least` bytes each: no more than there can be.
    pub fn count(&mut self, least: usize) -> Result<usize> {
        let count = self.u32()? as usize;
        if count > self.0.len() / least.max(1) { Err(ENDS_EARLY) } else { Ok(count) }
    }

    /// A number that is mostly small.
    pub fn small(&mut self) -> Result<u32> {
        let mut number = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return u32::try_from(number).map_err(|_| Malformed("a number is too large"));
            }
        }
        Err(Malformed("a number has no end"))
    }

    /// Text behind its length.
    pub fn text(&mut self) -> Result<&'a str> {
        let length = self.small()? as usize;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| Malformed("a text is not UTF-8"))
    }

    /// Ten bytes.
    pub fn moment(&mut self) -> Result<Moment> {
        let millis = i64::from_le_bytes(self.array()?);
        let instant = Timestamp::from_millis(millis);
        let offset_minutes = i16::from_le_bytes(self.array()?);
        if instant.millis() == millis {
            Ok(Moment { instant, offset_minutes })
        } else {
            Err(Malformed("a time cannot be printed"))
        }
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed("something follows its end")) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(pack: impl FnOnce(&mut Packer<'_>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack(&mut Packer::new(&mut |some| bytes.extend_from_slice(some)));
        bytes
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(numbers in prop::collection::vec(any::<u32>(), 0..40), text in "\\PC{0,300}") {
            let bytes = packed(|out| {
                for number in &numbers {
                    out.small(*number);
                }
                out.text(&text);
                out.u128(7 << 90);
            });
            let mut from = Unpacker::new(&bytes);
            for number in &numbers {
                prop_assert_eq!(from.small(), Ok(*number));
            }
            prop_assert_eq!(from.text(), Ok(text.as_str()));
            prop_assert_eq!(from.u128(), Ok(7 << 90));
            prop_assert_eq!(from.end(), Ok(()));
        }
    }

    #[test]
    fn much_is_handed_on_in_order() {
        let bytes = packed(|out| (0..100_000).for_each(|number| out.u32(number)));
        let mut from = Unpacker::new(&bytes);
        assert!((0..100_000).all(|number| from.u32() == Ok(number)));
    }

    #[test]
    fn a_count_beyond_what_is_left_is_refused() {
        let bytes = packed(|out| out.u32(1_000_000));
        assert_eq!(Unpacker::new(&bytes).count(1), Err(ENDS_EARLY));
        assert_eq!(Unpacker::new(&[0x80; 9]).small(), Err(Malformed("a number has no end")));
        assert_eq!(Unpacker::new(&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).small(), Err(Malformed("a number is too large")));
        assert!(Unpacker::new(&[2, 0xC3, 0x28]).text().is_err());
        assert!(Unpacker::new(&[1]).end().is_err());
    }
}
