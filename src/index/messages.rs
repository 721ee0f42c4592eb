//! Messages where they stand.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Message, MessageId, Place, UnitVector};

/// The messages of one profile.
pub(crate) struct MessageIndex {
    ids: BTreeMap<Place, MessageId>,
    places: HashMap<MessageId, Place>,
}

impl MessageIndex {
    pub(crate) fn new(_dimension: usize) -> Self {
        Self { ids: BTreeMap::new(), places: HashMap::new() }
    }

    pub(crate) fn add(&mut self, place: Place, message: &Message, _vector: Option<&UnitVector>) {
        self.remove(place);
        self.ids.insert(place, message.id);
        self.places.insert(message.id, place);
    }

    pub(crate) fn remove(&mut self, place: Place) {
        if let Some(id) = self.ids.remove(&place) {
            self.places.remove(&id);
        }
    }

    pub(crate) fn place_of(&self, id: MessageId) -> Option<Place> {
        self.places.get(&id).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn places(&self) -> impl DoubleEndedIterator<Item = Place> + '_ {
        self.ids.keys().copied()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.ids.len() * 100
    }

    pub(crate) fn verify(&self) -> Vec<String> {
        Vec::new()
    }
}
