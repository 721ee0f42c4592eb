//! One profile's rows, read as model values.
//!
//! A record that is damaged is told to whoever asks for it. What serves a whole profile (its index, recall, lists of
//! memories) goes without it, and says so in the log: one flipped bit does not take a profile away.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::index::{MemoryIndex, MessageIndex, ProfileIndex};
use crate::model::{Memory, MemoryId, Message, MessageId, Place, SessionId, UnitVector};
use crate::recall;
use crate::store::rows::{
    MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow, Row, SessionNameKey, SessionNameRow,
    SessionRow,
};
use crate::store::{Batch, Range, ReadableScan, Snapshot, SpaceId};

use super::edit::entry;
use super::side_by_side::side_by_side;

/// One profile's rows, as they were when the snapshot was taken.
#[derive(Clone, Copy)]
pub(super) struct ProfileRows<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) space: SpaceId,
}

impl ProfileRows<'_> {
    pub(super) fn place(&self, id: MessageId) -> Result<Option<Place>> {
        Ok(self.snapshot.get::<MessagePlaceRow>(self.space, &id)?.map(|row| row.0))
    }

    /// # Errors
    /// `Damaged`, as of every record that is asked for by name.
    pub(super) fn memory(&self, id: MemoryId) -> Result<Option<Memory>> {
        Ok(self.snapshot.get::<MemoryRow>(self.space, &id)?.map(|row| row.0))
    }

    pub(super) fn message(&self, place: Place) -> Result<Option<Message>> {
        let Some(row) = self.snapshot.get::<MessageRow>(self.space, &place)? else { return Ok(None) };
        let session = self.snapshot.get::<SessionRow>(self.space, &place.session)?;
        Ok(session.map(|session| row.into_message(session.name)))
    }

    /// The vector of the message at a place.
    pub(super) fn vector(&self, place: Place) -> Result<Option<UnitVector>> {
        Ok(self.snapshot.get::<MessageVectorRow>(self.space, &place)?.map(|row| row.0))
    }

    /// Every memory, in the order of their ids.
    pub(super) fn memories(&self) -> Result<impl DoubleEndedIterator<Item = Result<Memory>>> {
        let rows = self.snapshot.scan::<MemoryRow>(self.space, &Range::all())?;
        Ok(rows.map(|row| row.map(|(_, row)| row.0)))
    }

    /// A session's messages, in the order they were said.
    pub(super) fn messages(
        &self,
        session: &Session,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(Place, Message)>>> {
        let rows = self.snapshot.scan::<MessageRow>(self.space, &Range::within(&session.number))?;
        let name = session.row.name.clone();
        Ok(rows.map(move |row| row.map(|(place, row)| (place, row.into_message(name.clone())))))
    }

    /// Every session, in the order of their numbers.
    pub(super) fn sessions(&self) -> Result<impl Iterator<Item = Result<Session>>> {
        let rows = self.snapshot.scan::<SessionRow>(self.space, &Range::all())?;
        Ok(rows.map(|row| row.map(|(number, row)| Session { number, row })))
    }

    /// A session's last messages, in the order they were said.
    pub(super) fn last_messages(&self, session: &Session, count: usize) -> Result<Vec<Message>> {
        let rows = self.snapshot.scan_readable::<MessageRow>(self.space, &Range::within(&session.number))?;
        let latest_first = rows.rev().take(count);
        let mut last: Vec<Message> = latest_first
            .map(|row| row.map(|(_, row)| row.into_message(session.row.name.clone())))
            .collect::<Result<_>>()?;
        last.reverse();
        Ok(last)
    }

    /// The session of that name.
    pub(super) fn session(&self, name: &SessionId) -> Result<Option<Session>> {
        let Some(SessionNameRow { session: number }) = self.snapshot.get(self.space, &SessionNameKey::of(name))? else {
            return Ok(None);
        };
        Ok(self.snapshot.get::<SessionRow>(self.space, &number)?.map(|row| Session { number, row }))
    }

    /// The session of that name, or one whose first message is still to come.
    pub(super) fn session_or_new(&self, name: &SessionId) -> Result<Session> {
        if let Some(session) = self.session(name)? {
            return Ok(session);
        }
        let last = self.snapshot.scan_readable::<SessionRow>(self.space, &Range::all())?.next_back().transpose()?;
        let mut number = last.map_or(0, |(number, _)| number + 1);
        while self.snapshot.contains::<SessionRow>(self.space, &number)? {
            number += 1;
        }
        Ok(Session { number, row: SessionRow { name: name.clone(), next_position: 0 } })
    }

    /// Whether the profile has at least so many messages, or so many memories.
    pub(super) fn is_large(&self, texts: usize) -> Result<bool> {
        Ok(self.snapshot.has_as_many::<MessageRow>(self.space, texts)?
            || self.snapshot.has_as_many::<MemoryRow>(self.space, texts)?)
    }

    /// The index of the profile, made from all of its rows that can be read, and how many cannot: messages on this thread,
    /// memories on another.
    ///
    /// # Errors
    /// `Busy` once `stop` says so.
    pub(super) fn build_index(&self, dimension: usize, stop: &AtomicBool) -> Result<(ProfileIndex, usize)> {
        let mut index = ProfileIndex::new(dimension);
        let (messages, memories) = index.halves();
        let (said, kept) = side_by_side(
            || self.read_messages(messages, stop),
            ("index-memories", || self.read_memories(memories, stop)),
        )?;
        Ok((index, said + kept))
    }

    fn read_messages(&self, index: &mut MessageIndex, stop: &AtomicBool) -> Result<usize> {
        let mut left_out = 0;
        let mut vectors = Beside::new(self.snapshot.scan_readable::<MessageVectorRow>(self.space, &Range::all())?);
        let mut sessions = self.snapshot.scan_readable::<SessionRow>(self.space, &Range::all())?;
        for session in sessions.by_ref() {
            let (number, session) = session?;
            let mut messages = self.snapshot.scan_readable::<MessageRow>(self.space, &Range::within(&number))?;
            for message in messages.by_ref() {
                go_on_unless(stop)?;
                let (place, row) = message?;
                let vector = vectors.of(&place)?.map(|row| row.0);
                index.add(place, &row.into_message(session.name.clone()), vector.as_ref());
            }
            left_out += messages.left_out();
        }
        Ok(left_out + sessions.left_out() + vectors.rows.left_out())
    }

    fn read_memories(&self, index: &mut MemoryIndex, stop: &AtomicBool) -> Result<usize> {
        let mut vectors = Beside::new(self.snapshot.scan_readable::<MemoryVectorRow>(self.space, &Range::all())?);
        let mut memories = self.snapshot.scan_readable::<MemoryRow>(self.space, &Range::all())?;
        for memory in memories.by_ref() {
            go_on_unless(stop)?;
            let (id, MemoryRow(memory)) = memory?;
            let vector = vectors.of(&id)?.map(|row| row.0);
            index.put(entry(&memory, vector.as_ref()));
        }
        Ok(memories.left_out() + vectors.rows.left_out())
    }
}

fn go_on_unless(stop: &AtomicBool) -> Result<()> {
    if stop.load(Ordering::Relaxed) {
        return Err(Error::new(ErrorKind::Busy, "the engine is being closed"));
    }
    Ok(())
}

/// What was read, or nothing where the record is damaged.
pub(super) fn if_readable<T>(found: Result<Option<T>>) -> Result<Option<T>> {
    match found {
        Err(error) if error.kind() == ErrorKind::Damaged => {
            tracing::warn!(%error, "went on without a record");
            Ok(None)
        }
        found => found,
    }
}

/// Rows asked for by rising key: one walk beside another instead of a search for each.
pub(super) struct Beside<R: Row> {
    rows: ReadableScan<R>,
    next: Option<(R::Key, R)>,
}

impl<R: Row<Key: Ord>> Beside<R> {
    pub(super) fn new(rows: ReadableScan<R>) -> Self {
        Self { rows, next: None }
    }

    /// The row of that key, if there is one; the key must be above every one asked for before.
    pub(super) fn of(&mut self, key: &R::Key) -> Result<Option<R>> {
        while self.next.as_ref().is_none_or(|(next, _)| next < key) {
            self.next = self.rows.next().transpose()?;
            if self.next.is_none() {
                return Ok(None);
            }
        }
        Ok(self.next.take_if(|(next, _)| next == key).map(|(_, row)| row))
    }
}

/// For recall, which goes without what is damaged.
impl recall::Rows for ProfileRows<'_> {
    fn memory(&self, id: MemoryId) -> Result<Option<Memory>> {
        if_readable(ProfileRows::memory(self, id))
    }

    fn message(&self, place: Place) -> Result<Option<Message>> {
        if_readable(ProfileRows::message(self, place))
    }
}

/// A session's number and record.
pub(super) struct Session {
    pub(super) number: u32,
    pub(super) row: SessionRow,
}

impl Session {
    /// Makes room for `count` more messages; gives their places.
    pub(super) fn grow(
        mut self,
        count: usize,
        batch: &mut Batch,
        space: SpaceId,
    ) -> impl Iterator<Item = Place> + use<> {
        let (session, first) = (self.number, self.row.next_position);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.row.next_position = first.saturating_add(count);
        batch.put(space, &SessionNameKey::of(&self.row.name), &SessionNameRow { session });
        batch.put(space, &session, &self.row);
        (first..self.row.next_position).map(move |position| Place { session, position })
    }
}
