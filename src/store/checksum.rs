//! What stands behind every record on disk: four bytes that tell whether it is what was written, and written under the key
//! that it stands under.
//!
//! They are the CRC-32 of the whole key and the record, little-endian. Every flip of one bit changes it, every change
//! within 32 bits that follow each other, and all but one of 2³² other changes: another row's value, of another profile
//! too, is such a change. It is no seal: whoever can write the file can write a checksum.
//!
//! The record of the format alone has none, so that every release can read it.

use super::codec::RecordError;

/// How long it is.
pub(super) const BYTES: usize = 4;

/// The polynomial, its bits reversed.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// The whole key of the format's record: kind 5 of the catalog.
const FORMAT_KEY: [u8; 9] = [0, 0, 0, 0, 0, 0, 0, 0, 5];

/// What is stored under `key` for a record.
pub(super) fn seal(key: &[u8], mut record: Vec<u8>) -> Vec<u8> {
    if key != FORMAT_KEY {
        let sum = sum(key, &record);
        record.extend(sum.to_le_bytes());
    }
    record
}

/// The record in what is stored under `key`.
///
/// # Errors
/// [`RecordError::Checksum`] when it is not what was written there.
pub(super) fn record<'a>(key: &[u8], stored: &'a [u8]) -> Result<&'a [u8], RecordError> {
    if key == FORMAT_KEY {
        return Ok(stored);
    }
    match stored.split_last_chunk() {
        Some((record, written)) if sum(key, record) == u32::from_le_bytes(*written) => Ok(record),
        _ => Err(RecordError::Checksum),
    }
}

/// Key and value as they were before one bit of them was flipped; nothing when that is not what happened to them.
pub(super) fn without_flip(key: &[u8], stored: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (record, written) = stored.split_last_chunk()?;
    let written = u32::from_le_bytes(*written);
    let difference = sum(key, record) ^ written;
    let (mut key, mut record) = (key.to_vec(), record.to_vec());
    if difference.is_power_of_two() {
        let was = seal(&key, record);
        return Some((key, was));
    }
    // A flip adds the same to the sum whatever else is there: what that bit alone makes of zeros.
    let mut added = POLYNOMIAL;
    for byte in key.iter_mut().chain(&mut record).rev() {
        for bit in (0..8).rev() {
            if added == difference {
                *byte ^= 1 << bit;
                record.extend(written.to_le_bytes());
                return Some((key, record));
            }
            added = added >> 1 ^ if added & 1 == 1 { POLYNOMIAL } else { 0 };
        }
    }
    None
}

fn sum(key: &[u8], record: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(key);
    sum.update(record);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 10] = [0, 0, 0, 0, 0, 0, 0, 3, 19, 7];

    #[test]
    fn it_is_the_checksum_that_everybody_knows() {
        assert_eq!(sum(b"1234", b"56789"), 0xCBF4_3926, "the check value of CRC-32");
    }

    #[test]
    fn a_flip_of_any_bit_of_key_or_value_is_found_and_undone() {
        let whole = seal(&KEY, b"\x01I live in Oslo.".to_vec());
        assert_eq!(record(&KEY, &whole), Ok(&b"\x01I live in Oslo."[..]));
        assert_eq!(without_flip(&KEY, &whole), None, "nothing is wrong with it");
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(record(&KEY, &flipped), Err(RecordError::Checksum), "bit {bit}");
            assert_eq!(without_flip(&KEY, &flipped), Some((KEY.to_vec(), whole.clone())), "bit {bit}");
        }
        for bit in 0..KEY.len() * 8 {
            let mut key = KEY;
            key[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(record(&key, &whole), Err(RecordError::Checksum), "bit {bit} of the key");
            assert_eq!(without_flip(&key, &whole), Some((KEY.to_vec(), whole.clone())), "bit {bit} of the key");
        }
    }

    #[test]
    fn what_is_too_short_or_was_cut_is_found() {
        let whole = seal(&KEY, b"\x01I live in Oslo.".to_vec());
        for cut in 0..whole.len() {
            assert_eq!(record(&KEY, &whole[..cut]), Err(RecordError::Checksum), "{cut} bytes");
        }
    }

    #[test]
    fn only_the_record_of_the_format_has_none() {
        assert_eq!(seal(&FORMAT_KEY, vec![1, 2]), [1, 2]);
        assert_eq!(record(&FORMAT_KEY, &[1, 2]), Ok(&[1, 2][..]));
        assert_eq!(seal(&KEY, vec![1, 2]).len(), 2 + BYTES);
    }
}
