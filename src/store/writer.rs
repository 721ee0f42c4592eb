//! The writer: one thread that owns every write transaction, and gathers what is waiting into one commit.
//!
//! It must never wait for anything but its queue and the disk, and never answer before the commit is durable. When
//! storage fails, or it panics, it ends: the queue closes, and every caller, waiting or to come, is told.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use redb::{Database, Durability, ReadableTable, Table, WriteTransaction};

use super::ROWS;
use super::batch::{Batch, Change, Precondition};
use super::codec::RecordError;
use super::failure::Failure;
use super::key::{Bounds, SpaceId, row_key};
use super::rows::{self, Row, SequenceRow};
use super::space_left::SpaceLeft;
use crate::error::{ErrorKind, Result};

/// Batches that may wait; a caller beyond them waits for its turn to queue.
const QUEUED_BATCHES: usize = 256;
/// The most batches in one transaction.
const GROUP_BATCHES: usize = 256;
/// Bytes after which a transaction takes no further batch, so that the first ones' callers do not wait for long.
const GROUP_BYTES: usize = 4 << 20;

/// The near end of the writer's queue.
pub(super) struct Writer {
    queue: SyncSender<Request>,
    thread: JoinHandle<()>,
    /// Why the thread has ended, once it has because storage failed.
    cause: Arc<OnceLock<String>>,
}

/// How the writer's thread has ended.
pub(super) enum End {
    /// Because it was asked to.
    Clean,
    /// Because storage failed.
    Failed(Failure),
    /// By a panic.
    Panicked,
}

/// A batch and where its caller waits.
struct Request {
    batch: Batch,
    answer: SyncSender<Result<(), Failure>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(database: Arc<Database>, space_left: SpaceLeft) -> Result<Self, Failure> {
        let (queue, requests) = sync_channel(QUEUED_BATCHES);
        let cause = Arc::new(OnceLock::new());
        let far_end = FarEnd { database, space_left, cause: Arc::clone(&cause) };
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || far_end.run(&requests))
            .map_err(|error| Failure::new(ErrorKind::Busy, format!("the writer's thread cannot start: {error}")))?;
        Ok(Self { queue, thread, cause })
    }

    /// Hands the batch over and waits until it is durable, or refused.
    pub(super) fn commit(&self, batch: Batch) -> Result<(), Failure> {
        let (answer, answered) = sync_channel(1);
        self.queue.send(Request { batch, answer }).map_err(|_| self.ended())?;
        answered.recv().map_err(|_| self.ended())?
    }

    /// Commits what is queued and ends the thread.
    pub(super) fn finish(self) -> End {
        let Self { queue, thread, cause } = self;
        drop(queue);
        let panicked = thread.join().is_err();
        match cause.get() {
            _ if panicked => End::Panicked,
            Some(cause) => End::Failed(Failure::poisoned(cause)),
            None => End::Clean,
        }
    }

    /// Whether the thread has ended, by a failure of storage or by a panic.
    pub(super) fn has_ended(&self) -> bool {
        self.cause.get().is_some() || self.thread.is_finished()
    }

    /// Whether the thread has panicked. redb's locks may be poisoned then, and whoever takes one would panic too.
    pub(super) fn has_panicked(&self) -> bool {
        self.thread.is_finished() && self.cause.get().is_none()
    }

    /// Why it has ended.
    pub(super) fn ended(&self) -> Failure {
        Failure::poisoned(self.cause.get().map_or(PANICKED, String::as_str))
    }
}

/// Applies the batches as one group, as if they had all been waiting, and says what each was answered.
#[cfg(test)]
pub(super) fn commit_as_one_group(database: &Arc<Database>, batches: Vec<Batch>) -> Vec<Result<(), Failure>> {
    let far_end =
        FarEnd { database: Arc::clone(database), space_left: SpaceLeft::Unlimited, cause: Arc::new(OnceLock::new()) };
    let (group, answers): (_, Vec<_>) = batches
        .into_iter()
        .map(|batch| {
            let (answer, answered) = sync_channel(1);
            (Request { batch, answer }, answered)
        })
        .unzip();
    far_end.commit_group(group).unwrap();
    answers.into_iter().map(|answered| answered.recv().unwrap()).collect()
}

pub(super) const PANICKED: &str = "the writer panicked";

/// What the thread has.
struct FarEnd {
    database: Arc<Database>,
    space_left: SpaceLeft,
    cause: Arc<OnceLock<String>>,
}

impl FarEnd {
    fn run(&self, requests: &Receiver<Request>) {
        while let Ok(first) = requests.recv() {
            let group = gather(first, requests);
            if let Err(failure) = self.commit_group(group) {
                tracing::error!(cause = failure.message, "storage failed; the store takes no more writes");
                return;
            }
        }
    }

    /// Commits a group and answers each; an error when nothing may be written after it.
    fn commit_group(&self, mut group: Vec<Request>) -> Result<(), Failure> {
        group.retain(|request| self.has_room_for(request));
        let verdicts = self.write(&group);
        if let Err(failure) = &verdicts {
            // Set before anyone is told: whoever reads an answer finds the store poisoned.
            self.cause.get_or_init(|| failure.message.clone());
        }
        match verdicts {
            Ok(verdicts) => {
                for (request, verdict) in group.iter().zip(verdicts) {
                    request.tell(verdict);
                }
                Ok(())
            }
            Err(failure) => {
                for request in &group {
                    request.tell(Err(failure.clone()));
                }
                Err(failure)
            }
        }
    }

    /// Refuses the request when the disk may be too full for it.
    fn has_room_for(&self, request: &Request) -> bool {
        let Err((need, left)) = self.space_left.check(&request.batch) else {
            return true;
        };
        let message =
            format!("the disk has {left} bytes left, the write may need {need}; nothing was written: make room");
        request.tell(Err(Failure::new(ErrorKind::NoSpace, message)));
        false
    }

    /// Applies the group in one transaction, and says of each batch whether it was. An error concerns them all.
    fn write(&self, group: &[Request]) -> Result<Vec<Result<(), Failure>>, Failure> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let transaction = begin(&self.database)?;
        let mut verdicts = Vec::with_capacity(group.len());
        let mut rows = transaction.open_table(ROWS)?;
        for request in group {
            verdicts.push(apply(&mut rows, &request.batch)?);
        }
        drop(rows);
        if verdicts.iter().any(Result::is_ok) {
            transaction.commit()?;
        } else {
            transaction.abort()?;
        }
        Ok(verdicts)
    }
}

impl Request {
    fn tell(&self, verdict: Result<(), Failure>) {
        // A caller that has gone away needs no answer; its batch is as durable as any.
        if let Err(TrySendError::Full(_)) = self.answer.try_send(verdict) {
            tracing::error!("a batch was answered twice");
        }
    }
}

/// A write transaction with the durability that `ARCHITECTURE.md` decides.
pub(super) fn begin(database: &Database) -> Result<WriteTransaction, Failure> {
    let mut transaction = database.begin_write()?;
    transaction
        .set_durability(Durability::Immediate)
        .map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))?;
    transaction.set_quick_repair(true);
    Ok(transaction)
}

fn gather(first: Request, requests: &Receiver<Request>) -> Vec<Request> {
    let mut bytes = first.batch.bytes();
    let mut group = vec![first];
    while bytes < GROUP_BYTES && group.len() < GROUP_BATCHES {
        let Ok(next) = requests.try_recv() else { break };
        bytes = bytes.saturating_add(next.batch.bytes());
        group.push(next);
    }
    group
}

/// The table inside a write transaction.
type Rows<'a> = Table<'a, &'static [u8], &'static [u8]>;

/// Applies one batch, unless a precondition fails; the outer error is the storage's.
fn apply(rows: &mut Rows<'_>, batch: &Batch) -> Result<Result<(), Failure>, Failure> {
    for precondition in batch.preconditions() {
        if let Some(reason) = unmet(rows, precondition)? {
            let message = format!("something changed meanwhile: {reason}; read again and retry");
            return Ok(Err(Failure::new(ErrorKind::Conflict, message)));
        }
    }
    for change in batch.changes() {
        match change {
            Change::Put(key, value) => drop(rows.insert(key.as_slice(), value.as_slice())?),
            Change::Delete(key) => drop(rows.remove(key.as_slice())?),
            Change::DeleteRange(bounds, None) => delete_range(rows, bounds)?,
            Change::DeleteRange(bounds, Some(max_rows)) => delete_first(rows, bounds, *max_rows)?,
        }
    }
    for (space, puts) in batch.touched() {
        let seen = sequence(rows, space)?;
        if seen == 0 && !puts {
            continue;
        }
        let next = SequenceRow(seen.saturating_add(1));
        let (key, value) = rows::stored(space, &(), &next).map_err(|error| damaged_sequence(space, error))?;
        rows.insert(key.as_slice(), value.as_slice())?;
    }
    Ok(Ok(()))
}

/// Why the precondition does not hold, when it does not.
fn unmet(rows: &Rows<'_>, precondition: &Precondition) -> Result<Option<String>, Failure> {
    Ok(match precondition {
        Precondition::Present(kind, key) if rows.get(key.as_slice())?.is_none() => {
            Some(format!("a {kind:?} record is no longer there"))
        }
        Precondition::Absent(kind, key) if rows.get(key.as_slice())?.is_some() => {
            Some(format!("a {kind:?} record is there already"))
        }
        Precondition::Equal(kind, key, value) => match rows.get(key.as_slice())? {
            Some(there) if there.value() == value.as_slice() => None,
            _ => Some(format!("a {kind:?} record is no longer what it was")),
        },
        Precondition::Sequence(space, expected) => match sequence(rows, *space)? {
            commits if commits == *expected => None,
            commits => Some(format!("space {space} has seen {commits} commits, not {expected}")),
        },
        _ => None,
    })
}

fn sequence(rows: &Rows<'_>, space: SpaceId) -> Result<u64, Failure> {
    let key = row_key(space, SequenceRow::KIND, &());
    match rows.get(key.as_slice())? {
        None => Ok(0),
        Some(value) => match rows::read(&key, &(), value.value()) {
            Ok(SequenceRow(commits)) => Ok(commits),
            Err(error) => Err(damaged_sequence(space, error)),
        },
    }
}

fn damaged_sequence(space: SpaceId, error: RecordError) -> Failure {
    let message = format!("the Sequence record of space {space} is damaged: {error}; run `mnemon check`");
    Failure::new(ErrorKind::Damaged, message)
}

fn delete_range(rows: &mut Rows<'_>, bounds: &Bounds) -> Result<(), Failure> {
    Ok(rows.retain_in::<&[u8], _>(bounds.as_range(), |_, _| false)?)
}

/// Deletes the first `max_rows` rows in the range; finding the last of them first, since deleting a range is some eight
/// times as fast as deleting its rows.
fn delete_first(rows: &mut Rows<'_>, bounds: &Bounds, max_rows: usize) -> Result<(), Failure> {
    let kept = match rows.range::<&[u8]>(bounds.as_range())?.nth(max_rows) {
        Some(row) => Some(row?.0.value().to_vec()),
        None => None,
    };
    match kept {
        Some(first_kept) => delete_range(rows, &bounds.clone().up_to(&first_kept)),
        None => delete_range(rows, bounds),
    }
}
