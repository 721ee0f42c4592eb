//! The pipeline: turns in, drafts and verdicts out.

use crate::model::{MemoryType, Moment, Role};

use super::draft::{Draft, Dropped, Extraction, SentenceVerdict, Verdict};

/// One message of a session, as extraction reads it.
#[derive(Clone, Copy)]
pub struct Turn<'a> {
    /// Who wrote it.
    pub role: Role,
    /// Verbatim.
    pub content: &'a str,
    /// When it was written, in the writer's own offset: what "yesterday" is relative to.
    pub at: Moment,
    /// Whether memories may be made of it. The others were read before and are context.
    pub is_new: bool,
}

/// What an operator can set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtractOptions {
    /// Keeps statements that hold what looks like a password, a key or a card number.
    pub keep_secrets: bool,
}

/// Reads the turns of one session, in order, and gives what is worth keeping of the new ones.
///
/// Deterministic, linear in the length of the text, and never panics, whatever the text is.
#[must_use]
pub fn extract(turns: &[Turn<'_>], _options: &ExtractOptions) -> Extraction {
    let mut out = Extraction::default();
    for (index, turn) in turns.iter().enumerate().filter(|(_, turn)| turn.is_new) {
        let verdict = match turn.role {
            Role::System => Verdict::Dropped(Dropped::System),
            Role::Assistant => Verdict::Dropped(Dropped::Assistant),
            Role::User if turn.content.ends_with('?') => Verdict::Dropped(Dropped::Question),
            Role::User if turn.content.split_whitespace().count() < 4 => Verdict::Dropped(Dropped::Thin),
            Role::User => {
                out.drafts.push(Draft { sources: vec![index], ..remembered(turn.content, turn.at) });
                Verdict::Kept { draft: out.drafts.len() - 1, because: "a statement" }
            }
        };
        out.verdicts.push(SentenceVerdict { turn: index, sentence: turn.content.to_owned(), verdict });
    }
    out
}

/// The draft of a statement that someone asks to be remembered: its content as it is given, without the space around it.
#[must_use]
pub fn remembered(content: &str, at: Moment) -> Draft {
    Draft {
        content: content.trim().to_owned(),
        summary: content.trim().to_owned(),
        kind: MemoryType::Fact,
        topic: None,
        sources: Vec::new(),
        said_at: at,
        ends: None,
    }
}
