//! A statement taken apart, so that two can be laid side by side.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use super::change::{Cue, cues};
use super::date_words::small_number;
use super::lexicon::{DETERMINERS, MODALS, POSSESSIVES, PREPOSITIONS, THIRD_PERSON, is_adverb, is_participle};
use super::render::canonical;
use super::topic::without_tail;
use super::verbs::{Time, command, main_verb};
use super::words::{Class, Kind, Token, at_any, has_any, low, tokenize};
use crate::dates::{MONTHS, WEEKDAYS};

/// What makes a statement no word on how things are.
const UNCERTAIN: &str = "used to|might|maybe|perhaps|if|want to|wants to|would|could|should|thinking of|thinking about|considering|\
    need to|needs to|hope to|hopes to|almost|wish|wishes|former|previous|tried|trying";
const BE: &str = "is|are|am|'m|'re|was|were|be|been|being|called|named|becomes|became|become";
const HAVE: &str = "has|have|'ve|had|got|gotten";
/// Words that only hold others together.
const JOINTS: &str =
    "the user|user|i|we|who|which|that|there|it|so|and|or|but|then|than|do|does|did|n't|not|no|'s|get|gets|new|as|here";

/// Kinds of value: only values of one kind can take each other's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    /// A number, with its unit when that is said.
    Number(Option<String>),
    /// A time of day.
    Clock,
    /// A day of the week.
    Weekday,
    /// A day or a month.
    Date,
    /// A name, an address, code.
    Name,
}

/// A word that says something, or holds such words together.
pub(super) struct Word {
    /// Its stem; all forms of `be` are `be`.
    pub stem: String,
    /// What kind of value it is.
    pub value: Option<Value>,
    /// Whether it only holds others together.
    pub is_joint: bool,
    /// Its token.
    pub at: usize,
}

/// A statement taken apart.
pub(super) struct Claim {
    /// As in the statement, without articles, adverbs, owners and what says that it changed.
    pub tokens: Vec<Token>,
    pub words: Vec<Word>,
    /// Which of `words` is the main verb: those before it are the subject.
    pub verb: usize,
    /// The main verb's time.
    pub time: Time,
    /// How it says that something changed.
    pub cue: Option<Cue>,
    /// Whether it says how things are.
    pub is_certain: bool,
    is_part: Vec<bool>,
}

impl Claim {
    pub(super) fn of(content: &str) -> Self {
        let all = canonical(&tokenize(content));
        let tokens = without_tail(&all).to_vec();
        let found = cues(&tokens);
        let (time, finite) = main_verb(&tokens);
        let verb_at = match command(&tokens) {
            Some(verb) if time == Time::None || verb < finite => verb,
            _ if time == Time::None => tokens.iter().position(|t| t.is("'s")).unwrap_or(finite),
            _ => finite,
        };
        let stemmer = Stemmer::create(Algorithm::English);
        let mut words: Vec<Word> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let skipped = !token.is_wordy() || found.is_part.get(at) == Some(&true) || is_filler(token, at == verb_at);
            if skipped {
                continue;
            }
            let word = read(&tokens, at, at == verb_at, &stemmer);
            if !(word.stem == "be" && words.last().is_some_and(|w| w.stem == "be")) {
                words.push(word);
            }
        }
        let verb = words.iter().position(|w| w.at >= verb_at).unwrap_or(words.len());
        let is_certain = !has_any(&tokens, UNCERTAIN);
        Self { words, verb, time, cue: found.cue, is_certain, is_part: found.is_part, tokens }
    }

    /// Whether the main verb is `be`, and no other verb follows: `the rent is 900`, not `the tests are run at night`.
    pub(super) fn is_copular(&self) -> bool {
        self.lexical() == self.verb && self.words.get(self.verb).is_some_and(|w| w.stem == "be")
    }

    /// The word of the verb that says something: `reading` in `is reading`.
    pub(super) fn lexical(&self) -> usize {
        let helps = self.words.get(self.verb).is_some_and(|w| matches!(w.stem.as_str(), "be" | "have"));
        let verbal = |t: &Token| {
            !t.is_capitalised()
                && t.kind == Kind::Word
                && (t.low.ends_with("ing") || t.low.ends_with("ed") || is_participle(&t.low))
        };
        let next = self.verb + 1;
        let from = self.words.get(self.verb).map_or(0, |w| w.at + 1);
        let to = self.words.get(next).map_or(from, |w| w.at);
        let joined = self.tokens.get(from..to).unwrap_or_default().iter().all(|t| is_adverb(&t.low));
        if helps && joined && self.token(next).is_some_and(verbal) { next } else { self.verb }
    }

    /// The stem of that verb, or nothing.
    pub(super) fn verb_stem(&self) -> &str {
        self.words.get(self.lexical()).map_or("", |w| w.stem.as_str())
    }

    /// The token of a word.
    pub(super) fn token(&self, word: usize) -> Option<&Token> {
        self.tokens.get(self.words.get(word)?.at)
    }

    /// Whether the token is part of a cue.
    pub(super) fn is_cue(&self, at: usize) -> bool {
        self.is_part.get(at) == Some(&true)
    }

    pub(super) fn has(&self, stem: &str) -> bool {
        self.words.iter().any(|w| w.stem == stem)
    }

    pub(super) fn subject(&self) -> &[Word] {
        self.words.get(..self.verb).unwrap_or_default()
    }

    /// Whether the user is the subject.
    pub(super) fn is_of_user(&self) -> bool {
        matches!(self.subject(), [one] if one.stem == "user")
    }

    /// The values among the words for which that holds.
    pub(super) fn values(&self, keep: impl Fn(usize, &Word) -> bool) -> BTreeSet<Value> {
        self.words.iter().enumerate().filter(|(i, w)| keep(*i, w)).filter_map(|(_, w)| w.value.clone()).collect()
    }
}

fn is_filler(token: &Token, is_verb: bool) -> bool {
    let owner = token.is_any(POSSESSIVES) || token.is("the user's");
    let genitive = token.is("'s") && !is_verb;
    !is_verb && (owner || genitive || token.is_any(DETERMINERS) || is_adverb(&token.low))
}

fn read(tokens: &[Token], at: usize, is_verb: bool, stemmer: &Stemmer) -> Word {
    let low = low(tokens, at);
    let be = BE.has(low) || (is_verb && low == "'s");
    let have = HAVE.has(low);
    let stem = match low {
        _ if be => "be".to_owned(),
        _ if have => "have".to_owned(),
        "the user" => "user".to_owned(),
        word => super::lexicon::base_of_third(word)
            .filter(|_| is_verb)
            .map_or_else(|| stemmer.stem(word.trim_matches('`')).into_owned(), |base| stemmer.stem(&base).into_owned()),
    };
    let joint = be
        || have
        || JOINTS.has(low)
        || PREPOSITIONS.has(low)
        || (MODALS.has(low) && !tokens.get(at).is_some_and(Token::is_capitalised))
        || THIRD_PERSON.has(low);
    Word { stem, value: value(tokens, at).filter(|_| !joint), is_joint: joint, at }
}

fn value(tokens: &[Token], at: usize) -> Option<Value> {
    let token = tokens.get(at)?;
    let word = token.low.as_str();
    if WEEKDAYS.contains(&word.trim_end_matches('s')) {
        return Some(Value::Weekday);
    }
    if MONTHS.contains(&word) && token.is_capitalised() {
        return Some(Value::Date);
    }
    if token.has_digit() && token.kind != Kind::Opaque {
        let named = at > 0 && tokens.get(at - 1).is_some_and(|t| t.is_capitalised() && at > 1);
        let dated = word.len() >= 7 && word.get(4..5) == Some("-");
        let am_pm = at_any(tokens, at + 1, "am|pm|a.m.|p.m.|o'clock") || word.ends_with("am") || word.ends_with("pm");
        return Some(match word {
            _ if dated => Value::Date,
            _ if word.contains(':') || am_pm => Value::Clock,
            _ if token.is_capitalised() => Value::Name,
            _ if named => Value::Number(tokens.get(at - 1).map(|t| t.low.clone())),
            _ => Value::Number(unit(tokens, at)),
        });
    }
    if small_number(word).is_some_and(|n| n > 1) {
        return Some(Value::Number(unit(tokens, at)));
    }
    (token.kind == Kind::Opaque || (token.is_capitalised() && at > 0)).then_some(Value::Name)
}

/// The unit of a number: joined to it, the word behind it, or the noun before it (`port 80`).
fn unit(tokens: &[Token], at: usize) -> Option<String> {
    let joined: String =
        low(tokens, at).chars().filter(|c| c.is_alphabetic() || matches!(c, '%' | '€' | '$' | '£')).collect();
    if !joined.is_empty() && tokens.get(at).is_some_and(Token::has_digit) {
        return Some(joined);
    }
    let plain = |t: &&Token| {
        t.kind == Kind::Word
            && !t.is_any(PREPOSITIONS)
            && !t.is_any(DETERMINERS)
            && !t.is_any(JOINTS)
            && !t.is_any(BE)
            && !is_adverb(&t.low)
            && t.low.len() > 1
    };
    let behind = tokens.get(at + 1).filter(plain).filter(|t| !t.is_any("these|every|each"));
    let before = || at.checked_sub(1).and_then(|i| tokens.get(i)).filter(plain).filter(|t| !t.is_capitalised());
    behind.or_else(before).map(|t| t.low.trim_end_matches('s').to_owned())
}
