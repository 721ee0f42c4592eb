//! The stages of a recall, for whoever wants to know where its time goes.
//!
//! This room reads no clock: it says when a part of a stage has ended, and who listens may look at one.

/// What a recall is doing. A stage may come in several parts, with parts of others between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Finding the profile, and reading the question.
    Prepare,
    /// The question's vector.
    Embed,
    /// Searching by vector, and cosines.
    Vector,
    /// Searching by words, and their shares.
    Keyword,
    /// Summing what all of these say, and choosing the best.
    Fuse,
    /// Having the best messages read.
    Read,
    /// Reading the best rows, and putting the answer together.
    Answer,
}

impl Stage {
    /// Every stage, in the order that a recall first comes to them.
    pub const ALL: [Self; 7] =
        [Self::Prepare, Self::Embed, Self::Vector, Self::Keyword, Self::Fuse, Self::Read, Self::Answer];

    /// Its name, one lower-case word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Embed => "embed",
            Self::Vector => "vector",
            Self::Keyword => "keyword",
            Self::Fuse => "fuse",
            Self::Read => "read",
            Self::Answer => "answer",
        }
    }
}

/// Listens to the stages of one recall.
pub trait Stages {
    /// What was done since the last call was a part of `stage`.
    fn ended(&mut self, stage: Stage);
}

/// Nobody listens.
impl Stages for () {
    fn ended(&mut self, _stage: Stage) {}
}
