//! Unit vectors as whole numbers.
//!
//! A number is kept in 8 bits of its vector's own scale, a quarter of single precision. On 40,000 sentences of documentation a
//! cosine is then wrong by .0002 on average, and of the true 10 nearest .995 are still the 10 nearest. A question keeps 16 bits.
//!
//! Products of whole numbers are exact and their order does not matter, so a score is the same on every machine. And
//! since numbers pass through half precision before anything else, a vector read back from its row has the same code.

use half::f16;

use super::wide;
use crate::model::UnitVector;

/// The largest whole number in a code.
const LARGEST: f32 = 127.0;
/// And in a question.
const LARGEST_ASKED: f32 = 32_639.0;

/// Numbers in a block, the unit of every loop. With blocks of a fixed length the compiler widens a whole one before it
/// multiplies, and picks the instruction that multiplies and adds pairs: for 384 numbers 23 ns with bare x86-64, 10 with AVX2.
pub(super) const BLOCK: usize = 32;

/// How many blocks of products of a code's number and a question's surely add up in 32 bits: 127 · 32,639 · 512 < 2^31.
const EXACT_BLOCKS: usize = 512 / BLOCK;

/// Some numbers of a code; zeros fill the last block.
pub(super) type Bytes = [i8; BLOCK];

/// A vector in a byte a number, each a multiple of `scale`.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) scale: f32,
    pub(super) numbers: Vec<Bytes>,
}

impl Code {
    pub(super) fn of(vector: &UnitVector) -> Self {
        let (numbers, scale) = whole_numbers(&rounded(vector), LARGEST);
        // At most LARGEST in size.
        #[expect(clippy::cast_possible_truncation)]
        let byte = |number: i16| number as i8;
        Self { scale, numbers: numbers.into_iter().map(|block| block.map(byte)).collect() }
    }
}

/// A vector to compare codes with.
#[derive(Clone, Debug)]
pub(super) struct Query {
    numbers: Vec<[i16; BLOCK]>,
    scale: f32,
    dimension: usize,
}

impl Query {
    pub(super) fn of(vector: &UnitVector) -> Self {
        let (numbers, scale) = whole_numbers(vector.as_slice(), LARGEST_ASKED);
        Self { numbers, scale, dimension: vector.dimension() }
    }

    /// Its numbers, as multiples of [`scale`](Self::scale).
    pub(super) fn numbers(&self) -> &[i16] {
        self.numbers.as_flattened().get(..self.dimension).unwrap_or_default()
    }

    pub(super) fn scale(&self) -> f32 {
        self.scale
    }

    /// The cosine with a code, within [-1, 1].
    pub(super) fn cosine(&self, scale: f32, code: &[Bytes]) -> f32 {
        (dot(code, &self.numbers) as f32 * scale * self.scale).clamp(-1.0, 1.0)
    }
}

/// The sum of products, exact.
fn dot(code: &[Bytes], numbers: &[[i16; BLOCK]]) -> i64 {
    let exact = code.chunks(EXACT_BLOCKS).zip(numbers.chunks(EXACT_BLOCKS));
    exact.map(|(a, b)| i64::from(wide::dot(a, b))).sum()
}

/// The sum of products of two codes, exact.
pub(super) fn dot_codes(a: &[Bytes], b: &[Bytes]) -> i64 {
    a.chunks(EXACT_BLOCKS).zip(b.chunks(EXACT_BLOCKS)).map(|(a, b)| i64::from(dot_codes_exact(a, b))).sum()
}

// Kept whole, since the instructions chosen for it change with what it is inlined into.
#[inline(never)]
fn dot_codes_exact(a: &[Bytes], b: &[Bytes]) -> i32 {
    a.iter().zip(b).map(|(a, b)| products(&a.map(i16::from), &b.map(i16::from))).sum()
}

fn products(a: &[i16; BLOCK], b: &[i16; BLOCK]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// The sum of products of at most [`EXACT_BLOCKS`]. Compiled within each of its callers in `wide`, for their instructions.
#[inline(always)]
#[expect(clippy::inline_always)]
pub(super) fn sum_of_products(code: &[Bytes], numbers: &[[i16; BLOCK]]) -> i32 {
    let mut sum = 0;
    for (a, b) in code.iter().zip(numbers) {
        for (&a, &b) in a.iter().zip(b) {
            sum += i32::from(a) * i32::from(b);
        }
    }
    sum
}

/// The numbers as they would be after being stored in half precision.
fn rounded(vector: &UnitVector) -> Vec<f32> {
    vector.as_slice().iter().map(|&x| f16::from_f32(x).to_f32()).collect()
}

/// Whole numbers up to `limit`, and the scale that takes them back.
fn whole_numbers(values: &[f32], limit: f32) -> (Vec<[i16; BLOCK]>, f32) {
    let largest = values.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let scale = largest.max(f32::MIN_POSITIVE) / limit;
    let mut numbers = vec![[0; BLOCK]; values.len().div_ceil(BLOCK)];
    for (number, x) in numbers.as_flattened_mut().iter_mut().zip(values) {
        // At most the limit in size, since no number is larger than the largest.
        #[expect(clippy::cast_possible_truncation)]
        let whole = (x / scale).round().clamp(-limit, limit) as i16;
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
            prop_assert!((query.cosine(code.scale, &code.numbers) - exact).abs() < 2e-3);
        }

        #[test]
        fn a_vector_read_back_from_its_row_has_the_same_code(values in prop::collection::vec(-1.0_f32..1.0, 384)) {
            let Some(fresh) = vector(values) else { return Ok(()) };
            let Some(stored) = vector(rounded(&fresh)) else { return Ok(()) };
            let (fresh, stored) = (Code::of(&fresh), Code::of(&stored));
            prop_assert_eq!((fresh.numbers, fresh.scale), (stored.numbers, stored.scale));
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        for values in [vec![1.0], vec![-1.0; 4096], vec![f32::MAX, f32::MIN_POSITIVE, -0.0]] {
            let vector = vector(values).unwrap();
            let (code, query) = (Code::of(&vector), Query::of(&vector));
            assert!((query.cosine(code.scale, &code.numbers) - 1.0).abs() < 5e-3);
        }
    }
}
