//! A question → what is known: candidates, evidence, and an answer put together from stored words only.
//!
//! Pure: it reads an index and, for the few best, rows; it writes nothing, does no I/O of its own and reads no clock. The same data and
//! question give the same result. Start reading at [`recall`]; then `analyse` (what is asked), `messages` (what was said about it, with
//! `pool`, `shares` and `relations`), `memories` (what is known about it), `answer` (words) and `summary`. Each scores by a sum of
//! channels, which `explain` names.

mod analyse;
mod answer;
#[cfg(test)]
mod cached_tests;
mod explain;
#[cfg(test)]
mod grounded_tests;
mod memories;
mod messages;
mod numbers;
mod pool;
mod relations;
mod shares;
mod stages;
mod summary;
#[cfg(test)]
mod tests;

pub use explain::Contribution;
pub use messages::text_to_embed;
pub use stages::{Stage, Stages};
pub use summary::summary;

use std::fmt;

use analyse::Asked;
use answer::{QUOTED, Quotable, Sources};
use memories::RankedMemory;
use messages::RankedMessage;

use crate::error::Result;
use crate::index::ProfileIndex;
use crate::model::{Memory, MemoryId, Message, Moment, Place, SessionId, UnitVector};
use crate::vector::Effort;

/// Reads the rows behind an index: the engine's snapshot of the store.
pub trait Rows {
    /// The memory, if it is there.
    fn memory(&self, id: MemoryId) -> Result<Option<Memory>>;
    /// The message at a place, if there is one.
    fn message(&self, place: Place) -> Result<Option<Message>>;
}

/// How far a recall looks: more candidates and more effort for more time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThinkingLevel {
    /// 10 candidates at most.
    #[default]
    Low,
    /// 20 candidates at most.
    Medium,
    /// 40 candidates at most.
    High,
}

impl ThinkingLevel {
    /// How hard vectors are searched.
    pub(crate) fn effort(self) -> Effort {
        if self == Self::High { Effort::Exact } else { Effort::Usual }
    }

    /// The most candidates a recall gives.
    #[must_use]
    pub fn candidates(self) -> usize {
        match self {
            Self::Low => 10,
            Self::Medium => 20,
            Self::High => 40,
        }
    }
}

/// How much an answer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResponseLength {
    /// The phrase itself: a date, a name, a number.
    Short,
    /// One to three sentences.
    #[default]
    Medium,
    /// An ordered account with dates.
    Long,
}

/// A question.
#[derive(Clone)]
pub struct RecallQuery {
    /// What is asked, in the asker's words.
    pub text: String,
    /// "Today", for relative dates in the question.
    pub reference: Moment,
    /// How far to look.
    pub thinking: ThinkingLevel,
    /// How much the answer says.
    pub length: ResponseLength,
    /// The most source messages to give; 0 for none.
    pub evidence_limit: usize,
    /// Whether to say which channels found what, and with what score.
    pub explain: bool,
    /// A channel to leave out, of [`channels`]: for measuring what it is worth.
    pub without: Option<&'static str>,
}

impl RecallQuery {
    /// A question as it is asked by default: low thinking, a medium answer, no evidence.
    #[must_use]
    pub fn new(text: impl Into<String>, reference: Moment) -> Self {
        Self {
            text: text.into(),
            reference,
            thinking: ThinkingLevel::default(),
            length: ResponseLength::default(),
            evidence_limit: 0,
            explain: false,
            without: None,
        }
    }
}

/// A memory that may answer.
#[derive(Clone, PartialEq)]
pub struct Candidate {
    /// Which memory.
    pub id: MemoryId,
    /// Its short form.
    pub summary: String,
    /// The conversation it was last said in, if any.
    pub session: Option<SessionId>,
    /// Finite; comparable within one recall only.
    pub score: f32,
    /// What each channel adds to the score, when the question wanted to know.
    pub explanation: Option<Vec<Contribution>>,
}

/// A source message, verbatim.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The message.
    pub message: Message,
    /// Finite; comparable within one recall only.
    pub score: f32,
    /// What each channel adds to the score, when the question wanted to know.
    pub explanation: Option<Vec<Contribution>>,
}

/// What a recall found.
#[derive(Clone, Default, PartialEq)]
pub struct Recalled {
    /// Put together from stored words and arithmetic on them; empty when nothing matches.
    pub answer: String,
    /// Memories, best first.
    pub candidates: Vec<Candidate>,
    /// Messages, best first, whether or not a memory was made of them.
    pub evidence: Vec<Evidence>,
}

/// The channels that evidence and candidates are scored by, each once.
#[must_use]
pub fn channels() -> Vec<&'static str> {
    let mut channels = messages::CHANNELS.to_vec();
    channels.extend(memories::CHANNELS.into_iter().filter(|channel| !messages::CHANNELS.contains(channel)));
    channels
}

/// Answers a question from one profile. `vector` is the question's own.
///
/// # Errors
/// Whatever `rows` fails with.
pub fn recall(query: &RecallQuery, vector: &UnitVector, index: &ProfileIndex, rows: &dyn Rows) -> Result<Recalled> {
    recall_in_stages(query, vector, index, rows, &mut ())
}

/// The same, for who listens to its stages.
///
/// # Errors
/// Whatever `rows` fails with.
pub fn recall_in_stages(
    query: &RecallQuery,
    vector: &UnitVector,
    index: &ProfileIndex,
    rows: &dyn Rows,
    stages: &mut dyn Stages,
) -> Result<Recalled> {
    let asked = Asked { without: query.without, ..analyse::analyse(&query.text, query.reference.date()) };
    stages.ended(Stage::Prepare);
    let cosines = memories::cosines(&index.memories, vector, query.thinking);
    let statements = memories::statements(index, &cosines);
    stages.ended(Stage::Vector);
    let ranked = messages::rank(index, &asked, (vector, query.thinking), &statements, stages);
    let found = memories::rank(index, &asked, (&cosines, query.thinking), &ranked, stages);
    let found = memories::choose(&index.memories, found, query.thinking.candidates());
    stages.ended(Stage::Fuse);
    let sources = read(rows, &found, &ranked, query.evidence_limit.max(QUOTED))?;
    let passages = answer::passages(index, &asked, &sources);
    let answer = answer::compose(&asked, query.length, index, (&passages, &ranked));
    let candidates = sources.memories.into_iter().map(|(ranked, memory)| {
        let Memory { id, summary, session, .. } = memory;
        let explanation = query.explain.then(|| ranked.views.explain(memories::CHANNELS));
        Candidate { id, summary, session, score: ranked.score, explanation }
    });
    let evidence = sources.messages.into_iter().take(query.evidence_limit).map(|Quotable { rank, message, .. }| {
        let explanation = query.explain.then(|| rank.views.explain(messages::CHANNELS));
        Evidence { message, score: rank.score, explanation }
    });
    let recalled = Recalled { answer, candidates: candidates.collect(), evidence: evidence.collect() };
    stages.ended(Stage::Answer);
    Ok(recalled)
}

/// Reads the rows of the best. One that is gone since it was indexed is left out.
fn read(rows: &dyn Rows, found: &[RankedMemory], messages: &[RankedMessage], limit: usize) -> Result<Sources> {
    let mut sources = Sources { memories: Vec::new(), messages: Vec::new() };
    for ranked in found {
        sources.memories.extend(rows.memory(ranked.id)?.map(|memory| (*ranked, memory)));
    }
    for (at, ranked) in messages.iter().take(limit).enumerate() {
        let Some(message) = rows.message(ranked.place)? else { continue };
        let before = ranked.place.position.checked_sub(1).filter(|_| at < QUOTED);
        let before = before.map(|position| rows.message(Place { position, ..ranked.place })).transpose()?.flatten();
        let reply_to = before.filter(|before| before.content.trim_end().ends_with(['?', ']']));
        sources.messages.push(Quotable { rank: *ranked, message, reply_to });
    }
    Ok(sources)
}

/// Debug output never shows what was asked.
impl fmt::Debug for RecallQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecallQuery({} bytes, {:?}, {:?})", self.text.len(), self.thinking, self.length)
    }
}

/// Debug output never shows what was said.
impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({}, {})", self.id, self.score)
    }
}

/// Debug output never shows what was said.
impl fmt::Debug for Recalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recalled({} bytes, {:?}, {:?})", self.answer.len(), self.candidates, self.evidence)
    }
}
