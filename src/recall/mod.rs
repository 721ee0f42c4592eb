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
mod standing;
mod summary;
#[cfg(test)]
mod tests;

pub use explain::Contribution;
pub use messages::text_to_embed;
pub use stages::{Stage, Stages};
pub use summary::summary;

use std::collections::HashMap;
use std::fmt;

use analyse::Asked;
use answer::{Mark, Page, Passage, QUOTED, Quotable, Sources};
use memories::RankedMemory;
use messages::RankedMessage;

use crate::error::Result;
use crate::index::ProfileIndex;
use crate::model::{Marked, Memory, MemoryId, Message, Moment, Place, SessionId, TopicKey, UnitVector};
use crate::vector::Effort;

/// Reads the rows behind an index: the engine's snapshot of the store.
pub trait Rows {
    /// The memory, if it is there.
    fn memory(&self, id: MemoryId) -> Result<Option<Memory>>;
    /// The message at a place, if there is one.
    fn message(&self, place: Place) -> Result<Option<Message>>;
}

/// How far a recall looks: more candidates, more effort and more reading for more time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThinkingLevel {
    /// 10 candidates at most; nothing is read, the answer is found by rules.
    #[default]
    Low,
    /// 20 candidates at most; the best 3 messages are read for the words that answer.
    Medium,
    /// 40 candidates at most; the best 6 messages are read.
    High,
}

impl ThinkingLevel {
    /// How hard vectors are searched.
    pub(crate) fn effort(self) -> Effort {
        if self == Self::High { Effort::Exact } else { Effort::Usual }
    }

    /// How many of the best messages are read, where there is a reader: some milliseconds each.
    pub(crate) fn pages(self) -> usize {
        match self {
            Self::Low => 0,
            Self::Medium => 3,
            Self::High => 6,
        }
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

/// Answers a question from one profile. `vector` is the question's own; topics are not looked at.
///
/// # Errors
/// Whatever `rows` or the reader fails with.
pub fn recall(
    query: &RecallQuery,
    vector: &UnitVector,
    index: &ProfileIndex,
    (rows, reader): (&dyn Rows, Reader<'_>),
) -> Result<Recalled> {
    let mut found = Findings::find(query, (vector, &[]), index, (rows, &mut ()))?;
    found.read(reader)?;
    let answer = found.answer(index);
    Ok(found.recalled(answer))
}

/// Marks the words of each passage that answer a question; nothing at all without a reader.
pub type Reader<'a> = &'a dyn Fn(&str, &[&str]) -> Result<Vec<Option<Marked>>>;

/// What was found for a question, before it is answered. It holds no index: reading takes milliseconds, and nobody waits for them.
pub struct Findings<'a> {
    query: &'a RecallQuery,
    asked: Asked,
    messages: Vec<RankedMessage>,
    passages: Vec<Passage>,
    pages: Vec<Page>,
    marks: Vec<Mark>,
    candidates: Vec<Candidate>,
    evidence: Vec<Evidence>,
}

impl<'a> Findings<'a> {
    /// Finds what bears on a question, whose vector and topics are given; `stages` is told at the end of each stage.
    ///
    /// # Errors
    /// Whatever `rows` fails with.
    pub fn find(
        query: &'a RecallQuery,
        (vector, topics): (&UnitVector, &[TopicKey]),
        index: &ProfileIndex,
        (rows, stages): (&dyn Rows, &mut dyn Stages),
    ) -> Result<Self> {
        let asked = Asked {
            topics: topics.to_vec(),
            without: query.without,
            ..analyse::analyse(&query.text, query.reference.date())
        };
        stages.ended(Stage::Prepare);
        let cosines = memories::cosines(&index.memories, vector, query.thinking);
        let statements = memories::statements(index, &cosines);
        stages.ended(Stage::Vector);
        let messages = messages::rank(index, &asked, (vector, query.thinking), &statements, stages);
        let ranked = memories::rank(index, &asked, (&cosines, query.thinking), &messages, stages);
        let shown = standing::with_lane(index, &messages, &ranked, query.evidence_limit);
        let chosen = memories::choose(&index.memories, ranked, query.thinking.candidates());
        stages.ended(Stage::Fuse);
        let sources = read(rows, &chosen, &messages)?;
        let passages = answer::passages(index, &asked, &sources);
        let pages = answer::pages(index, &passages, &sources, query.thinking.pages());
        let evidence = evidence(query, rows, &shown, sources.messages)?;
        let candidates = sources.memories.into_iter().map(|(ranked, memory)| {
            let Memory { id, summary, session, .. } = memory;
            let explanation = query.explain.then(|| ranked.views.explain(memories::CHANNELS));
            Candidate { id, summary, session, score: ranked.score, explanation }
        });
        let candidates = candidates.collect();
        stages.ended(Stage::Answer);
        Ok(Self { query, asked, messages, passages, pages, marks: Vec::new(), candidates, evidence })
    }

    /// Has the best messages read, as many as the question's thinking says.
    ///
    /// # Errors
    /// Whatever the reader fails with.
    pub fn read(&mut self, reader: Reader<'_>) -> Result<()> {
        self.marks = answer::marks(&self.asked.text, &self.passages, &self.pages, reader)?;
        Ok(())
    }

    /// Puts the answer together.
    #[must_use]
    pub fn answer(&self, index: &ProfileIndex) -> String {
        answer::compose(&self.asked, self.query.length, index, (&self.passages, &self.messages, &self.marks))
    }

    /// All of it, with its answer.
    #[must_use]
    pub fn recalled(self, answer: String) -> Recalled {
        Recalled { answer, candidates: self.candidates, evidence: self.evidence }
    }
}

/// The messages that are shown, of which some have been read.
fn evidence(
    query: &RecallQuery,
    rows: &dyn Rows,
    shown: &[RankedMessage],
    read: Vec<Quotable>,
) -> Result<Vec<Evidence>> {
    let mut read: HashMap<Place, Message> = read.into_iter().map(|known| (known.rank.place, known.message)).collect();
    let mut evidence = Vec::with_capacity(shown.len());
    for rank in shown {
        let message = read.remove(&rank.place).map_or_else(|| rows.message(rank.place), |message| Ok(Some(message)))?;
        let explanation = query.explain.then(|| rank.views.explain(messages::CHANNELS));
        evidence.extend(message.map(|message| Evidence { message, score: rank.score, explanation }));
    }
    Ok(evidence)
}

/// Reads the rows of what may be quoted. One that is gone since it was indexed is left out.
fn read(rows: &dyn Rows, found: &[RankedMemory], messages: &[RankedMessage]) -> Result<Sources> {
    let mut sources = Sources { memories: Vec::new(), messages: Vec::new() };
    for ranked in found {
        sources.memories.extend(rows.memory(ranked.id)?.map(|memory| (*ranked, memory)));
    }
    for ranked in messages.iter().take(QUOTED) {
        let Some(message) = rows.message(ranked.place)? else { continue };
        let before = ranked.place.position.checked_sub(1);
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
