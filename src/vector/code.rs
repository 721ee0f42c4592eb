//! Unit vectors as whole numbers.
//!
//! A number is kept in 16 bits of its vector's own scale, cut into two bytes: the high bytes lie together and are all that
//! a scan reads; the low bytes are read for the few best. That is two bytes a number, half of single precision and as
//! much as the half-precision rows, with an error of 2^-16 of the vector's largest number.
//!
//! Products of whole numbers are exact and their order does not matter, so a score is the same on every machine. And
//! since numbers pass through half precision before anything else, a vector read back from its row has the same code.

use half::f16;

use crate::model::UnitVector;

/// The largest whole number in a code: its high byte is 127 and its low byte 127 after rounding to the nearest.
const LARGEST: f32 = 32_639.0;

/// Numbers in a block, the unit of every loop. With blocks of a fixed length the compiler widens a whole one before it
/// multiplies, and picks the instruction that multiplies and adds pairs: 37 ns for 384 numbers on bare x86-64, against
/// 60 ns for a loop over slices.
pub(super) const BLOCK: usize = 32;

/// How many blocks of products of a high byte and a 16-bit number surely add up in 32 bits: 127 · 32,639 · 512 < 2^31.
const EXACT_BLOCKS: usize = 512 / BLOCK;

/// Some bytes of a code; zeros fill the last block.
pub(super) type Bytes = [i8; BLOCK];

/// A vector in two bytes a number: number = `scale` · (256 · high + low).
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) scale: f32,
    pub(super) high: Vec<Bytes>,
    pub(super) low: Vec<Bytes>,
}

impl Code {
    pub(super) fn of(vector: &UnitVector) -> Self {
        let (numbers, scale) = whole_numbers(&rounded(vector));
        // The sum is at most 32,639 + 128, and a number differs from its rounding by -128 to 127.
        let high = |n: i16| ((n + 128) >> 8) as i8;
        #[expect(clippy::cast_possible_truncation)]
        let low = |n: i16| (n - (i16::from(high(n)) << 8)) as i8;
        // Closures that the compiler sees: a load does this for every vector.
        let (high, low) = (numbers.iter().map(|block| block.map(high)), numbers.iter().map(|block| block.map(low)));
        Self { scale, high: high.collect(), low: low.collect() }
    }
}

/// A vector to compare codes with.
#[derive(Clone, Debug)]
pub(super) struct Query {
    numbers: Vec<[i16; BLOCK]>,
    scale: f32,
}

impl Query {
    pub(super) fn of(vector: &UnitVector) -> Self {
        let (numbers, scale) = whole_numbers(vector.as_slice());
        Self { numbers, scale }
    }

    /// The cosine by the high bytes alone; its error's standard deviation is about a fifth of a per cent of the code's
    /// largest number.
    pub(super) fn roughly(&self, scale: f32, high: &[Bytes]) -> f32 {
        256.0 * dot(high, &self.numbers) as f32 * scale * self.scale
    }

    /// The cosine by both bytes, within [-1, 1].
    pub(super) fn cosine(&self, scale: f32, high: &[Bytes], low: &[Bytes]) -> f32 {
        let product = 256 * dot(high, &self.numbers) + dot(low, &self.numbers);
        (product as f32 * scale * self.scale).clamp(-1.0, 1.0)
    }
}

/// The sum of products, exact.
fn dot(code: &[Bytes], numbers: &[[i16; BLOCK]]) -> i64 {
    code.chunks(EXACT_BLOCKS).zip(numbers.chunks(EXACT_BLOCKS)).map(|(a, b)| i64::from(dot_exact(a, b))).sum()
}

/// The sum of products of two vectors' high bytes, exact.
pub(super) fn dot_high(a: &[Bytes], b: &[Bytes]) -> i64 {
    a.chunks(EXACT_BLOCKS).zip(b.chunks(EXACT_BLOCKS)).map(|(a, b)| i64::from(dot_high_exact(a, b))).sum()
}

// Kept whole, since the instructions chosen for it change with what it is inlined into.
#[inline(never)]
fn dot_exact(code: &[Bytes], numbers: &[[i16; BLOCK]]) -> i32 {
    code.iter().zip(numbers).map(|(a, b)| products(&a.map(i16::from), b)).sum()
}

#[inline(never)]
fn dot_high_exact(a: &[Bytes], b: &[Bytes]) -> i32 {
    a.iter().zip(b).map(|(a, b)| products(&a.map(i16::from), &b.map(i16::from))).sum()
}

fn products(a: &[i16; BLOCK], b: &[i16; BLOCK]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// The numbers as they would be after being stored in half precision.
fn rounded(vector: &UnitVector) -> Vec<f32> {
    vector.as_slice().iter().map(|&x| f16::from_f32(x).to_f32()).collect()
}

/// Whole numbers up to [`LARGEST`], and the scale that takes them back.
fn whole_numbers(values: &[f32]) -> (Vec<[i16; BLOCK]>, f32) {
    let largest = values.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let scale = largest.max(f32::MIN_POSITIVE) / LARGEST;
    let mut numbers = vec![[0; BLOCK]; values.len().div_ceil(BLOCK)];
    for (number, x) in numbers.as_flattened_mut().iter_mut().zip(values) {
        // At most LARGEST in size, since no number is larger than the largest.
        #[expect(clippy::cast_possible_truncation)]
        let whole = (x / scale).round().clamp(-LARGEST, LARGEST) as i16;
        *number = whole;
    }
    (numbers, scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vector(values: Vec<f32>) -> Option<UnitVector> {
        UnitVector::normalise(values).ok()
    }

    proptest! {
        #[test]
        fn a_score_is_the_cosine(a in prop::collection::vec(-1.0_f32..1.0, 700), b in prop::collection::vec(-1.0_f32..1.0, 700)) {
            let (Some(a), Some(b)) = (vector(a), vector(b)) else { return Ok(()) };
            let (code, query) = (Code::of(&a), Query::of(&b));
            let exact = a.dot(&b);
            prop_assert!((query.cosine(code.scale, &code.high, &code.low) - exact).abs() < 1e-4);
            prop_assert!((query.roughly(code.scale, &code.high) - exact).abs() < 5e-3);
        }

        #[test]
        fn a_vector_read_back_from_its_row_has_the_same_code(values in prop::collection::vec(-1.0_f32..1.0, 384)) {
            let Some(fresh) = vector(values) else { return Ok(()) };
            let Some(stored) = vector(rounded(&fresh)) else { return Ok(()) };
            let (fresh, stored) = (Code::of(&fresh), Code::of(&stored));
            prop_assert_eq!((fresh.high, fresh.low, fresh.scale), (stored.high, stored.low, stored.scale));
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        for values in [vec![1.0], vec![-1.0; 4096], vec![f32::MAX, f32::MIN_POSITIVE, -0.0]] {
            let vector = vector(values).unwrap();
            let (code, query) = (Code::of(&vector), Query::of(&vector));
            assert!((query.cosine(code.scale, &code.high, &code.low) - 1.0).abs() < 1e-3);
        }
    }
}
