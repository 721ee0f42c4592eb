//! Options that several commands share.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::backend::{self, Backend};
use super::failure::{Exit, Failure};
use crate::embed::{Embedder, LocalModel, LocalOptions};
use crate::engine::{Engine, EngineOptions, ProfileAddress};
use crate::ingest::ExtractOptions;
use crate::model::{AccountId, NamespaceName, ProfileName};

const DEFAULT_DATA: &str = "mnemon-data";

/// A data folder, for commands that need no model.
#[derive(Args)]
pub(crate) struct DataFolder {
    // Not clap's `env`: a folder in the environment must not conflict with a `--url` on the command line.
    #[arg(
        long,
        value_name = "DIR",
        help_heading = "Where",
        help = "Data folder [env: MNEMON_DATA] [default: mnemon-data]"
    )]
    data: Option<PathBuf>,
}

/// A data folder and its model, for commands that work on nothing else.
#[derive(Args)]
pub(crate) struct Folder {
    #[command(flatten)]
    data: DataFolder,

    #[command(flatten)]
    pub(crate) model: Model,
}

/// A data folder or a server, for what reads everything of either.
#[derive(Args)]
pub(crate) struct Origin {
    /// A running server instead of a data folder; its token is read from `MNEMON_API_TOKEN`
    #[arg(long, value_name = "URL", conflicts_with = "data", help_heading = "Where")]
    url: Option<String>,

    #[command(flatten)]
    data: DataFolder,
}

/// A data folder or a server, for what is kept about the whole of either.
#[derive(Args)]
pub(crate) struct Site {
    /// A running server instead of a data folder; its token is read from `MNEMON_API_TOKEN`
    #[arg(long, value_name = "URL", conflicts_with = "data", help_heading = "Where")]
    url: Option<String>,

    #[command(flatten)]
    folder: Folder,
}

/// Which embedding model.
#[derive(Args)]
pub(crate) struct Model {
    /// Folder of another embedding model than the built-in one
    #[arg(long, value_name = "DIR", env = "MNEMON_MODEL_DIR", hide_env_values = true, help_heading = "Where")]
    pub(crate) model_dir: Option<PathBuf>,
}

/// Whether secrets become memories.
#[derive(Args)]
pub(crate) struct Secrets {
    /// Let what looks like a password, a key or a card number into memories; else only the messages have it
    #[arg(long, env = "MNEMON_KEEP_SECRETS", hide_env_values = true, value_parser = BoolishValueParser::new())]
    keep_secrets: bool,
}

impl Secrets {
    pub(crate) fn extract(&self) -> ExtractOptions {
        ExtractOptions { keep_secrets: self.keep_secrets }
    }
}

/// The same for a command that may work on a server, which has its own setting.
#[derive(Args)]
pub(crate) struct LocalSecrets {
    // Not clap's `env`: what is in the environment must not conflict with a `--url` on the command line.
    #[arg(
        long,
        conflicts_with = "url",
        help = "Let what looks like a password, a key or a card number into memories; else only the messages have it [env: MNEMON_KEEP_SECRETS]"
    )]
    keep_secrets: bool,
}

impl LocalSecrets {
    pub(crate) fn extract(&self) -> ExtractOptions {
        let set = |value: String| matches!(value.to_lowercase().as_str(), "1" | "true" | "yes" | "on" | "y" | "t");
        ExtractOptions { keep_secrets: self.keep_secrets || std::env::var("MNEMON_KEEP_SECRETS").is_ok_and(set) }
    }
}

/// A data folder or a server, and an account in it.
#[derive(Args)]
pub(crate) struct Target {
    /// A running server instead of a data folder; its token is read from `MNEMON_API_TOKEN`
    #[arg(long, value_name = "URL", conflicts_with = "data", help_heading = "Where")]
    url: Option<String>,

    #[command(flatten)]
    folder: Folder,

    /// Account
    #[arg(long, value_name = "ID", env = "MNEMON_ACCOUNT", hide_env_values = true, default_value = "local",
          value_parser = AccountId::parse, help_heading = "Where")]
    pub(crate) account: AccountId,
}

/// A namespace, by the way it is mostly used.
#[derive(Args)]
pub(crate) struct InNamespace {
    #[command(flatten)]
    pub(crate) target: Target,

    /// Namespace
    #[arg(short, long, value_name = "NAME", env = "MNEMON_NAMESPACE", hide_env_values = true,
          default_value = "default", value_parser = NamespaceName::parse, help_heading = "Where")]
    pub(crate) namespace: NamespaceName,
}

/// A profile.
#[derive(Args)]
pub(crate) struct InProfile {
    #[command(flatten)]
    pub(crate) within: InNamespace,

    /// Profile
    #[arg(short, long, value_name = "NAME", env = "MNEMON_PROFILE", hide_env_values = true,
          default_value = "default", value_parser = ProfileName::parse, help_heading = "Where")]
    profile: ProfileName,
}

/// Whether a command may make the data folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It writes: a first write has to start somewhere.
    Create,
    /// It only reads: a folder that is not there is a mistake.
    Refuse,
}

impl InProfile {
    pub(crate) fn open(&self, missing: Missing) -> Result<Box<dyn Backend>, Failure> {
        self.within.target.open(missing)
    }

    /// The same for a command that makes memories of conversations.
    pub(crate) fn open_to_ingest(&self, secrets: &LocalSecrets) -> Result<Box<dyn Backend>, Failure> {
        self.within.target.open_with(Missing::Create, secrets.extract())
    }

    pub(crate) fn address(&self) -> ProfileAddress {
        self.within.address(self.profile.clone())
    }
}

impl InNamespace {
    pub(crate) fn address(&self, profile: ProfileName) -> ProfileAddress {
        ProfileAddress { account: self.target.account.clone(), namespace: self.namespace.clone(), profile }
    }
}

impl Model {
    /// Opens the model; the built-in one when no other is named.
    pub(crate) fn open(&self) -> Result<Arc<dyn Embedder>, Failure> {
        let options = LocalOptions::default();
        let model = match &self.model_dir {
            Some(folder) => LocalModel::from_folder(folder, options)?,
            None => LocalModel::built_in(options)?,
        };
        Ok(Arc::new(model))
    }
}

impl Target {
    /// Opens the folder or reaches for the server.
    pub(crate) fn open(&self, missing: Missing) -> Result<Box<dyn Backend>, Failure> {
        self.open_with(missing, ExtractOptions::default())
    }

    fn open_with(&self, missing: Missing, extract: ExtractOptions) -> Result<Box<dyn Backend>, Failure> {
        if let Some(url) = &self.url {
            return Ok(Box::new(backend::Remote::new(url, token_from_env())?));
        }
        let options = EngineOptions { extract, ..self.folder.options(missing)? };
        Ok(Box::new(backend::Local::open(options)?))
    }
}

impl Origin {
    /// What the server streams at `path`; nothing when there is a data folder to read instead.
    pub(crate) fn open(&self, path: &str) -> Result<Option<impl Read + use<>>, Failure> {
        let Some(url) = &self.url else { return Ok(None) };
        Ok(Some(backend::stream(url, token_from_env(), path)?))
    }

    /// The data folder, which must be there.
    pub(crate) fn data(&self) -> Result<PathBuf, Failure> {
        self.data.existing(Missing::Refuse)
    }
}

impl Site {
    /// The tokens that are kept there.
    pub(crate) fn tokens(&self, missing: Missing) -> Result<backend::Tokens, Failure> {
        Ok(match &self.url {
            Some(url) => backend::Tokens::remote(url, token_from_env())?,
            None => backend::Tokens::local(self.folder.options(missing)?)?,
        })
    }
}

impl DataFolder {
    /// The data folder, as a command opens it.
    pub(crate) fn existing(&self, missing: Missing) -> Result<PathBuf, Failure> {
        let data = self.path();
        if missing == Missing::Refuse {
            must_be_there(&data)?;
        }
        Ok(data)
    }

    /// The data folder.
    pub(crate) fn path(&self) -> PathBuf {
        let from_env = || std::env::var_os("MNEMON_DATA").filter(|value| !value.is_empty()).map(PathBuf::from);
        self.data.clone().or_else(from_env).unwrap_or_else(|| PathBuf::from(DEFAULT_DATA))
    }
}

impl Folder {
    /// How a command opens it.
    pub(crate) fn options(&self, missing: Missing) -> Result<EngineOptions, Failure> {
        Ok(EngineOptions::new(self.data.existing(missing)?, self.model.open()?))
    }
}

/// The token that a server is asked with, or that one accepts as an administrator's.
pub(crate) fn token_from_env() -> Option<String> {
    std::env::var("MNEMON_API_TOKEN").ok().filter(|token| !token.is_empty())
}

fn must_be_there(data: &Path) -> Result<(), Failure> {
    if Engine::has_data(data) {
        return Ok(());
    }
    let message = if data.is_dir() {
        format!("the folder `{}` has no data of Mnemon", data.display())
    } else {
        format!("there is no data folder `{}`", data.display())
    };
    Err(Failure::said("data_folder_not_found", Exit::NotFound, message)
        .hint("name it with `--data DIR`; `mnemon serve`, `ingest` and `remember` make one"))
}
