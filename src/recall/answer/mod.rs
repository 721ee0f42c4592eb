//! The answer: words that were stored, put together. It never says what no memory or message said; arithmetic on stored dates is the
//! one thing it adds.

mod elapsed;
mod focus;
mod marks;
mod passage;
mod phrase;
mod reading;
mod sentence;
mod span;
mod support;

pub(crate) use marks::{Mark, Page, marks, pages};
pub(crate) use passage::{Passage, QUOTED, Quotable, Sources, passages};

use focus::Focus;

use super::ResponseLength;
use super::analyse::{Asked, Wants};
use super::messages::{RankedMessage, lead_of_named};
use crate::index::ProfileIndex;

/// The least match of the best passage for an answer to be given, by words or by meaning: see [`Passage::matches`].
const ANSWERED_FROM: f32 = 0.25;
/// By how much what the person that a question names has said must fit it better than what others have said; otherwise it asks the
/// wrong one. On development dialogs .57 of the questions about the wrong person are left unanswered, and .08 of the others; at 0.8 it
/// is .61 and .09.
const LEAD: f32 = 0.4;
/// From this margin on a reader is surer than the rules that say that there is no answer. Of 261 questions that nobody read the rules for, it was
/// for two that have an answer and for none that has not.
const SURE: f32 = 2.0;
/// From this margin on a reader is surer than the rules that look for the question's words: paraphrase looks like absence to them.
/// ARCHITECTURE.md has the curve. Where the question names one of several speakers, who said it tells more than either.
const LIKELY: f32 = -2.0;
/// Below the margin a reader finds no answer, and there is none unless a passage has such a share of the question's words.
const UNLIKELY: &[(f32, f32)] = &[(-5.0, 0.7), (-10.0, 0.9)];
/// The same for a day: the date of the message may be the answer, and the reader does not see it.
const UNLIKELY_DAY: &[(f32, f32)] = &[(-7.0, 0.6)];
/// A passage this much below the best has nothing to add to it.
const COMPANION: f32 = 8.0;
/// The most sentences of a medium answer.
const SENTENCES: usize = 3;
/// The most entries of a long one.
const ENTRIES: usize = 12;
/// How much below the best an entry of a long answer may be.
const ACCOUNT: f32 = 6.0;
/// Two passages that share so much of the shorter one's words say the same.
const SAME: f32 = 0.7;
/// So do a memory and a sentence of its message from this share on: a memory names days that the sentence tells in other words.
const MADE_OF: f32 = 0.4;
/// From this share on they speak of the same thing, and the newer holds.
const RETOLD: f32 = 0.5;

/// Puts an answer together from passages, best first. Empty when they do not hold one.
pub(crate) fn compose(
    asked: &Asked,
    length: ResponseLength,
    index: &ProfileIndex,
    (passages, messages, marks): (&[Passage], &[RankedMessage], &[Mark]),
) -> String {
    let question = (asked, &Focus::of(asked));
    let fitting = phrase::fitting(asked, (passages, marks));
    let surest = || fitting.iter().map(|mark| mark.margin).fold(f32::NEG_INFINITY, f32::max);
    let margin = (!marks.is_empty()).then(surest);
    let marks = fitting.as_slice();
    let found = phrase::find(question, index, passages);
    let Some(best) = passages.first() else { return String::new() };
    if is_unanswered(question, index, (passages, messages, margin), found.is_some()) {
        return String::new();
    }
    match length {
        ResponseLength::Short => {
            phrase::marked(asked, marks).or(found).map_or_else(|| span::gist(&best.text), |found| found.text)
        }
        ResponseLength::Medium => {
            let likely = marks.first().is_some_and(|mark| mark.margin > 0.0);
            let read = phrase::marked(asked, marks);
            let (first, second) = if likely && read.is_some() { (read, found) } else { (found, read) };
            let leads = (first.as_ref().map_or(0, |first| first.passage), second.map(|second| second.passage));
            let value = |passage: &Passage| phrase::value(asked, passage, (passages, marks));
            sentences(passages, leads, first.and_then(|first| first.computed), &value)
        }
        ResponseLength::Long => account(passages),
    }
}

/// Whether what was found holds no answer, as far as it tells. `found` says whether the rules found a phrase.
fn is_unanswered(
    question: (&Asked, &Focus),
    index: &ProfileIndex,
    (passages, messages, margin): (&[Passage], &[RankedMessage], Option<f32>),
    found: bool,
) -> bool {
    let (wants, lead) = (question.0.wants, lead_of_named(messages));
    if lead.is_some_and(|lead| lead < LEAD) {
        return true;
    }
    if support::tells_of_another(question.0, passages) {
        return true;
    }
    let matched = best_match(passages);
    if margin.is_some_and(|margin| margin >= SURE) {
        return false;
    }
    let read = margin.filter(|_| lead.is_none());
    let unlikely = unlikely(wants, index);
    if read.is_some_and(|margin| unlikely.iter().any(|(below, share)| margin < *below && matched < *share)) {
        return true;
    }
    let is_likely = read.is_some_and(|margin| phrase::is_read(wants) && margin >= LIKELY);
    let is_said = is_likely || (support::holds(question, index, passages) && matched >= ANSWERED_FROM);
    !is_said || (!found && must_be_typed(wants))
}

/// The margins below which there is no answer of that kind. In a talk of several people most days are those on which it was said.
fn unlikely(wants: Wants, index: &ProfileIndex) -> &'static [(f32, f32)] {
    match wants {
        Wants::When | Wants::WhichDay if index.messages.speakers().nth(1).is_none() => UNLIKELY_DAY,
        _ if phrase::is_read(wants) => UNLIKELY,
        _ => &[],
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

/// One to three sentences: the one that answers, the one that may as well, then those that say more about as well. What was said before and
/// is told anew by the lead is left out; where it has another value, and nothing says that it changed, both are told with their dates.
fn sentences(
    passages: &[Passage],
    (lead, second): (usize, Option<usize>),
    computed: Option<String>,
    value: &dyn Fn(&Passage) -> Option<String>,
) -> String {
    let Some(found) = passages.get(lead) else { return String::new() };
    let first = newest_telling(passages, found);
    let others = other_tellings(passages, first, value);
    if !others.is_empty() {
        let dated = |passage: &Passage| format!("{}: {}", passage.at.date(), passage.quoted());
        return std::iter::once(first).chain(others).map(dated).collect::<Vec<_>>().join(" ");
    }
    let mut said = vec![first];
    let stale = |other: &Passage| other.at < first.at && (tells_change(&first.text) || overlap(first, other) >= RETOLD);
    let others = passages.iter().filter(|other| !std::ptr::eq(*other, first) && !stale(other));
    let second = second.and_then(|at| passages.get(at));
    let others = others.take_while(|other| other.score >= found.score - COMPANION);
    for other in second.into_iter().filter(|other| !stale(other)).chain(others) {
        if said.len() < SENTENCES && !said.iter().any(|known| repeats(known, other)) {
            said.push(other);
        }
    }
    let quoted = said.iter().map(|passage| passage.quoted());
    let computed = computed.filter(|_| std::ptr::eq(found, first));
    computed.map(|text| format!("{text}:")).into_iter().chain(quoted).collect::<Vec<_>>().join(" ")
}

/// The newest passage that tells what `found` tells in other words and answers about as well.
fn newest_telling<'a>(passages: &'a [Passage], found: &'a Passage) -> &'a Passage {
    let close =
        passages.iter().filter(|other| other.score >= found.score - COMPANION && other.share >= found.share - 0.1);
    let retold = close.filter(|other| other.at > found.at && overlap(found, other) >= RETOLD);
    retold.max_by_key(|other| other.at).unwrap_or(found)
}

/// The passages that tell earlier what `first` tells, with other values, where nothing says that it changed: both may hold, as two allergies do, or
/// nobody knows which. Best first; no more than an answer has room for.
fn other_tellings<'a>(
    passages: &'a [Passage],
    first: &Passage,
    value: &dyn Fn(&Passage) -> Option<String>,
) -> Vec<&'a Passage> {
    let mut values: Vec<String> = value(first).map(|value| value.to_lowercase()).into_iter().collect();
    let mut others: Vec<&Passage> = Vec::new();
    if values.is_empty() || replaces(&first.text) {
        return others;
    }
    for other in passages.iter().take_while(|other| other.score >= first.score - COMPANION) {
        let retells = other.at.date() < first.at.date()
            && other.speaker == first.speaker
            && !other.sources.iter().any(|id| first.sources.contains(id))
            && overlap(first, other) >= RETOLD
            && !others.iter().any(|known| repeats(known, other));
        if !retells || others.len() + 1 == SENTENCES {
            continue;
        }
        if let Some(its) = value(other).map(|value| value.to_lowercase()).filter(|its| !values.contains(its)) {
            values.push(its);
            others.push(other);
        }
    }
    others
}

/// Whether a statement speaks of what holds in place of something else.
fn replaces(text: &str) -> bool {
    const CUES: &[&str] = &["now", "renamed", "instead", "wrong", "anymore", "correction", "sorry"];
    tells_change(text) || crate::text::words(text).any(|word| CUES.contains(&word.text.to_lowercase().as_str()))
}

/// Whether a statement says that something is otherwise than it was.
fn tells_change(text: &str) -> bool {
    const CUES: &[&str] = &[
        "from now on",
        "no longer",
        "not anymore",
        "these days",
        "instead of",
        "switched",
        "changed",
        "changing",
        "new rule",
        "moved to",
        "is now",
        "are now",
    ];
    let low = text.to_lowercase();
    CUES.iter().any(|cue| low.contains(cue))
}

/// What is known, in the order of time, each with its date.
fn account(passages: &[Passage]) -> String {
    let Some(best) = passages.first() else { return String::new() };
    let mut told: Vec<&Passage> = Vec::new();
    for passage in passages.iter().take_while(|passage| passage.score >= best.score - ACCOUNT) {
        if told.len() < ENTRIES && !told.iter().any(|known| repeats(known, passage)) {
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

/// Whether two passages say the same: in the same words, or a memory and the sentence that it was made of.
fn repeats(a: &Passage, b: &Passage) -> bool {
    let made = a.is_memory != b.is_memory && a.sources.iter().any(|id| b.sources.contains(id));
    overlap(a, b) >= if made { MADE_OF } else { SAME }
}

/// The share of the shorter one's words that both passages have.
fn overlap(a: &Passage, b: &Passage) -> f32 {
    a.terms.intersection(&b.terms).count() as f32 / a.terms.len().min(b.terms.len()).max(1) as f32
}
