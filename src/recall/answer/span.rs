//! The part of a sentence that answers.

use crate::recall::analyse::{Asked, is_filler};
use crate::text::{Word, terms, words};

/// The most words of a phrase.
const LONGEST: usize = 12;
/// Words that begin another clause.
const BREAKS: &[&str] = &[
    "but", "so", "because", "when", "while", "which", "that", "since", "although", "though", "where", "if", "as",
    "then", "it's", "i'm", "i've",
];

/// The part of `text` that says what the question does not: behind the words that both share, up to the clause's end, or before them
/// when nothing follows. `None` when they share no word.
pub(super) fn answer_to(asked: &Asked, text: &str) -> Option<String> {
    let found: Vec<Word<'_>> = words(text).collect();
    let shared: Vec<bool> = found.iter().map(|word| is_shared(asked, word.text)).collect();
    let last = shared.iter().rposition(|shared| *shared)?;
    let behind = clause(text, &found, last + 1);
    if has_content(asked, &behind) {
        return Some(quote(text, &trimmed(&behind)));
    }
    let first = shared.iter().position(|shared| *shared)?;
    let before: Vec<Word<'_>> = found.get(..first)?.to_vec();
    has_content(asked, &before).then(|| quote(text, &trimmed(&before)))
}

/// A sentence without what can be left out at its ends.
pub(super) fn gist(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | '[' | ']')).to_owned()
}

fn is_shared(asked: &Asked, word: &str) -> bool {
    terms(word).iter().any(|term| asked.terms.iter().any(|(known, _)| known == term))
}

/// Words from `start` to the end of the clause, at most as many as a phrase has.
fn clause<'a>(text: &str, found: &[Word<'a>], start: usize) -> Vec<Word<'a>> {
    let mut out: Vec<Word<'a>> = Vec::new();
    for word in found.get(start..).unwrap_or_default() {
        let before = out.last().map_or(found.get(start.wrapping_sub(1)).map_or(0, Word::end), Word::end);
        let gap = text.get(before..word.start).unwrap_or_default();
        let mark = gap.contains(['.', '!', '?', ';', ':', '—', '(']) || gap.contains(" - ");
        let ends = mark || BREAKS.contains(&word.text.to_lowercase().as_str());
        if ends && !out.is_empty() || out.len() == LONGEST {
            break;
        }
        out.push(*word);
    }
    out
}

fn has_content(asked: &Asked, found: &[Word<'_>]) -> bool {
    found.iter().any(|word| !is_filler(&word.text.to_lowercase()) && !is_shared(asked, word.text))
}

/// Without words at either end that say nothing.
fn trimmed<'a>(found: &[Word<'a>]) -> Vec<Word<'a>> {
    let says = |word: &Word<'_>| !is_filler(&word.text.to_lowercase());
    let first = found.iter().position(says).unwrap_or(0);
    let last = found.iter().rposition(says).map_or(0, |last| last + 1);
    found.get(first..last).unwrap_or_default().to_vec()
}

fn quote(text: &str, found: &[Word<'_>]) -> String {
    let (first, last) = (found.first().map_or(0, |word| word.start), found.last().map_or(0, Word::end));
    text.get(first..last).unwrap_or_default().to_owned()
}
