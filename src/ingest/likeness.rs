//! When two statements say the same in other words.
//!
//! A vector alone cannot tell: "port 80" and "port 81", "likes" and "does not like" lie close together. What names and
//! numbers a statement holds, and whether it denies, decides.

use super::date_words::small_number;
use super::words::Class;
use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// The least cosine of two statements that say the same.
const NEAR: f32 = 0.8;
/// The least cosine of a statement and a shorter one that says nothing else.
const VERY_NEAR: f32 = 0.9;
/// The share of its words that the shorter one must have.
const SHARED: f32 = 0.6;
/// Words that only say how much.
const DEGREES: &str = "really|very|lot|lots|much|actually|quite|truly|honestly|totally|definitely|absolutely|basically|btw|too|way|please";

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

/// Whether `new` says what `old` says already, in other words: nothing in it is new.
///
/// Of the built-in model's cosines, those of paraphrases (.80 to .97, lowest where the order differs) and those of statements that
/// differ in one word (.57 to .97, highest for `left` and `right`) overlap, so that no threshold tells them apart: words
/// have to. They have the same numbers and names in the same order, deny and place alike, and hold the same words; a few
/// words fewer only when the vectors are very close too.
pub(super) fn says_the_same(old: &str, new: &str, cosine: f32) -> bool {
    if cosine < NEAR || marks(old) != marks(new) || denies(old) != denies(new) || contrasts(old) != contrasts(new) {
        return false;
    }
    let (old, new) = (in_order(old), in_order(new));
    let known: Vec<&String> = old.iter().filter(|term| new.iter().any(|other| is_kin(term, other))).collect();
    let all_known = new.iter().all(|term| old.iter().any(|other| is_kin(term, other)));
    let fewer = known.len() < old.len();
    let enough = !fewer || (cosine >= VERY_NEAR && known.len() as f32 / old.len() as f32 >= SHARED);
    all_known && enough && known.len() == new.len() && is_turned(&known, &new)
}

/// The same stem, or one that was made of the other: `collect` and `collector`.
fn is_kin(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short == long || (short.len() >= 5 && long.len() - short.len() <= 3 && long.starts_with(short))
}

/// Whether both hold the words in one order, or one in which a phrase was moved from one end to the other: `in spring I
/// sow`, but not `the dog chases the cat` and `the cat chases the dog`.
fn is_turned(a: &[&String], b: &[String]) -> bool {
    (0..a.len().max(1)).any(|n| a.iter().cycle().skip(n).take(a.len()).zip(b).all(|(a, b)| is_kin(a, b)))
}

/// The stems of the words that carry meaning, in the text's order.
fn in_order(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let words = text
        .unicode_words()
        .map(str::to_lowercase)
        .filter(|word| !EMPTY.has(word.as_str()) && !DEGREES.has(word.as_str()));
    words.map(|word| stemmer.stem(word.trim_end_matches("'s").trim_end_matches("’s")).into_owned()).collect()
}

/// Small words that turn a statement into another one.
fn contrasts(text: &str) -> BTreeSet<String> {
    const CONTRASTS: &str = "before|after|from|up|down|off|under|over|without|all|every|some|any|must|should|could|may|might|was|were|\
        had|did|his|her|he|she|will|would|until|since|again|both|only|other|own";
    text.unicode_words().map(str::to_lowercase).filter(|word| CONTRASTS.has(word.as_str())).collect()
}

/// Numbers and names in order: words with a digit, or with a capital inside the statement, whole: `DD/MM` is not `MM/DD`.
fn marks(text: &str) -> Vec<String> {
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
        for (old, new, same) in [
            ("The user really likes dark chocolate.", "The user likes dark chocolate a lot", true),
            ("The user collects old maps.", "The user is a collector of old maps.", true),
            ("In spring the user sows beans.", "The user sows beans in spring.", true),
            ("The user drives a very old red van.", "The user drives an old van.", true),
            ("The user drives an old van.", "The user drives an old red van.", false),
            ("The user likes dark chocolate.", "The user doesn't like dark chocolate.", false),
            ("The service listens on port 80.", "The service listens on port 81.", false),
            ("The user met Ana in the park.", "The user met Ben in the park.", false),
            ("The user's left knee hurts.", "The user's right knee hurts.", false),
            ("The user's dog chases the cat.", "The user's cat chases the dog.", false),
            ("The user told Ana about Bo.", "The user told Bo about Ana.", false),
            ("The user runs before lunch.", "The user runs after lunch.", false),
            ("The user's van was red.", "The user's van is red.", false),
            ("Write dates as DD/MM/YYYY.", "Write dates as YYYY-MM-DD instead.", false),
            ("The user owns a red bicycle.", "The user sold a wooden boat.", false),
        ] {
            assert_eq!(says_the_same(old, new, 0.95), same, "{old} / {new}");
        }
        assert!(!says_the_same("The user likes tea.", "The user likes tea a lot.", 0.5));
    }

    #[test]
    fn terms_are_stems_without_filler() {
        assert_eq!(terms("I need to send the invoices to Ola"), ["invoic", "ola", "send"]);
    }
}
