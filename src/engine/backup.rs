//! Backups of everything, restoring them, and giving space back to the disk.

use std::io::{Read, Write};
use std::path::Path;

use super::{Engine, caches, eraser};
use crate::clock::Clock;
use crate::error::Result;
use crate::store::{BackupSummary, Store, StoreOptions, verify_backup};

impl Engine {
    /// Whether the folder holds data.
    #[must_use]
    pub fn has_data(folder: &Path) -> bool {
        Store::is_in(folder)
    }

    /// Writes everything as it is now to `out`, while reads and writes go on. `progress` is told how many rows are done,
    /// of how many. Until it ends, space of what is deleted meanwhile is not used again.
    ///
    /// # Errors
    /// `Io` or `NoSpace` when `out` fails; `Damaged` when the data cannot be read to its end.
    pub fn backup(&self, out: &mut dyn Write, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
        self.shared.store.read()?.write_backup(out, progress)
    }

    /// The same of a data folder that nobody has open. No model is needed.
    ///
    /// # Errors
    /// `InUse` when another process has it open, and as [`Engine::backup`].
    pub fn backup_folder(data: &Path, out: &mut dyn Write, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
        let store = Store::open(data, &StoreOptions::default())?;
        let summary = store.read()?.write_backup(out, progress)?;
        store.close()?;
        Ok(summary)
    }

    /// Reads a backup to its end and holds it against its checksum.
    ///
    /// # Errors
    /// `Damaged` when it is not what was written, `NewerFormat` when a newer release wrote it, `Io`.
    pub fn verify_backup(backup: impl Read, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
        verify_backup(backup, progress)
    }

    /// Makes the data in the folder `data` from a backup, replacing what is there once all of the backup has been read
    /// and agreed with its checksum. Interrupted, the folder has what it had.
    ///
    /// # Errors
    /// `InUse` when another process has the folder open, and as [`Engine::verify_backup`].
    pub fn restore(data: &Path, backup: impl Read, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
        let summary = Store::restore(data, backup, progress)?;
        caches::drop_files(data);
        Ok(summary)
    }

    /// Gives the space of what was deleted back to the disk; bytes of the data file before and after. Interrupted, the
    /// file is as it was. Needs as much room on the disk as the data will take.
    ///
    /// # Errors
    /// `InUse` when another process has the folder open; `Damaged`, `NoSpace`, `Io`.
    pub fn compact(data: &Path, clock: &dyn Clock, progress: &dyn Fn(u64, u64)) -> Result<(u64, u64)> {
        let store = Store::open(data, &StoreOptions::default())?;
        eraser::erase_everything(&store, clock)?;
        caches::drop_outdated(&store, data)?;
        store.compact(progress)
    }
}
