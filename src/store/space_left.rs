//! How much room the disk has, asked before a commit: once redb has met a full disk it must be opened again, so a full
//! disk is best never met.

use std::path::PathBuf;

use super::batch::Batch;

/// Kept free, in bytes, for what rewriting the tree's upper pages takes; and as much again for batches that only delete,
/// so that a full disk can be emptied.
const RESERVE: u64 = 8 << 20;

/// The most that one change rewrites beside its own bytes: a leaf and the branches above it, four pages of 4 KiB.
const PAGES_PER_CHANGE: u64 = 16 << 10;

/// Where to ask for the room that is left, in bytes.
#[derive(Debug)]
pub(super) enum SpaceLeft {
    /// Nowhere: the store is in memory.
    Unlimited,
    /// The file system of that folder.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no portable way to ask"))]
    Folder(PathBuf),
    /// A number that a test sets.
    #[cfg(test)]
    Fixed(std::sync::Arc<std::sync::atomic::AtomicU64>),
}

impl SpaceLeft {
    /// The bytes that are left; nothing when nobody knows, and then the commit is tried.
    fn bytes(&self) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            #[cfg(unix)]
            Self::Folder(path) => {
                let on_disk = rustix::fs::statvfs(path).ok().map(|fs| fs.f_bavail.saturating_mul(fs.f_frsize));
                on_disk.into_iter().chain(left_to_the_file(path)).min()
            }
            #[cfg(not(unix))]
            Self::Folder(_) => None,
            #[cfg(test)]
            Self::Fixed(bytes) => Some(bytes.load(std::sync::atomic::Ordering::Relaxed)),
        }
    }

    /// `Err` with the bytes needed and the bytes left when the batch may not fit.
    pub(super) fn check(&self, batch: &Batch) -> Result<(), (u64, u64)> {
        let need = needed(batch);
        match self.bytes() {
            Some(left) if left < need => Err((need, left)),
            _ => Ok(()),
        }
    }
}

/// The bytes that a new file in the folder could have, or the one above it that is there; nothing when nobody knows.
#[must_use]
pub fn bytes_left(folder: &std::path::Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let there = folder.ancestors().find(|folder| folder.exists())?;
        let on_disk = rustix::fs::statvfs(there).ok().map(|fs| fs.f_bavail.saturating_mul(fs.f_frsize));
        let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
        on_disk.into_iter().chain(limit).min()
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// What the process's own limit on the length of a file leaves, where there is one (`ulimit -f`).
#[cfg(unix)]
fn left_to_the_file(folder: &std::path::Path) -> Option<u64> {
    use super::database::FILE;
    let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize).current?;
    let length = fs_err::metadata(folder.join(FILE)).map_or(0, |file| file.len());
    Some(limit.saturating_sub(length))
}

/// Bytes that the file might grow by, generously: values may be written twice when pages split.
fn needed(batch: &Batch) -> u64 {
    if batch.only_deletes() {
        return RESERVE;
    }
    let own = (batch.bytes() as u64).saturating_mul(2);
    own.saturating_add((batch.len() as u64).saturating_mul(PAGES_PER_CHANGE)).saturating_add(2 * RESERVE)
}
