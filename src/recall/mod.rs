//! From a question to what is known: analysis, channels, fusion, answer.

use crate::model::{MemoryId, Message, Moment, SessionId};

/// How much to look for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThinkingLevel {
    /// 10 candidates at most.
    #[default]
    Low,
    /// 20 candidates at most.
    Medium,
    /// 40 candidates at most.
    High,
}

/// How much to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseLength {
    /// The phrase itself.
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
    /// 1 to 1,024 bytes.
    pub text: String,
    /// "Today", for relative dates.
    pub reference: Moment,
    /// How much to look for.
    pub thinking: ThinkingLevel,
    /// How much to say.
    pub length: ResponseLength,
    /// Source messages wanted, 0 to 100.
    pub evidence_limit: usize,
}

impl std::fmt::Debug for RecallQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecallQuery({} bytes)", self.text.len())
    }
}

/// A memory that may hold the answer.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Which memory.
    pub id: MemoryId,
    /// Its short form.
    pub summary: String,
    /// Its conversation.
    pub session: Option<SessionId>,
    /// Comparable within one recall only.
    pub score: f32,
}

/// A source message that may hold the answer.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Verbatim.
    pub message: Message,
    /// Comparable within one recall only.
    pub score: f32,
}

/// What was found, best first.
#[derive(Clone, Debug)]
pub struct Recalled {
    /// Put together from stored words; empty when nothing matches.
    pub answer: String,
    /// Memories.
    pub candidates: Vec<Candidate>,
    /// Source messages.
    pub evidence: Vec<Evidence>,
}
