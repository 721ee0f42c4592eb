//! Which embedding model made a vector.

use serde::{Deserialize, Serialize};

/// How a model's token vectors become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// The mean of all tokens, padding left out.
    Mean,
    /// The first token.
    Cls,
}

/// An embedding model: vectors of two models that differ in any of these cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelIdentity {
    /// The model's name, for people.
    pub name: String,
    /// SHA-256 of its ONNX file.
    pub sha256: [u8; 32],
    /// Numbers in a vector.
    pub dimension: usize,
    /// How token vectors become one.
    pub pooling: Pooling,
}
