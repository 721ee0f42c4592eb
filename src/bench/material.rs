//! What is kept and what is asked: synthetic, or the user's own.

use super::talk::{self, Talk};
use crate::error::Result;
use crate::eval::Dataset;
use crate::model::{Moment, NewMessage, SessionId};

/// Where conversations and questions come from.
pub enum Material {
    /// Drawn from a grammar, as many as are wanted.
    Synthetic {
        /// What is drawn follows from it.
        seed: u64,
    },
    /// A file's.
    Own(Own),
}

/// A file's conversations, all for one profile, and its questions.
pub struct Own {
    name: String,
    talks: Vec<(SessionId, Vec<NewMessage>)>,
    questions: Vec<String>,
}

impl Material {
    /// The conversations of all dialogs of a dataset, one after another, called `name`.
    ///
    /// # Errors
    /// `InvalidInput` when a session's name is too long to be told from that of another dialog.
    pub fn own(name: &str, dataset: &Dataset) -> Result<Self> {
        let (mut talks, mut questions) = (Vec::new(), Vec::new());
        for (number, dialog) in dataset.dialogs.iter().enumerate() {
            for session in &dialog.sessions {
                let id = match dataset.dialogs.len() {
                    1 => session.id.clone(),
                    _ => SessionId::parse(&format!("{number}-{}", session.id))?,
                };
                talks.push((id, session.messages.clone()));
            }
            questions.extend(dialog.questions.iter().map(|question| question.text.clone()));
        }
        Ok(Self::Own(Own { name: name.to_owned(), talks, questions }))
    }

    /// For people and for reports.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Synthetic { seed } => format!("synthetic-{seed}"),
            Self::Own(own) => own.name.clone(),
        }
    }

    /// The conversation of that number, if there is one.
    pub(super) fn talk(&self, number: usize) -> Result<Option<(SessionId, Vec<NewMessage>)>> {
        match self {
            Self::Synthetic { seed } => {
                let Talk { id, messages } = talk::talk(*seed, number)?;
                Ok(Some((id, messages)))
            }
            Self::Own(own) => Ok(own.talks.get(number).cloned()),
        }
    }

    /// The question of that number; a file's come again and again.
    pub(super) fn question(&self, number: usize) -> String {
        match self {
            Self::Synthetic { seed } => talk::question(*seed, number),
            Self::Own(own) => own.questions.get(number % own.questions.len().max(1)).cloned().unwrap_or_default(),
        }
    }

    /// "Today" for every question.
    pub(super) fn today() -> Moment {
        Moment::parse("2030-06-01T12:00:00Z").unwrap_or(Moment::utc(crate::model::Timestamp::from_millis(0)))
    }
}
