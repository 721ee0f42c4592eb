//! Where a model's files come from: the binary itself, or a folder of the operator's (`--model-dir`).

use std::io::Read;
use std::path::{Path, PathBuf};

use fastembed::TokenizerFiles;
use sha2::{Digest, Sha256};

use super::builtin::{self, Assets};
use super::error::EmbedError;
use super::manifest::Manifest;
use super::section;

/// The name of the file that makes a folder a model folder.
const MANIFEST: &str = "mnemon-model.json";

/// One model's files. They are read again for every session: kept in between, they would cost their size in memory.
pub(super) struct ModelFiles {
    source: Source,
    manifest: Manifest,
    onnx_hash: [u8; 32],
}

enum Source {
    BuiltIn(&'static Assets),
    Folder(PathBuf),
}

impl ModelFiles {
    pub(super) fn built_in() -> Result<Self, EmbedError> {
        let assets = builtin::assets()?;
        let manifest = Manifest::parse(assets.manifest.as_bytes())
            .map_err(|reason| EmbedError::AssetsBroken { what: MANIFEST, reason })?;
        Ok(Self { source: Source::BuiltIn(assets), manifest, onnx_hash: assets.onnx_hash()? })
    }

    pub(super) fn folder(folder: &Path) -> Result<Self, EmbedError> {
        let text = read(folder, MANIFEST)?;
        let manifest = Manifest::parse(&text)
            .map_err(|reason| EmbedError::folder(folder, format!("{MANIFEST} is not usable: {reason}")))?;
        let onnx_hash = Sha256::digest(read(folder, &manifest.onnx)?).into();
        Ok(Self { source: Source::Folder(folder.to_owned()), manifest, onnx_hash })
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of the ONNX file.
    pub(super) fn onnx_hash(&self) -> [u8; 32] {
        self.onnx_hash
    }

    /// The ONNX file; an error when it is no longer the one that was opened.
    pub(super) fn onnx(&self) -> Result<Vec<u8>, EmbedError> {
        let folder = match &self.source {
            Source::BuiltIn(assets) => {
                let mut onnx = Vec::with_capacity(assets.onnx.len());
                section::reader(assets.onnx)
                    .read_to_end(&mut onnx)
                    .map_err(|error| EmbedError::AssetsBroken { what: "model.onnx", reason: error.to_string() })?;
                return Ok(onnx);
            }
            Source::Folder(folder) => folder,
        };
        let onnx = read(folder, &self.manifest.onnx)?;
        if <[u8; 32]>::from(Sha256::digest(&onnx)) == self.onnx_hash {
            Ok(onnx)
        } else {
            Err(EmbedError::folder(folder, format!("{} was replaced while it was in use: restart", self.manifest.onnx)))
        }
    }

    pub(super) fn tokenizer(&self) -> Result<TokenizerFiles, EmbedError> {
        Ok(match &self.source {
            Source::BuiltIn(assets) => TokenizerFiles {
                tokenizer_file: assets.tokenizer.to_vec(),
                config_file: assets.config.to_vec(),
                special_tokens_map_file: assets.special_tokens_map.to_vec(),
                tokenizer_config_file: assets.tokenizer_config.to_vec(),
            },
            Source::Folder(folder) => TokenizerFiles {
                tokenizer_file: read(folder, "tokenizer.json")?,
                config_file: read(folder, "config.json")?,
                special_tokens_map_file: read(folder, "special_tokens_map.json")?,
                tokenizer_config_file: read(folder, "tokenizer_config.json")?,
            },
        })
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, EmbedError> {
    fs_err::read(folder.join(name)).map_err(|source| EmbedError::FolderFile {
        folder: folder.to_owned(),
        what: name.to_owned(),
        source,
    })
}
