//! What a record's bytes are: `version (1 byte) · body`. On disk a checksum follows them (`checksum.rs`).
//!
//! The body is bincode 2 with the configuration below, except for vectors (`rows/vector.rs`), which are plain numbers.
//! bincode is not developed any more; it is named in this file alone, every record has a version byte in front of it and
//! golden bytes in `tests/golden/records/`, so that another codec is a new version of each record.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::error::DecodeError;
use serde::{Deserialize, Serialize};

/// The most bytes a record may have; the largest real ones, a message or a memory, have little more than 32 KiB.
pub(super) const VALUE_BYTES: usize = 1 << 20;

/// Fixed for ever by the records on disk: little-endian, integers of variable length. The limit keeps hostile lengths
/// from allocating.
const CONFIG: Configuration<LittleEndian, Varint, Limit<VALUE_BYTES>> = bincode::config::standard().with_limit();

/// Why bytes are not the record they should be. Never holds what a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// There is not even a version.
    #[error("it is empty")]
    Empty,
    /// The version is not one that was ever released.
    #[error("its version is {0}, which this release does not know")]
    Version(u8),
    /// The body ends before its last field, or has fields that cannot be.
    #[error("{0}")]
    Body(&'static str),
    /// The body is followed by something.
    #[error("{0} bytes follow its end")]
    Trailing(usize),
    /// The value is longer than a value can be.
    #[error("it has {0} bytes, the limit is {VALUE_BYTES}")]
    TooLong(usize),
    /// A field holds what no such field can.
    #[error("its {0} cannot be what it says")]
    Field(&'static str),
    /// The key is not one of its kind.
    #[error("its key is not one of its kind")]
    Key,
    /// Its checksum is that of other bytes, or of another key.
    #[error("its checksum does not agree: it was changed, or it is another one")]
    Checksum,
    /// The value repeats another key than its own.
    #[error("it says that it is another one")]
    Another,
    /// The kind is not one that was ever released.
    #[error("its kind is {0}, which this release does not know")]
    Kind(u8),
}

/// `version · bincode(value)`.
pub(super) fn encode<T: Serialize>(version: u8, value: &T) -> Result<Vec<u8>, RecordError> {
    let mut out = vec![version];
    bincode::serde::encode_into_std_write(value, &mut out, CONFIG)
        .map_err(|_| RecordError::Body("it cannot be encoded"))?;
    checked_length(out)
}

/// The value, when it is short enough to be read again.
pub(super) fn checked_length(value: Vec<u8>) -> Result<Vec<u8>, RecordError> {
    if value.len() > VALUE_BYTES { Err(RecordError::TooLong(value.len())) } else { Ok(value) }
}

/// A record's version and body.
pub(super) fn version(value: &[u8]) -> Result<(u8, &[u8]), RecordError> {
    if value.len() > VALUE_BYTES {
        return Err(RecordError::TooLong(value.len()));
    }
    value.split_first().map(|(version, body)| (*version, body)).ok_or(RecordError::Empty)
}

/// Decodes a whole body. What can be borrowed from it is.
pub(super) fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, RecordError> {
    let (value, read) = bincode::serde::borrow_decode_from_slice(body, CONFIG).map_err(|error| reason(&error))?;
    match body.len().saturating_sub(read) {
        0 => Ok(value),
        left => Err(RecordError::Trailing(left)),
    }
}

/// bincode's errors in our words: its own may quote the value.
fn reason(error: &DecodeError) -> RecordError {
    RecordError::Body(match error {
        DecodeError::UnexpectedEnd { .. } => "it ends early",
        DecodeError::LimitExceeded => "a length in it is beyond the limit",
        DecodeError::Utf8 { .. } => "a text in it is not UTF-8",
        _ => "its fields cannot be read",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_to_be_read_is_not_written() {
        assert!(encode(1, &vec![0_u8; VALUE_BYTES - 100]).is_ok());
        assert!(matches!(encode(1, &vec![0_u8; VALUE_BYTES]), Err(RecordError::TooLong(_))));
    }

    #[test]
    fn hostile_lengths_are_refused_without_allocating() {
        let eight_exabytes = [253, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
        assert!(decode::<String>(&eight_exabytes).is_err());
        assert!(decode::<Vec<[u8; 16]>>(&eight_exabytes).is_err());
        assert_eq!(decode::<u8>(&[1, 2, 3]), Err(RecordError::Trailing(2)));
        assert_eq!(version(&[]), Err(RecordError::Empty));
    }
}
