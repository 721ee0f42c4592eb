//! One of two: `Tabs or spaces?` `tabs` → `I prefer tabs to spaces`.

use super::answers::{build, mirror};
use super::lexicon::{DETERMINERS, PREPOSITIONS};
use super::verbs::{Time, main_verb};
use super::words::{Class, Token, at, at_any, count_words, phrase_at, tokenize};

/// An alternative is no longer than this, in words.
const LONGEST: usize = 4;
/// Asking for a preference, in so many words.
const LEADS: &str = "do you prefer|would you prefer|do you like|which do you prefer ,|which do you prefer :|what do you prefer ,|\
    would you rather have|should i use|shall i use|should i go with|shall i go with|do you want me to use|do you want|\
    would you like|which is it ,|is it";

/// The statement of a choice, when the answer names one of the two that are asked.
pub(super) fn chosen(question: &[Token], answer: &[Token]) -> Option<Vec<Token>> {
    let lead = LEADS.split('|').filter(|l| phrase_at(question, 0, l)).map(|l| l.split(' ').count()).max();
    let asked = question.get(lead.unwrap_or(0)..)?;
    let or = asked.iter().position(|t| t.is("or")).filter(|&i| i > 0)?;
    let behind = asked.get(or + 1..)?;
    let end = behind.iter().position(|t| PREPOSITIONS.has(&t.low) || !t.is_wordy()).unwrap_or(behind.len());
    let (right, tail) = behind.split_at(end);
    let before = asked.get(..or)?;
    // Of "do you drink red wine or white wine" only as much is an alternative as there is on the other side.
    let width = if lead.is_some() { before.len() } else { right.len().min(before.len()) };
    let does = lead.is_none() && at(question, 0, "do") && at(question, 1, "you");
    let (kept, left) = before.split_at(if does { before.len() - width } else { 0 });
    if [left, right].iter().any(|side| !(1..=LONGEST).contains(&count_words(side)) || is_action(side)) {
        return None;
    }
    let (one, other) = match (names(answer, left, right), names(answer, right, left)) {
        (true, false) => (left, right),
        (false, true) => (right, left),
        _ => return None,
    };
    if does {
        return Some(build(&[&mirror(kept.get(1..)?), &full(one, other), tail]));
    }
    Some(build(&[
        &tokenize("I prefer"),
        &lowered(&full(one, other)),
        &tokenize("to"),
        &lowered(&full(other, one)),
        tail,
    ]))
}

/// Whether the words of the answer are in the one alternative, and one of them only there.
fn names(answer: &[Token], one: &[Token], other: &[Token]) -> bool {
    let holds = |side: &[Token], word: &Token| side.iter().any(|t| t.low == word.low);
    let polite =
        |t: &Token| t.is_any("please|pls|thanks|always|definitely|mode|i|think|prefer|the|a|an|of|course|any|day");
    let words: Vec<&Token> = answer.iter().filter(|t| t.is_wordy() && !polite(t)).collect();
    !words.is_empty() && words.iter().all(|t| holds(one, t)) && words.iter().any(|t| !holds(other, t))
}

/// `dark or light mode`: the noun behind the second goes with both.
fn full(side: &[Token], other: &[Token]) -> Vec<Token> {
    match other.split_last() {
        Some((noun, [_, ..])) if side.len() == 1 && !DETERMINERS.has(other.first().map_or("", |t| &t.low)) => {
            build(&[side, std::slice::from_ref(noun)])
        }
        _ => side.to_vec(),
    }
}

fn lowered(tokens: &[Token]) -> Vec<Token> {
    let mut out = super::answers::lowered(tokens);
    out.iter_mut().filter(|t| t.text.len() == 1).for_each(|t| t.text.clone_from(&t.low));
    out
}

fn is_action(side: &[Token]) -> bool {
    main_verb(side).0 != Time::None
        || side
            .iter()
            .any(|t| t.is_any("you|we|i|it|that|this|me|not|shall|should|later|more|nothing|else|something|so|what"))
        || at_any(side, 0, "stop|continue|go|do|try|start|want|need|is|are|yes|no")
}
