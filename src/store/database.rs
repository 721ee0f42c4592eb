//! The store itself: opening, handing out snapshots, taking batches, closing.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Builder, Database, ReadableTableMetadata, StorageBackend};

use super::batch::Batch;
use super::failure::{Failure, reading};
use super::key::{Range, SpaceId};
use super::migrate::{LAYOUTS, Layouts, migrate};
use super::private::warn_of_others;
use super::rewrite::create_first;
use super::rows::{DoomedKey, DoomedRow, ProfileRow};
use super::snapshot::Snapshot;
use super::space_left::SpaceLeft;
use super::watch::{FirstFailure, Watched};
use super::writer::{End, PANICKED, Writer};
use crate::error::{Error, ErrorKind, Result};

/// The name of the data file within its folder.
pub(super) const FILE: &str = "mnemon.redb";

/// How a store is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Bytes of memory for pages of the file.
    pub cache_bytes: usize,
    /// Whether to read the whole file at open and hold every page against its checksum: for `check`, and slow.
    pub check_pages: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { cache_bytes: 64 << 20, check_pages: false }
    }
}

/// What a store holds and takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreStats {
    /// Rows of every kind and space.
    pub rows: u64,
    /// Bytes of the file; 0 in memory.
    pub file_bytes: u64,
    /// Bytes of keys and values.
    pub stored_bytes: u64,
    /// Bytes of the tree that leads to them.
    pub metadata_bytes: u64,
    /// Bytes within used pages that hold nothing.
    pub fragmented_bytes: u64,
}

/// All rows of one data folder, open in this process alone.
pub struct Store {
    /// Both are there until the store is closed.
    open: Option<Open>,
    next_space: AtomicU64,
    file: Option<PathBuf>,
}

struct Open {
    database: Arc<Database>,
    writer: Writer,
    first_failure: FirstFailure,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.file.as_deref().map_or_else(|| "in memory".into(), Path::to_string_lossy))
    }
}

impl Store {
    /// Opens the data in the folder `dir`, and creates both when they are not there, readable by their owner only.
    ///
    /// # Errors
    /// - [`ErrorKind::InUse`] when another process, or another store of this one, has the folder open.
    /// - [`ErrorKind::NewerFormat`] when a newer release wrote it; an older one's layout is brought up to date.
    /// - [`ErrorKind::Damaged`] when it is not what was written; [`ErrorKind::Io`] when it cannot be reached.
    pub fn open(dir: &Path, options: &StoreOptions) -> Result<Self> {
        let path = dir.join(FILE);
        let made = create_first(dir).and_then(|()| create_file(&path).map_err(|error| io_error(&error)));
        let opened = made.and_then(|file| {
            let backend = FileBackend::new(file).map_err(Failure::from)?;
            Self::with_backend(backend, options, SpaceLeft::Folder(dir.to_owned()))
        });
        let mut store = opened
            .map_err(|error| Error::new(error.kind(), format!("data folder {}: {}", dir.display(), error.message())))?;
        warn_of_others(dir, &path);
        store.file = Some(path);
        Ok(store)
    }

    /// Whether there is a data file in the folder `dir`.
    #[must_use]
    pub fn is_in(dir: &Path) -> bool {
        dir.join(FILE).exists()
    }

    /// An empty store that is gone when it is dropped: for tests, and for work that leaves nothing behind.
    pub fn in_memory() -> Result<Self> {
        let options = StoreOptions::default();
        Self::with_backend(InMemoryBackend::new(), &options, SpaceLeft::Unlimited)
    }

    /// Everything as it is now.
    ///
    /// # Errors
    /// [`ErrorKind::Poisoned`] when storage has failed so that nothing can be read any more.
    pub fn read(&self) -> Result<Snapshot> {
        let Open { database, writer, .. } = self.opened()?;
        if writer.has_panicked() {
            return Err(Failure::poisoned(PANICKED).into());
        }
        Ok(Snapshot::of(database)?)
    }

    /// Applies the batch, and returns when it is durable and visible to the next [`Store::read`].
    ///
    /// # Errors
    /// - [`ErrorKind::Conflict`] when a precondition does not hold; nothing was changed.
    /// - [`ErrorKind::NoSpace`] when the disk is too full; nothing was written.
    /// - [`ErrorKind::TooLarge`] when a row is too long to be read back; nothing was written.
    /// - [`ErrorKind::Io`], [`ErrorKind::Damaged`] when storage fails: then it is not known whether the batch was
    ///   written, and every later commit is [`ErrorKind::Poisoned`].
    pub fn commit(&self, batch: Batch) -> Result<()> {
        if let Some((kind, error)) = batch.refused() {
            return Err(Error::new(ErrorKind::TooLarge, format!("a {kind:?} record cannot be stored: {error}")));
        }
        if batch.is_empty() {
            return Ok(());
        }
        Ok(self.opened()?.writer.commit(batch)?)
    }

    /// Whether it can serve: nothing has failed, so reads and writes are tried.
    ///
    /// # Errors
    /// [`ErrorKind::Poisoned`], with what failed.
    pub fn ready(&self) -> Result<()> {
        let Open { writer, first_failure, .. } = self.opened()?;
        match first_failure.get() {
            _ if writer.has_ended() => Err(writer.ended().into()),
            Some(cause) => Err(Failure::poisoned(cause).into()),
            None => Ok(()),
        }
    }

    /// A space that no row of the database is in, and that nobody else is given.
    pub fn allocate_space(&self) -> SpaceId {
        SpaceId::from_number(self.next_space.fetch_add(1, Ordering::Relaxed))
    }

    /// What the store holds. Visits every page: for operators, not for requests.
    pub fn stats(&self) -> Result<StoreStats> {
        let snapshot = self.read()?;
        let (table, rows) = reading(|| Ok((snapshot.table().stats()?, snapshot.table().len()?)))?;
        let file_bytes = match &self.file {
            Some(path) => fs_err::metadata(path).map_err(|error| io_error(&error))?.len(),
            None => 0,
        };
        Ok(StoreStats {
            rows,
            file_bytes,
            stored_bytes: table.stored_bytes(),
            metadata_bytes: table.metadata_bytes(),
            fragmented_bytes: table.fragmented_bytes(),
        })
    }

    /// Commits what is queued and closes the file. Snapshots that are still held can read no more.
    ///
    /// # Errors
    /// What storage failed with, now or since it was opened.
    pub fn close(mut self) -> Result<()> {
        Ok(self.shut()?)
    }

    /// A store on a disk that may fail.
    #[cfg(test)]
    pub(crate) fn on_disk(disk: &super::disk::Disk, options: &StoreOptions) -> Result<Self> {
        Self::with_backend(disk.clone(), options, SpaceLeft::Unlimited)
    }

    /// The data folder; nothing in memory.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        self.file.as_deref().and_then(Path::parent).map(Path::to_owned)
    }

    pub(super) fn with_backend(
        backend: impl StorageBackend,
        options: &StoreOptions,
        space_left: SpaceLeft,
    ) -> Result<Self> {
        Self::with_layouts(backend, options, space_left, LAYOUTS)
    }

    pub(super) fn with_layouts(
        backend: impl StorageBackend,
        options: &StoreOptions,
        space_left: SpaceLeft,
        layouts: Layouts<'_>,
    ) -> Result<Self> {
        let (backend, first_failure) = Watched::new(backend);
        let database = reading(|| {
            let mut builder = Builder::new();
            builder.set_cache_size(options.cache_bytes).set_check_integrity_on_open(options.check_pages);
            let mut database = builder.create_with_backend(backend)?;
            migrate(&mut database, layouts)?;
            Ok(database)
        })?;
        let next_space = AtomicU64::new(first_free_space(&Snapshot::of(&database)?)?);
        let database = Arc::new(database);
        let writer = Writer::start(Arc::clone(&database), space_left)?;
        Ok(Self { open: Some(Open { database, writer, first_failure }), next_space, file: None })
    }

    #[cfg(test)]
    pub(super) fn database(&self) -> Result<&Arc<Database>> {
        Ok(&self.opened()?.database)
    }

    fn opened(&self) -> Result<&Open, Failure> {
        self.open.as_ref().ok_or_else(|| Failure::new(ErrorKind::Poisoned, "the store is closed: open it again"))
    }

    /// Ends the writer, then closes the file; the first error of the two. Closing twice does nothing.
    fn shut(&mut self) -> Result<(), Failure> {
        let Some(Open { database, writer, .. }) = self.open.take() else {
            return Ok(());
        };
        let written = match writer.finish() {
            End::Clean => Ok(()),
            End::Failed(failure) => Err(failure),
            End::Panicked => {
                // Closing takes locks that may be poisoned, and would panic: the process's end closes the file.
                std::mem::forget(database);
                return Err(Failure::poisoned(PANICKED));
            }
        };
        let closed = Arc::into_inner(database).map_or(Ok(()), Database::close);
        written.and(closed.map_err(Failure::from))
    }
}

/// Closes the store; an error can only be logged.
impl Drop for Store {
    fn drop(&mut self) {
        if let Err(failure) = self.shut() {
            tracing::error!(cause = failure.message, "the store did not close cleanly");
        }
    }
}

/// One more than every space that has rows, belongs to a profile or waits to be erased. A record that cannot be read is for
/// `check` to tell: it must not keep everything else from being opened.
fn first_free_space(snapshot: &Snapshot) -> Result<u64> {
    let mut last = snapshot.last_space()?.unwrap_or(SpaceId::CATALOG);
    for row in snapshot.scan_readable::<ProfileRow>(SpaceId::CATALOG, &Range::all())? {
        last = last.max(row?.1.space);
    }
    for row in snapshot.scan_readable::<DoomedRow>(SpaceId::CATALOG, &Range::all())? {
        if let (DoomedKey::Space(space), _) = row? {
            last = last.max(space);
        }
    }
    Ok(last.number().saturating_add(1))
}

/// Opens the file for writing, made for its owner's eyes only when it is not there, and likewise its folder.
pub(super) fn create_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut folder = std::fs::DirBuilder::new();
    let mut file = fs_err::OpenOptions::new();
    file.read(true).write(true).create(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    if let Some(dir) = path.parent() {
        folder.recursive(true).create(dir)?;
    }
    Ok(file.open(path)?.into_parts().0)
}

pub(super) fn io_error(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string())
}
