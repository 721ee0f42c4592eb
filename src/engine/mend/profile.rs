//! What in one profile does not agree, and the changes that make it agree: `check` tells the one, `repair` commits the
//! other. Rows that are no records are left out here; they were told, and put aside, before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::engine::edit::has_vector;
use crate::error::Result;
use crate::model::{MemoryId, MessageId, Place, SessionId};
use crate::store::rows::{
    MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow, SequenceRow, SessionNameKey,
    SessionNameRow, SessionRow,
};
use crate::store::{Batch, Range, Snapshot, SpaceId};

/// What was found, and what would mend it.
#[derive(Default)]
pub(in crate::engine) struct Examined {
    /// What the batch mends. Without any memory's text.
    pub(in crate::engine) findings: Vec<String>,
    /// What was there once and cannot be made again; the batch removes its traces.
    pub(in crate::engine) lost: Vec<String>,
    pub(in crate::engine) batch: Batch,
    /// What has no vector and should have one.
    pub(in crate::engine) texts: Vec<(Wanted, String)>,
    pub(in crate::engine) messages: usize,
    /// Those that are not superseded.
    pub(in crate::engine) active_memories: usize,
}

/// Whose vector.
#[derive(Clone, Copy)]
pub(in crate::engine) enum Wanted {
    Message(Place),
    Memory(MemoryId),
}

/// Examines the rows of a space. `sequence` is a number of commits that the space has never seen.
pub(in crate::engine) fn examine(
    snapshot: &Snapshot,
    space: SpaceId,
    dimension: usize,
    sequence: u64,
) -> Result<Examined> {
    let mut examiner = Examiner::new(snapshot, space, dimension)?;
    examiner.messages()?;
    examiner.sessions()?;
    examiner.places()?;
    examiner.memories()?;
    if snapshot.has_rows(space)? && !matches!(snapshot.get::<SequenceRow>(space, &()), Ok(Some(_))) {
        examiner.found("its number of commits is not known");
        examiner.out.batch.put(space, &(), &SequenceRow(sequence));
    }
    Ok(examiner.out)
}

struct Examiner<'a> {
    snapshot: &'a Snapshot,
    space: SpaceId,
    dimension: usize,
    sessions: BTreeMap<u32, SessionRow>,
    /// Session names that memories know, by which a session's lost name may be told.
    known_names: BTreeSet<SessionId>,
    places: HashMap<MessageId, Place>,
    /// Ids that messages had before, and have now.
    renamed: HashMap<MessageId, MessageId>,
    changed_sessions: BTreeSet<u32>,
    out: Examined,
}

impl<'a> Examiner<'a> {
    fn new(snapshot: &'a Snapshot, space: SpaceId, dimension: usize) -> Result<Self> {
        let sessions = snapshot.scan_readable::<SessionRow>(space, &Range::all())?.collect::<Result<_>>()?;
        let mut known_names = BTreeSet::new();
        for memory in snapshot.scan_readable::<MemoryRow>(space, &Range::all())? {
            known_names.extend(memory?.1.0.session);
        }
        Ok(Self {
            snapshot,
            space,
            dimension,
            sessions,
            known_names,
            places: HashMap::new(),
            renamed: HashMap::new(),
            changed_sessions: BTreeSet::new(),
            out: Examined::default(),
        })
    }

    fn found(&mut self, what: impl Into<String>) {
        self.out.findings.push(what.into());
    }

    fn lost(&mut self, what: impl Into<String>) {
        self.out.lost.push(what.into());
    }

    fn messages(&mut self) -> Result<()> {
        for row in self.snapshot.scan_readable::<MessageRow>(self.space, &Range::all())? {
            let (place, row) = row?;
            self.out.messages += 1;
            let name = self.session_of(place, &row);
            let id = MessageId::of(&name, row.role, &row.content);
            if self.places.contains_key(&id) {
                self.found(format!("message {}: is there twice", row.id));
                self.out.batch.delete::<MessageRow>(self.space, &place);
                self.out.messages -= 1;
                continue;
            }
            if id != row.id && self.is_anothers(row.id)? {
                self.lost(format!("a message of session {}: another profile's stands in its place", place.session));
                self.out.batch.delete::<MessageRow>(self.space, &place);
                self.out.messages -= 1;
                continue;
            }
            if id != row.id {
                self.found(format!("message {}: its content is not what its id was made from", row.id));
                self.renamed.insert(row.id, id);
                self.out.batch.put(self.space, &place, &MessageRow { id, ..row.clone() });
            }
            self.places.insert(id, place);
            let vector = self.snapshot.get::<MessageVectorRow>(self.space, &place);
            if !vector.is_ok_and(|row| row.is_some_and(|row| row.0.dimension() == self.dimension)) {
                self.found(format!("message {id}: has no vector"));
                self.out.texts.push((Wanted::Message(place), row.content));
            }
        }
        self.extra_message_vectors()
    }

    /// Whether another profile has a message of that id: nobody may read it here. It is not lost with its copy.
    fn is_anothers(&self, id: MessageId) -> Result<bool> {
        for space in self.snapshot.spaces() {
            let space = space?;
            if space != self.space && self.snapshot.contains::<MessagePlaceRow>(space, &id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn extra_message_vectors(&mut self) -> Result<()> {
        let places: HashSet<Place> = self.places.values().copied().collect();
        for row in self.snapshot.scan_readable::<MessageVectorRow>(self.space, &Range::all())? {
            let (place, _) = row?;
            if !places.contains(&place) {
                self.found(format!("a vector of session {} has no message", place.session));
                self.out.batch.delete::<MessageVectorRow>(self.space, &place);
            }
        }
        Ok(())
    }

    /// The name of the session that a message stands in; a session that lost its record gets one.
    fn session_of(&mut self, place: Place, row: &MessageRow) -> SessionId {
        let number = place.session;
        if !self.sessions.contains_key(&number) {
            let name = self.lost_name(number, row);
            self.found(format!("session {number}: has messages and no record"));
            self.sessions.insert(number, SessionRow { name, next_position: 0 });
            self.changed_sessions.insert(number);
        }
        let Some(session) = self.sessions.get_mut(&number) else { return recovered(number) };
        if place.position >= session.next_position {
            session.next_position = place.position.saturating_add(1);
            if self.changed_sessions.insert(number) {
                self.out.findings.push(format!("session {number}: positions are not counted right"));
            }
        }
        self.sessions.get(&number).map_or_else(|| recovered(number), |session| session.name.clone())
    }

    /// The name that a message's id was made from, where a memory still knows it; otherwise one that says so.
    fn lost_name(&self, number: u32, row: &MessageRow) -> SessionId {
        let fits = |name: &&SessionId| MessageId::of(name, row.role, &row.content) == row.id;
        self.known_names.iter().find(fits).cloned().unwrap_or_else(|| recovered(number))
    }

    /// Every session is found by its name, and by nothing else.
    fn sessions(&mut self) -> Result<()> {
        for number in std::mem::take(&mut self.changed_sessions) {
            if let Some(row) = self.sessions.get(&number) {
                self.out.batch.put(self.space, &number, row);
            }
        }
        let mut wanted: BTreeMap<SessionNameKey, u32> =
            self.sessions.iter().map(|(number, row)| (SessionNameKey::of(&row.name), *number)).collect();
        for row in self.snapshot.scan_readable::<SessionNameRow>(self.space, &Range::all())? {
            let (key, SessionNameRow { session }) = row?;
            match wanted.get(&key) {
                Some(number) if *number == session => drop(wanted.remove(&key)),
                Some(_) => {}
                None => {
                    self.found(format!("a session's name leads to session {session}, which has another"));
                    self.out.batch.delete::<SessionNameRow>(self.space, &key);
                }
            }
        }
        for (key, session) in wanted {
            self.found(format!("session {session}: its name leads elsewhere"));
            self.out.batch.put(self.space, &key, &SessionNameRow { session });
        }
        Ok(())
    }

    /// Every message is found by its id, and nothing else is.
    fn places(&mut self) -> Result<()> {
        let mut wanted = std::mem::take(&mut self.places);
        for row in self.snapshot.scan_readable::<MessagePlaceRow>(self.space, &Range::all())? {
            let (id, MessagePlaceRow(place)) = row?;
            match wanted.get(&id) {
                Some(right) if *right == place => drop(wanted.remove(&id)),
                Some(_) => {}
                None => {
                    match self.renamed.get(&id) {
                        Some(now) => self.found(format!("message {id}: is {now} by its content, and its id led to it")),
                        None => self.lost(format!("message {id}: is not there any more, only its place is")),
                    }
                    self.out.batch.delete::<MessagePlaceRow>(self.space, &id);
                }
            }
        }
        for (id, place) in wanted {
            self.found(format!("message {id}: its id leads elsewhere"));
            self.out.batch.put(self.space, &id, &MessagePlaceRow(place));
        }
        Ok(())
    }

    /// Every memory names messages as they are called; it has a vector where it should.
    fn memories(&mut self) -> Result<()> {
        let (mut there, mut with_vector) = (HashSet::new(), HashSet::new());
        for row in self.snapshot.scan_readable::<MemoryRow>(self.space, &Range::all())? {
            let (id, MemoryRow(mut memory)) = row?;
            there.insert(id);
            let mut changed = false;
            for source in &mut memory.sources {
                if let Some(now) = self.renamed.get(source) {
                    *source = *now;
                    changed = true;
                }
            }
            if changed {
                self.out.batch.put(self.space, &id, &MemoryRow(memory.clone()));
            }
            self.out.active_memories += usize::from(memory.is_active());
            if !has_vector(&memory) {
                continue;
            }
            with_vector.insert(id);
            let vector = self.snapshot.get::<MemoryVectorRow>(self.space, &id);
            if !vector.is_ok_and(|row| row.is_some_and(|row| row.0.dimension() == self.dimension)) {
                self.found(format!("memory {id}: has no vector"));
                self.out.texts.push((Wanted::Memory(id), memory.content));
            }
        }
        for row in self.snapshot.scan_readable::<MemoryVectorRow>(self.space, &Range::all())? {
            let (id, _) = row?;
            if !with_vector.contains(&id) {
                if there.contains(&id) {
                    self.found(format!("memory {id}: has a vector, and should have none"));
                } else {
                    self.lost(format!("memory {id}: is not there any more, only its vector is"));
                }
                self.out.batch.delete::<MemoryVectorRow>(self.space, &id);
            }
        }
        Ok(())
    }
}

/// What a session is called whose name nothing tells any more.
fn recovered(number: u32) -> SessionId {
    SessionId::parse(&format!("recovered-{number}"))
        .unwrap_or_else(|_| SessionId::derived(crate::model::Role::System, ""))
}
