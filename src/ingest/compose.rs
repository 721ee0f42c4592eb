//! A statement → a draft: the third person, absolute dates, a topic, a short form.

use crate::model::{MemoryType, Moment};

use super::dates::{Manner, ordinal, resolve};
use super::draft::{Completion, Draft};
use super::likeness::terms;
use super::person::{Person, rewrite};
use super::render::{canonical, sentence, summary};
use super::topic::topic;
use super::verbs::{Time, main_verb};
use super::words::{Token, at, at_any, has_any, low, tokenize};

/// A statement in its speaker's own person.
pub(super) struct Statement {
    pub tokens: Vec<Token>,
    pub kind: MemoryType,
    /// The turns it was made from.
    pub sources: Vec<usize>,
    /// Whether where it stands says its kind.
    pub kind_is_certain: bool,
    /// Whether it goes on about a statement before it: then it has no topic of its own.
    pub leans: bool,
}

/// Makes the draft of a statement that `person` made at that moment.
pub(super) fn compose(statement: &Statement, person: &Person, at: Moment) -> Draft {
    let tokens = to_do(statement);
    let told = rewrite(&canonical(&tokens), person);
    let dated = resolve(&told, at.date(), manner(&told, statement.kind)).tokens;
    let topic = if statement.leans { None } else { topic(&dated, statement.kind) };
    let content = sentence(&dated);
    let done = is_done(&statement.tokens, statement.kind);
    Draft {
        summary: summary(&content),
        kind: statement.kind,
        kind_is_certain: statement.kind_is_certain,
        topic,
        sources: statement.sources.clone(),
        said_at: at,
        ends: done.then(|| Completion { terms: terms(&content) }),
        corrects: false,
        is_of_talk: *person != Person::user(),
        doubt: None,
        content,
    }
}

/// How a statement of that kind speaks of time. A deadline is a fact, and is one time.
fn manner(tokens: &[Token], kind: MemoryType) -> Manner {
    let appointed =
        tokens.iter().any(|t| t.is_any("deadline|due|expires|expire|expired|starts|start|ends|opens|closes"));
    // "Rent is due on the fifth": of every month.
    let monthly = (1..tokens.len()).any(|i| at(tokens, i - 1, "the") && ordinal(low(tokens, i)).is_some());
    match kind {
        MemoryType::Event => Manner::Once,
        MemoryType::Task => Manner::Ahead,
        MemoryType::Fact if appointed && !monthly => Manner::Once,
        MemoryType::Fact | MemoryType::Instruction => Manner::Recurs,
    }
}

/// `todo for me: call Bo` → `I need to call Bo`.
fn to_do(statement: &Statement) -> Vec<Token> {
    let tokens = &statement.tokens;
    let opens = statement.kind == MemoryType::Task && at_any(tokens, 0, &["todo", "to-do", "reminder"]);
    let Some(rest) = tokens.iter().take(6).position(|t| t.is(":")).filter(|_| opens).and_then(|i| tokens.get(i + 1..))
    else {
        return tokens.clone();
    };
    if super::verbs::command(rest) != Some(0) {
        return rest.to_vec();
    }
    let mut out = tokenize("I need to");
    out.extend(rest.iter().cloned());
    out
}

/// Whether the statement says that its speaker did something: an open task about it ends.
fn is_done(tokens: &[Token], kind: MemoryType) -> bool {
    let time = main_verb(tokens).0;
    let told = kind == MemoryType::Event && matches!(time, Time::Past | Time::Perfect);
    let state = kind != MemoryType::Task
        && has_any(
            tokens,
            "is done|'s done|are done|is finished|is sorted|'s sorted|is sent|is paid|is booked|all done|done with|\
    finished with|is complete|is merged|is fixed|is in",
        );
    let denied = has_any(tokens, &["n't", "not", "never", "almost", "nearly"]);
    (told || state) && !denied
}
