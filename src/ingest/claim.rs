//! A statement taken apart, so that two can be laid side by side.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use super::change::{Cue, cues};
use super::clauses::is_clause;
use super::date_words::small_number;
use super::lexicon::{DETERMINERS, MODALS, POSSESSIVES, PREPOSITIONS, THIRD_PERSON, is_adverb, is_participle};
use super::render::canonical;
use super::verbs::{Time, command, main_verb};
use super::words::{Class, Kind, Token, at_any, count_words, has_any, low, phrase_at, tokenize, without_tail};
use crate::dates::{MONTHS, WEEKDAYS};

/// What makes a statement no word on how things are.
const UNCERTAIN: &str = "used to|might|maybe|perhaps|if|want to|wants to|would|could|should|thinking of|thinking about|considering|\
    need to|needs to|hope to|hopes to|almost|wish|wishes|former|previous|tried|trying";
/// How many joints of a statement are looked behind for a clause.
const CLAUSES: usize = 5;
/// What tells of a change without saying what is so now: the next clause does.
pub(super) const CHANGES: &str = "upgraded|downgraded|migrated|switched|swapped|changed|moved|relocated|shifted|rebranded|renamed|extended|postponed|\
    delayed|rescheduled|brought forward|pushed back|quit|resigned|left|dropped|ditched|replaced|reorganised|reorganized|shuffled|\
    restructured|reshuffled|promoted|raised|lowered|cut|increased|reduced|corrected|turns out|turned out|was wrong|were wrong|mistaken|\
    misremembered|mixed up|remeasured|measured|got it wrong|no longer|anymore|no more|instead|changed my mind|new job|grew|grown|\
    gone up|gone down|went up|went down|forgot|rethought|refurbished|upsized|downsized|transferred|graduated";
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
        Self::read(without_tail(&canonical(&tokenize(content))).to_vec())
    }

    /// The statement, and each clause of it that says something by itself: `We upgraded, production runs Node 22`. A clause
    /// behind one that tells of a change has its cue, and "she" in it is who the first one speaks of.
    pub(super) fn with_clauses(content: &str) -> Vec<Self> {
        let tokens = without_tail(&canonical(&tokenize(content))).to_vec();
        let whole = Self::read(tokens.clone());
        let mut clauses = Vec::new();
        for (i, _) in tokens.iter().enumerate().skip(1).filter(|(_, t)| opens_clause(t)).take(CLAUSES) {
            let (left, right) = (tokens.get(..i).unwrap_or_default(), tokens.get(i + 1..).unwrap_or_default());
            let right = right.get(lead(right)..).unwrap_or_default();
            let end = right.iter().position(|t| matches!(t.text.as_str(), "," | ";" | ".")).unwrap_or(right.len());
            let right = spoken_of(left, right.get(..end).unwrap_or_default());
            if count_words(&right) < 3 || !(is_clause(&right) || command(&right) == Some(0)) {
                continue;
            }
            let mut clause = Self::read(right);
            let told = if has_any(left, CHANGES) { Some(Cue::Instead) } else { None };
            clause.cue = clause.cue.max(whole.cue).max(told);
            clause.is_certain = whole.is_certain;
            clauses.push(clause);
        }
        let first = tokens
            .iter()
            .position(|t| matches!(t.text.as_str(), "," | ";" | ":" | "."))
            .filter(|_| !clauses.is_empty());
        clauses.extend(first.and_then(|end| tokens.get(..end)).map(|left| Self::read(left.to_vec())));
        clauses.insert(0, whole);
        clauses
    }

    fn read(tokens: Vec<Token>) -> Self {
        let tokens = with_subject_first(tokens);
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
        let mut verb = words.iter().position(|w| w.at >= verb_at).unwrap_or(words.len());
        verb -= named_alone(&tokens, &mut words, verb);
        // "is driving" is what "drives" is.
        if time == Time::Progressive && words.get(verb).is_some_and(|w| w.stem == "be") && verb + 1 < words.len() {
            words.remove(verb);
        }
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

/// `For flights the user likes …` → `the user likes … for flights`.
fn with_subject_first(mut tokens: Vec<Token>) -> Vec<Token> {
    let opens = tokens.first().is_some_and(|t| PREPOSITIONS.has(&t.low) && !t.is("to"));
    let subject = tokens.iter().take(5).position(|t| t.is_any("the user|the user's"));
    if let Some(at) = subject.filter(|&at| opens && at > 1 && tokens.iter().take(at).all(Token::is_wordy)) {
        tokens.rotate_left(at);
    }
    tokens
}

/// `The user's sister Petra` is Petra: what someone is beside their name is left out of the subject. Says how much.
fn named_alone(tokens: &[Token], words: &mut Vec<Word>, verb: usize) -> usize {
    let owned = at_any(tokens, 0, "the user's|my|our");
    let name = verb.checked_sub(1).and_then(|i| words.get(i));
    let named =
        name.is_some_and(|w| w.value == Some(Value::Name) && tokens.get(w.at).is_some_and(Token::is_capitalised));
    let plain = words.iter().take(verb.saturating_sub(1)).all(|w| w.value.is_none() && !w.is_joint);
    let joined = name.is_some_and(|w| w.at == verb);
    if !(owned && named && plain && joined && (2..=3).contains(&verb)) {
        return 0;
    }
    words.drain(..verb - 1);
    verb - 1
}

fn opens_clause(token: &Token) -> bool {
    matches!(token.text.as_str(), "," | ":" | ";" | "." | "–" | "—") || token.is("and")
}

/// What leads into a clause: `and it turns out`, `so now`.
fn lead(tokens: &[Token]) -> usize {
    const LEADS: &str = "and it turns out|and it turned out|and it turns out that|it turns out|it turns out that|turns out|and now|so now|so|and|but|now|\
        please";
    let longest = LEADS.split('|').filter(|lead| phrase_at(tokens, 0, lead)).map(|lead| lead.split(' ').count()).max();
    longest.unwrap_or(0)
}

/// A clause with whom or what the clause before speaks of in place of its pronoun.
fn spoken_of(left: &[Token], right: &[Token]) -> Vec<Token> {
    let genitive = left.iter().take(6).position(|t| t.is("'s"));
    let (time, verb) = main_verb(left);
    let end = if time == Time::None || genitive.is_some_and(|at| at < verb && at == 1) {
        genitive.unwrap_or(0)
    } else {
        verb
    };
    let subject = left.get(..end.min(6)).unwrap_or_default();
    let pronoun = at_any(right, 0, "he|she|they|it");
    // "put the rent up, it's 1,015": the thing that was named last.
    let thing = (1..left.len())
        .rev()
        .find(|&i| at_any(left, i, "the|the user's|their|our|my"))
        .filter(|_| at_any(right, 0, "it"));
    if let Some(noun) = thing.and_then(|i| left.get(i + 1)).filter(|t| t.kind == Kind::Word) {
        return [std::slice::from_ref(noun), right.get(1..).unwrap_or_default()].concat();
    }
    if !pronoun || subject.is_empty() || subject.iter().any(|t| !t.is_wordy() && !t.is("'s")) {
        return right.to_vec();
    }
    [subject, right.get(1..).unwrap_or_default()].concat()
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
        word if small_number(word).is_some_and(|n| n > 1) => {
            small_number(word).map_or_else(String::new, |n| n.to_string())
        }
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
    // "on the third floor", not "my first car".
    if super::dates::ordinal(word).is_some_and(|n| n > 2) {
        return Some(Value::Number(Some("th".to_owned())));
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
