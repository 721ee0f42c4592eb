//! What can be quoted: memories and sentences of messages, each with how well it answers.

use std::collections::{HashMap, HashSet};

use super::phrase;
use super::sentence::sentences;
use crate::dates::{Stretch, spots};
use crate::grammar::{noun_base, synonyms, verb_base};
use crate::index::ProfileIndex;
use crate::model::{Memory, Message, MessageId, Moment, Role, SessionId};
use crate::recall::analyse::{Asked, Wants};
use crate::recall::memories::{RankedMemory, rarity_in};
use crate::recall::messages::RankedMessage;
use crate::text::{Term, spoken, terms};

/// How many of the best messages an answer may quote.
pub(crate) const QUOTED: usize = 10;

/// Rows of the best, with their ranks.
pub(crate) struct Sources {
    /// Memories, best first.
    pub memories: Vec<(RankedMemory, Memory)>,
    /// Messages, best first.
    pub messages: Vec<Quotable>,
}

/// A message that may be quoted.
pub(crate) struct Quotable {
    /// Its rank.
    pub rank: RankedMessage,
    /// Itself.
    pub message: Message,
    /// The message before it, when that ends by asking: then this one answers, and need not repeat what was asked.
    pub reply_to: Option<Message>,
}

/// Something that was stored and can be said.
pub(crate) struct Passage {
    /// Its words; a memory's content, or a sentence.
    pub text: String,
    /// The terms of its words: they are compared again and again.
    pub terms: HashSet<Term>,
    /// When it was said.
    pub at: Moment,
    /// Where it was said.
    pub session: Option<SessionId>,
    /// Who said it, when the message names its speaker.
    pub speaker: Option<String>,
    /// How well it answers, for comparing passages of one question.
    pub score: f32,
    /// The share of the question's words that it or its surroundings have.
    pub share: f32,
    /// The cosine of what it stands in.
    pub cosine: f32,
    /// The message that it stands in, or those that it was made of.
    pub sources: Vec<MessageId>,
    /// Whether the question names days, and it names others.
    pub other_time: bool,
    /// Whether it is a memory: a statement that stands alone.
    pub is_memory: bool,
    /// Whether it is on the topic that the question asks about.
    pub is_on_topic: bool,
    /// Which statement of its message it is.
    pub order: usize,
}

/// How much of a word's share one has that is used for it.
const SYNONYM: f32 = 0.6;
/// How many statements of a reply answer the question before it.
const REPLY: usize = 2;
/// How much of the share counts that a reply has only together with the question before it.
const ASKED: f32 = 0.8;

/// Weights of what makes a passage answer.
mod weight {
    /// What the message or memory scored.
    pub(super) const PARENT: f32 = 0.4;
    /// Its own cosine.
    pub(super) const COSINE: f32 = 5.0;
    /// Its own share of the question's words.
    pub(super) const WORDS: f32 = 8.0;
    /// It has a phrase of the wanted kind.
    pub(super) const TYPED: f32 = 2.0;
    /// It is on the topic that the question asks about.
    pub(super) const TOPIC: f32 = 3.0;
    /// It stands alone, and is current.
    pub(super) const MEMORY: f32 = 1.5;
    /// Somebody else speaks of themselves.
    pub(super) const OTHER_PERSON: f32 = -5.0;
    /// A memory among the candidates says it better.
    pub(super) const HAS_MEMORY: f32 = -1.5;
    /// It tells of other days than those the question names.
    pub(super) const OTHER_TIME: f32 = -5.0;
}

impl Passage {
    /// How well its matter matches the question's, about 0 to 1: by words or by meaning, whichever is better.
    pub(crate) fn matches(&self) -> f32 {
        if self.other_time { 0.0 } else { self.share.max(self.cosine) }
    }

    /// Its words as they are said in an answer of sentences.
    pub(super) fn quoted(&self) -> String {
        match &self.speaker {
            Some(name) => format!("{name}: {}", ended(&self.text)),
            None => ended(&self.text),
        }
    }
}

/// A sentence with its final mark.
fn ended(text: &str) -> String {
    if text.ends_with(|c: char| c.is_alphanumeric()) { format!("{text}.") } else { text.to_owned() }
}

/// Everything that can be quoted, best first.
pub(crate) fn passages(index: &ProfileIndex, asked: &Asked, sources: &Sources) -> Vec<Passage> {
    let words = QueryWords::of(index, asked);
    let mut found: Vec<Passage> = sources.memories.iter().map(|(rank, memory)| words.of_memory(rank, memory)).collect();
    for quotable in sources.messages.iter().take(QUOTED) {
        if !index.memories.is_replaced(quotable.message.id) && quotable.message.role == Role::User {
            found.extend(words.of_message(quotable));
        }
    }
    let made: HashSet<_> = sources.memories.iter().flat_map(|(_, memory)| &memory.sources).collect();
    for passage in
        found.iter_mut().filter(|passage| !passage.is_memory && passage.sources.iter().any(|id| made.contains(id)))
    {
        passage.score += weight::HAS_MEMORY;
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.at.cmp(&a.at)));
    found
}

/// The question's terms with their rarity, and whom it asks about.
struct QueryWords<'a> {
    asked: &'a Asked,
    weights: HashMap<Term, f32>,
    /// Terms that are used for those of the question.
    meant: HashMap<Term, Term>,
    total: f32,
    about: Vec<&'a str>,
}

impl<'a> QueryWords<'a> {
    fn of(index: &'a ProfileIndex, asked: &'a Asked) -> Self {
        let about: Vec<&str> =
            index.messages.speakers().map(|(_, name)| name).filter(|name| asked.names(name)).collect();
        let names: HashSet<Term> = about.iter().flat_map(|name| terms(name)).collect();
        let asked_for = asked.terms.iter().filter(|(term, _)| !names.contains(term));
        let weights: HashMap<Term, f32> =
            asked_for.map(|(term, weight)| (term.clone(), weight * rarity_in(index, term))).collect();
        let total = asked.terms.iter().filter_map(|(term, _)| weights.get(term)).sum();
        let mut meant: HashMap<Term, Term> = HashMap::new();
        for word in crate::text::words(&asked.text) {
            let low = word.text.to_lowercase();
            let Some(term) = terms(&low).into_iter().next().filter(|term| weights.contains_key(term)) else { continue };
            for base in [verb_base(&low), noun_base(&low)] {
                for other in synonyms(&base).flat_map(terms).filter(|other| !weights.contains_key(other)) {
                    meant.entry(other).or_insert_with(|| term.clone());
                }
            }
        }
        Self { asked, weights, meant, total, about }
    }

    fn share<'t>(&self, said: impl Iterator<Item = &'t Term>) -> f32 {
        let mut told: HashMap<&Term, f32> = HashMap::new();
        for term in said {
            let (meant, part) = self.meant.get(term).map_or((term, 1.0), |meant| (meant, SYNONYM));
            if let Some((meant, weight)) = self.weights.get_key_value(meant) {
                let most = told.entry(meant).or_default();
                *most = most.max(part * weight);
            }
        }
        let mut told: Vec<f32> = told.into_values().collect();
        told.sort_by(f32::total_cmp);
        if self.total > 0.0 { told.iter().sum::<f32>() / self.total } else { 0.0 }
    }

    fn of_memory(&self, rank: &RankedMemory, memory: &Memory) -> Passage {
        let terms: HashSet<Term> = terms(&memory.content).into_iter().collect();
        let own = self.share(terms.iter());
        let mut passage = Passage {
            text: memory.content.clone(),
            terms,
            at: memory.said_at,
            session: memory.session.clone(),
            speaker: None,
            score: weight::PARENT * rank.source + weight::COSINE * rank.cosine + weight::WORDS * own + weight::MEMORY,
            share: own,
            cosine: rank.cosine,
            sources: memory.sources.clone(),
            other_time: self.is_of_other_time(&memory.content, memory.said_at),
            is_memory: true,
            is_on_topic: rank.is_on_topic,
            order: 0,
        };
        passage.score += self.bonus(&passage);
        passage
    }

    fn of_message(&self, Quotable { rank, message, reply_to }: &Quotable) -> Vec<Passage> {
        let spoken = spoken(&message.content);
        let question = reply_to.as_ref().and_then(|asking| last_question(&asking.content)).map(terms);
        let statements = sentences(spoken.text).into_iter().filter(|sentence| !sentence.ends_with('?'));
        let passage = |(order, sentence): (usize, &str)| {
            let terms: HashSet<Term> = terms(sentence).into_iter().collect();
            let own = self.share(terms.iter());
            let answers = question.as_ref().filter(|_| order < REPLY);
            let own = answers.map_or(own, |asked| own.max(ASKED * self.share(asked.iter().chain(&terms))));
            let mut passage = Passage {
                text: sentence.to_owned(),
                terms,
                at: message.at,
                session: Some(message.session.clone()),
                speaker: spoken.speaker.map(str::to_owned),
                score: weight::PARENT * rank.score + weight::COSINE * rank.cosine + weight::WORDS * own,
                share: own.max(0.7 * rank.context),
                cosine: rank.cosine,
                sources: vec![message.id],
                other_time: self.is_of_other_time(sentence, message.at),
                is_memory: false,
                is_on_topic: false,
                order,
            };
            passage.score += self.bonus(&passage);
            passage
        };
        statements.enumerate().map(passage).collect()
    }

    /// Whether the question and the text both name days, and none in common; and it was not said on the question's days either.
    fn is_of_other_time(&self, text: &str, at: Moment) -> bool {
        if self.asked.times.is_empty() || matches!(self.asked.wants, Wants::Elapsed(_)) {
            return false;
        }
        let named = spots(text, at.date());
        let said = Stretch::day(at.date());
        let meets = |days: &Stretch| {
            self.asked.times.iter().any(|asked| asked.days.first <= days.last && days.first <= asked.days.last)
        };
        !named.is_empty() && !named.iter().any(|spot| meets(&spot.days)) && !meets(&said)
    }

    fn bonus(&self, passage: &Passage) -> f32 {
        let typed = phrase::has_kind(self.asked, passage);
        let other = !passage.is_memory
            && !self.about.is_empty()
            && passage.speaker.as_ref().is_some_and(|speaker| {
                let speaker = speaker.to_lowercase();
                !self.about.contains(&speaker.as_str()) && speaks_of_self(&passage.text)
            });
        let flag = |holds: bool, weight: f32| if holds { weight } else { 0.0 };
        flag(typed, weight::TYPED)
            + flag(passage.is_on_topic, weight::TOPIC)
            + flag(other, weight::OTHER_PERSON)
            + flag(passage.other_time, weight::OTHER_TIME)
    }
}

/// The question that a message ends with.
pub(super) fn last_question(content: &str) -> Option<&str> {
    sentences(spoken(content).text).into_iter().rfind(|sentence| sentence.ends_with('?'))
}

/// Whether a sentence is about its speaker.
fn speaks_of_self(text: &str) -> bool {
    crate::text::words(text).any(|word| {
        matches!(
            word.text.to_lowercase().replace('’', "'").as_str(),
            "i" | "i'm" | "i've" | "i'd" | "i'll" | "my" | "me" | "we" | "our" | "we're" | "we've"
        )
    })
}
