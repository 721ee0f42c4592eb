//! Nearest neighbours by cosine.
//!
//! [`VectorIndex`] scans exactly, over one byte a number, until there are too many vectors for that; then a graph finds
//! candidates. Whatever finds a candidate, its score is the same: two bytes a number, multiplied as integers.
//!
//! Figures for 384 numbers and ten hits: one thread, plain x86-64 instructions, clustered vectors, the fastest of 200 searches on
//! a machine that was busy with other work.
//!
//! | vectors | exact scan | graph | its recall | its build |
//! |---|---|---|---|---|
//! | 1,000 | 0.05 ms | | | |
//! | 20,000 | 1.1 ms | 1.6 ms | 1.000 | 379 s |
//! | 50,000 | 3.4 ms | not measured | | |
//! | 100,000 | 10 ms | not measured | | |
//!
//! A vector takes 800 bytes for the scan, and 3,500 more in the graph. The scan's time grows with the number of vectors and the
//! graph's hardly, so they should cross between 20,000 and 50,000. But a graph takes milliseconds to learn of a vector, minutes
//! after every load. So it starts at 100,000, a choice rather than a measured crossing.
//!
//! This room is the only one that names `hnsw_rs`. It takes [`UnitVector`](crate::model::UnitVector)s only, so no score is
//! ever a `NaN`.

mod check;
mod code;
mod flat;
mod graph;
mod index;
mod sketch;
#[cfg(test)]
mod tests;
mod wide;

pub use crate::model::Hit;
pub use check::BrokenIndex;
pub use index::{Effort, VectorIndex};
