//! The engine: everything Mnemon does, behind one type that `http`, `cli` and tests use.
//!
//! All calls are synchronous and may come from many threads. Writes to one profile go one after another; everything else
//! runs side by side. An error changes nothing.
//!
//! | file | what [`Engine`] does there |
//! |---|---|
//! | `catalog.rs` | namespaces and profiles |
//! | `writing.rs`, `writer.rs`, `lowering.rs`, `edit.rs` | ingest, remember |
//! | `reading.rs`, `rows.rs` | recall, summary, lists |
//! | `delete.rs`, `eraser.rs` | deletes, and giving their space back |
//! | `loaded.rs`, `slot.rs` | which indexes are in memory |
//! | `builders.rs`, `scan.rs` | how large ones are built in the background, and what a recall reads meanwhile |
//! | `caches/` | which are on disk |
//! | `tokens.rs` | who may do what |
//! | `vectors.rs`, `reindex.rs` | which model the data is embedded with |
//! | `backup.rs` | backups, restoring them, compacting |
//! | `transfer/` | export and import as JSON Lines |
//! | `mend/` | repair |
//! | `check.rs` | whether rows and indexes agree |

mod backup;
mod builders;
mod caches;
mod catalog;
mod check;
mod delete;
mod edit;
mod eraser;
#[cfg(test)]
mod fault_tests;
mod ids;
mod known;
mod loaded;
mod lowering;
mod mend;
mod questions;
mod reading;
mod reindex;
mod rows;
mod scan;
mod side_by_side;
mod slot;
mod tokens;
mod transfer;
mod types;
mod vectors;
mod writer;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use caches::IndexLoads;
pub use check::{CheckReport, Finding};
pub use mend::RepairReport;
pub use reindex::ReindexReport;
pub use tokens::{Access, Grant, NewToken, Token, TokenSecret};
pub use transfer::{Existing, ExportCounts, ImportReport};
pub use types::{
    Direction, IngestReport, MemoryQuery, NamespaceOrder, NamespaceQuery, Page, ProfileAddress, ProfileQuery,
};
pub use writing::derived_session;

use crate::clock::{Clock, SystemClock};
use crate::embed::Embedder;
use crate::error::{ErrorKind, Result};
use crate::ingest::ExtractOptions;
pub use crate::model::Scope;
pub use crate::store::{BackupSummary, Salvage};
use crate::store::{SpaceId, Store, StoreOptions, StoreStats};

/// How an engine is opened: [`EngineOptions::new`], then change what should be different.
#[derive(Clone)]
#[non_exhaustive]
pub struct EngineOptions {
    /// The data folder; created when it is missing.
    pub data: PathBuf,
    /// Makes the vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Bytes that loaded indexes may take together before the least recently used ones are dropped.
    pub index_budget_bytes: usize,
    /// Reads the whole file at open and holds every page against its checksum: for [`Engine::check`], and slow.
    pub check_pages: bool,
    /// What of a conversation becomes memories.
    pub extract: ExtractOptions,
    /// Messages and memories from which a profile's index is kept on disk too, so that its first recall need not build it.
    pub cache_from: usize,
    /// How long a recall in a large profile waits for an index that is being built. Then it reads the rows nearest to its question instead, of
    /// which some that an index finds may be missing. [`Duration::MAX`]: to the end.
    pub index_wait: Duration,
    /// How many of the latest questions keep their vectors, so that they are not embedded when they are asked again.
    pub questions_kept: usize,
}

impl EngineOptions {
    /// The defaults: the machine's clock, [`DEFAULT_INDEX_BUDGET_BYTES`], no checking of pages, no secrets in memories, recalls that
    /// wait for indexes.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>, embedder: Arc<dyn Embedder>) -> Self {
        Self {
            data: data.into(),
            embedder,
            clock: Arc::new(SystemClock),
            index_budget_bytes: DEFAULT_INDEX_BUDGET_BYTES,
            check_pages: false,
            extract: ExtractOptions::default(),
            cache_from: DEFAULT_CACHE_FROM,
            index_wait: Duration::MAX,
            questions_kept: questions::KEPT,
        }
    }
}

/// Enough for about a hundred thousand memories with their messages.
pub const DEFAULT_INDEX_BUDGET_BYTES: usize = 512 << 20;

/// Fewer messages and memories are read from their rows in some 40 ms.
pub const DEFAULT_CACHE_FROM: usize = 2_048;

/// A memory database: one data folder, many accounts.
pub struct Engine {
    /// These are stopped before the store is closed.
    builders: builders::Builders,
    eraser: eraser::Eraser,
    keeper: caches::Keeper,
    shared: Arc<Shared>,
}

/// What the engine's calls and its background thread share.
struct Shared {
    store: Store,
    embedder: Arc<dyn Embedder>,
    clock: Arc<dyn Clock>,
    ids: ids::Ids,
    loaded: loaded::Loaded,
    caches: caches::Caches,
    questions: questions::Questions,
    extract: ExtractOptions,
    uses: tokens::Uses,
    index_wait: Duration,
    /// Whether what only serves recalls should end.
    closing: AtomicBool,
}

/// How large things are.
#[derive(Clone, Debug)]
pub struct Stats {
    /// The data file.
    pub store: StoreStats,
    /// Profiles whose index is in memory.
    pub loaded_profiles: usize,
    /// Estimated bytes of those indexes.
    pub index_bytes: usize,
}

impl Engine {
    /// Opens the data folder, or creates it.
    ///
    /// # Errors
    /// `InUse` when another process has it open, `OtherModel` when its vectors were made by another model,
    /// `NewerFormat` when a newer release wrote it, `Damaged`, `NoSpace` or `Io`.
    pub fn open(options: EngineOptions) -> Result<Self> {
        let store_options = StoreOptions { check_pages: options.check_pages, ..StoreOptions::default() };
        let store = Store::open(&options.data, &store_options)?;
        Self::over(store, options)
    }

    fn over(store: Store, options: EngineOptions) -> Result<Self> {
        let shared = Arc::new(Shared::over(store, options));
        vectors::claim(&shared.store, shared.embedder.identity())?;
        let eraser = eraser::Eraser::start(Arc::clone(&shared))?;
        let keeper = caches::Keeper::start(&shared)?;
        let builders = builders::Builders::new(&shared);
        Ok(Self { builders, eraser, keeper, shared })
    }

    /// Finishes what was accepted and closes the file. Dropping does the same but cannot say what went wrong.
    pub fn close(self) -> Result<()> {
        drop(self.builders);
        drop(self.eraser);
        drop(self.keeper);
        let Some(shared) = Arc::into_inner(self.shared) else { return Ok(()) };
        let kept = shared.keep_uses();
        shared.store.close()?;
        kept
    }

    /// Whether it can serve: reads work, and writes have not been stopped by a failure of the disk.
    pub fn ready(&self) -> Result<()> {
        self.shared.store.ready()
    }

    /// How indexes came into memory since it was opened.
    #[must_use]
    pub fn index_loads(&self) -> IndexLoads {
        self.shared.caches.loads()
    }

    /// How large things are.
    pub fn stats(&self) -> Result<Stats> {
        let (index_bytes, loaded_profiles) = self.shared.loaded.usage();
        Ok(Stats { store: self.shared.store.stats()?, loaded_profiles, index_bytes })
    }
}

impl Engine {
    /// What the bytes of a profile's index are for, by part; the index is built if it is not in memory.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn index_parts(&self, at: &ProfileAddress) -> Result<Vec<(&'static str, usize)>> {
        let space = catalog::Found::profile(&self.shared.store.read()?, at)?.row.space;
        self.shared.with_index(space, |index, _| Ok(index.parts()))
    }
}

impl Shared {
    fn over(store: Store, options: EngineOptions) -> Self {
        let uses = tokens::Uses::since(options.clock.now());
        let caches = caches::Caches::new(store.folder(), options.cache_from, options.embedder.identity());
        Self {
            uses,
            store,
            caches,
            embedder: options.embedder,
            clock: options.clock,
            ids: ids::Ids::default(),
            loaded: loaded::Loaded::new(options.index_budget_bytes),
            questions: questions::Questions::new(options.questions_kept),
            extract: options.extract,
            index_wait: options.index_wait,
            closing: AtomicBool::new(false),
        }
    }

    /// A profile's index as its rows are now, from its cache where there is one. Ids issued from now on are larger than every
    /// id in it.
    fn build_index(&self, space: SpaceId) -> Result<slot::Built> {
        let cached = self.caches.load(&self.store, space);
        let built = cached.map_or_else(|| self.build_from_rows(space), Ok)?;
        built.index.newest_memory_id().into_iter().for_each(|id| self.ids.observe(id));
        Ok(built)
    }

    fn build_from_rows(&self, space: SpaceId) -> Result<slot::Built> {
        let _counted = self.caches.building();
        let snapshot = self.store.read()?;
        let rows = rows::ProfileRows { snapshot: &snapshot, space };
        let (index, left_out) = rows.build_index(self.embedder.identity().dimension, &self.closing)?;
        let unsaved = index.message_count() + index.memory_count();
        // Without its number of commits a profile cannot be written to, so that none is ever compared with this one.
        let (sequence, uncounted) = match snapshot.sequence(space) {
            Err(error) if error.kind() == ErrorKind::Damaged => (0, 1),
            sequence => (sequence?, 0),
        };
        let left_out = left_out + uncounted;
        self.caches.note_damage(space, left_out);
        Ok(slot::Built { index, sequence, unsaved, left_out })
    }

    /// Drops what is beyond the memory for indexes.
    fn trim(&self) {
        self.loaded.trim(|space, built| self.caches.take_dropped(space, built));
    }
}
