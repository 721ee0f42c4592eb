//! `mnemon serve`: the data folder over HTTP.

use std::io::{self, IsTerminal};
use std::net::{SocketAddr, ToSocketAddrs};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::args::{Folder, Missing, Secrets, token_from_env};
use super::failure::Failure;
use super::output::{Output, colour_wanted};
use super::panics;
use crate::clock::SystemClock;
use crate::engine::{DEFAULT_CACHE_FROM, DEFAULT_INDEX_BUDGET_BYTES, Engine, EngineOptions, TokenSecret};
use crate::http::{ApiOptions, Capacity, Rates, Server, Tls};
use crate::model::ModelIdentity;

const EXAMPLES: &str = "\
Examples:
  mnemon serve
  mnemon serve --data /srv/mnemon --listen 127.0.0.1:9000
  MNEMON_API_TOKEN=$(openssl rand -hex 32) mnemon serve

Clients send `Authorization: Bearer TOKEN`. MNEMON_API_TOKEN is accepted as an
administrator's token; without it, the first start makes one and shows it once.
SIGTERM and SIGINT finish what was accepted and end the server within 10 s.";

/// Serve a data folder over HTTP
///
/// Speaks the API of Cloudflare's Agent Memory. The data folder is made when it is missing.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    /// Address to listen on
    #[arg(
        long,
        value_name = "HOST:PORT",
        env = "MNEMON_LISTEN",
        hide_env_values = true,
        default_value = "127.0.0.1:8787"
    )]
    listen: String,

    /// Listen on an address that other machines can reach, without TLS
    #[arg(long, env = "MNEMON_ALLOW_REMOTE", hide_env_values = true, value_parser = BoolishValueParser::new())]
    allow_remote: bool,

    #[command(flatten)]
    tls: TlsFiles,

    /// Memory for the indexes of recently used profiles, in MiB
    #[arg(long, value_name = "MIB", env = "MNEMON_MEMORY_BUDGET", hide_env_values = true, default_value_t = DEFAULT_INDEX_BUDGET_BYTES >> 20)]
    memory_budget: usize,

    /// Messages and memories from which a profile's index is kept on disk, so that its first recall is quick
    #[arg(long, value_name = "COUNT", env = "MNEMON_CACHE_FROM", hide_env_values = true, default_value_t = DEFAULT_CACHE_FROM)]
    cache_from: usize,

    /// How long a recall waits for the index of a large profile to be loaded, in ms; then it reads the rows nearest to its question instead
    #[arg(long, value_name = "MS", env = "MNEMON_INDEX_WAIT", hide_env_values = true, default_value_t = 500)]
    index_wait: u64,

    #[command(flatten)]
    rates: RateOptions,

    /// How much to log to standard error
    #[arg(long, value_enum, env = "MNEMON_LOG", hide_env_values = true, default_value_t = LogLevel::Info)]
    log_level: LogLevel,

    #[command(flatten)]
    secrets: Secrets,

    #[command(flatten)]
    folder: Folder,
}

/// What the server proves itself with.
#[derive(Args)]
struct TlsFiles {
    /// Speak TLS: a PEM file with the server's certificate, then those between it and the root
    #[arg(long, value_name = "FILE", env = "MNEMON_TLS_CERT", hide_env_values = true, requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// The certificate's private key: a PEM file that nobody else may read
    #[arg(long, value_name = "FILE", env = "MNEMON_TLS_KEY", hide_env_values = true, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl TlsFiles {
    fn read(&self) -> Result<Option<Tls>, Failure> {
        let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) else { return Ok(None) };
        Ok(Some(Tls::from_files(certificate, key)?))
    }
}

/// How often one caller may call; 0 is no limit.
#[derive(Args)]
struct RateOptions {
    /// Requests a minute that one token may make; 0 is no limit
    #[arg(long, value_name = "COUNT", env = "MNEMON_RATE_PER_TOKEN", hide_env_values = true, default_value_t = 0)]
    rate_per_token: u32,

    /// Requests a minute that may come from one address; 0 is no limit. Behind a proxy, all come from its address
    #[arg(long, value_name = "COUNT", env = "MNEMON_RATE_PER_ADDRESS", hide_env_values = true, default_value_t = 0)]
    rate_per_address: u32,

    /// Wrong tokens a minute that may come from one address before others are not looked at; 0 is no limit
    #[arg(long, value_name = "COUNT", env = "MNEMON_FAILED_LOGINS", hide_env_values = true, default_value_t = Rates::FAILED_LOGINS)]
    failed_logins: u32,
}

impl RateOptions {
    fn rates(&self) -> Rates {
        let [token, address, failed_logins] =
            [self.rate_per_token, self.rate_per_address, self.failed_logins].map(NonZeroU32::new);
        Rates { token, address, failed_logins }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Serve {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let listen = self.address()?;
        start_log(self.log_level);
        panics::log_without_words();
        let tls = self.tls.read()?;
        let options = EngineOptions {
            index_budget_bytes: self.memory_budget.saturating_mul(1 << 20),
            cache_from: self.cache_from,
            index_wait: Duration::from_millis(self.index_wait),
            extract: self.secrets.extract(),
            ..self.folder.options(Missing::Create)?
        };
        let (data, model) = (options.data.clone(), options.embedder.identity().clone());
        let engine = Arc::new(Engine::open(options)?);
        // The socket before the token: a token that nobody saw would be lost.
        let server = Server::bind(listen)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let server = tls.into_iter().fold(server, Server::with_tls);
        let admin_token = token_from_env();
        let first_token = if admin_token.is_none() { engine.ensure_first_token()? } else { None };
        let token_from_env = admin_token.is_some();
        Started { url: format!("{scheme}://{}", server.address()?), data, model, first_token, token_from_env }
            .tell(out)?;
        let (capacity, rates) = (Capacity::default(), self.rates.rates());
        server.run(Arc::clone(&engine), ApiOptions { admin_token, clock: Arc::new(SystemClock), capacity, rates })?;
        tracing::info!("stopped");
        match Arc::into_inner(engine) {
            Some(engine) => Ok(engine.close()?),
            // A write whose client hung up is still running; it closes the file when it ends.
            None => Ok(()),
        }
    }

    /// Where to listen; beyond this machine only when that was asked for in so many words.
    fn address(&self) -> Result<SocketAddr, Failure> {
        let wrong = || Failure::usage(format!("`--listen {}` is no address such as `127.0.0.1:8787`", self.listen));
        let address = self.listen.to_socket_addrs().ok().and_then(|mut all| all.next()).ok_or_else(wrong)?;
        if address.ip().is_loopback() || self.allow_remote || self.tls.tls_cert.is_some() {
            return Ok(address);
        }
        let why = format!(
            "other machines can reach `{address}`, and without TLS everyone on the way could read tokens and memories"
        );
        Err(Failure::usage(why).hint(
            "name a certificate with `--tls-cert` and `--tls-key`; or listen on 127.0.0.1 and put a TLS proxy or an SSH \
             tunnel before it; or, on a network that you trust, add `--allow-remote`",
        ))
    }
}

/// What a start is announced with.
struct Started {
    url: String,
    data: PathBuf,
    model: ModelIdentity,
    first_token: Option<TokenSecret>,
    token_from_env: bool,
}

impl Started {
    fn tell(&self, out: &Output) -> Result<(), Failure> {
        let url = &self.url;
        let data = self.data.canonicalize().unwrap_or_else(|_| self.data.clone());
        let token = self.first_token.as_ref().map(TokenSecret::reveal);
        let value = json!({ "url": url, "data": data, "model": self.model.name, "token": token });
        out.result(&value, |out| {
            out.heading(&format!("Mnemon {} at {url}", env!("CARGO_PKG_VERSION")))?;
            out.text(&format!("  data   {}", data.display()))?;
            out.text(&format!("  model  {}, {} dimensions", self.model.name, self.model.dimension))?;
            match token {
                Some(token) => out.text(&welcome(token, url)),
                None if self.token_from_env => out.text("  token  MNEMON_API_TOKEN is an administrator's"),
                None => out.text("  token  shown at the first start; `mnemon token create` makes another"),
            }
        })
    }
}

/// The first token, ready to be used: with this program, by the name it was started with, and over HTTP.
fn welcome(token: &str, url: &str) -> String {
    let mnemon = std::env::args().next().unwrap_or_else(|| "mnemon".to_owned());
    format!(
        "
The first token, shown this once; only its hash is kept. In another terminal:

  export MNEMON_API_TOKEN={token}
  {mnemon} remember \"The user's name is Ana\" --url {url}
  {mnemon} recall \"What is the user's name?\" --url {url}

Or over HTTP:

  curl {url}/client/v4/accounts/local/agent-memory/namespaces \\
    -H \"Authorization: Bearer $MNEMON_API_TOKEN\"
"
    )
}

/// Logs to standard error: ours at `level`, everyone else's from warnings on.
fn start_log(level: LogLevel) {
    let level = match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    // Fails only when a log was started already, as in tests.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(format!("warn,mnemon={level}"))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && colour_wanted())
        .try_init();
}
