//! What can go wrong between a model's files and a vector, and what the caller must do about each.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::model::NotAUnitVector;

#[derive(Debug, thiserror::Error)]
pub(super) enum EmbedError {
    #[error("this build has no embedding model and no ONNX Runtime in it: run `make assets`, then build again")]
    AssetsMissing,
    #[error("the built-in model's {what} is not what `make assets` writes: run it again, then build again ({reason})")]
    AssetsBroken { what: &'static str, reason: String },
    #[error("model folder {folder}: {what} cannot be read; a model folder holds {MODEL_FOLDER_HOLDS}")]
    FolderFile { folder: PathBuf, what: String, source: std::io::Error },
    #[error("model folder {folder}: {what}")]
    Folder { folder: PathBuf, what: String },
    #[error("cannot put ONNX Runtime where the system's loader finds it")]
    RuntimeFile(#[source] std::io::Error),
    #[error("cannot load ONNX Runtime: {hint}")]
    RuntimeLoad { hint: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("cannot start ONNX Runtime")]
    RuntimeStart(#[source] ort::Error),
    #[error("cannot open the embedding model {model}")]
    Open { model: String, source: fastembed::Error },
    #[error("the embedding model {model} failed on a text of {bytes} bytes")]
    Run { model: String, bytes: usize, source: fastembed::Error },
    #[error("the embedding model {model} gave no usable vector for a text of {bytes} bytes")]
    NoDirection { model: String, bytes: usize, source: NotAUnitVector },
    #[error("the embedding model {model} gave {got} numbers, expected {expected}")]
    Dimension { model: String, got: usize, expected: usize },
}

const MODEL_FOLDER_HOLDS: &str = "mnemon-model.json, the ONNX file that it names, tokenizer.json, config.json, \
                                  special_tokens_map.json and tokenizer_config.json";

impl EmbedError {
    pub(super) fn folder(folder: &Path, what: impl Into<String>) -> Self {
        Self::Folder { folder: folder.to_owned(), what: what.into() }
    }
}

impl From<EmbedError> for Error {
    fn from(error: EmbedError) -> Self {
        use EmbedError as E;
        let kind = match &error {
            E::AssetsMissing | E::AssetsBroken { .. } => ErrorKind::AssetsMissing,
            E::FolderFile { .. } | E::Folder { .. } | E::RuntimeFile(_) | E::RuntimeLoad { .. } => ErrorKind::Io,
            E::RuntimeStart(_) | E::Open { .. } | E::Run { .. } | E::NoDirection { .. } | E::Dimension { .. } => {
                ErrorKind::Internal
            }
        };
        Self::new(kind, error.to_string()).caused_by(error)
    }
}
