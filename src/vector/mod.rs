//! Nearest neighbours by cosine.
//!
//! [`VectorIndex`] scans exactly, over one byte a number, until there are too many vectors for that; then a graph finds
//! candidates. Whatever finds a candidate, its score is the same: two bytes a number, multiplied as integers.
//!
//! This room is the only one that names `hnsw_rs`. It takes [`UnitVector`](crate::model::UnitVector)s only, so no score is
//! ever a `NaN`.

mod check;
mod code;
mod flat;
mod graph;
mod index;
#[cfg(test)]
mod tests;

pub use crate::model::Hit;
pub use check::BrokenIndex;
pub use index::{Effort, VectorIndex};
