//! Recall, summary, and the lists of memories. Nothing here writes.

use super::catalog::{Found, page};
use super::edit::memory_not_found;
use super::rows::{ProfileRows, if_readable};
use super::{Engine, MemoryQuery, Page, ProfileAddress, Shared, scan};
use crate::error::{Error, Result};
use crate::index::ProfileIndex;
use crate::ingest::topics_asked;
use crate::model::limits::{EVIDENCE, QUERY_BYTES};
use crate::model::{Memory, MemoryId, Message, SessionId, UnitVector};
use crate::recall::{self, Findings, RecallQuery, Recalled, Stage, Stages};
use crate::store::rows::MemoryRow;
use crate::store::{Range, Snapshot, SpaceId};

impl Engine {
    /// Answers a question from what is kept.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`; `InvalidInput` for an empty or too long query or too high an evidence limit.
    pub fn recall(&self, at: &ProfileAddress, query: &RecallQuery) -> Result<Recalled> {
        self.recall_in_stages(at, query, &mut ())
    }

    /// The same, for who listens to its stages: `stages` is told at the end of each, and may look at a clock.
    ///
    /// # Errors
    /// As for [`recall`](Self::recall).
    pub fn recall_in_stages(
        &self,
        at: &ProfileAddress,
        query: &RecallQuery,
        stages: &mut dyn Stages,
    ) -> Result<Recalled> {
        check_query(query)?;
        let shared = &*self.shared;
        let space = Found::profile(&shared.store.read()?, at)?.row.space;
        if !self.has_index_in_time(space)? {
            return self.recall_by_scan(space, query, stages);
        }
        // Embedding takes milliseconds: the index is not held while it goes on.
        let text = shared.with_index(space, |index, _| Ok(recall::text_to_embed(&query.text, index)))?;
        stages.ended(Stage::Prepare);
        let vector = shared.questions.embed(&*shared.embedder, &text)?;
        stages.ended(Stage::Embed);
        let topics = topics_asked(&query.text);
        let found = |index: &ProfileIndex, rows: &ProfileRows<'_>| {
            Findings::find(query, (&vector, &topics), index, (rows, &mut *stages))
        };
        let found = shared.with_index(space, found)?;
        // So does reading.
        shared.answered(found, stages, |found| shared.with_index(space, |index, _| Ok(found.answer(index))))
    }

    /// Whether the index of a profile is in memory, or is so quickly built that a recall does it. One of a large profile is built in the
    /// background, and waited for as long as the options say.
    fn has_index_in_time(&self, space: SpaceId) -> Result<bool> {
        let shared = &*self.shared;
        if shared.loaded.slot(space).look(|_| ()).is_some() {
            return Ok(true);
        }
        let snapshot = shared.store.read()?;
        let is_slow = shared.caches.is_slow_to_build(&ProfileRows { snapshot: &snapshot, space })?;
        drop(snapshot); // a build takes seconds, and old pages would wait for it
        Ok(!is_slow || self.builders.build_within(space, shared.index_wait)?)
    }

    fn recall_by_scan(&self, space: SpaceId, query: &RecallQuery, stages: &mut dyn Stages) -> Result<Recalled> {
        let shared = &*self.shared;
        shared.caches.note_scan(space);
        let vector = shared.questions.embed(&*shared.embedder, &query.text)?;
        stages.ended(Stage::Embed);
        let snapshot = shared.store.read()?;
        let rows = ProfileRows { snapshot: &snapshot, space };
        let index = scan::nearest(&rows, &vector)?;
        stages.ended(Stage::Vector);
        let found = Findings::find(query, (&vector, &topics_asked(&query.text)), &index, (&rows, &mut *stages))?;
        shared.answered(found, stages, |found| Ok(found.answer(&index)))
    }

    /// What is known, as Markdown for a prompt.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn summary(&self, at: &ProfileAddress, session: Option<&SessionId>) -> Result<String> {
        let space = Found::profile(&self.shared.store.read()?, at)?.row.space;
        self.shared.with_index(space, |index, rows| recall::summary(session, index, rows))
    }

    /// A profile's memories, newest first, a page at a time.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn memories(&self, at: &ProfileAddress, query: &MemoryQuery) -> Result<Page<Memory>> {
        let wanted = |memory: &Memory| {
            (query.include_superseded || memory.is_active())
                && query.session.as_ref().is_none_or(|session| memory.session.as_ref() == Some(session))
                && query.kind.is_none_or(|kind| memory.kind == kind)
        };
        self.reading(at, |rows| {
            let range = query.cursor.map_or_else(Range::all, |id| Range::all().before(&id));
            let mut memories = rows.snapshot.scan_readable::<MemoryRow>(rows.space, &range)?;
            let newest_first = memories.by_ref().rev();
            let matching = newest_first
                .map(|row| row.map(|(_, row)| row.0))
                .filter(|memory| memory.as_ref().map_or(true, wanted))
                .take(query.per_page + 1)
                .collect::<Result<Vec<Memory>>>()?;
            if memories.left_out() > 0 {
                tracing::warn!(space = %rows.space, left_out = memories.left_out(), "listed memories without damaged records");
            }
            Ok(page(matching.into_iter(), query.per_page, |memory| memory.id.to_string()))
        })
    }

    /// One memory, current or superseded.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`, `MemoryNotFound`.
    pub fn memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory> {
        self.reading(at, |rows| rows.memory(id)?.ok_or_else(memory_not_found))
    }

    /// Calls `visit` with every message of a profile, in the order of their places, and its vector where it has one: for
    /// taking data elsewhere, and for measuring.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`; whatever `visit` fails with.
    pub fn messages(
        &self,
        at: &ProfileAddress,
        visit: &mut dyn FnMut(Message, Option<UnitVector>) -> Result<()>,
    ) -> Result<()> {
        self.reading(at, |rows| {
            for session in rows.sessions()? {
                for message in rows.messages(&session?)? {
                    let (place, message) = message?;
                    visit(message, rows.vector(place)?)?;
                }
            }
            Ok(())
        })
    }

    /// The messages a memory was made from, oldest first. Those that were deleted since, or are damaged, are left out.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn sources(&self, at: &ProfileAddress, memory: &Memory) -> Result<Vec<Message>> {
        self.reading(at, |rows| {
            let mut messages = Vec::with_capacity(memory.sources.len());
            for id in &memory.sources {
                if let Some(place) = if_readable(rows.place(*id))? {
                    messages.extend(if_readable(rows.message(place))?);
                }
            }
            messages.sort_by_key(|message| message.at.instant);
            Ok(messages)
        })
    }

    fn reading<T>(&self, at: &ProfileAddress, read: impl FnOnce(ProfileRows<'_>) -> Result<T>) -> Result<T> {
        let snapshot: Snapshot = self.shared.store.read()?;
        let space = Found::profile(&snapshot, at)?.row.space;
        read(ProfileRows { snapshot: &snapshot, space })
    }
}

impl Shared {
    pub(super) fn with_index<T>(
        &self,
        space: SpaceId,
        mut read: impl FnMut(&ProfileIndex, &ProfileRows<'_>) -> Result<T>,
    ) -> Result<T> {
        let slot = self.loaded.slot(space);
        let (mut built, mut is_gone) = (false, false);
        let done = slot.read(
            || {
                let index = self.build_index(space)?;
                (built, is_gone) = (true, index.is_of_nothing());
                Ok(index)
            },
            |index| {
                // Taken while the index is held: whatever the index knows, this snapshot has.
                let snapshot = self.store.read()?;
                read(index, &ProfileRows { snapshot: &snapshot, space })
            },
        );
        if built {
            self.caches.notice(space, &slot);
        }
        drop(slot);
        if is_gone {
            self.loaded.forget(space);
        }
        self.trim();
        done
    }

    /// Has what was found read, where there is a reader, and answered.
    fn answered(
        &self,
        mut found: Findings<'_>,
        stages: &mut dyn Stages,
        answer: impl FnOnce(&Findings<'_>) -> Result<String>,
    ) -> Result<Recalled> {
        found.read(&|question, passages| {
            self.embedder.reader().map_or(Ok(Vec::new()), |reader| reader.read(question, passages))
        })?;
        stages.ended(Stage::Read);
        let answer = answer(&found)?;
        stages.ended(Stage::Answer);
        Ok(found.recalled(answer))
    }
}

fn check_query(query: &RecallQuery) -> Result<()> {
    match query.text.len() {
        1..=QUERY_BYTES => {}
        n => return Err(Error::invalid("/query", format!("query has {n} bytes, it must have 1 to {QUERY_BYTES}"))),
    }
    if query.evidence_limit > EVIDENCE {
        let message = format!("evidenceLimit is {}, it must be 0 to {EVIDENCE}", query.evidence_limit);
        return Err(Error::invalid("/evidenceLimit", message));
    }
    Ok(())
}
