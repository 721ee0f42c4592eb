//! The two loops that a search spends its time in, with the widest instructions that the machine has.
//!
//! Each is written once, where it belongs, and compiled here again for processors with AVX2 or AVX-512. The answer is the same
//! everywhere: sums are of whole numbers, in any order. Which one runs is asked when it runs.
//!
//! This is the only file of the library with `unsafe` in it, for two things: calling a function that was compiled for
//! instructions which the line before has found, and asking for memory early. All memory is read and written through slices.

use super::code::{BLOCK, Bytes, sum_of_products};
use super::sketch::{Groups, LANES, SketchQuery, estimate_groups};

/// The sum of products of at most 16 blocks.
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "the instructions are looked for first"))]
pub(super) fn dot(code: &[Bytes], numbers: &[[i16; BLOCK]]) -> i32 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the machine has what the function was compiled for.
        return unsafe { x86::dot(code, numbers) };
    }
    sum_of_products(code, numbers)
}

/// Estimates the vectors of some groups, in buckets.
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "the instructions are looked for first"))]
pub(super) fn estimates(groups: Groups<'_>, query: &SketchQuery, buckets: &mut [[u16; LANES]]) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512vpopcntdq")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
        {
            // SAFETY: the machine has what the function was compiled for.
            return unsafe { x86::estimates_by_512(groups, query, buckets) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
            // SAFETY: the machine has what the function was compiled for.
            return unsafe { x86::estimates_by_256(groups, query, buckets) };
        }
    }
    estimate_groups(groups, query, buckets);
}

/// Asks for a code to be brought near, which takes as long as scoring several, while others are scored.
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "the instruction takes an address"))]
pub(super) fn fetch(code: &[Bytes]) {
    #[cfg(target_arch = "x86_64")]
    for line in code.chunks(LINE / BLOCK) {
        // SAFETY: this is a hint about an address, here a slice's; it reads nothing and cannot fail.
        unsafe { std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = code;
}

/// Bytes that are brought near at once.
#[cfg(target_arch = "x86_64")]
const LINE: usize = 64;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{BLOCK, Bytes, Groups, LANES, SketchQuery, estimate_groups, sum_of_products};

    #[target_feature(enable = "avx2")]
    pub(super) fn dot(code: &[Bytes], numbers: &[[i16; BLOCK]]) -> i32 {
        sum_of_products(code, numbers)
    }

    #[target_feature(enable = "avx512vpopcntdq,avx512dq,avx512vl,avx512bw")]
    pub(super) fn estimates_by_512(groups: Groups<'_>, query: &SketchQuery, buckets: &mut [[u16; LANES]]) {
        estimate_groups(groups, query, buckets);
    }

    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn estimates_by_256(groups: Groups<'_>, query: &SketchQuery, buckets: &mut [[u16; LANES]]) {
        estimate_groups(groups, query, buckets);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::UnitVector;
    use crate::vector::code::Query;

    proptest! {
        #[test]
        fn every_machine_multiplies_alike(
            code in prop::collection::vec(any::<[i8; BLOCK]>(), 0..16),
            numbers in prop::collection::vec(prop::array::uniform32(-32_639..=32_639_i16), 0..16),
        ) {
            let n = code.len().min(numbers.len());
            prop_assert_eq!(dot(&code[..n], &numbers[..n]), sum_of_products(&code[..n], &numbers[..n]));
        }

        #[test]
        fn every_machine_estimates_alike(
            groups in prop::collection::vec(any::<[u64; LANES]>(), 12),
            gains in prop::collection::vec(prop::array::uniform8(0.0..0.2_f32), 12),
            question in prop_oneof![prop::collection::vec(-1.0..1.0_f32, 1..200), prop::collection::vec(-1.0..1.0_f32, 384)],
        ) {
            let Ok(vector) = UnitVector::normalise(question) else { return Ok(()) };
            let query = SketchQuery::of(&Query::of(&vector));
            let mut buckets = [[[0; LANES]; 12]; 2];
            let [here, plainly] = &mut buckets;
            let groups = Groups { signs: &groups, gains: &gains };
            estimates(groups, &query, here);
            estimate_groups(groups, &query, plainly);
            prop_assert_eq!(here, plainly);
        }
    }
}
