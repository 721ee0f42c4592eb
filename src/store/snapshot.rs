//! Reading: everything as it was at one moment.

use std::fmt;
use std::iter;
use std::marker::PhantomData;

use redb::{Database, OwnedAccessGuard, OwnedRange, ReadOnlyTable, ReadableDatabase, ReadableTableMetadata};

use super::ROWS;
use super::codec::RecordError;
use super::failure::{Failure, reading};
use super::key::{self, Bounds, Range, SpaceId, row_key, split_row_key};
use super::rows::{self, Kind, Row, SequenceRow};
use crate::error::{Error, ErrorKind, Result};
use crate::model::hex;

/// Takes a row as bytes: whole key and value.
pub(super) type Take<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<()>;

/// All rows as they were when it was taken. Never blocked by the writer and never blocks it; but old pages wait for it,
/// so drop it soon.
pub struct Snapshot {
    rows: ReadOnlyTable<&'static [u8], &'static [u8]>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}

impl Snapshot {
    pub(super) fn of(database: &Database) -> Result<Self, Failure> {
        reading(|| Ok(Self { rows: database.begin_read()?.open_table(ROWS)? }))
    }

    /// The row of that key, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] when its bytes are no such row.
    pub fn get<R: Row>(&self, space: SpaceId, key: &R::Key) -> Result<Option<R>> {
        let whole = row_key(space, R::KIND, key);
        let value = self.value(&whole)?;
        value.map(|value| rows::read(&whole, key, value.value())).transpose().map_err(|error| damaged(&whole, error))
    }

    /// Whether there is a row of that key, whatever it says.
    pub fn contains<R: Row>(&self, space: SpaceId, key: &R::Key) -> Result<bool> {
        self.has_key(&row_key(space, R::KIND, key))
    }

    /// Whether there is a row of that whole key.
    pub(super) fn has_key(&self, whole: &[u8]) -> Result<bool> {
        Ok(self.value(whole)?.is_some())
    }

    /// The rows of a kind in `range`, in the order of their keys; backwards with [`Iterator::rev`].
    pub fn scan<R: Row>(&self, space: SpaceId, range: &Range<R::Key>) -> Result<Scan<R>> {
        let rows = match range.bounds(space, R::KIND) {
            Some(bounds) => Some(self.range(&bounds)?),
            None => None,
        };
        Ok(Scan { rows, row: PhantomData })
    }

    /// The rows of a kind that can be read, in the order of their keys; those that are no records are left out.
    ///
    /// # Errors
    /// When the file itself cannot be read further; so do its items.
    pub fn scan_readable<R: Row>(&self, space: SpaceId, range: &Range<R::Key>) -> Result<ReadableScan<R>> {
        Ok(ReadableScan { rows: self.scan::<R>(space, range)?.rows, left_out: 0, row: PhantomData })
    }

    /// Whether the space has at least so many rows of a kind, whatever they say. Costs a step a row.
    pub fn has_as_many<R: Row>(&self, space: SpaceId, count: usize) -> Result<bool> {
        let Some(last) = count.checked_sub(1) else { return Ok(true) };
        let Some(bounds) = Range::<R::Key>::all().bounds(space, R::KIND) else { return Ok(false) };
        Ok(self.range(&bounds)?.nth(last).transpose()?.is_some())
    }

    /// The number of commits that the space has seen; 0 when there never was one.
    pub fn sequence(&self, space: SpaceId) -> Result<u64> {
        Ok(self.get::<SequenceRow>(space, &())?.map_or(0, |SequenceRow(commits)| commits))
    }

    /// Whether the space has any row.
    pub fn has_rows(&self, space: SpaceId) -> Result<bool> {
        Ok(self.range(&Bounds::of_space(space))?.next().transpose()?.is_some())
    }

    /// The spaces that have rows, in order, the catalog included. Costs one look-up a space.
    pub fn spaces(&self) -> impl Iterator<Item = Result<SpaceId>> {
        let mut next = Some(SpaceId::CATALOG);
        iter::from_fn(move || {
            let found = self.first_space_from(next?).transpose()?;
            next = found.as_ref().ok().and_then(|space| space.number().checked_add(1)).map(SpaceId::from_number);
            Some(found)
        })
    }

    /// Visits every row that is no record of this release, in the order of their keys.
    ///
    /// # Errors
    /// When the file itself cannot be read further.
    pub fn broken_rows(&self, visit: &mut dyn FnMut(BrokenRow) -> Result<()>) -> Result<()> {
        self.visit_raw(&mut |key, value| {
            let report = RowReport::of(key, value);
            let Some(problem) = report.problem else { return Ok(()) };
            let (space, kind) = (report.space, report.kind);
            visit(BrokenRow { space, kind, key: key.to_vec(), value: value.to_vec(), problem })
        })
    }

    /// The number of rows of every kind and space.
    pub fn row_count(&self) -> Result<u64> {
        Ok(reading(|| Ok(self.rows.len()?))?)
    }

    /// Visits every row as bytes, whole key and value, in the order of their keys.
    pub(super) fn visit_raw(&self, visit: Take<'_>) -> Result<()> {
        for row in self.range(&Bounds::of_prefix(Vec::new()))? {
            let (key, value) = row?;
            visit(key.value(), value.value())?;
        }
        Ok(())
    }

    /// Reads every row, the ones that cannot be read as well, in the order of their keys: what `check` is made of.
    ///
    /// # Errors
    /// When the file itself cannot be read further.
    pub fn verify_records(&self, visit: &mut dyn FnMut(RowReport<'_>)) -> Result<()> {
        for row in self.range(&Bounds::of_prefix(Vec::new()))? {
            let (whole, value) = row?;
            visit(RowReport::of(whole.value(), value.value()));
        }
        Ok(())
    }

    /// The largest space that has rows.
    pub(super) fn last_space(&self) -> Result<Option<SpaceId>> {
        let last = self.range(&Bounds::of_prefix(Vec::new()))?.next_back().transpose()?;
        Ok(last.and_then(|(whole, _)| split_row_key(whole.value()).map(|(space, ..)| space)))
    }

    fn first_space_from(&self, space: SpaceId) -> Result<Option<SpaceId>> {
        let first = self.range(&Bounds::starting_at(space))?.next().transpose()?;
        Ok(first.and_then(|(whole, _)| split_row_key(whole.value()).map(|(space, ..)| space)))
    }

    fn range(&self, bounds: &Bounds) -> Result<Rows, Failure> {
        reading(|| Ok(Rows(Some(self.rows.range_owned::<&[u8]>(bounds.as_range())?))))
    }

    fn value(&self, whole: &[u8]) -> Result<Option<Bytes>, Failure> {
        reading(|| {
            let value = self.rows.get_owned(whole)?;
            value.iter().for_each(hold);
            Ok(value)
        })
    }

    pub(super) fn table(&self) -> &ReadOnlyTable<&'static [u8], &'static [u8]> {
        &self.rows
    }
}

/// Rows as bytes, from either end: whole key and value. A failure of storage is the last that comes: redb would repeat it
/// for ever.
struct Rows(Option<OwnedRange<&'static [u8], &'static [u8]>>);

type Bytes = OwnedAccessGuard<&'static [u8]>;
type RawRow = Result<(Bytes, Bytes), Failure>;

impl Iterator for Rows {
    type Item = RawRow;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = self.0.as_mut()?;
        let next = reading(|| Ok(held(rows.next().transpose()?)));
        self.or_end(next)
    }
}

impl DoubleEndedIterator for Rows {
    fn next_back(&mut self) -> Option<Self::Item> {
        let rows = self.0.as_mut()?;
        let next = reading(|| Ok(held(rows.next_back().transpose()?)));
        self.or_end(next)
    }
}

impl Rows {
    fn or_end<T>(&mut self, next: Result<Option<T>, Failure>) -> Option<Result<T, Failure>> {
        if next.is_err() {
            self.0 = None;
        }
        next.transpose()
    }
}

/// A row whose bytes are where its page says: of a damaged page, asking for them may be what panics.
fn held(row: Option<(Bytes, Bytes)>) -> Option<(Bytes, Bytes)> {
    if let Some((key, value)) = &row {
        hold(key);
        hold(value);
    }
    row
}

fn hold(bytes: &Bytes) {
    let _there = bytes.value();
}

/// Rows of one kind, in the order of their keys, from either end. Holds its snapshot.
pub struct Scan<R> {
    rows: Option<Rows>,
    row: PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for Scan<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scan")
    }
}

impl<R: Row> Iterator for Scan<R> {
    type Item = Result<(R::Key, R)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.as_mut()?.next().map(decode)
    }
}

impl<R: Row> DoubleEndedIterator for Scan<R> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.rows.as_mut()?.next_back().map(decode)
    }
}

/// Rows of one kind that can be read, in the order of their keys, from either end. Holds its snapshot.
pub struct ReadableScan<R> {
    rows: Option<Rows>,
    left_out: usize,
    row: PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for ReadableScan<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadableScan({} left out)", self.left_out)
    }
}

impl<R: Row> ReadableScan<R> {
    /// How many rows it came past that are no records.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    fn next_readable(&mut self, next: impl Fn(&mut Rows) -> Option<RawRow>) -> Option<Result<(R::Key, R)>> {
        let rows = self.rows.as_mut()?;
        loop {
            match next(rows)? {
                Err(failure) => return Some(Err(failure.into())),
                Ok(row) => match decode(Ok(row)) {
                    Ok(row) => return Some(Ok(row)),
                    Err(_) => self.left_out += 1,
                },
            }
        }
    }
}

impl<R: Row> Iterator for ReadableScan<R> {
    type Item = Result<(R::Key, R)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_readable(Rows::next)
    }
}

impl<R: Row> DoubleEndedIterator for ReadableScan<R> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.next_readable(Rows::next_back)
    }
}

fn decode<R: Row>(row: RawRow) -> Result<(R::Key, R)> {
    let (whole, value) = row?;
    let (whole, value) = (whole.value(), value.value());
    let fields = split_row_key(whole).map(|(_, _, fields)| fields);
    let key = fields.and_then(key::decode).ok_or_else(|| damaged(whole, RecordError::Key))?;
    let row = rows::read(whole, &key, value).map_err(|error| damaged(whole, error))?;
    Ok((key, row))
}

/// A row that is no record, whole: to be kept somewhere else. Debug output does not show what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct BrokenRow {
    /// Its space; the catalog when its key is too short to say.
    pub space: SpaceId,
    /// What it was; nothing when this release does not know.
    pub kind: Option<Kind>,
    /// The whole key.
    pub key: Vec<u8>,
    /// The whole value.
    pub value: Vec<u8>,
    /// What is wrong with it.
    pub problem: RecordError,
}

impl BrokenRow {
    /// What identified it, when that much can be read.
    #[must_use]
    pub fn key_of<R: Row>(&self) -> Option<R::Key> {
        let (_, kind, fields) = split_row_key(&self.key)?;
        if kind == R::KIND.number() { key::decode(fields) } else { None }
    }
}

impl fmt::Debug for BrokenRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BrokenRow({}, {:?}, {})", self.space, self.kind, self.problem)
    }
}

/// One row as `check` sees it. Shows no text of a memory or a message.
#[derive(Debug)]
#[non_exhaustive]
pub struct RowReport<'a> {
    /// Its space.
    pub space: SpaceId,
    /// What it is; nothing when this release does not know.
    pub kind: Option<Kind>,
    /// What identifies it within its space and kind.
    pub fields: &'a [u8],
    /// The bytes of its value.
    pub value_bytes: usize,
    /// What is wrong with it.
    pub problem: Option<RecordError>,
}

impl<'a> RowReport<'a> {
    pub(super) fn of(whole: &'a [u8], value: &'a [u8]) -> Self {
        let Some((space, kind, fields)) = split_row_key(whole) else {
            let problem = Some(RecordError::Key);
            return Self { space: SpaceId::CATALOG, kind: None, fields: whole, value_bytes: value.len(), problem };
        };
        let problem = rows::check_row(whole, value).err();
        Self { space, kind: Kind::from_number(kind), fields, value_bytes: value.len(), problem }
    }
}

/// Names the row by its key: the hashes, ids and names in it are not what anybody said.
fn damaged(whole: &[u8], error: RecordError) -> Error {
    let (space, kind, fields) = split_row_key(whole).unwrap_or((SpaceId::CATALOG, 0, whole));
    let kind = Kind::from_number(kind).map_or_else(|| format!("kind {kind}"), |kind| format!("{kind:?}"));
    let key = hex(fields);
    let message = format!("the {kind} record {key} of space {space} is damaged: {error}; run `mnemon check`");
    Error::new(ErrorKind::Damaged, message)
}
