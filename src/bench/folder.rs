//! Data folders of filled profiles: made once, and used again when they are kept.
//!
//! A folder is filled under another name and gets its own when it is whole, so that a run that was stopped half-way leaves
//! nothing that looks finished.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::material::Material;
use super::report::Fill;
use crate::embed::Embedder;
use crate::engine::{Engine, EngineOptions, ProfileAddress};
use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::MESSAGES_PER_INGEST;
use crate::model::{AccountId, NamespaceName, ProfileName, hex};

/// In a filled folder: what is in it.
const MANIFEST: &str = "bench.json";

/// A filled folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Filled {
    /// The model that embedded it.
    model: String,
    /// Active memories.
    pub(super) memories: u64,
    pub(super) messages: u64,
    pub(super) fill: Fill,
}

/// What a folder is filled with.
pub(super) struct Wanted<'a> {
    pub(super) material: &'a Material,
    /// Memories; none for all that the material has.
    pub(super) memories: Option<u64>,
    pub(super) embedder: &'a Arc<dyn Embedder>,
}

impl Wanted<'_> {
    /// The folder's name within that of all.
    fn name(&self) -> String {
        match self.memories {
            Some(memories) => format!("{}-{memories}", self.material.name()),
            None => self.material.name(),
        }
    }

    /// Finds the folder in `within`, or fills it. `heard` is told how many memories there are.
    ///
    /// # Errors
    /// `Io`; whatever the engine fails with.
    pub(super) fn folder(&self, within: &Path, heard: &dyn Fn(u64)) -> Result<(PathBuf, Filled)> {
        let folder = within.join(self.name());
        let model = self.embedder.identity();
        let model = format!("{} {}", model.name, hex(&model.sha256));
        if let Some(filled) = read(&folder).filter(|filled| filled.model == model) {
            return Ok((folder, filled));
        }
        if folder.exists() {
            let message = format!("{} was not filled by this model or not by a bench: remove it", folder.display());
            return Err(Error::new(ErrorKind::Io, message));
        }
        let part = within.join(format!("{}.part", self.name()));
        if part.exists() {
            fs_err::remove_dir_all(&part).map_err(io_error)?;
        }
        let filled = Filled { model, ..self.fill(&part, heard)? };
        let manifest = serde_json::to_vec_pretty(&filled).map_err(|error| io_error(error.into()))?;
        fs_err::write(part.join(MANIFEST), manifest).map_err(io_error)?;
        fs_err::rename(&part, &folder).map_err(io_error)?;
        Ok((folder, filled))
    }

    fn fill(&self, folder: &Path, heard: &dyn Fn(u64)) -> Result<Filled> {
        let engine = Engine::open(EngineOptions::new(folder, Arc::clone(self.embedder)))?;
        let at = address()?;
        engine.create_namespace(&at.account, &at.namespace)?;
        let began = Instant::now();
        let (mut memories, mut messages, mut number) = (0, 0, 0);
        while self.memories.is_none_or(|wanted| memories < wanted) {
            let Some((session, said)) = self.material.talk(number)? else { break };
            for some in said.chunks(MESSAGES_PER_INGEST) {
                let report = engine.ingest(&at, Some(&session), some)?;
                messages += report.messages_added as u64;
                memories = (memories + report.memories_added as u64).saturating_sub(report.memories_superseded as u64);
            }
            number += 1;
            heard(memories);
        }
        let seconds = began.elapsed().as_secs_f64();
        engine.close()?;
        let fill = Fill { seconds, messages_per_second: messages as f64 / seconds.max(1e-9) };
        Ok(Filled { model: String::new(), memories, messages, fill })
    }
}

/// The one profile of a filled folder.
pub(super) fn address() -> Result<ProfileAddress> {
    Ok(ProfileAddress {
        account: AccountId::parse("local")?,
        namespace: NamespaceName::parse("bench")?,
        profile: ProfileName::parse("one")?,
    })
}

fn read(folder: &Path) -> Option<Filled> {
    serde_json::from_slice(&fs_err::read(folder.join(MANIFEST)).ok()?).ok()
}

pub(super) fn io_error(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string()).caused_by(error)
}
