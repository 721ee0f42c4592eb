//! The order of things: for each size, fill or find the folder, open it, and measure.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::alternate::alternate;
use super::client::Client;
use super::folder::{self, Filled, Wanted};
use super::load::loads;
use super::material::Material;
use super::report::{Bytes, Cold, Load, Machine, Report, Sized};
use super::search::searches;
use crate::clock::SystemClock;
use crate::embed::Embedder;
use crate::engine::{Engine, EngineOptions, ProfileAddress};
use crate::error::{Error, ErrorKind, Result};
use crate::http::{ApiOptions, Capacity, Rates, Server};
use crate::recall::RecallQuery;

/// What the server is asked with; it lives as long as the bench does and listens on this machine only.
const TOKEN: &str = "bench";
/// Enough for a million memories: a bench is not about what is dropped.
const INDEX_BUDGET_BYTES: usize = 8 << 30;

/// What is measured.
pub struct Options {
    /// Memories of each profile, one after another; the material's own number when it is the user's.
    pub sizes: Vec<u64>,
    /// Numbers of clients under load.
    pub clients: Vec<usize>,
    /// Questions asked each way, one at a time.
    pub rounds: usize,
    /// How long each load goes on.
    pub load: Duration,
    /// Where filled folders are.
    pub folder: PathBuf,
}

/// What the bench is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many memories are kept, of so many.
    Filling(u64, u64),
    /// It measures a profile of so many memories.
    Measuring(u64),
}

/// A filled folder, open, and a server before it.
pub(super) struct Opened<'a> {
    pub(super) engine: Arc<Engine>,
    pub(super) embedder: &'a Arc<dyn Embedder>,
    pub(super) at: ProfileAddress,
    server: Option<SocketAddr>,
}

impl Opened<'_> {
    /// A connection to the server.
    pub(super) fn client(&self) -> Result<Client> {
        let server = self.server.ok_or_else(|| Error::new(ErrorKind::Internal, "the server was not started"))?;
        Client::connect(server, TOKEN, &self.at).map_err(asking_failed)
    }
}

/// Measures every size.
///
/// # Errors
/// Whatever the engine or the server fails with.
pub fn run(
    material: &Material,
    embedder: &Arc<dyn Embedder>,
    options: &Options,
    tell: &dyn Fn(Step),
) -> Result<Report> {
    let sizes: Vec<Option<u64>> = match material {
        Material::Synthetic { .. } => options.sizes.iter().map(|size| Some(*size)).collect(),
        Material::Own(_) => vec![None],
    };
    let mut measured = Vec::with_capacity(sizes.len());
    for memories in sizes {
        let wanted = Wanted { material, memories, embedder };
        let heard = |kept| tell(Step::Filling(kept, memories.unwrap_or(kept)));
        let (folder, filled) = wanted.folder(&options.folder, &heard)?;
        tell(Step::Measuring(filled.memories));
        measured.push(measure(&wanted, (folder, filled), options)?);
    }
    let machine = Machine {
        cores: thread::available_parallelism().map_or(1, usize::from),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        processor: processor(),
        model: embedder.identity().name.clone(),
        optimised: !cfg!(debug_assertions),
    };
    Ok(Report { version: env!("CARGO_PKG_VERSION").to_owned(), material: material.name(), machine, sizes: measured })
}

fn measure(wanted: &Wanted<'_>, (folder, filled): (PathBuf, Filled), options: &Options) -> Result<Sized> {
    let material = wanted.material;
    let mut engine_options = EngineOptions::new(folder, Arc::clone(wanted.embedder));
    engine_options.index_budget_bytes = INDEX_BUDGET_BYTES;
    if matches!(material, Material::Own(_)) {
        // A file's questions come again and again, and each should cost what it costs the first time.
        engine_options.questions_kept = 0;
    }
    // The model's own first call is no part of the first recall.
    drop(wanted.embedder.embed_query(&material.question(0))?);
    let before = resident();
    let began = Instant::now();
    let engine = Engine::open(engine_options)?;
    let open_ms = milliseconds(began);
    let at = folder::address()?;
    let mut opened = Opened { engine: Arc::new(engine), embedder: wanted.embedder, at, server: None };
    let ask = |number| {
        let query = RecallQuery::new(material.question(number), Material::today());
        let began = Instant::now();
        opened.engine.recall(&opened.at, &query).map(|_| milliseconds(began))
    };
    let cold = Cold { open_ms, first_ms: ask(1)?, second_ms: ask(2)? };
    let stats = opened.engine.stats()?;
    let bytes = Bytes {
        index: stats.index_bytes as u64,
        resident: resident().saturating_sub(before),
        file: stats.store.file_bytes,
        stored: stats.store.stored_bytes,
    };
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    opened.server = Some(server.address()?);
    let (stop, engine) = (server.stopper(), Arc::clone(&opened.engine));
    let api = || ApiOptions {
        admin_token: Some(TOKEN.to_owned()),
        clock: Arc::new(SystemClock),
        capacity: Capacity::default(),
        rates: Rates::default(),
    };
    let (alone, loads, search) = thread::scope(|scope| {
        let serving = scope.spawn(|| server.run(engine, api()));
        let figures = served_figures(&opened, material, options);
        stop.stop();
        let ended = serving.join().map_err(|_| Error::new(ErrorKind::Internal, "the server panicked"));
        ended??;
        figures
    })?;
    let Filled { memories, messages, fill, .. } = filled;
    if let Some(engine) = Arc::into_inner(opened.engine) {
        engine.close()?;
    }
    Ok(Sized { memories, messages, fill, cold, bytes, alone, loads, search })
}

type Figures = (super::Alone, Vec<Load>, Vec<super::Search>);

/// What is measured while the server runs.
fn served_figures(opened: &Opened<'_>, material: &Material, options: &Options) -> Result<Figures> {
    let mut next = 10;
    let alone = alternate(opened, material, options.rounds, next)?;
    next += 4 * (options.rounds + 1);
    let mut all = Vec::new();
    for clients in &options.clients {
        all.extend(loads(opened, material, (*clients, options.load), &mut next)?);
    }
    let search = searches(opened, material, next)?;
    Ok((alone, all, search))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// Bytes of this process that are in memory; 0 where the system does not say.
fn resident() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}

/// The processor's name, where the system says it.
fn processor() -> String {
    let info = fs_err::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split_once(':')).map_or(String::new(), |(_, name)| name.trim().to_owned())
}

pub(super) fn asking_failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("asking over HTTP failed: {error}")).caused_by(error)
}

pub(super) fn refused(status: u16) -> Error {
    Error::new(ErrorKind::Internal, format!("the server answered {status} to a question asked alone, it should be 200"))
}
