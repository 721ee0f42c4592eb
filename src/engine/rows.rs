//! One profile's rows, read as model values.

use crate::error::Result;
use crate::index::ProfileIndex;
use crate::model::{Memory, MemoryId, Message, MessageId, Place, SessionId, UnitVector};
use crate::recall;
use crate::store::rows::{
    MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow, SessionNameKey, SessionNameRow,
    SessionRow,
};
use crate::store::{Batch, Range, Snapshot, SpaceId};

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

    /// The index of the profile, made from all of its rows.
    pub(super) fn build_index(&self, dimension: usize) -> Result<ProfileIndex> {
        let mut index = ProfileIndex::new(dimension);
        for session in self.sessions()? {
            for message in self.messages(&session?)? {
                let (place, message) = message?;
                let vector = self.vector(place)?;
                index.add_message(place, &message, vector.as_ref());
            }
        }
        for memory in self.memories()? {
            let memory = memory?;
            let vector = self.snapshot.get::<MemoryVectorRow>(self.space, &memory.id)?.map(|row| row.0);
            index.put_memory(entry(&memory, vector.as_ref()));
        }
        Ok(index)
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
