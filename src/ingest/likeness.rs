//! When two statements say the same in other words.
//!
//! A vector alone cannot tell: "port 80" and "port 81", "likes" and "does not like" lie close together. What names and
//! numbers a statement holds, and whether it denies, decides.

use super::date_words::small_number;
use super::words::Class;
use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// The share of words that two statements must have in common.
const SHARED: f32 = 0.6;

/// Words that do not say what a statement is about.
const EMPTY: &str = "a|about|after|again|all|also|am|an|and|any|are|as|at|be|because|been|before|but|by|can|could|did|do|does|done|\
    every|for|from|get|got|had|has|have|he|her|him|his|i|if|in|into|is|it|its|just|me|must|my|need|needs|now|of|off|\
    on|or|our|out|remind|she|should|so|some|still|than|that|the|their|them|then|there|they|this|to|today|tomorrow|\
    too|up|us|user|user's|was|we|were|when|will|with|would|yesterday|you|your|s";

const DENIALS: &str = "no|not|never|without|none|nobody|nothing|cannot|neither|nor|stop|avoid";

/// The stems of the words that carry a statement's meaning, sorted, each once.
pub(super) fn terms(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let words: BTreeSet<String> = text
        .unicode_words()
        .map(str::to_lowercase)
        .filter(|word| !EMPTY.has(word.as_str()))
        .map(|word| stemmer.stem(word.trim_end_matches("'s").trim_end_matches("’s")).into_owned())
        .collect();
    words.into_iter().collect()
}

/// Whether two statements whose vectors are close say the same: no other number or name, no other polarity, most words shared.
pub(super) fn says_the_same(a: &str, b: &str) -> bool {
    if marks(a) != marks(b) || denies(a) != denies(b) {
        return false;
    }
    let (a, b) = (terms(a), terms(b));
    let shared = a.iter().filter(|term| b.contains(term)).count();
    let all = a.len() + b.len() - shared;
    all > 0 && shared as f32 / all as f32 >= SHARED
}

/// Numbers and names: words with a digit, or with a capital inside the statement, whole: `DD/MM` is not `MM/DD`.
fn marks(text: &str) -> BTreeSet<String> {
    let mark = |(i, word): &(usize, &str)| {
        word.chars().any(char::is_numeric)
            || small_number(&word.to_lowercase()).is_some_and(|n| n > 1)
            || (*i > 0 && word.chars().any(char::is_uppercase))
    };
    let bare = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        word.trim_end_matches("'s").trim_end_matches("’s").to_owned()
    };
    text.split_whitespace().enumerate().filter(mark).map(|(_, word)| bare(word)).collect()
}

fn denies(text: &str) -> bool {
    text.unicode_words()
        .map(str::to_lowercase)
        .any(|word| DENIALS.has(word.as_str()) || word.ends_with("n't") || word.ends_with("n’t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_for_the_same_thing_and_look_alikes() {
        for (a, b, same) in [
            ("The user really likes dark chocolate.", "The user likes dark chocolate a lot", true),
            ("The user likes dark chocolate.", "The user doesn't like dark chocolate.", false),
            ("The service listens on port 80.", "The service listens on port 81.", false),
            ("The user met Ana in the park.", "The user met Ben in the park.", false),
            ("Write dates as DD/MM/YYYY.", "Write dates as YYYY-MM-DD instead.", false),
            ("The user owns a red bicycle.", "The user sold a wooden boat.", false),
        ] {
            assert_eq!(says_the_same(a, b), same, "{a} / {b}");
        }
    }

    #[test]
    fn terms_are_stems_without_filler() {
        assert_eq!(terms("I need to send the invoices to Ola"), ["invoic", "ola", "send"]);
    }
}
