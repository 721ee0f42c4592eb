//! Where messages stand: their numbers by session and position.

use std::collections::BTreeMap;

use crate::model::Place;

/// The documents of places, in order. A session's are a list: who looks for neighbours finds them beside each other.
#[derive(Default)]
pub(super) struct Places {
    /// Position and document, by rising position.
    sessions: BTreeMap<u32, Vec<(u32, u32)>>,
    len: usize,
}

impl Places {
    /// Puts a document at a place where there is none.
    pub(super) fn insert(&mut self, place: Place, doc: u32) {
        let session = self.sessions.entry(place.session).or_default();
        let at = session.partition_point(|(position, _)| *position < place.position);
        session.insert(at, (place.position, doc));
        self.len += 1;
    }

    /// Takes the document of a place out, if there is one.
    pub(super) fn remove(&mut self, place: Place) -> Option<u32> {
        let session = self.sessions.get_mut(&place.session)?;
        let at = session.binary_search_by_key(&place.position, |(position, _)| *position).ok()?;
        let (_, doc) = session.remove(at);
        if session.is_empty() {
            self.sessions.remove(&place.session);
        } else if session.len() < session.capacity() / 4 {
            session.shrink_to(session.len() * 2);
        }
        self.len -= 1;
        Some(doc)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (Place, u32)> + '_ {
        let at = |session: u32| move |&(position, doc): &(u32, u32)| (Place { session, position }, doc);
        self.sessions.iter().flat_map(move |(&session, docs)| docs.iter().map(at(session)))
    }

    /// Those of a session from one position to another, both counted in.
    pub(super) fn between(&self, session: u32, first: u32, last: u32) -> impl Iterator<Item = (Place, u32)> + '_ {
        let docs = self.sessions.get(&session).map_or(&[][..], Vec::as_slice);
        let start = docs.partition_point(|(position, _)| *position < first);
        let found = docs.iter().skip(start).take_while(move |(position, _)| *position <= last);
        found.map(move |&(position, doc)| (Place { session, position }, doc))
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let entries: usize = self.sessions.values().map(Vec::capacity).sum();
        // A session's own place in the ordered map takes about twice what it holds.
        entries * size_of::<(u32, u32)>() + self.sessions.len() * 2 * size_of::<(u32, Vec<(u32, u32)>)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_order_and_neighbours_stay_within_a_session() {
        let mut places = Places::default();
        let place = |session, position| Place { session, position };
        for (doc, at) in (0..).zip([place(2, 5), place(1, 9), place(2, 0), place(2, 6), place(1, u32::MAX)]) {
            places.insert(at, doc);
        }
        assert_eq!(places.iter().map(|(_, doc)| doc).collect::<Vec<_>>(), [1, 4, 2, 0, 3]);
        assert_eq!(places.iter().next_back(), Some((place(2, 6), 3)));
        assert_eq!(places.between(2, 4, 8).map(|(_, doc)| doc).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(places.between(1, 10, u32::MAX).collect::<Vec<_>>(), [(place(1, u32::MAX), 4)]);
        assert_eq!(places.between(7, 0, 9).count(), 0);
        assert_eq!(
            (places.remove(place(2, 5)), places.remove(place(2, 5)), places.remove(place(9, 0))),
            (Some(0), None, None)
        );
        assert_eq!((places.len(), places.between(2, 4, 8).count()), (4, 1));
    }
}
