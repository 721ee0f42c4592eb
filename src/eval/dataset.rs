//! Conversations with questions about them.

use std::path::Path;

use super::{lines, locomo};
use crate::model::{MessageId, Moment, NewMessage, SessionId};

/// Conversations with questions about them.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Each with a profile of its own.
    pub dialogs: Vec<Dialog>,
}

/// What is kept in one profile, and asked of it.
#[derive(Clone, Debug, Default)]
pub struct Dialog {
    /// In the order they are ingested.
    pub sessions: Vec<Session>,
    /// Asked when all is ingested.
    pub questions: Vec<Question>,
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// In order.
    pub messages: Vec<NewMessage>,
}

/// A question, and what a good recall gives for it.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// Which questions it is reported with.
    pub category: String,
    /// "Today", for dates in the question; the time of the last message when it is not said.
    pub reference: Option<Moment>,
    /// What is wanted.
    pub wanted: Wanted,
}

/// What a good recall gives. What is empty is not measured.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Source messages that hold the answer.
    pub evidence: Vec<MessageId>,
    /// Texts, each of which one of the first memories must contain, whatever its capitals.
    pub memories: Vec<String>,
    /// The answer; empty when the data does not hold one, and none should be given.
    pub answer: Option<String>,
}

/// Why a file is no dataset.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// It cannot be read.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// A line is not as it should be.
    #[error("line {line}: {why}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It looks like LoCoMo and is not.
    #[error("the dialog of index {dialog}: {why}")]
    Locomo {
        /// Counted from 0.
        dialog: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It asks nothing.
    #[error("there is no question in it: a line of a question has a `query`")]
    NoQuestions,
}

impl Dataset {
    /// Reads a file: LoCoMo's JSON, or JSON Lines of messages and questions as `mnemon eval --help` describes them.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let text = fs_err::read_to_string(path)?;
        Self::parse(&text)
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, DatasetError> {
        let dataset = if text.trim_start().starts_with('[') { locomo::parse(text)? } else { lines::parse(text)? };
        if dataset.questions() == 0 { Err(DatasetError::NoQuestions) } else { Ok(dataset) }
    }

    /// How many messages there are.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.dialogs.iter().flat_map(|dialog| &dialog.sessions).map(|session| session.messages.len()).sum()
    }

    /// How many questions there are.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.dialogs.iter().map(|dialog| dialog.questions.len()).sum()
    }
}

impl Dialog {
    /// When the last message was written, where that is said.
    #[must_use]
    pub fn last_at(&self) -> Option<Moment> {
        self.sessions.iter().flat_map(|session| &session.messages).filter_map(|message| message.at).max()
    }

    /// Adds a message to its session, in the order of first appearance.
    pub(super) fn hear(&mut self, id: SessionId, message: NewMessage) {
        match self.sessions.iter_mut().rfind(|session| session.id == id) {
            Some(session) => session.messages.push(message),
            None => self.sessions.push(Session { id, messages: vec![message] }),
        }
    }
}
