//! Linear classifiers of statements, and how they are trained: multinomial logistic regression.
//!
//! A statement is seen in three ways: what the rules say of it, its words (`features.rs`), and the vector it has anyway,
//! for words nobody wrote down. What is learnt is a table that people can read (`weights.rs`); the same examples and
//! vectors give the same table (`fit.rs`). `types` and `worth` each have a classifier of their own.
//!
//! Vectors of another embedding model mean nothing to a classifier: there it reads rules and words alone, with weights of
//! their own.

mod examples;
mod features;
mod fit;
mod weights;

pub use examples::Example;
pub(super) use examples::examples;
pub(super) use features::features;
pub(super) use fit::{Point, fit, folds};
pub(super) use weights::{ALWAYS, Weights};

use sha2::{Digest, Sha256};

use crate::model::hex;

/// SHA-256 of examples, in hex.
pub(super) fn digest(table: &str) -> String {
    hex(&Sha256::digest(table.as_bytes()))
}
