//! A data file made anew beside the one that is there, and put in its place when it is whole: what restoring, compacting,
//! salvaging and the first start have in common.
//!
//! Until then it is called `mnemon.redb.part`, and nothing else has changed. Killed half-way, that file stays behind; it
//! is never read, and the next one takes its name.

use std::io::Read;
use std::path::{Path, PathBuf};

use redb::backends::FileBackend;
use redb::{Builder, Database};

use super::ROWS;
use super::archive::{BackupSummary, read_backup};
use super::database::{FILE, Store, StoreOptions, create_file, io_error};
use super::failure::{Failure, reading};
use super::space_left::SpaceLeft;
use super::writer::begin;
use crate::error::{Error, ErrorKind, Result};

/// Bytes of rows in one transaction.
const COMMIT_BYTES: usize = 16 << 20;

/// The file that is being made.
pub(super) struct NewFile {
    dir: PathBuf,
    /// There until it is sealed.
    database: Option<Database>,
    rows: Vec<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
    installed: bool,
    /// Whether the folder was made for it.
    made_folder: bool,
}

impl NewFile {
    /// An empty one in that folder, which is made when it is not there.
    ///
    /// # Errors
    /// `InUse` when another process is making one there.
    pub(super) fn create(dir: &Path) -> Result<Self> {
        let part = part_path(dir);
        if fs_err::File::open(&part).is_ok_and(|file| file.file().try_lock().is_err()) {
            let message = format!("{} is being written by another process", part.display());
            return Err(Error::new(ErrorKind::InUse, message));
        }
        let _nothing_was_left = fs_err::remove_file(&part);
        let made_folder = !dir.exists();
        let file = create_file(&part).map_err(|error| io_error(&error))?;
        let database = reading(|| {
            let backend = FileBackend::new(file)?;
            Ok(Builder::new().set_cache_size(StoreOptions::default().cache_bytes).create_with_backend(backend)?)
        })?;
        Ok(Self {
            dir: dir.to_owned(),
            database: Some(database),
            rows: Vec::new(),
            bytes: 0,
            installed: false,
            made_folder,
        })
    }

    /// Adds a row. Rows may come in any order.
    pub(super) fn put(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        self.bytes += key.len() + value.len();
        self.rows.push((key.to_vec(), value.to_vec()));
        if self.bytes < COMMIT_BYTES { Ok(()) } else { Ok(self.flush()?) }
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let Some(database) = &self.database else { return Ok(()) };
        reading(|| {
            let transaction = begin(database)?;
            let mut table = transaction.open_table(ROWS)?;
            for (key, value) in &self.rows {
                table.insert(key.as_slice(), value.as_slice())?;
            }
            drop(table);
            Ok(transaction.commit()?)
        })?;
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Writes what is left, brings an older layout up to date, and holds every page against its checksum.
    pub(super) fn seal(&mut self) -> Result<()> {
        self.flush()?;
        if let Some(mut database) = self.database.take() {
            while reading(|| Ok(database.compact()?))? {}
            database.close().map_err(Failure::from)?;
        }
        let file = create_file(&part_path(&self.dir)).map_err(|error| io_error(&error))?;
        let options = StoreOptions { check_pages: true, ..StoreOptions::default() };
        let backend = FileBackend::new(file).map_err(Failure::from)?;
        Store::with_backend(backend, &options, SpaceLeft::Unlimited)?.close()
    }

    /// Puts it in its place, durably, while it is open, and so nobody else's; unless there is one already.
    fn install_first(mut self) -> std::io::Result<()> {
        let (part, file) = (part_path(&self.dir), self.dir.join(FILE));
        if let Err(error) = fs_err::hard_link(&part, &file)
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            // Where files have one name only.
            fs_err::rename(&part, &file)?;
        }
        self.made_folder = false;
        sync_folder(&self.dir)?;
        match self.dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => sync_folder(parent),
            None => Ok(()),
        }
    }

    /// Puts it in its place, durably. Whatever was there is replaced in one step.
    pub(super) fn install(mut self) -> Result<()> {
        let renamed = fs_err::rename(part_path(&self.dir), self.dir.join(FILE));
        renamed.and_then(|()| sync_folder(&self.dir)).map_err(|error| io_error(&error))?;
        self.installed = true;
        Ok(())
    }
}

/// Takes a file away that did not become one.
impl Drop for NewFile {
    fn drop(&mut self) {
        drop(self.database.take());
        if !self.installed {
            let _gone = fs_err::remove_file(part_path(&self.dir));
            if self.made_folder {
                let _gone = fs_err::remove_dir(&self.dir);
            }
        }
    }
}

/// Makes an empty data file in the folder `dir` when there is none. A file gets its name when redb has made it whole: one
/// whose making was cut off could never be opened again.
///
/// # Errors
/// `InUse` when another process is making one there.
pub(super) fn create_first(dir: &Path) -> Result<()> {
    if Store::is_in(dir) {
        return Ok(());
    }
    NewFile::create(dir)?.install_first().map_err(|error| io_error(&error))
}

impl Store {
    /// Makes the data file of the folder `dir` from a backup. Nothing is replaced before all of it was read, agreed with
    /// its checksum and was written; interrupted, the folder has what it had.
    ///
    /// # Errors
    /// `Damaged` and `NewerFormat` as [`super::verify_backup`]; `InUse` when another process has the folder open.
    pub fn restore(dir: &Path, backup: impl Read, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
        let _held = hold(dir)?;
        let mut new = NewFile::create(dir)?;
        let summary = read_backup(backup, progress, &mut |key, value| new.put(key, value))?;
        new.seal()?;
        new.install()?;
        Ok(summary)
    }

    /// Gives the space that deleted rows have left back to the disk; the size of the data file before and after.
    /// Interrupted, the file is what it was.
    ///
    /// # Errors
    /// `Damaged` when the file cannot be read to its end; `NoSpace`, `Io`.
    pub fn compact(self, progress: &dyn Fn(u64, u64)) -> Result<(u64, u64)> {
        let Some(dir) = self.folder() else { return Ok((0, 0)) };
        let before = file_bytes(&dir)?;
        let snapshot = self.read()?;
        let total = snapshot.row_count()?;
        let mut new = NewFile::create(&dir)?;
        let mut done = 0;
        snapshot.visit_raw(&mut |key, value| {
            new.put(key, value)?;
            done += 1;
            progress(done, total);
            Ok(())
        })?;
        new.seal()?;
        // The old file is open, and so nobody else's, until the new one is in its place.
        new.install()?;
        drop(snapshot);
        self.close()?;
        Ok((before, file_bytes(&dir)?))
    }
}

/// The store that is there, so that no other process opens it meanwhile; nothing when there is none, or none that opens.
fn hold(dir: &Path) -> Result<Option<Store>> {
    if !Store::is_in(dir) {
        return Ok(None);
    }
    match Store::open(dir, &StoreOptions::default()) {
        Ok(store) => Ok(Some(store)),
        Err(error) if error.kind() == ErrorKind::InUse => Err(error),
        Err(_) => Ok(None),
    }
}

fn file_bytes(dir: &Path) -> Result<u64> {
    Ok(fs_err::metadata(dir.join(FILE)).map_err(|error| io_error(&error))?.len())
}

fn part_path(dir: &Path) -> PathBuf {
    dir.join(format!("{FILE}.part"))
}

/// Makes a rename in the folder durable.
pub(super) fn sync_folder(dir: &Path) -> std::io::Result<()> {
    if cfg!(unix) { fs_err::File::open(dir)?.sync_all() } else { Ok(()) }
}
