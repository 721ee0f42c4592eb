//! The one truth: ordered rows behind a space, atomic batches with preconditions, a sequence number per space.
//!
//! The only room that names redb and bincode. It knows how rows are laid out, not what they mean: what belongs in one
//! batch, and which row follows from which, is the engine's to say.
//!
//! - Rows and their keys: [`rows`]. What a record's bytes are: `codec.rs` and the `…V1` structs beside each row; what tells
//!   that they are what was written: `checksum.rs`.
//! - Reading: [`Snapshot`], with [`Range`] for a part of a kind's rows.
//! - Writing: a [`Batch`] handed to [`Store::commit`]; one thread (`writer.rs`) owns every write transaction.
//! - Backups: `archive.rs`, made with [`Snapshot::write_backup`]. A data file made anew: `rewrite.rs`; of a damaged one: `salvage.rs`.
//! - What redb's errors mean to a caller: `failure.rs`; whether the file has failed: `watch.rs`; a disk that fails, for tests: `disk.rs`. Older layouts: `migrate.rs`.
//!
//! It must never panic on bytes it reads, never show what a row says in an error, and never answer a commit before it is
//! durable.
//!
//! ```
//! use mnemon::model::{Place, SessionId};
//! use mnemon::store::rows::{SessionNameKey, SessionNameRow, SessionRow};
//! use mnemon::store::{Batch, Range, Store};
//!
//! let store = Store::in_memory()?;
//! let space = store.allocate_space();
//! let name = SessionId::parse("tuesday")?;
//!
//! let mut batch = Batch::new();
//! batch.require_absent::<SessionNameRow>(space, &SessionNameKey::of(&name));
//! batch.put(space, &SessionNameKey::of(&name), &SessionNameRow { session: 0 });
//! batch.put(space, &0, &SessionRow { name, next_position: 0 });
//! store.commit(batch)?;
//!
//! let snapshot = store.read()?;
//! let sessions = snapshot.scan::<SessionRow>(space, &Range::all())?.collect::<Result<Vec<_>, _>>()?;
//! assert_eq!(sessions.len(), 1);
//! assert_eq!(snapshot.sequence(space)?, 1);
//! # Ok::<(), mnemon::Error>(())
//! ```

mod archive;
mod batch;
mod checksum;
mod codec;
mod database;
#[cfg(test)]
pub(crate) mod disk;
mod failure;
mod key;
mod migrate;
mod private;
mod rewrite;
pub mod rows;
mod salvage;
mod snapshot;
mod space_left;
mod watch;
mod writer;

#[cfg(test)]
mod tests;

pub use archive::{BackupSummary, verify_backup};
pub use batch::Batch;
pub use codec::RecordError;
pub use database::{Store, StoreOptions, StoreStats};
pub use key::{Key, Prefix, Range, SpaceId};
pub use salvage::Salvage;
pub use snapshot::{BrokenRow, ReadableScan, RowReport, Scan, Snapshot};
pub use space_left::bytes_left;

use redb::TableDefinition;

/// The one table. Its key and value are bytes of our own, so that redb's own encodings never matter to us.
const ROWS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("rows");
