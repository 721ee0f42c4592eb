//! What extraction gives: drafts of memories, and for every sentence what became of it.

use std::fmt;

use crate::model::{MemoryType, Moment, TopicKey};

/// A memory that is not stored yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The statement. It stands alone: its subject is named, its dates are absolute.
    pub content: String,
    /// A short form of `content`.
    pub summary: String,
    /// Which of the four kinds it is.
    pub kind: MemoryType,
    /// Whether where it stands says its kind, as for an item of a list of things to do, whatever its words.
    pub kind_is_certain: bool,
    /// What it is about, when that is certain. Facts and instructions are replaced on it; an event that says a change
    /// ("moved to Oslo") has one too: it replaces what it ends, and is never replaced.
    pub topic: Option<Topic>,
    /// The turns it was made from, as indexes in ascending order. Empty for a remembered statement only.
    pub sources: Vec<usize>,
    /// When it was said.
    pub said_at: Moment,
    /// That something was done, when it says so: an open task about the same thing ends.
    pub ends: Option<Completion>,
    /// Whether the sentence before it takes back what was said: `Scrap that. …`, `Change of plan. …`.
    pub corrects: bool,
    /// Whether it was said among people who talk to each other under their names.
    pub is_of_talk: bool,
    /// How it was put, when that leaves a doubt whether it is worth keeping.
    pub doubt: Option<Doubt>,
}

/// What the rules make of a sentence's worth, and how it was put: what the classifier of worth reads beside its words.
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubt {
    /// Why the rules leave it out; they keep it when there is no reason.
    pub out: Option<Dropped>,
    /// It ends in an exclamation mark.
    pub exclaims: bool,
    /// It has an emoji.
    pub has_picture: bool,
    /// Its message also asks something.
    pub beside_question: bool,
    /// It is all of its message.
    pub is_alone: bool,
}

/// Debug output never shows what was said.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({}, {} bytes, from {:?})", self.kind.as_str(), self.content.len(), self.sources)
    }
}

/// What a fact or an instruction is about: memories with the same topic are about the same thing, and the newest holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Topic {
    /// Normalised words, for example `user|live`: for people who ask why.
    pub text: String,
    /// The key of `text`.
    pub key: TopicKey,
}

impl Topic {
    /// The topic of that normalised text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { key: TopicKey::of(&text), text }
    }
}

/// Debug output never shows what was said.
impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic({})", self.key)
    }
}

/// That something was done.
#[derive(Clone, PartialEq, Eq)]
pub struct Completion {
    /// The stems of what was done, sorted, each once.
    pub terms: Vec<String>,
}

/// Debug output never shows what was said.
impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Completion({} terms)", self.terms.len())
    }
}

/// Everything that was made of some turns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extraction {
    /// The statements worth keeping, in the order they were said.
    pub drafts: Vec<Draft>,
    /// What the rules leave out and may be worth keeping after all: [`Extraction::settle`] decides.
    pub doubtful: Vec<Doubtful>,
    /// Every sentence of the new turns, in order, and what became of it.
    pub verdicts: Vec<SentenceVerdict>,
}

/// A draft that the rules leave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// What it would be.
    pub draft: Draft,
    /// The sentence it would be made of: an index into [`Extraction::verdicts`].
    pub verdict: usize,
    /// How many drafts were there before it.
    pub before: usize,
}

/// A sentence and what became of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SentenceVerdict {
    /// The turn it stands in.
    pub turn: usize,
    /// Its text.
    pub sentence: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// Debug output never shows what was said.
impl fmt::Debug for SentenceVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SentenceVerdict(turn {}, {})", self.turn, self.verdict)
    }
}

/// What became of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It became the draft of that index.
    Kept {
        /// An index into [`Extraction::drafts`].
        draft: usize,
        /// Why it has the type it has.
        because: &'static str,
    },
    /// It was left out.
    Dropped(Dropped),
}

/// Why a sentence was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dropped {
    /// A system message: context, not memory.
    System,
    /// The assistant's own words, which nobody confirmed.
    Assistant,
    /// A question. Its answer may become a memory together with it.
    Question,
    /// A greeting, thanks, agreement or exclamation.
    SmallTalk,
    /// Something asked of the assistant once, such as a joke or a translation.
    Request,
    /// Code, a log or other pasted machine text.
    Machine,
    /// Someone else's words, quoted.
    Quotation,
    /// What would be if something else were.
    Hypothetical,
    /// A joke or an exaggeration.
    Joke,
    /// It says too little to be worth keeping.
    Thin,
    /// It cannot stand alone: what it speaks of is not said.
    Unclear,
    /// It holds what looks like a password, a key or a card number.
    Secret,
    /// The classifier of worth is sure that nobody wants to be reminded of it.
    Passing,
    /// Its speaker said at once that it is not so.
    TakenBack,
    /// It was an answer and is part of the memory made from its question.
    Joined,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "a system message",
            Self::Assistant => "the assistant's own words, not confirmed",
            Self::Question => "a question",
            Self::SmallTalk => "small talk",
            Self::Request => "a request to the assistant",
            Self::Machine => "code or pasted output",
            Self::Quotation => "a quotation",
            Self::Hypothetical => "hypothetical",
            Self::Joke => "not meant seriously",
            Self::Thin => "says too little",
            Self::Unclear => "does not stand alone",
            Self::Secret => "looks like a secret",
            Self::TakenBack => "taken back at once",
            Self::Passing => "most like what the classifier learnt to leave out",
            Self::Joined => "joined to its question",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept { because, .. } => write!(f, "kept: {because}"),
            Self::Dropped(why) => write!(f, "left out: {why}"),
        }
    }
}
