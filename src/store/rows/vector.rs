//! Vectors' rows: `version · numbers`, each number a half-precision float, little-endian. Half precision keeps cosines
//! to about three digits, in half the bytes of single; the length of the value says the dimension.

use half::f16;
use half::slice::HalfFloatSliceExt;

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
    let mut numbers = vec![f16::ZERO; vector.dimension()];
    numbers.convert_from_f32_slice(vector.as_slice());
    checked_length(std::iter::once(1).chain(numbers.into_iter().flat_map(f16::to_le_bytes)).collect())
}

/// How far the square of a vector's length is off one at most: rounding moves it by less than 2⁻¹⁰.
const OFF_ONE: f32 = 0.01;

/// Rounding moves a vector's length off one by up to 2⁻¹¹, so it is normalised again. Further off, it is another vector.
fn decode(bytes: &[u8]) -> Result<UnitVector, RecordError> {
    let (numbers, left) = only_version_1(bytes)?.as_chunks::<2>();
    if !left.is_empty() {
        return Err(RecordError::Trailing(left.len()));
    }
    let halves: Vec<_> = numbers.iter().map(|&number| f16::from_le_bytes(number)).collect();
    // Whole slices at a time use the processor's own conversion: an index loads all of a profile's vectors.
    let mut numbers = vec![0.0; halves.len()];
    halves.convert_to_f32_slice(&mut numbers);
    let square: f32 = numbers.iter().map(|number| number * number).sum();
    if square.is_nan() || (square - 1.0).abs() > OFF_ONE {
        return Err(RecordError::Field("length"));
    }
    UnitVector::normalise(numbers).map_err(|_| RecordError::Field("direction"))
}
