//! What redb's errors mean to a caller, in one place.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use redb::{CommitError, CompactionError, DatabaseError, StorageError, TableError, TransactionError};

use crate::error::{Error, ErrorKind};

/// An error that can be told to everyone who waits for the same commit.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) kind: ErrorKind,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// What every write gets after storage has failed: what was acknowledged before is safe, nothing more is written.
    pub(super) fn poisoned(cause: &str) -> Self {
        Self::new(
            ErrorKind::Poisoned,
            format!(
                "storage failed ({cause}) and nothing more is written: restart, and what was acknowledged is there"
            ),
        )
    }
}

/// Runs something that reads pages. On some pages that are not what it wrote redb panics instead of answering
/// [`StorageError::Corrupted`]; here that becomes the same answer.
pub(super) fn reading<T>(read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Failure::new(ErrorKind::Damaged, "a page of the data file cannot be read: run `mnemon check`"))
    })
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.kind, failure.message)
    }
}

/// Where every error of redb ends.
impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Io(error) => io_failure(&error),
            StorageError::Corrupted(what) => {
                Self::new(ErrorKind::Damaged, format!("the data file is damaged ({what}): run `mnemon check`"))
            }
            StorageError::ValueTooLarge(bytes) => {
                Self::new(ErrorKind::TooLarge, format!("a row has {bytes} bytes, which is more than can be stored"))
            }
            StorageError::PreviousIo => Self::poisoned("an earlier read or write of the data file failed"),
            StorageError::DatabaseClosed => Self::new(ErrorKind::Poisoned, "the store is closed: open it again"),
            other => Self::poisoned(&other.to_string()),
        }
    }
}

/// Whether an error says that there is no room.
pub(super) fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

fn io_failure(error: &io::Error) -> Failure {
    match error.kind() {
        kind if is_full(kind) => Failure::new(
            ErrorKind::NoSpace,
            "no space is left for the data file and nothing was written: make room, then restart",
        ),
        // redb's word for a file that is none of its own.
        io::ErrorKind::InvalidData => {
            Failure::new(ErrorKind::Damaged, format!("the data file is not a database ({error}): is it another file?"))
        }
        io::ErrorKind::UnexpectedEof => {
            Failure::new(ErrorKind::Damaged, "the data file ends before a page that it should have: run `mnemon check`")
        }
        _ => Failure::new(ErrorKind::Io, format!("the data file cannot be read or written: {error}")),
    }
}

impl From<TransactionError> for Failure {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Storage(error) => error.into(),
            other => Self::new(ErrorKind::Internal, other.to_string()),
        }
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            other => Self::new(ErrorKind::Damaged, format!("the data file has other tables than it should: {other}")),
        }
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Storage(error) => error.into(),
            other => Self::poisoned(&other.to_string()),
        }
    }
}

impl From<CompactionError> for Failure {
    fn from(error: CompactionError) -> Self {
        match error {
            CompactionError::Storage(error) => error.into(),
            other => Self::new(ErrorKind::Internal, format!("the data file cannot be compacted: {other}")),
        }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Storage(error) => error.into(),
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => Self::new(
                ErrorKind::InUse,
                "in use by another process: stop that process, or use its address with --url",
            ),
            DatabaseError::UpgradeRequired(version) => Self::new(
                ErrorKind::Damaged,
                format!("the data file has the file format {version}, which no release of this program wrote"),
            ),
            other => Self::new(ErrorKind::Internal, other.to_string()),
        }
    }
}
