//! Whether rows, postings and vectors agree, and every record decodes.

use std::collections::BTreeSet;

use super::catalog::CATALOG;
use super::edit::has_vector;
use super::rows::ProfileRows;
use super::{Engine, Shared};
use crate::error::Result;
use crate::model::{Message, MessageId, Place, hex};
use crate::store::rows::{DoomedKey, DoomedRow, MemoryVectorRow, MessageVectorRow, NamespaceRow, ProfileRow};
use crate::store::{Range, Snapshot, SpaceId};

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// Profiles looked at.
    pub profiles: usize,
    /// Records decoded.
    pub records: u64,
    /// What is wrong; nothing when all is well.
    pub findings: Vec<Finding>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `account/namespace/profile`, or `catalog`.
    pub place: String,
    /// What, without any memory's text.
    pub what: String,
}

impl Engine {
    /// Reads everything and reports what does not agree. `progress` is told how many profiles are done, of how many.
    ///
    /// # Errors
    /// Only when the file cannot be read at all: what can be read and is wrong is a finding.
    pub fn check(&self, progress: &dyn Fn(u64, u64)) -> Result<CheckReport> {
        Checker::new(&self.shared)?.run(progress)
    }
}

struct Checker<'a> {
    shared: &'a Shared,
    snapshot: Snapshot,
    report: CheckReport,
}

/// A profile, and how to name it.
struct Subject {
    name: String,
    space: SpaceId,
}

impl<'a> Checker<'a> {
    fn new(shared: &'a Shared) -> Result<Self> {
        Ok(Self { shared, snapshot: shared.store.read()?, report: CheckReport::default() })
    }

    fn run(mut self, progress: &dyn Fn(u64, u64)) -> Result<CheckReport> {
        self.records()?;
        let subjects = self.subjects()?;
        for (done, subject) in subjects.iter().enumerate() {
            progress(done as u64, subjects.len() as u64);
            if let Err(error) = self.profile(subject) {
                self.found(&subject.name, format!("cannot be read to its end: {error}"));
            }
        }
        progress(subjects.len() as u64, subjects.len() as u64);
        self.report.profiles = subjects.len();
        Ok(self.report)
    }

    fn found(&mut self, place: &str, what: impl Into<String>) {
        self.report.findings.push(Finding { place: place.to_owned(), what: what.into() });
    }

    /// Every record of the file decodes, and every space has an owner.
    fn records(&mut self) -> Result<()> {
        let mut owned: BTreeSet<SpaceId> = BTreeSet::from([CATALOG]);
        for row in self.snapshot.scan::<ProfileRow>(CATALOG, &Range::all())? {
            owned.extend(row.map(|(_, row)| row.space));
        }
        for row in self.snapshot.scan::<DoomedRow>(CATALOG, &Range::all())? {
            if let Ok((DoomedKey::Space(space), _)) = row {
                owned.insert(space);
            }
        }
        let report = &mut self.report;
        let mut orphans: BTreeSet<SpaceId> = BTreeSet::new();
        self.snapshot.verify_records(&mut |record| {
            report.records += 1;
            if !owned.contains(&record.space) {
                orphans.insert(record.space);
            }
            if let Some(problem) = record.problem {
                let place = format!("space {}", record.space);
                let kind = record.kind.map_or_else(|| "unknown".to_owned(), |kind| format!("{kind:?}"));
                let key = hex(record.fields);
                report.findings.push(Finding { place, what: format!("{kind} record {key}: {problem}") });
            }
        })?;
        for space in orphans {
            self.found("catalog", format!("space {space} has rows, but no profile has that space"));
        }
        Ok(())
    }

    fn subjects(&mut self) -> Result<Vec<Subject>> {
        let mut subjects = Vec::new();
        for namespace in self.snapshot.scan::<NamespaceRow>(CATALOG, &Range::all())? {
            let Ok(((account, name), namespace)) = namespace else { continue };
            for profile in self.snapshot.scan::<ProfileRow>(CATALOG, &Range::within(&namespace.id))? {
                let Ok(((_, profile), row)) = profile else { continue };
                subjects.push(Subject { name: format!("{account}/{name}/{profile}"), space: row.space });
            }
        }
        Ok(subjects)
    }

    fn profile(&mut self, subject: &Subject) -> Result<()> {
        let snapshot = self.shared.store.read()?;
        let rows = ProfileRows { snapshot: &snapshot, space: subject.space };
        let messages = self.messages(subject, &rows)?;
        let memories = self.memories(subject, &rows)?;
        let index = rows.build_index(self.shared.embedder.identity().dimension)?;
        for disagreement in index.verify() {
            self.found(&subject.name, format!("index: {disagreement}"));
        }
        if (index.message_count(), index.memory_count()) != (messages, memories) {
            let (m, n) = (index.message_count(), index.memory_count());
            let what = format!("the index has {m} messages and {n} memories, the rows have {messages} and {memories}");
            self.found(&subject.name, what);
        }
        Ok(())
    }

    /// Every message is where its place says, is what its id says, and has a vector. Gives their number.
    fn messages(&mut self, subject: &Subject, rows: &ProfileRows<'_>) -> Result<usize> {
        let mut count = 0;
        for session in rows.sessions()? {
            let session = session?;
            let mut here = 0;
            for message in rows.messages(&session)? {
                let (place, message) = message?;
                here += 1;
                for what in message_faults(rows, place, &message)? {
                    self.found(&subject.name, format!("message {}: {what}", message.id));
                }
                if place.position >= session.row.next_position {
                    self.found(&subject.name, format!("session {}: positions are not counted right", place.session));
                }
            }
            count += here;
        }
        Ok(count)
    }

    /// Every active memory that should have a vector has one, and no other. Gives the number of active ones.
    fn memories(&mut self, subject: &Subject, rows: &ProfileRows<'_>) -> Result<usize> {
        let mut active = 0;
        for memory in rows.memories()? {
            let memory = memory?;
            active += usize::from(memory.is_active());
            let wanted = has_vector(&memory);
            let vector = rows.snapshot.get::<MemoryVectorRow>(rows.space, &memory.id)?;
            if vector.is_some() != wanted {
                let what = if wanted { "has no vector" } else { "has a vector, and should have none" };
                self.found(&subject.name, format!("memory {}: {what}", memory.id));
            }
        }
        Ok(active)
    }
}

fn message_faults(rows: &ProfileRows<'_>, place: Place, message: &Message) -> Result<Vec<&'static str>> {
    let mut faults = Vec::new();
    if rows.place(message.id)? != Some(place) {
        faults.push("its id leads elsewhere");
    }
    if MessageId::of(&message.session, message.role, &message.content) != message.id {
        faults.push("its content is not what its id was made from");
    }
    if rows.snapshot.get::<MessageVectorRow>(rows.space, &place)?.is_none() {
        faults.push("has no vector");
    }
    Ok(faults)
}
