//! One profile's rows, read as model values.

use std::thread;

use crate::error::{Error, ErrorKind, Result};
use crate::index::{MemoryIndex, MessageIndex, ProfileIndex};
use crate::model::{Memory, MemoryId, Message, MessageId, Place, SessionId, UnitVector};
use crate::recall;
use crate::store::rows::{
    MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow, Row, SessionNameKey, SessionNameRow,
    SessionRow,
};
use crate::store::{Batch, Range, Scan, Snapshot, SpaceId};

use super::edit::entry;

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
        let mut last: Vec<Message> =
            self.messages(session)?.rev().take(count).map(|m| m.map(|(_, m)| m)).collect::<Result<_>>()?;
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
        let last = self.snapshot.scan::<SessionRow>(self.space, &Range::all())?.next_back().transpose()?;
        let number = last.map_or(0, |(number, _)| number + 1);
        Ok(Session { number, row: SessionRow { name: name.clone(), next_position: 0 } })
    }

    /// The index of the profile, made from all of its rows: messages on this thread, memories on another.
    pub(super) fn build_index(&self, dimension: usize) -> Result<ProfileIndex> {
        let mut index = ProfileIndex::new(dimension);
        let (messages, memories) = index.halves();
        thread::scope(|scope| {
            let memories = thread::Builder::new()
                .name("index-memories".into())
                .spawn_scoped(scope, || self.read_memories(memories))
                .map_err(|e| Error::new(ErrorKind::Busy, format!("a thread to build an index cannot start: {e}")))?;
            self.read_messages(messages)?;
            memories.join().map_err(|_| Error::new(ErrorKind::Internal, "building an index panicked"))?
        })?;
        Ok(index)
    }

    fn read_messages(&self, index: &mut MessageIndex) -> Result<()> {
        let mut vectors = Beside::new(self.snapshot.scan::<MessageVectorRow>(self.space, &Range::all())?);
        for session in self.sessions()? {
            for message in self.messages(&session?)? {
                let (place, message) = message?;
                let vector = vectors.of(&place)?.map(|row| row.0);
                index.add(place, &message, vector.as_ref());
            }
        }
        Ok(())
    }

    fn read_memories(&self, index: &mut MemoryIndex) -> Result<()> {
        let mut vectors = Beside::new(self.snapshot.scan::<MemoryVectorRow>(self.space, &Range::all())?);
        for memory in self.memories()? {
            let memory = memory?;
            let vector = vectors.of(&memory.id)?.map(|row| row.0);
            index.put(entry(&memory, vector.as_ref()));
        }
        Ok(())
    }
}

/// Rows asked for by rising key: one walk beside another instead of a search for each.
struct Beside<R: Row> {
    rows: Scan<R>,
    next: Option<(R::Key, R)>,
}

impl<R: Row<Key: Ord>> Beside<R> {
    fn new(rows: Scan<R>) -> Self {
        Self { rows, next: None }
    }

    /// The row of that key, if there is one; the key must be above every one asked for before.
    fn of(&mut self, key: &R::Key) -> Result<Option<R>> {
        while self.next.as_ref().is_none_or(|(next, _)| next < key) {
            self.next = self.rows.next().transpose()?;
            if self.next.is_none() {
                return Ok(None);
            }
        }
        Ok(self.next.take_if(|(next, _)| next == key).map(|(_, row)| row))
    }
}

impl recall::Rows for ProfileRows<'_> {
    fn memory(&self, id: MemoryId) -> Result<Option<Memory>> {
        Ok(self.snapshot.get::<MemoryRow>(self.space, &id)?.map(|row| row.0))
    }

    fn message(&self, place: Place) -> Result<Option<Message>> {
        let Some(row) = self.snapshot.get::<MessageRow>(self.space, &place)? else { return Ok(None) };
        let session = self.snapshot.get::<SessionRow>(self.space, &place.session)?;
        Ok(session.map(|session| row.into_message(session.name)))
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
