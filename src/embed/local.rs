//! An embedding model that runs on this machine's processor.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;

use fastembed::{InitOptionsUserDefined, TextEmbedding, UserDefinedEmbeddingModel};
use ort::ep;

use super::error::EmbedError;
use super::files::ModelFiles;
use super::pool::{Lane, Pool};
use super::reader::LocalReader;
use super::runtime;
use super::{Embedder, Reader};
use crate::error::Result;
use crate::model::{ModelIdentity, Pooling, UnitVector};

/// How much of the machine a model may use.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LocalOptions {
    /// Passages embedded at the same time, each on one thread. Every session costs about 34 MiB; they are opened when
    /// they are needed, and one more for questions once a question had to wait.
    pub passages: NonZeroUsize,
}

impl Default for LocalOptions {
    /// One passage a core, two at most: two on one thread each do more than one on two.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { passages: cores.min(NonZeroUsize::MIN.saturating_add(1)) }
    }
}

/// A model in the binary or in a folder. The same text gives the same vector, bit for bit, on the same kind of processor.
pub struct LocalModel {
    identity: ModelIdentity,
    query_prefix: String,
    passage_prefix: String,
    pool: Pool<TextEmbedding, EmbedError>,
    /// The built-in one, whichever model embeds; none in a build without.
    reader: Option<LocalReader>,
}

impl LocalModel {
    /// Opens the model in this binary; takes about 0.3 s.
    ///
    /// # Errors
    /// [`crate::ErrorKind::AssetsMissing`] when it was built without; [`crate::ErrorKind::Io`] when this system cannot
    /// load ONNX Runtime.
    pub fn built_in(options: LocalOptions) -> Result<Self> {
        Ok(Self::open(ModelFiles::built_in()?, options)?)
    }

    /// Opens the model in a folder, and tries it on one text.
    ///
    /// The folder holds `mnemon-model.json` with `name`, `dimension`, `pooling` (`mean` or `cls`), `max_tokens`, `onnx`
    /// (the model's file name) and, where the model wants them, `query_prefix` and `passage_prefix`; that ONNX file;
    /// `tokenizer.json`, `config.json`, `special_tokens_map.json` and `tokenizer_config.json`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] when a file is missing or not what it should be.
    pub fn from_folder(folder: &Path, options: LocalOptions) -> Result<Self> {
        let unusable = |error: EmbedError| match error {
            EmbedError::Open { source, .. } => {
                EmbedError::folder(folder, format!("the model cannot be opened: {source}"))
            }
            EmbedError::Run { source, .. } => EmbedError::folder(folder, format!("the model does not run: {source}")),
            EmbedError::Dimension { got, expected, .. } => {
                EmbedError::folder(folder, format!("the model gives {got} numbers, mnemon-model.json says {expected}"))
            }
            other => other,
        };
        let model = Self::open(ModelFiles::folder(folder)?, options).map_err(unusable)?;
        model.embed(Lane::Query, "a text to try it on").map_err(unusable)?;
        Ok(model)
    }

    fn open(files: ModelFiles, options: LocalOptions) -> Result<Self, EmbedError> {
        let manifest = files.manifest().clone();
        let identity = ModelIdentity {
            name: manifest.name,
            sha256: files.onnx_hash(),
            dimension: manifest.dimension,
            pooling: manifest.pooling,
        };
        let pool = Pool::new(options.passages.get(), move || open_session(&files))?;
        let reader = LocalReader::built_in().ok();
        Ok(Self {
            identity,
            query_prefix: manifest.query_prefix,
            passage_prefix: manifest.passage_prefix,
            pool,
            reader,
        })
    }

    fn embed(&self, lane: Lane, text: &str) -> Result<UnitVector, EmbedError> {
        let (model, bytes) = (|| self.identity.name.clone(), text.len());
        let mut vectors = self.pool.take(lane)?.embed([text], None).map_err(|source| EmbedError::Run {
            model: model(),
            bytes,
            source,
        })?;
        let values = vectors.pop().unwrap_or_default();
        if values.len() != self.identity.dimension {
            let (got, expected) = (values.len(), self.identity.dimension);
            return Err(EmbedError::Dimension { model: model(), got, expected });
        }
        UnitVector::normalise(values).map_err(|source| EmbedError::NoDirection { model: model(), bytes, source })
    }
}

impl Embedder for LocalModel {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn embed_passage(&self, text: &str) -> Result<UnitVector> {
        Ok(self.embed(Lane::Passage, &prefixed(&self.passage_prefix, text))?)
    }

    fn embed_query(&self, text: &str) -> Result<UnitVector> {
        Ok(self.embed(Lane::Query, &prefixed(&self.query_prefix, text))?)
    }

    fn reader(&self) -> Option<&dyn Reader> {
        self.reader.as_ref().map(|reader| reader as &dyn Reader)
    }
}

impl fmt::Debug for LocalModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalModel").field("identity", &self.identity).finish_non_exhaustive()
    }
}

fn prefixed<'a>(prefix: &str, text: &'a str) -> Cow<'a, str> {
    if prefix.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(format!("{prefix}{text}")) }
}

fn open_session(files: &ModelFiles) -> Result<TextEmbedding, EmbedError> {
    let environment = runtime::environment()?;
    let manifest = files.manifest();
    let pooling = match manifest.pooling {
        Pooling::Mean => fastembed::Pooling::Mean,
        Pooling::Cls => fastembed::Pooling::Cls,
    };
    let model = UserDefinedEmbeddingModel::new(files.onnx()?, files.tokenizer()?).with_pooling(pooling);
    let options = InitOptionsUserDefined::new()
        .with_environment(environment)
        .with_max_length(manifest.max_tokens)
        .with_intra_threads(1)
        .with_execution_providers([ep::CPU::default().with_arena_allocator(false).build()].to_vec())
        .with_session_config("session.intra_op.allow_spinning", "0");
    TextEmbedding::try_new_from_user_defined(model, options)
        .map_err(|source| EmbedError::Open { model: manifest.name.clone(), source })
}
