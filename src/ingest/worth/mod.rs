//! Whether a statement is worth keeping, by a classifier of our own: what the rules of `select.rs` take for something to be
//! remembered and is not, and what they leave out and should not.
//!
//! A linear model (`learn`), trained by `make worth` (`train.rs`) on `examples.tsv`, sentences of people who talk to an
//! assistant, written for this project, and on the statements of `types`, all worth keeping; the result is `weights.tsv`. It overrules the rules only when it is sure, and
//! never where they do not judge by what a sentence says: questions, pasted text, secrets, answers, items of lists.

mod settle;
mod train;

pub use super::learn::Example;
pub use train::{Report, Training, examples};

use std::sync::LazyLock;

use super::draft::{Doubt, Draft, Dropped};
use super::learn::{ALWAYS, Weights, features};
use crate::model::UnitVector;

/// What was learnt: one number for keeping and one for leaving out.
static BUILT_IN: LazyLock<Weights<2>> = LazyLock::new(|| Weights::parse(include_str!("weights.tsv")));

/// From this probability on, that it is worth keeping, what the rules leave out is kept. `make worth` prints how often that is right,
/// .92 from .90 on; but a third of what they leave out of the examples is wanted, and little of what they leave out of people's talk.
const KEPT_FROM: f32 = 0.95;
/// Below this probability what the rules keep is left out. Nothing is asked of the user, and what is lost is lost: it is low.
const LEFT_BELOW: f32 = 0.02;
/// Below this probability, from words alone, what the rules leave out is not even embedded.
const POSSIBLE_FROM: f32 = 0.5;

/// Whether it is worth a vector to see whether what the rules leave out is worth keeping: not where they are nearly always
/// right, with small talk, jokes and what might be.
pub(super) fn is_possible(draft: &Draft) -> bool {
    draft.doubt.is_some_and(|doubt| {
        matches!(doubt.out, Some(Dropped::Thin | Dropped::Unclear | Dropped::Request))
            && probability(&BUILT_IN, draft, doubt, None) >= POSSIBLE_FROM
    })
}

/// Whether a statement is kept in the end, by what the rules say and how probable its worth is.
fn is_kept(by_rules: bool, probability: f32) -> bool {
    probability >= if by_rules { LEFT_BELOW } else { KEPT_FROM }
}

/// The probability that a draft is worth keeping.
fn probability(weights: &Weights<2>, draft: &Draft, doubt: Doubt, vector: Option<&UnitVector>) -> f32 {
    let [keep, _] = weights.classify(&seen(draft, doubt), vector);
    keep
}

/// What the classifier sees of a draft beside its vector.
fn seen(draft: &Draft, doubt: Doubt) -> Vec<String> {
    let mut named = features(&draft.content);
    let judged = match doubt.out {
        None => "kept",
        Some(Dropped::Thin) => "thin",
        Some(Dropped::Unclear) => "unclear",
        Some(Dropped::SmallTalk) => "small talk",
        Some(Dropped::Hypothetical) => "hypothetical",
        Some(Dropped::Joke) => "joke",
        Some(_) => "request",
    };
    named.extend([ALWAYS.to_owned(), format!("rule:{judged}"), format!("kind:{}", draft.kind.as_str())]);
    let signs = [
        (doubt.exclaims, "sign:exclaims"),
        (doubt.has_picture, "sign:picture"),
        (doubt.beside_question, "sign:beside question"),
        (doubt.is_alone, "sign:alone"),
    ];
    named.extend(signs.into_iter().filter(|(is_there, _)| *is_there).map(|(_, sign)| sign.to_owned()));
    named
}
