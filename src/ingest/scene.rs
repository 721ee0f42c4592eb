//! What the sentences of one message share, and what a sentence borrows from it.

use crate::model::Moment;

use super::clauses;
use super::draft::{Doubt, Dropped};
use super::kin::{only_person, with_antecedent};
use super::lexicon::{AUXILIARIES, DETERMINERS, THIRD_PERSON, base_of_third, is_past};
use super::person::Person;
use super::select::Reading;
use super::sentences::Sentence;
use super::speaker::calls;
use super::words::{Class, Kind, Token, count_words, has_any, join, tokenize};

/// What the sentences of one turn share.
pub(super) struct Scene {
    pub turn: usize,
    pub person: Person,
    pub reading: Reading,
    pub at: Moment,
    /// The draft of the sentence before, and the one person it names, when it names one.
    pub last: Option<(usize, Option<Vec<Token>>)>,
    /// The one person that the user's message before names, when it names one.
    pub before: Option<Vec<Token>>,
    /// Whether the sentence before takes back what was said.
    pub takes_back: bool,
    /// Whether the message asks something.
    pub asks: bool,
    /// Whether the message is one sentence.
    pub is_alone: bool,
}

impl Scene {
    /// How a clause was put, when a classifier may say whether it is worth keeping: not of people who talk to each other,
    /// of whom it learnt nothing, nor of what is left out for what it is, whatever it says.
    pub(super) fn doubt(&self, clause: &[Token], out: Option<Dropped>) -> Option<Doubt> {
        let open = match out {
            None | Some(Dropped::Thin | Dropped::Unclear | Dropped::SmallTalk | Dropped::Hypothetical) => true,
            Some(why) => matches!(why, Dropped::Joke | Dropped::Request),
        };
        (open && !self.reading.named && !self.reading.exercise).then(|| Doubt {
            out,
            exclaims: clause.iter().any(|t| t.text.starts_with('!')),
            has_picture: clause.iter().any(|t| t.kind == Kind::Picture),
            beside_question: self.asks,
            is_alone: self.is_alone,
        })
    }
}

/// Without `Ana, …` and `…, Ana` when a speaker calls another.
pub(super) fn without_calls<'t>(tokens: &'t [Token], names: &[String]) -> &'t [Token] {
    let called = |i: usize| tokens.get(i).is_some_and(|t| t.is_capitalised() && calls(&t.text, names));
    let comma = |i: usize| tokens.get(i).is_some_and(|t| matches!(t.text.as_str(), "," | "!" | "-" | "–"));
    if names.is_empty() {
        return tokens;
    }
    let start = if called(0) && comma(1) { 2 } else { 0 };
    let last = tokens.iter().rposition(Token::is_wordy).unwrap_or(0);
    let end = if last > start + 1 && called(last) && comma(last - 1) { last - 1 } else { tokens.len() };
    clauses::without_opening(tokens.get(start..end).unwrap_or_default())
}

/// Whether a sentence quotes a program's error: `TypeError: …`.
pub(super) fn is_trace(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| matches!(pair, [name, colon] if colon.is(":") && ["Error", "Exception"].iter().any(|end| name.text.ends_with(end) && name.text.len() > end.len())))
}

/// The name that a statement starts with, when it is one word before a verb.
fn named_subject(tokens: &[Token]) -> Option<Token> {
    let first = tokens.first().filter(|t| t.is_capitalised() && !t.is("i") && !t.is("the user"))?;
    let verb =
        tokens.get(1).is_some_and(|t| is_past(&t.low) || AUXILIARIES.has(&t.low) || base_of_third(&t.low).is_some());
    let others = tokens.iter().skip(1).any(Token::is_capitalised);
    (verb && !others && !DETERMINERS.has(&first.low) && !THIRD_PERSON.has(&first.low)).then(|| first.clone())
}

/// The one person that a message names.
pub(super) fn only_person_of(sentences: &[Sentence]) -> Option<Vec<Token>> {
    let mut named = sentences.iter().filter_map(|sentence| person_named(&sentence.tokens));
    let first = named.next()?;
    named.all(|other| join(&other) == join(&first)).then_some(first)
}

/// Who "she" is in the sentence behind a statement: the one person that it names, if there is one.
pub(super) fn person_named(tokens: &[Token]) -> Option<Vec<Token>> {
    named_subject(tokens).map(|name| vec![name]).or_else(|| only_person(tokens))
}

/// `He` or `his` at the start, when the sentence before named one person, or the message before did.
pub(super) fn resolve_pronoun(tokens: &[Token], scene: &Scene) -> Vec<Token> {
    let person = match &scene.last {
        Some((_, person)) => person.as_deref(),
        None => scene.before.as_deref(),
    };
    person.and_then(|person| with_antecedent(tokens, person)).unwrap_or_else(|| tokens.to_vec())
}

/// `car: a van` under "stuff for the trip" → `car: a van (stuff for the trip)`.
pub(super) fn with_intro(sentence: &Sentence) -> Vec<Token> {
    let end = sentence.tokens.iter().rposition(Token::is_wordy).map_or(0, |i| i + 1);
    let mut out = sentence.tokens.get(..end).unwrap_or_default().to_vec();
    let mut note = tokenize(&format!("({})", join(&sentence.intro)));
    out.append(&mut note);
    out
}

/// `favourite team: Arsenal` → `my favourite team is Arsenal`.
pub(super) fn labelled(tokens: &[Token]) -> Option<Vec<Token>> {
    let colon = tokens.iter().position(|t| t.is(":")).filter(|&i| (1..=4).contains(&i))?;
    let value = tokens.get(colon + 1..).filter(|v| (1..=8).contains(&count_words(v)))?;
    let particular = value.iter().any(|t| t.is_capitalised() || t.has_digit() || !t.text.is_ascii());
    let mut out = tokenize("my");
    out.extend(tokens.get(..colon)?.iter().cloned());
    out.extend(tokenize("is"));
    out.extend(value.iter().cloned());
    particular.then_some(out)
}

/// Whether a message sets an exercise or asks for work on a text it gives.
pub(super) fn is_exercise(sentences: &[Sentence]) -> bool {
    let cue = [
        "homework",
        "riddle",
        "puzzle",
        "word problem",
        "exercise :",
        "translate",
        "rephrase",
        "paraphrase",
        "proofread",
        "rewrite",
        "more formal",
        "fix the grammar",
        "correct this",
        "summarise this",
        "summarize this",
        "sentence :",
        "write a story",
        "write a poem",
        "write a haiku",
        "role play",
        "roleplay",
        "how many left",
        "trivia",
        "quiz",
    ];
    sentences.iter().any(|s| has_any(&s.tokens, &cue))
}
