//! Vectors' rows: `version · numbers`, each number a half-precision float, little-endian. Half precision keeps cosines
//! to about three digits, in half the bytes of single; the length of the value says the dimension.

use half::f16;

use super::{Kind, Row, only_version_1};
use crate::model::{MemoryId, Place, UnitVector};
use crate::store::codec::{RecordError, checked_length};

macro_rules! vector_row {
    ($(#[$doc:meta])* $row:ident, $kind:expr, $key:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $row(pub UnitVector);

        impl Row for $row {
            const KIND: Kind = $kind;
            type Key = $key;

            fn encode(&self) -> Result<Vec<u8>, RecordError> {
                encode(&self.0)
            }

            fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
                decode(bytes).map(Self)
            }
        }
    };
}
vector_row! {
    /// A message's vector; the message's place is the key.
    MessageVectorRow, Kind::MessageVector, Place
}
vector_row! {
    /// A memory's vector; the memory's id is the key.
    MemoryVectorRow, Kind::MemoryVector, MemoryId
}

fn encode(vector: &UnitVector) -> Result<Vec<u8>, RecordError> {
    let numbers = vector.as_slice().iter().flat_map(|&x| f16::from_f32(x).to_le_bytes());
    checked_length(std::iter::once(1).chain(numbers).collect())
}

/// Rounding moves a vector's length off one by up to 2⁻¹¹, so it is normalised again.
fn decode(bytes: &[u8]) -> Result<UnitVector, RecordError> {
    let (numbers, left) = only_version_1(bytes)?.as_chunks::<2>();
    if !left.is_empty() {
        return Err(RecordError::Trailing(left.len()));
    }
    let numbers = numbers.iter().map(|&number| f16::from_le_bytes(number).to_f32()).collect();
    UnitVector::normalise(numbers).map_err(|_| RecordError::Field("direction"))
}
