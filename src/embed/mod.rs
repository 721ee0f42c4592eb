//! Text → unit vector, and question and passage → the words that answer; on the machine itself.
//!
//! The only room that names fastembed and ONNX Runtime. It opens no connection and never embeds two texts in one call:
//! with a dynamically quantised model a vector would depend on its neighbours in the batch.
//!
//! [`LocalModel`] is the embedder: a model's files (`files.rs`: in the binary, or a folder of the operator's), opened in
//! a few sessions (`pool.rs`) on the one runtime of the process (`runtime.rs`). How the built-in model is made:
//! `assets/README.md`. [`LocalReader`] (`reader.rs`) is the reader, in sessions of its own.

mod builtin;
mod bulk;
mod error;
mod files;
mod local;
mod manifest;
mod pool;
mod priority;
mod reader;
mod runtime;
mod section;
#[cfg(test)]
mod tests;

use crate::error::Result;
use crate::model::{Marked, ModelIdentity, UnitVector};

pub(crate) use bulk::embed_all;
pub use local::{LocalModel, LocalOptions};
pub(crate) use priority::stand_back;
pub use reader::LocalReader;

/// Turns text into vectors. Calls may come from many threads at once.
pub trait Embedder: Send + Sync {
    /// Which model this is; stored with the data.
    fn identity(&self) -> &ModelIdentity;

    /// The vector of something to be found. Text beyond the model's longest input is left out of account.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] when the model fails.
    fn embed_passage(&self, text: &str) -> Result<UnitVector>;

    /// The vector of a question. Goes ahead of waiting passages.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] when the model fails.
    fn embed_query(&self, text: &str) -> Result<UnitVector>;

    /// The model that reads passages, where there is one beside it.
    fn reader(&self) -> Option<&dyn Reader> {
        None
    }
}

/// Reads two texts together: marks the words of a passage that answer a question, and tells whether a statement makes an older one
/// untrue. Calls may come from many threads at once.
pub trait Reader: Send + Sync {
    /// For each passage the words that answer best, and how surely; none when it has no words.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] when the model fails.
    fn read(&self, question: &str, passages: &[&str]) -> Result<Vec<Option<Marked>>>;

    /// For each of the older statements how probable it is that the newer one makes it untrue.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] when the model fails.
    fn outdates(&self, newer: &str, older: &[&str]) -> Result<Vec<f32>>;
}
