//! Which messages bear on a question: every view of a message summed into one score.
//!
//! A turn of conversation says little alone: its subject was named two turns before, its answer comes a turn later, its session is
//! about it or is not. So a message is scored from several views, each on a fixed scale, and the views are added. Shares and
//! cosines times a weight keep scores of different questions comparable, which normalising over what was found would not.

use std::collections::HashSet;

use super::ThinkingLevel;
use super::analyse::{Asked, is_called};
use super::explain::Views;
use super::numbers::ByNumber;
use super::pool::Pool;
use super::shares::Shares;
use super::stages::{Stage, Stages};
use crate::dates::days_between;
use crate::index::{MessageDoc, MessageIndex, ProfileIndex};
use crate::model::{Place, Role, UnitVector};
use crate::text::{Term, words};

/// Weights of the views. Cosines of sentences spread by about .12 and shares of a question's words by about .1, so weights about
/// 5 let one spread of either count about the same; what is known for certain (who spoke, when) counts several.
mod weight {
    /// The message's own cosine.
    pub(super) const COSINE: f32 = 5.0;
    /// The best cosine of a memory made of it: one sentence of a long message.
    pub(super) const STATEMENT: f32 = 5.0;
    /// The cosines of the message before and the one after, each.
    pub(super) const NEIGHBOUR: f32 = 2.5;
    /// The best cosine of its session.
    pub(super) const SESSION_COSINE: f32 = 3.6;
    /// The share of the question's words that it and its neighbours have.
    pub(super) const WORDS: f32 = 7.5;
    /// What is left of its neighbours' cosines and of its session when the question asks for several things: they were told here and
    /// there, each in a talk about something else.
    pub(super) const HERE_AND_THERE: f32 = 0.5;
    /// A better one stands beside it: the two are about one thing, and another may be told elsewhere.
    pub(super) const BESIDE_BETTER: f32 = -0.5;
    /// The share of the question's words that its session has.
    pub(super) const SESSION_WORDS: f32 = 2.5;
    /// The natural logarithm of its words: longer messages say more.
    pub(super) const LENGTH: f32 = 1.0;
    /// It asks: the answer is elsewhere.
    pub(super) const ASKS: f32 = -1.25;
    /// Its speaker is the one person asked about.
    pub(super) const SPEAKER: f32 = 3.9;
    /// It was written when the question says.
    pub(super) const TIME: f32 = 5.0;
    /// It is the agent's own text, or the application's.
    pub(super) const NOT_A_PERSON: f32 = -2.0;
}

/// The views by name, as an explanation gives them; scores are their sums in this order.
pub(crate) const CHANNELS: [&str; 12] = [
    "vector",
    "statement",
    "neighbours",
    "sessionVector",
    "words",
    "sessionWords",
    "length",
    "question",
    "speaker",
    "role",
    "time",
    "besideBetter",
];
/// The place of the last of them, which is known only once all others are.
const BESIDE_BETTER: usize = 11;
/// So many of the best are held against each other.
const HELD: usize = 64;

/// A message with its score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RankedMessage {
    /// Its number in the index.
    pub doc: u32,
    /// Where it stands.
    pub place: Place,
    /// The sum of its views.
    pub score: f32,
    /// What each view adds to it.
    pub views: Views<{ CHANNELS.len() }>,
    /// The share of the question's words that it and its neighbours have, by their rarity.
    pub context: f32,
    /// Its cosine with the question, or its best statement's.
    pub cosine: f32,
    /// Whether it does not end by asking.
    pub tells: bool,
    /// Whose it is, when the question names one speaker.
    pub whose: Whose,
}

/// Whether a message is by the person that a question names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The question names no speaker, or several.
    Anyones,
    /// By the one named.
    Theirs,
    /// By somebody else.
    Anothers,
}

impl RankedMessage {
    /// How well its own matter matches the question's, whoever said it and when.
    fn fit(&self) -> f32 {
        (weight::COSINE + weight::STATEMENT) * self.cosine + weight::WORDS * self.context
    }
}

/// What it speaks for a message, in terms of its fit, that its speaker is the one named: the question's vector knows no names. With it
/// a lead means what it did when the vector knew them: .95 of development questions have one of .8, and .43 of those that mix people up.
const NAMED: f32 = 2.2;

/// How much better what the one speaker that the question names has said fits it than what the others have said. A question that
/// mixes people up is answered best by somebody else. `None` when no speaker is named.
pub(crate) fn lead_of_named(messages: &[RankedMessage]) -> Option<f32> {
    let best = |whose: Whose| {
        let told = messages.iter().filter(|message| message.whose == whose && message.tells);
        told.map(RankedMessage::fit).reduce(f32::max)
    };
    Some(best(Whose::Theirs)? + NAMED - best(Whose::Anothers)?)
}

/// Scores messages for a question, best first; equal scores newest first. `statements` has the cosines of memories, by the message
/// that they were made from.
pub(crate) fn rank(
    index: &ProfileIndex,
    asked: &Asked,
    (vector, thinking): (&UnitVector, ThinkingLevel),
    statements: &ByNumber<f32>,
    stages: &mut dyn Stages,
) -> Vec<RankedMessage> {
    let pool = Pool::of(&index.messages, asked, (vector, thinking), stages);
    rank_pool(index, asked, (vector, &pool), statements, stages)
}

fn rank_pool(
    index: &ProfileIndex,
    asked: &Asked,
    (vector, pool): (&UnitVector, &Pool),
    statements: &ByNumber<f32>,
    stages: &mut dyn Stages,
) -> Vec<RankedMessage> {
    let messages = &index.messages;
    let speaker = one_speaker(messages, asked);
    let spread = if asked.several { weight::HERE_AND_THERE } else { 1.0 };
    let terms = without_speakers(asked, messages);
    let shares = Shares::of(messages, pool, &terms);
    stages.ended(Stage::Keyword);
    let cosines = cosines(messages, pool, vector);
    stages.ended(Stage::Vector);
    let session_cosine = pool.best_of_session(&cosines);
    let get = |values: &[f32], row: usize| values.get(row).copied().unwrap_or(0.0);
    let mut ranked: Vec<RankedMessage> = pool
        .docs
        .iter()
        .enumerate()
        .filter_map(|(row, &(place, doc))| {
            let known = messages.doc(doc)?;
            let cosine = get(&cosines, row);
            let statement = statements.get(&doc).copied().unwrap_or(cosine * 0.8);
            let near = |by| pool.near(&cosines, row, by).unwrap_or(0.0);
            let [length, question, by_speaker, role, time] = certain(known, asked, speaker);
            let views = Views([
                weight::COSINE * cosine,
                weight::STATEMENT * statement.max(cosine * 0.8),
                spread * weight::NEIGHBOUR * (near(-1) + near(1)),
                spread * weight::SESSION_COSINE * get(&session_cosine, row),
                weight::WORDS * get(&shares.context, row),
                spread * weight::SESSION_WORDS * get(&shares.session, row),
                length,
                question,
                by_speaker,
                role,
                time,
                0.0,
            ]);
            let views = views.without(CHANNELS, asked.without);
            let whose = match speaker {
                None => Whose::Anyones,
                named if named == known.speaker => Whose::Theirs,
                _ => Whose::Anothers,
            };
            Some(RankedMessage {
                whose,
                tells: !known.asks,
                doc,
                place,
                score: views.sum(),
                views,
                context: get(&shares.exact, row),
                cosine: cosine.max(statement),
            })
        })
        .collect();
    sort(&mut ranked);
    part_neighbours(&mut ranked);
    stages.ended(Stage::Fuse);
    ranked
}

/// Best first; equal scores newest first.
fn sort(ranked: &mut [RankedMessage]) {
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(b.place.cmp(&a.place)));
}

/// Puts a message that stands beside a better one a little lower.
fn part_neighbours(ranked: &mut [RankedMessage]) {
    let mut better: HashSet<Place> = HashSet::with_capacity(HELD);
    let mut least = f32::INFINITY;
    for message in ranked.iter_mut().take(HELD) {
        let Place { session, position } = message.place;
        let beside = [position.checked_sub(1), position.checked_add(1)].into_iter().flatten();
        let repeats = beside.map(|position| Place { session, position }).any(|place| better.contains(&place));
        if let Some(view) = message.views.0.get_mut(BESIDE_BETTER).filter(|_| repeats) {
            *view = weight::BESIDE_BETTER;
            message.score = message.views.sum();
        }
        least = least.min(message.score);
        better.insert(message.place);
    }
    // None of these falls behind one that scores less than the least of them.
    let passed = ranked.iter().skip(HELD).take_while(|message| message.score >= least).count();
    if let Some(moved) = ranked.get_mut(..ranked.len().min(HELD + passed)) {
        sort(moved);
    }
}

/// What does not depend on wording: length, shape, speaker, role, time.
fn certain(known: &MessageDoc, asked: &Asked, speaker: Option<u32>) -> [f32; 5] {
    let flag = |holds: bool, weight: f32| if holds { weight } else { 0.0 };
    [
        weight::LENGTH * (1.0 + known.words as f32).ln(),
        flag(known.asks, weight::ASKS),
        flag(speaker.is_some() && known.speaker == speaker, weight::SPEAKER),
        flag(known.role != Role::User, weight::NOT_A_PERSON),
        weight::TIME * in_time(known, asked),
    ]
}

/// How well a message's day fits the days that a question names: 1 within them, less and less after, a little just before.
fn in_time(known: &MessageDoc, asked: &Asked) -> f32 {
    if asked.times.is_empty() {
        return 0.0;
    }
    let day = known.at.date();
    let fit = |first, last| match (days_between(first, day), days_between(last, day)) {
        (before @ -7..0, _) if before < 0 => 0.3,
        (before, _) if before < 0 => 0.0,
        (_, after) => (-(after.max(0) as f32) / 10.0).exp(),
    };
    asked.times.iter().map(|spot| fit(spot.days.first, spot.days.last)).fold(0.0, f32::max)
}

fn cosines(index: &MessageIndex, pool: &Pool, vector: &UnitVector) -> Vec<f32> {
    let mut cosines = vec![0.0; pool.docs.len()];
    let mut visit = |doc, cosine| {
        if let Some(slot) = pool.row(doc).and_then(|row| cosines.get_mut(row)) {
            *slot = cosine;
        }
    };
    if pool.docs.len() == index.len() {
        index.vectors().score_all(vector, &mut visit);
    } else {
        index.vectors().score_some(vector, pool.docs.iter().map(|(_, doc)| *doc), &mut visit);
    }
    cosines
}

/// The one speaker that the question names, if it names exactly one.
pub(crate) fn one_speaker(index: &MessageIndex, asked: &Asked) -> Option<u32> {
    let mut named = index.speakers().filter(|(_, name)| asked.names(name)).map(|(number, _)| number);
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

/// A question without the names of speakers: a message does not say its own speaker's name, and one that says another's is not
/// nearer for it. Who speaks is a view of its own. A question of names alone stays as it is.
pub fn text_to_embed(question: &str, index: &ProfileIndex) -> String {
    let named = |word: &str| index.messages.speakers().any(|(_, name)| is_called(word, name));
    let mut kept = String::with_capacity(question.len());
    let (mut from, mut left) = (0, false);
    for word in words(question) {
        if named(&word.text.to_lowercase().replace('’', "'")) {
            kept.push_str(question.get(from..word.start).unwrap_or_default());
            from = word.end();
        } else {
            left = true;
        }
    }
    kept.push_str(question.get(from..).unwrap_or_default());
    if left { kept.split_whitespace().collect::<Vec<_>>().join(" ") } else { question.to_owned() }
}

/// The question's terms without the names of speakers: their messages do not repeat their own name.
fn without_speakers(asked: &Asked, index: &MessageIndex) -> Vec<(Term, f32)> {
    let named: Vec<Term> =
        index.speakers().filter(|(_, name)| asked.names(name)).flat_map(|(_, name)| crate::text::terms(name)).collect();
    asked.terms.iter().filter(|(term, _)| !named.contains(term)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::pool::SCAN_ALL;
    use super::*;
    use crate::model::{Message, MessageId, Moment, SessionId};

    const DIMENSION: usize = 16;

    /// The same numbers in every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }

        fn vector(&mut self) -> Vec<f32> {
            (0..DIMENSION).map(|_| self.roll(2_001) as f32 / 1_000.0 - 1.0).collect()
        }
    }

    fn say(index: &mut ProfileIndex, place: Place, content: &str, vector: Vec<f32>) {
        let session = SessionId::parse(&format!("s{}", place.session)).unwrap();
        let (role, at) = (Role::User, Moment::parse("2026-05-01").unwrap());
        let id = MessageId::of(&session, role, content);
        let message = Message { id, session, role, content: content.to_owned(), at };
        index.add_message(place, &message, Some(&UnitVector::normalise(vector).unwrap()));
    }

    /// 250 conversations of 20 messages about nothing, with one message of meaning in the hundredth.
    fn crowd(question: &[f32]) -> ProfileIndex {
        let (mut index, mut dice) = (ProfileIndex::new(DIMENSION), Dice(7));
        for session in 0..250 {
            for position in 0..20 {
                let words: Vec<String> = (0..6).map(|_| format!("word{}", dice.roll(900))).collect();
                let text = format!("{} {}", words.join(" "), session * 20 + position);
                say(&mut index, Place { session, position }, &text, dice.vector());
            }
        }
        let near = question.iter().zip(dice.vector()).map(|(asked, other)| asked + other / 4.0).collect();
        say(&mut index, Place { session: 100, position: 7 }, "the lighthouse keeper sold word3 his boat", near);
        index
    }

    #[test]
    fn among_many_messages_the_pool_finds_what_a_scan_of_all_finds() {
        let question = Dice(11).vector();
        let index = crowd(&question);
        assert!(index.messages.len() > SCAN_ALL);
        let vector = UnitVector::normalise(question).unwrap();
        let today = Moment::parse("2026-05-13").unwrap().date();
        let asked = super::super::analyse::analyse("Who sold the lighthouse word3 word4?", today);
        let statements = ByNumber::default();
        let best = |ranked: Vec<RankedMessage>| ranked.iter().take(10).map(|found| found.place).collect::<Vec<_>>();
        let all = Pool::among(index.messages.in_order().collect());
        let scanned = best(rank_pool(&index, &asked, (&vector, &all), &statements, &mut ()));
        assert_eq!(scanned.first(), Some(&Place { session: 100, position: 7 }));
        for thinking in [ThinkingLevel::Low, ThinkingLevel::Medium, ThinkingLevel::High] {
            let pooled = Pool::of(&index.messages, &asked, (&vector, thinking), &mut ());
            assert!(pooled.docs.len() < index.messages.len() && pooled.docs.len() > 10, "{}", pooled.docs.len());
            let found = best(rank(&index, &asked, (&vector, thinking), &statements, &mut ()));
            assert_eq!(found, scanned, "{thinking:?}");
        }
    }

    #[test]
    fn names_of_speakers_are_not_embedded() {
        let mut index = ProfileIndex::new(DIMENSION);
        for (position, text) in (0..).zip(["Ana: hello", "Dr. Ben Okri: hello", "hello"]) {
            say(&mut index, Place { session: 0, position }, text, vec![1.0; DIMENSION]);
        }
        for (question, expected) in [
            ("What does Ana's sister do?", "What does sister do?"),
            ("ana and Okri: who won?", "and : who won?"),
            ("Where does Carla live?", "Where does Carla live?"),
            ("Ana?", "Ana?"),
            ("", ""),
        ] {
            assert_eq!(text_to_embed(question, &index), expected, "{question}");
        }
    }
}
