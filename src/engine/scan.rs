//! What a recall reads while the index of its profile is still being built: every vector, and the rows that are nearest to the
//! question. They make an index of their own, which is asked in place of the whole one.
//!
//! Not found is what shares words with the question, and is far from it by meaning; and how rare a word is, is told from what was found alone.

use std::collections::{BTreeSet, VecDeque};

use super::edit::entry;
use super::rows::{Beside, ProfileRows, if_readable};
use super::side_by_side::side_by_side;
use crate::error::Result;
use crate::index::{MemoryIndex, ProfileIndex};
use crate::model::{Best, Hit, Memory, MemoryId, MemoryType, Place, UnitVector, by_number};
use crate::store::Range;
use crate::store::rows::{MemoryRow, MemoryVectorRow, MessageVectorRow};

/// So many messages nearest to the question.
const MESSAGES: usize = 200;
/// So many on either side of each: they speak for it.
const BESIDE: u32 = 2;
/// So many memories nearest to the question.
const MEMORIES: usize = 100;
/// So many of the latest instructions, and of the latest tasks: no question resembles the ones, and the others have no vectors.
const LATEST: usize = 100;

/// An index of what is nearest to `vector`.
pub(super) fn nearest(rows: &ProfileRows<'_>, vector: &UnitVector) -> Result<ProfileIndex> {
    let mut index = ProfileIndex::new(vector.dimension());
    let (_, memories) = index.halves();
    let (near, chosen) = side_by_side(
        || nearest_messages(rows, vector),
        ("scan-memories", || nearest_memories(rows, vector, memories)),
    )?;
    let mut places: BTreeSet<Place> = near.into_iter().flat_map(around).collect();
    for id in chosen {
        let Some(memory) = if_readable(rows.memory(id))? else { continue };
        for source in &memory.sources {
            places.extend(if_readable(rows.place(*source))?);
        }
        let vector = if_readable(rows.snapshot.get::<MemoryVectorRow>(rows.space, &id))?.map(|row| row.0);
        index.put_memory(entry(&memory, vector.as_ref()));
    }
    for place in places {
        if let Some(message) = if_readable(rows.message(place))? {
            index.add_message(place, &message, if_readable(rows.vector(place))?.as_ref());
        }
    }
    Ok(index)
}

fn around(place: Place) -> impl Iterator<Item = Place> {
    let (from, to) = (place.position.saturating_sub(BESIDE), place.position.saturating_add(BESIDE));
    (from..=to).map(move |position| Place { position, ..place })
}

fn nearest_messages(rows: &ProfileRows<'_>, vector: &UnitVector) -> Result<Vec<Place>> {
    let mut near = Nearest::new(MESSAGES);
    for row in rows.snapshot.scan_readable::<MessageVectorRow>(rows.space, &Range::all())? {
        let (place, MessageVectorRow(its)) = row?;
        near.offer(place, vector, &its);
    }
    Ok(near.into_keys())
}

/// Those nearest, and the latest of those that no question resembles. History goes into the index at once: it has to be known that what
/// a message says holds no longer.
fn nearest_memories(
    rows: &ProfileRows<'_>,
    vector: &UnitVector,
    history: &mut MemoryIndex,
) -> Result<BTreeSet<MemoryId>> {
    let mut vectors = Beside::new(rows.snapshot.scan_readable::<MemoryVectorRow>(rows.space, &Range::all())?);
    let mut near = Nearest::new(MEMORIES);
    let (mut instructions, mut tasks) = (VecDeque::new(), VecDeque::new());
    for row in rows.snapshot.scan_readable::<MemoryRow>(rows.space, &Range::all())? {
        let (id, MemoryRow(memory)) = row?;
        if !memory.is_active() {
            history.put(entry(&memory, None));
            continue;
        }
        match memory.kind {
            MemoryType::Instruction => keep_latest(&mut instructions, &memory),
            MemoryType::Task => keep_latest(&mut tasks, &memory),
            MemoryType::Fact | MemoryType::Event => {}
        }
        if let Some(MemoryVectorRow(its)) = vectors.of(&id)? {
            near.offer(id, vector, &its);
        }
    }
    Ok(near.into_keys().into_iter().chain(instructions).chain(tasks).collect())
}

fn keep_latest(latest: &mut VecDeque<MemoryId>, memory: &Memory) {
    if latest.len() == LATEST {
        latest.pop_front();
    }
    latest.push_back(memory.id);
}

/// The rows whose vectors are nearest, by their keys.
struct Nearest<K> {
    keys: Vec<K>,
    best: Best<fn(u32) -> u128>,
}

impl<K: Copy> Nearest<K> {
    fn new(count: usize) -> Self {
        Self { keys: Vec::new(), best: Best::new(count, by_number) }
    }

    fn offer(&mut self, key: K, asked: &UnitVector, its: &UnitVector) {
        let Ok(doc) = u32::try_from(self.keys.len()) else { return };
        self.keys.push(key);
        self.best.offer(Hit { doc, score: asked.dot(its) });
    }

    fn into_keys(self) -> Vec<K> {
        let Self { keys, best } = self;
        best.into_vec().into_iter().filter_map(|hit| keys.get(usize::try_from(hit.doc).ok()?).copied()).collect()
    }
}
