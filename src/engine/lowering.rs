//! What reconciling decided, as changes to memories.

use super::IngestReport;
use super::edit::Edit;
use super::ids::Ids;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::{Change, Draft, Target};
use crate::model::{Memory, MemoryId, MessageId, SessionId, Timestamp, UnitVector};

/// Where drafts come from.
pub(super) struct Origin<'a> {
    pub(super) drafts: &'a [Draft],
    /// The drafts' vectors, in their order.
    pub(super) vectors: &'a [UnitVector],
    /// The messages that drafts name as their sources by index.
    pub(super) messages: &'a [MessageId],
    pub(super) session: Option<&'a SessionId>,
    pub(super) now: Timestamp,
}

/// What became of drafts and of the memories they met.
#[derive(Default)]
pub(super) struct Counts {
    added: usize,
    confirmed: usize,
    superseded: usize,
}

impl Counts {
    pub(super) fn of_session(&self, session: &SessionId) -> IngestReport {
        IngestReport {
            session: session.clone(),
            messages_added: 0,
            memories_added: self.added,
            memories_confirmed: self.confirmed,
            memories_superseded: self.superseded,
        }
    }
}

/// Turns changes to drafts into changes to memories.
pub(super) struct Lowering<'a> {
    origin: Origin<'a>,
    /// The memory that each draft became or confirmed.
    memories: Vec<MemoryId>,
}

impl<'a> Lowering<'a> {
    /// Gives every draft an id, used or not, so that changes may name drafts before or after they are added.
    pub(super) fn new(origin: Origin<'a>, ids: &Ids) -> Result<Self> {
        let memories = origin.drafts.iter().map(|_| ids.next(origin.now)).collect::<Result<_>>()?;
        Ok(Self { origin, memories })
    }

    /// # Errors
    /// `Internal` when a change names a draft that is not there; `Damaged` when a memory cannot be read.
    pub(super) fn apply(&mut self, changes: &[Change], edit: &mut Edit<'_>) -> Result<Counts> {
        let mut counts = Counts::default();
        for change in changes {
            match change {
                Change::Confirm { draft, memory } => {
                    let id = self.target(*memory)?;
                    self.confirm(*draft, id, edit)?;
                    counts.confirmed += 1;
                }
                Change::Add { draft, superseded, superseded_by, .. } => {
                    self.add(*draft, *superseded_by, edit)?;
                    self.supersede(superseded, *draft, edit)?;
                    counts.added += 1;
                    counts.superseded += superseded.len() + usize::from(superseded_by.is_some());
                }
                Change::End { task, draft } => {
                    let task = self.target(*task)?;
                    self.supersede(&[task], *draft, edit)?;
                    counts.superseded += 1;
                }
            }
        }
        Ok(counts)
    }

    /// The memory that a draft became or confirmed.
    pub(super) fn memory_of(&self, draft: usize) -> Result<MemoryId> {
        self.memories.get(draft).copied().ok_or_else(|| no_draft(draft))
    }

    fn add(&self, index: usize, superseded_by: Option<Target>, edit: &mut Edit<'_>) -> Result<()> {
        let origin = &self.origin;
        let draft = origin.drafts.get(index).ok_or_else(|| no_draft(index))?;
        let memory = Memory {
            id: self.memory_of(index)?,
            kind: draft.kind,
            summary: draft.summary.clone(),
            content: draft.content.clone(),
            session: origin.session.cloned(),
            created_at: origin.now,
            updated_at: origin.now,
            said_at: draft.said_at,
            topic: draft.topic.as_ref().map(|topic| topic.key),
            sources: self.sources(draft).collect(),
            superseded_by: superseded_by.map(|target| self.target(target)).transpose()?,
        };
        edit.add_memory(memory, origin.vectors.get(index).ok_or_else(|| no_draft(index))?);
        Ok(())
    }

    fn confirm(&mut self, index: usize, id: MemoryId, edit: &mut Edit<'_>) -> Result<()> {
        let draft = self.origin.drafts.get(index).ok_or_else(|| no_draft(index))?;
        let fresh: Vec<MessageId> = self.sources(draft).collect();
        let memory = edit.memory(id)?;
        for source in fresh {
            if !memory.sources.contains(&source) {
                memory.sources.push(source);
            }
        }
        if draft.said_at.instant >= memory.said_at.instant {
            memory.said_at = draft.said_at;
            memory.session = self.origin.session.cloned();
        }
        memory.updated_at = self.origin.now;
        if let Some(own) = self.memories.get_mut(index) {
            *own = id;
        }
        Ok(())
    }

    fn supersede(&self, older: &[MemoryId], by: usize, edit: &mut Edit<'_>) -> Result<()> {
        let by = self.memory_of(by)?;
        for id in older {
            let memory = edit.memory(*id)?;
            memory.superseded_by = Some(by);
            memory.updated_at = self.origin.now;
        }
        Ok(())
    }

    fn target(&self, target: Target) -> Result<MemoryId> {
        match target {
            Target::Memory(id) => Ok(id),
            Target::Draft(index) => self.memory_of(index),
        }
    }

    fn sources(&self, draft: &Draft) -> impl Iterator<Item = MessageId> {
        draft.sources.iter().filter_map(|&turn| self.origin.messages.get(turn).copied())
    }
}

fn no_draft(index: usize) -> Error {
    Error::new(ErrorKind::Internal, format!("a change names draft {index}, which is not there"))
}
