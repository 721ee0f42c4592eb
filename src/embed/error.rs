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
    #[error("cannot load ONNX Runtime: {reason} ({advice})")]
    RuntimeLoad { reason: String, advice: &'static str },
    #[error("cannot start ONNX Runtime")]
    RuntimeStart(#[source] ort::Error),
    #[error("cannot open the embedding model {model}")]
    Open { model: String, source: fastembed::Error },
    #[error("the embedding model {model} failed on a text of {bytes} bytes")]
    Run { model: String, bytes: usize, source: fastembed::Error },
    #[error("cannot open the reader: {reason}")]
    OpenReader { reason: String },
    #[error("the reader failed on a passage of {bytes} bytes: {reason}")]
    Read { bytes: usize, reason: String },
    #[error("the reader stopped while it read")]
    ReaderStopped,
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
        let message = error.to_string();
        match error {
            E::AssetsMissing | E::AssetsBroken { .. } => Self::new(ErrorKind::AssetsMissing, message),
            E::Folder { .. } | E::RuntimeLoad { .. } => Self::new(ErrorKind::Io, message),
            E::FolderFile { source, .. } | E::RuntimeFile(source) => {
                Self::new(ErrorKind::Io, message).caused_by(source)
            }
            E::RuntimeStart(source) => Self::new(ErrorKind::Internal, message).caused_by(source),
            E::Open { source, .. } | E::Run { source, .. } => Self::new(ErrorKind::Internal, message).caused_by(source),
            E::NoDirection { source, .. } => Self::new(ErrorKind::Internal, message).caused_by(source),
            E::Dimension { .. } | E::OpenReader { .. } | E::Read { .. } | E::ReaderStopped => {
                Self::new(ErrorKind::Internal, message)
            }
        }
    }
}
