//! A batch: what one commit changes, and what must hold for it to be changed.

use std::collections::BTreeMap;

use super::checksum;
use super::codec::RecordError;
use super::key::{Bounds, Prefix, Range, SpaceId, row_key, split_row_key};
use super::rows::{self, Kind, Row};
use super::snapshot::{BrokenRow, Snapshot};
use crate::error::Result;

/// Changes that become durable together, or not at all. They are made in the order in which they were added.
///
/// Each commit adds one to the sequence of every space it puts rows in or deletes rows from; erasing does not, since it
/// takes the sequence along, nor do rows about a cache; and deleting does not begin one.
#[derive(Debug, Default)]
pub struct Batch {
    preconditions: Vec<Precondition>,
    changes: Vec<Change>,
    /// With whether rows are put there.
    touched: BTreeMap<SpaceId, bool>,
    bytes: usize,
    refused: Option<(Kind, RecordError)>,
}

/// What must hold just before a batch is applied.
#[derive(Debug)]
pub(super) enum Precondition {
    /// A row is there.
    Present(Kind, Vec<u8>),
    /// No row is there.
    Absent(Kind, Vec<u8>),
    /// A row is there and its value is exactly this.
    Equal(Kind, Vec<u8>, Vec<u8>),
    /// A space has seen exactly that many commits.
    Sequence(SpaceId, u64),
}

/// One change, in whole keys.
#[derive(Debug)]
pub(super) enum Change {
    Put(Vec<u8>, Vec<u8>),
    Delete(Vec<u8>),
    /// Deletes every row in the range, or the first of them up to that number.
    DeleteRange(Bounds, Option<usize>),
}

impl Batch {
    /// A batch that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a row, whether or not there is one. A row too long to be read back makes [`super::Store::commit`] refuse
    /// the batch.
    pub fn put<R: Row>(&mut self, space: SpaceId, key: &R::Key, row: &R) {
        match rows::stored(space, key, row) {
            Ok((whole, value)) => self.change_of(R::KIND, space, Change::Put(whole, value)),
            Err(error) => self.refused = self.refused.or(Some((R::KIND, error))),
        }
    }

    /// Deletes a row, if it is there.
    pub fn delete<R: Row>(&mut self, space: SpaceId, key: &R::Key) {
        self.change_of(R::KIND, space, Change::Delete(row_key(space, R::KIND, key)));
    }

    /// Deletes a row that is no record.
    pub fn delete_broken(&mut self, row: &BrokenRow) {
        self.change(row.space, Change::Delete(row.key.clone()));
    }

    /// Writes a row as it was before one bit of its key or its value was flipped; whether that is what is wrong with it.
    /// `snapshot` is where it was read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn put_unflipped(&mut self, row: &BrokenRow, snapshot: &Snapshot) -> Result<bool> {
        let Some((key, value)) = checksum::without_flip(&row.key, &row.value) else { return Ok(false) };
        let Some((space, ..)) = split_row_key(&key).filter(|_| rows::check_row(&key, &value).is_ok()) else {
            return Ok(false);
        };
        if key != row.key {
            // What stands under the key that it had is not written over.
            if snapshot.has_key(&key)? {
                return Ok(false);
            }
            self.delete_broken(row);
        }
        self.change(space, Change::Put(key, value));
        Ok(true)
    }

    /// Deletes every row of the kind whose key starts with `prefix`.
    pub fn delete_prefix<R: Row>(&mut self, space: SpaceId, prefix: &impl Prefix<R::Key>) {
        self.delete_range::<R>(space, &Range::within(prefix));
    }

    /// Deletes every row of the kind in the range.
    pub fn delete_range<R: Row>(&mut self, space: SpaceId, range: &Range<R::Key>) {
        if let Some(bounds) = range.bounds(space, R::KIND) {
            self.change_of(R::KIND, space, Change::DeleteRange(bounds, None));
        }
    }

    /// Deletes every row of the space, its sequence included.
    pub fn erase_space(&mut self, space: SpaceId) {
        self.erase(space, None);
    }

    /// Deletes the first `max_rows` rows of the space, its sequence among them. Repeat in batches of their own until
    /// [`super::Snapshot::has_rows`] says that none is left.
    pub fn erase_some(&mut self, space: SpaceId, max_rows: usize) {
        self.erase(space, Some(max_rows));
    }

    /// Refuses the batch unless the row is there.
    pub fn require_present<R: Row>(&mut self, space: SpaceId, key: &R::Key) {
        self.require(Precondition::Present(R::KIND, row_key(space, R::KIND, key)));
    }

    /// Refuses the batch unless no such row is there.
    pub fn require_absent<R: Row>(&mut self, space: SpaceId, key: &R::Key) {
        self.require(Precondition::Absent(R::KIND, row_key(space, R::KIND, key)));
    }

    /// Refuses the batch unless the row is there and is still `row`.
    pub fn require_equal<R: Row>(&mut self, space: SpaceId, key: &R::Key, row: &R) {
        match rows::stored(space, key, row) {
            Ok((whole, value)) => self.require(Precondition::Equal(R::KIND, whole, value)),
            Err(error) => self.refused = self.refused.or(Some((R::KIND, error))),
        }
    }

    /// Refuses the batch unless the space has seen exactly `commits` commits, so that nothing has changed in it since
    /// it was read.
    pub fn require_sequence(&mut self, space: SpaceId, commits: u64) {
        self.require(Precondition::Sequence(space, commits));
    }

    /// Whether there is nothing to change and nothing to check.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.preconditions.is_empty() && self.refused.is_none()
    }

    /// The number of changes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// The bytes of all keys and values.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn preconditions(&self) -> &[Precondition] {
        &self.preconditions
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether the space's sequence counts it.
    #[must_use]
    pub fn touches(&self, space: SpaceId) -> bool {
        self.touched.contains_key(&space)
    }

    /// The spaces whose sequence the batch adds one to, and whether it begins one where there is none.
    pub(super) fn touched(&self) -> impl Iterator<Item = (SpaceId, bool)> {
        self.touched.iter().map(|(space, puts)| (*space, *puts)).filter(|(space, _)| *space != SpaceId::CATALOG)
    }

    /// Whether it only deletes: such a batch may use the room on the disk that is kept back.
    pub(super) fn only_deletes(&self) -> bool {
        !self.changes.iter().any(|change| matches!(change, Change::Put(..)))
    }

    /// The first row that could not be encoded.
    pub(super) fn refused(&self) -> Option<(Kind, RecordError)> {
        self.refused
    }

    fn erase(&mut self, space: SpaceId, max_rows: Option<usize>) {
        self.change(space, Change::DeleteRange(Bounds::of_space(space), max_rows));
        self.touched.remove(&space);
    }

    fn require(&mut self, precondition: Precondition) {
        self.preconditions.push(precondition);
    }

    fn change_of(&mut self, kind: Kind, space: SpaceId, change: Change) {
        let before = self.touched.get(&space).copied();
        self.change(space, change);
        match before {
            _ if kind.is_counted() => {}
            Some(puts) => drop(self.touched.insert(space, puts)),
            None => drop(self.touched.remove(&space)),
        }
    }

    fn change(&mut self, space: SpaceId, change: Change) {
        self.bytes += match &change {
            Change::Put(key, value) => key.len() + value.len(),
            Change::Delete(key) => key.len(),
            Change::DeleteRange(..) => 0,
        };
        *self.touched.entry(space).or_default() |= matches!(change, Change::Put(..));
        self.changes.push(change);
    }
}
