//! The answer: words that were stored, put together. It never says what no memory or message said; arithmetic on stored dates is the
//! one thing it adds.

mod passage;
mod phrase;
mod sentence;
mod span;

pub(crate) use passage::{Passage, QUOTED, Sources, passages};

use std::collections::HashSet;

use super::ResponseLength;
use super::analyse::{Asked, Wants};
use super::messages::{RankedMessage, lead_of_named};
use crate::text::{Term, terms};

/// The least match of the best passage for an answer to be given, by words or by meaning: see [`Passage::matches`].
const ANSWERED_FROM: f32 = 0.3;
/// By how much what others said may fit a question better than what the person it names has said. Beyond, it asks the wrong one.
const OTHERS_LEAD: f32 = 0.4;
/// A passage this much below the best has nothing to add to it.
const COMPANION: f32 = 2.5;
/// The most sentences of a medium answer.
const SENTENCES: usize = 3;
/// The most entries of a long one.
const ENTRIES: usize = 12;
/// How much below the best an entry of a long answer may be.
const ACCOUNT: f32 = 6.0;
/// Two passages that share so much of the shorter one's words say the same.
const SAME: f32 = 0.7;

/// Puts an answer together from passages, best first. Empty when they do not hold one.
pub(crate) fn compose(
    asked: &Asked,
    length: ResponseLength,
    passages: &[Passage],
    messages: &[RankedMessage],
) -> String {
    let mixed_up = lead_of_named(messages).is_some_and(|lead| lead < -OTHERS_LEAD);
    let Some(best) = passages.first().filter(|_| !mixed_up && best_match(passages) >= ANSWERED_FROM) else {
        return String::new();
    };
    let phrase = phrase::find(asked, passages);
    if phrase.is_none() && must_be_typed(asked.wants) {
        return String::new();
    }
    match length {
        ResponseLength::Short => phrase.map_or_else(|| span::gist(&best.text), |found| found.text),
        ResponseLength::Medium => {
            let lead = phrase.as_ref().map_or(0, |found| found.passage);
            let computed = phrase.and_then(|found| found.computed);
            sentences(passages, lead, computed)
        }
        ResponseLength::Long => account(passages),
    }
}

/// The best match among the passages that could be quoted.
fn best_match(passages: &[Passage]) -> f32 {
    passages.iter().take(SENTENCES).map(Passage::matches).fold(0.0, f32::max)
}

/// Whether an answer without a phrase of the wanted kind would be none: a price is a number, "when" is a date.
fn must_be_typed(wants: Wants) -> bool {
    matches!(
        wants,
        Wants::When | Wants::WhichDay | Wants::Elapsed(_) | Wants::Duration | Wants::Number | Wants::Code(_)
    )
}

/// One to three sentences: the one that answers, then those that say more about as well.
fn sentences(passages: &[Passage], lead: usize, computed: Option<String>) -> String {
    let Some(first) = passages.get(lead) else { return String::new() };
    let mut said = vec![first];
    let others = passages.iter().enumerate().filter(|(at, _)| *at != lead).map(|(_, other)| other);
    for other in others.take_while(|other| other.score >= first.score - COMPANION) {
        if said.len() < SENTENCES && said.iter().all(|known| !same(known, other)) {
            said.push(other);
        }
    }
    let quoted = said.iter().map(|passage| passage.quoted());
    computed.map(|text| format!("{text}:")).into_iter().chain(quoted).collect::<Vec<_>>().join(" ")
}

/// What is known, in the order of time, each with its date.
fn account(passages: &[Passage]) -> String {
    let Some(best) = passages.first() else { return String::new() };
    let mut told: Vec<&Passage> = Vec::new();
    for passage in passages.iter().take_while(|passage| passage.score >= best.score - ACCOUNT) {
        if told.len() < ENTRIES && told.iter().all(|known| !same(known, passage)) {
            told.push(passage);
        }
    }
    told.sort_by_key(|passage| passage.at);
    let lines = told.iter().map(|passage| {
        let session = passage.session.as_ref().map_or(String::new(), |session| format!(", {session}"));
        format!("- {}{session}: {}", passage.at.date(), passage.quoted())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether two passages say the same in nearly the same words.
fn same(a: &Passage, b: &Passage) -> bool {
    let words = |passage: &Passage| terms(&passage.text).into_iter().collect::<HashSet<Term>>();
    let (a, b) = (words(a), words(b));
    a.intersection(&b).count() as f32 >= SAME * a.len().min(b.len()) as f32
}
