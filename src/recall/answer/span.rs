//! The part of what was said that answers: every phrase of the best passages is scored, and the best is the answer.
//!
//! A phrase answers when it is what is asked for (an instrument, a name, what the question's verb is done to), stands near the words
//! that the question shares, says something that the question does not, and stands in a passage that answers. The scores are sums of
//! such views; their weights are round, and none of them decides alone.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::focus::{Focus, Form};
use super::passage::Passage;
use super::reading::{Known, Reading, Role, Words};
use crate::dates::{MONTHS, is_weekday};
use crate::grammar::{Gap, Part, Phrase, Sentence, Shape, phrases};
use crate::index::ProfileIndex;
use crate::model::MessageId;
use crate::recall::analyse::{Asked, is_filler};
use crate::text::terms;

/// How many of the best passages are searched; of their messages, all sentences are.
const SEARCHED: usize = 8;
/// The most items of a list.
const ITEMS: usize = 8;
/// How much below the best a further item may be.
const ITEM: f32 = 2.0;
/// How far before a phrase its verb may stand, in words.
const GOVERNED: usize = 6;
/// How many words at most come before a name that is called.
const CALL: usize = 3;
/// The distance to the question's words, in words, when there are none.
const FAR: usize = 20;

/// Weights of the views of a phrase.
mod weight {
    /// How much the best passage of its message answers.
    pub(super) const MESSAGE: f32 = 0.2;
    /// The cosine of its passage.
    pub(super) const COSINE: f32 = 2.0;
    /// The share of the question's words that its passage has.
    pub(super) const SHARE: f32 = 1.5;
    /// It is a memory's: the message says the same in the speaker's words.
    pub(super) const MEMORY: f32 = -1.5;
    /// Somebody else than the one asked about says it.
    pub(super) const ANOTHERS: f32 = -1.0;
    /// The share of its words that the question has.
    pub(super) const REPEATED: f32 = -3.0;
    /// The same, when the question's verb has an object, which is not that.
    pub(super) const OBJECT_REPEATED: f32 = -1.5;
    /// The question has all of them.
    pub(super) const SAYS_NOTHING: f32 = -3.0;
    /// Each word that says something.
    pub(super) const WORD: f32 = 0.45;
    /// How rare its words are.
    pub(super) const RARE: f32 = 0.3;
    /// The logarithm of its distance to a word that the question shares.
    pub(super) const DISTANCE: f32 = -0.3;
    /// How rare those words are, all together.
    pub(super) const SHARED: f32 = 0.06;
    /// The question's verb stands before it.
    pub(super) const GOVERNED: f32 = 3.0;
    /// The same, when that is what is asked for.
    pub(super) const OBJECT: f32 = 2.0;
    /// It is of the kind that is asked for.
    pub(super) const KIND: f32 = 4.0;
    /// What follows the noun that is of the kind adds little: `clarinet in the band`.
    pub(super) const BEYOND: f32 = -1.5;
    /// The noun that is asked for stands behind it, or in it.
    pub(super) const BEFORE_NOUN: f32 = 2.0;
    pub(super) const HAS_NOUN: f32 = 0.7;
    /// It is a name, and a thing is asked for; or a title, and something that has one; or who, or where.
    pub(super) const NAME: f32 = 1.3;
    pub(super) const TITLE: f32 = 5.0;
    pub(super) const PERSON: f32 = 4.0;
    /// A relative or an occupation, when the question is who: `my aunt`.
    pub(super) const SOMEBODY: f32 = 3.0;
    pub(super) const PLACE: f32 = 2.5;
    /// A name that is called, not told of: "Thanks, Ana!".
    pub(super) const CALLED: f32 = -4.0;
    /// `by walking` tells how, `to see her` why.
    pub(super) const MEANS: f32 = 3.5;
    pub(super) const PURPOSE: f32 = 4.5;
    /// What somebody or something was said to be tells how: `was amazing`, `felt proud`.
    pub(super) const PREDICATE: f32 = 6.0;
    /// A feeling tells that, too.
    pub(super) const FEELING: f32 = 2.0;
    /// `by walking`.
    pub(super) const DOING: f32 = 3.0;
    /// What a photo shows does not.
    pub(super) const SHOWN: f32 = -4.0;
    /// What something is is told at length.
    pub(super) const CHAIN: f32 = 2.0;
    /// A list, and a list when several things are asked for.
    pub(super) const LIST: f32 = 0.5;
    pub(super) const SEVERAL: f32 = 2.0;
    /// A verb or an adjective alone.
    pub(super) const ALONE: f32 = -0.9;
    /// It tells what a photo shows.
    pub(super) const PHOTO: f32 = -0.9;
    /// It is a date, and none is asked for.
    pub(super) const DATE: f32 = -4.0;
}

/// A phrase that may answer.
struct Candidate {
    /// Where it stands in the text of its passage, in bytes.
    bytes: Range<usize>,
    passage: usize,
    score: f32,
    /// Whether it is surely of what is asked for: of the kind, or a title or a name of one.
    sure: bool,
}

/// The best phrase of the passages, or the best few when several things are asked for, and the place of the passage.
pub(super) fn best(
    (asked, focus): (&Asked, &Focus),
    index: &ProfileIndex,
    passages: &[Passage],
) -> Option<(String, usize)> {
    let mut reader = Reader::of(asked, Words::of(focus, index), passages);
    let mut found: Vec<Candidate> = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        if at < SEARCHED || reader.is_of_the_best(passage) {
            found.extend(reader.candidates(at, passage));
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.passage.cmp(&b.passage)));
    let first = found.first()?;
    let text = |candidate: &Candidate| {
        let passage = passages.get(candidate.passage);
        passage.and_then(|passage| passage.text.get(candidate.bytes.clone())).unwrap_or_default()
    };
    if !asked.several || !first.sure {
        return Some((text(first).to_owned(), first.passage));
    }
    let least = first.score - ITEM;
    let (mut items, mut said) = (Vec::new(), HashSet::new());
    for other in found.iter().filter(|other| other.sure && other.score >= least) {
        let words = terms(text(other));
        if items.len() < ITEMS && !words.iter().any(|word| said.contains(word)) {
            items.push(text(other));
            said.extend(words);
        }
    }
    Some((items.join(", "), first.passage))
}

/// A sentence without what can be left out at its ends.
pub(super) fn gist(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | '[' | ']')).to_owned()
}

/// Reads passages for one question.
struct Reader<'a> {
    asked: &'a Asked,
    words: Words<'a>,
    /// The best score of each message's passages.
    messages: HashMap<MessageId, f32>,
    /// The messages of the best passages.
    searched: HashSet<MessageId>,
    /// The best score of all.
    most: f32,
}

impl<'a> Reader<'a> {
    fn of(asked: &'a Asked, words: Words<'a>, passages: &[Passage]) -> Self {
        let mut messages: HashMap<MessageId, f32> = HashMap::new();
        for passage in passages {
            for id in &passage.sources {
                let most = messages.entry(*id).or_insert(passage.score);
                *most = most.max(passage.score);
            }
        }
        let searched = passages.iter().take(SEARCHED).flat_map(|passage| passage.sources.iter().copied()).collect();
        let most = passages.first().map_or(0.0, |passage| passage.score);
        Self { asked, words, messages, searched, most }
    }

    /// Whether a sentence stands in the message of one of the best.
    fn is_of_the_best(&self, passage: &Passage) -> bool {
        !passage.is_memory && passage.sources.iter().any(|id| self.searched.contains(id))
    }

    fn candidates(&mut self, at: usize, passage: &Passage) -> Vec<Candidate> {
        let reading = self.words.read(&passage.text);
        let base = self.of_passage(passage);
        let found = phrases(&reading.sentence);
        let candidates = found.iter().map(|phrase| {
            let (of_kind, sure) = self.of_kind(&reading, phrase);
            let score = base + of_kind + self.of_place(&reading, phrase) + self.of_shape(&reading, phrase);
            Candidate { bytes: reading.sentence.bytes(phrase.words.clone()), passage: at, score, sure }
        });
        candidates.collect()
    }

    /// What its passage says for a phrase.
    fn of_passage(&self, passage: &Passage) -> f32 {
        let of_message =
            passage.sources.iter().filter_map(|id| self.messages.get(id)).copied().fold(passage.score, f32::max);
        let anothers = passage.speaker.as_ref().is_some_and(|speaker| !self.asked.names(&speaker.to_lowercase()));
        weight::MESSAGE * (of_message - self.most)
            + weight::COSINE * passage.cosine
            + weight::SHARE * passage.share
            + flag(passage.is_memory, weight::MEMORY)
            + flag(anothers, weight::ANOTHERS)
    }

    /// What its own words say for a phrase, and whether it surely is what is asked for.
    fn of_kind(&self, reading: &Reading<'_>, phrase: &Phrase) -> (f32, bool) {
        let (sentence, words, form) = (&reading.sentence, &phrase.words, self.words.focus.form);
        let head = head(sentence, phrase);
        let Known { kind, fits, .. } = reading.known(head);
        let noun = |at: usize| reading.known(at).role == Role::Noun;
        let date = is_date(sentence, phrase);
        let is_name = !date && (sentence.part_at(head) == Some(Part::Name) || phrase.shape.has(Shape::NAME));
        let proper = is_name || phrase.shape.has(Shape::QUOTED);
        let title = self.words.focus.is_titled() && phrase.shape.has(Shape::QUOTED);
        let of_things = matches!(form, Form::Thing | Form::Attribute | Form::Being | Form::Object);
        let placed = words.start.checked_sub(1).and_then(|at| sentence.part_at(at)) == Some(Part::Preposition);
        let score = weight::KIND * kind
            + flag(kind > 0.0 && head + 1 < words.end, weight::BEYOND)
            + flag(noun(words.end) && sentence.gap(words.end) == Gap::None, weight::BEFORE_NOUN)
            + flag(words.clone().any(noun), weight::HAS_NOUN)
            + flag(of_things && proper, weight::NAME)
            + flag(title, weight::TITLE)
            + flag(form == Form::Who && is_name, weight::PERSON)
            + flag(form == Form::Who && !is_name && fits, weight::SOMEBODY)
            + flag(is_name && is_called(sentence, phrase), weight::CALLED)
            + flag(form == Form::Where && (is_name || placed), weight::PLACE)
            + flag(form == Form::How, self.how(reading, phrase))
            + flag(date, weight::DATE);
        let named = is_name && matches!(self.words.focus.noun.as_deref(), Some("name" | "names"));
        (score, kind > 0.0 || title || named)
    }

    /// What speaks for a phrase when the question is how.
    fn how(&self, reading: &Reading<'_>, phrase: &Phrase) -> f32 {
        const FELT: [&str; 12] = [
            "feel",
            "feeling",
            "felt",
            "describe",
            "described",
            "react",
            "reaction",
            "respond",
            "look",
            "is",
            "was",
            "were",
        ];
        const SEEMS: [&str; 11] =
            ["look", "looks", "looked", "feel", "feels", "felt", "feeling", "seem", "seems", "sounds", "so"];
        let (sentence, start) = (&reading.sentence, phrase.words.start);
        let felt = FELT.iter().any(|word| self.asked.has(word));
        let before = start.checked_sub(1).filter(|_| sentence.gap(start) == Gap::None);
        let said = before.is_some_and(|at| {
            let part = sentence.part_at(at);
            matches!(part, Some(Part::Auxiliary | Part::Adverb)) || SEEMS.contains(&sentence.low(at))
        });
        let quality = match sentence.part_at(start) {
            Some(Part::Adjective) => true,
            Some(Part::Verb) => sentence.low(start).ends_with("ed"),
            _ => false,
        };
        let feeling = phrase.words.clone().any(|at| reading.known(at).fits);
        let by = before.is_some_and(|at| sentence.low(at) == "by") && sentence.part_at(start) == Some(Part::Gerund);
        let photo = reading.photo.is_some_and(|at| at < start);
        flag(felt && said && quality, weight::PREDICATE)
            + flag(felt && feeling, weight::FEELING)
            + flag(by, weight::DOING)
            + flag(photo, weight::SHOWN)
    }

    /// What the words around it say for a phrase.
    fn of_place(&self, reading: &Reading<'_>, phrase: &Phrase) -> f32 {
        let (sentence, words, form) = (&reading.sentence, &phrase.words, self.words.focus.form);
        let is_shared = |at: &usize| reading.known(*at).is_shared();
        let distance = |at: &usize| if *at < words.start { words.start - at } else { at + 1 - words.end };
        let outside = || reading.shared.iter().filter(|at| !words.contains(at));
        let nearest = outside().map(distance).min().unwrap_or(FAR).min(FAR);
        let about: f32 = outside().map(|at| reading.known(*at).rarity).sum();
        let verb = verb_before(sentence, words.start);
        let governed = verb.is_some_and(|at| is_shared(&at));
        let before = words.start.checked_sub(1).filter(|_| sentence.gap(words.start) == Gap::None);
        let before = before.and_then(|at| sentence.part_at(at));
        let photo = reading.photo.is_some_and(|at| at < words.start);
        weight::DISTANCE * (nearest as f32).ln()
            + weight::SHARED * about
            + flag(governed, weight::GOVERNED)
            + flag(governed && form == Form::Object && is_object(sentence, verb, words.start), weight::OBJECT)
            + flag(form == Form::How && before == Some(Part::Preposition), weight::MEANS)
            + flag(form == Form::Why && before == Some(Part::To), weight::PURPOSE)
            + flag(photo && !self.asked.has("photo"), weight::PHOTO)
    }

    /// What its build says for a phrase.
    fn of_shape(&self, reading: &Reading<'_>, phrase: &Phrase) -> f32 {
        let form = self.words.focus.form;
        let says = || phrase.words.clone().map(|at| reading.known(at)).filter(|word| word.role != Role::Filler);
        let (said, shared) = (says().count() as f32, says().filter(|word| word.is_shared()).count() as f32);
        let rare: f32 = says().map(|word| word.rarity).sum();
        let repeated = shared / said.max(1.0);
        let shape = phrase.shape;
        weight::WORD * said
            + weight::RARE * rare / said.max(1.0)
            + repeated * (weight::REPEATED + flag(form == Form::Object, weight::OBJECT_REPEATED))
            + flag(shared >= said, weight::SAYS_NOTHING)
            + flag(form == Form::Being && shape.has(Shape::CHAIN), weight::CHAIN)
            + flag(shape.has(Shape::LIST), weight::LIST + flag(self.asked.several, weight::SEVERAL))
            + flag(shape.has(Shape::WORD), weight::ALONE)
    }
}

fn flag(holds: bool, weight: f32) -> f32 {
    if holds { weight } else { 0.0 }
}

/// The noun that a phrase is about: its last word, or the last before a preposition.
fn head(sentence: &Sentence<'_>, phrase: &Phrase) -> usize {
    let words = phrase.words.clone();
    let joint = words.clone().skip(1).find(|at| matches!(sentence.part_at(*at), Some(Part::Preposition | Part::To)));
    joint.unwrap_or(words.end).saturating_sub(1)
}

/// Whether a phrase stands alone between a comma and the end of a clause.
fn is_called(sentence: &Sentence<'_>, phrase: &Phrase) -> bool {
    let (before, after) = (sentence.gap(phrase.words.start), sentence.gap(phrase.words.end));
    let opens = phrase.words.start > 0 && before == Gap::Comma && after != Gap::None;
    opens && phrase.words.start <= CALL
}

/// Whether a phrase has nothing but days, months and numbers of years.
fn is_date(sentence: &Sentence<'_>, phrase: &Phrase) -> bool {
    const TIMES: [&str; 12] = [
        "week",
        "weekend",
        "month",
        "year",
        "yesterday",
        "today",
        "tomorrow",
        "day",
        "night",
        "morning",
        "time",
        "evening",
    ];
    let mut says = phrase.words.clone().map(|at| sentence.low(at)).filter(|low| !is_filler(low)).peekable();
    let is_time = |low: &str| {
        let year = low.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let one = low.strip_suffix('s').unwrap_or(low);
        // `may` is a verb more often than a month.
        year || is_weekday(low) || TIMES.contains(&one) || (MONTHS.contains(&one) && one != "may")
    };
    says.peek().is_none() || says.all(is_time)
}

/// Whether a phrase follows its verb with no other noun between.
fn is_object(sentence: &Sentence<'_>, verb: Option<usize>, start: usize) -> bool {
    verb.is_some_and(|verb| {
        (verb + 1..start).all(|at| !matches!(sentence.part_at(at), Some(Part::Noun | Part::Name | Part::Number)))
    })
}

/// The verb that stands before a phrase in the same clause.
fn verb_before(sentence: &Sentence<'_>, start: usize) -> Option<usize> {
    let mut at = start;
    while at > 0 && start - at < GOVERNED && sentence.gap(at) == Gap::None {
        at -= 1;
        if matches!(sentence.part_at(at), Some(Part::Verb | Part::Gerund)) {
            return Some(at);
        }
    }
    None
}
