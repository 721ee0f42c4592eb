//! Which messages bear on a question: every view of a message summed into one score.
//!
//! A turn of conversation says little alone: its subject was named two turns before, its answer comes a turn later, its session is
//! about it or is not. So a message is scored from several views, each on a fixed scale, and the views are added. Shares and
//! cosines times a weight keep scores of different questions comparable, which normalising over what was found would not.

use std::collections::HashMap;

use super::ThinkingLevel;
use super::analyse::Asked;
use super::memories::rarity;
use crate::dates::days_between;
use crate::index::{MessageDoc, MessageIndex, ProfileIndex};
use crate::model::{Place, Role, UnitVector};
use crate::text::Term;

/// Up to so many messages, every one is scored; beyond, those that words or vectors bring up, with their neighbours.
const SCAN_ALL: usize = 4_096;
/// Turns to either side that speak for a message.
const REACH: u32 = 2;

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
    pub(super) const WORDS: f32 = 6.0;
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

/// How much of a neighbour's word counts as said here: of the turn before, the one before that, and the turn after.
const BEFORE: f32 = 0.7;
const TWO_BEFORE: f32 = 0.4;
const AFTER: f32 = 0.5;

/// A message with its score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RankedMessage {
    /// Its number in the index.
    pub doc: u32,
    /// Where it stands.
    pub place: Place,
    /// The sum of its views.
    pub score: f32,
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

/// Messages under consideration, in order of place, and one number for each in every view.
struct Pool {
    docs: Vec<(Place, u32)>,
    /// The row of a document, or `NONE`.
    rows: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl RankedMessage {
    /// How well its own matter matches the question's, whoever said it and when.
    fn fit(&self) -> f32 {
        (weight::COSINE + weight::STATEMENT) * self.cosine + weight::WORDS * self.context
    }
}

/// How much better what the one speaker that the question names has said fits it than what the others have said. A question that
/// mixes people up is answered best by somebody else. `None` when no speaker is named.
pub(crate) fn lead_of_named(messages: &[RankedMessage]) -> Option<f32> {
    let best = |whose: Whose| {
        let told = messages.iter().filter(|message| message.whose == whose && message.tells);
        told.map(RankedMessage::fit).reduce(f32::max)
    };
    Some(best(Whose::Theirs)? - best(Whose::Anothers)?)
}

impl Pool {
    fn of(index: &MessageIndex, asked: &Asked, vector: &UnitVector, thinking: ThinkingLevel) -> Self {
        let docs: Vec<_> = if index.len() <= SCAN_ALL {
            index.in_order().collect()
        } else {
            brought_up(index, asked, vector, thinking)
        };
        let mut rows = vec![NONE; index.end()];
        for (row, (_, doc)) in (0_u32..).zip(&docs) {
            if let Some(slot) = rows.get_mut(*doc as usize) {
                *slot = row;
            }
        }
        Self { docs, rows }
    }

    fn row(&self, doc: u32) -> Option<usize> {
        self.rows.get(doc as usize).filter(|row| **row != NONE).map(|row| *row as usize)
    }

    /// The value of the row `by` before or after, when it stands near enough in the same session.
    fn near(&self, values: &[f32], row: usize, by: isize) -> Option<f32> {
        let other = row.checked_add_signed(by)?;
        let (here, there) = (self.docs.get(row)?.0, self.docs.get(other)?.0);
        let close = here.session == there.session && here.position.abs_diff(there.position) <= REACH;
        values.get(other).copied().filter(|_| close)
    }

    /// For every row, the greatest value of its session.
    fn best_of_session(&self, values: &[f32]) -> Vec<f32> {
        let mut best = Vec::with_capacity(values.len());
        for session in self.docs.chunk_by(|a, b| a.0.session == b.0.session) {
            let own = values.get(best.len()..best.len() + session.len()).unwrap_or_default();
            let most = own.iter().copied().fold(f32::MIN, f32::max);
            best.resize(best.len() + session.len(), most);
        }
        best
    }
}

/// The messages that words or vectors bring up, with their neighbours, in order of place.
fn brought_up(index: &MessageIndex, asked: &Asked, vector: &UnitVector, thinking: ThinkingLevel) -> Vec<(Place, u32)> {
    let k = 25 * thinking.candidates();
    let by_words = index.keywords().search(&asked.terms, k, |_| true);
    let by_vector = index.vectors().search(vector, k, &|_| true, thinking.effort());
    let mut docs: Vec<(Place, u32)> = Vec::new();
    for hit in by_words.iter().chain(&by_vector) {
        let Some(place) = index.doc(hit.doc).map(|doc| doc.place) else { continue };
        let first = Place { position: place.position.saturating_sub(REACH), ..place };
        let last = Place { position: place.position.saturating_add(REACH), ..place };
        docs.extend(index.between(first, last));
    }
    docs.sort_unstable();
    docs.dedup();
    docs
}

/// The share of the question's words, by their rarity, that each row has with its neighbours, and that its session has.
struct Shares {
    context: Vec<f32>,
    session: Vec<f32>,
}

impl Shares {
    fn of(index: &MessageIndex, pool: &Pool, asked: &[(Term, f32)]) -> Self {
        let n = pool.docs.len();
        let mut shares = Self { context: vec![0.0; n], session: vec![0.0; n] };
        let total: f32 = asked.iter().map(|(term, weight)| weight * rarity(index.keywords(), term)).sum();
        if total <= 0.0 {
            return shares;
        }
        let mut here = vec![0.0_f32; n];
        for (term, weight) in asked {
            if index.keywords().document_frequency(term) == 0 {
                continue;
            }
            here.fill(0.0);
            index.keywords().score_all(&[(term.clone(), weight / total)], |doc, score| {
                if let Some(slot) = pool.row(doc).and_then(|row| here.get_mut(row)) {
                    *slot = score;
                }
            });
            shares.add(pool, &here);
        }
        shares
    }

    fn add(&mut self, pool: &Pool, here: &[f32]) {
        let session = pool.best_of_session(here);
        for (row, own) in here.iter().enumerate() {
            let near = |by, share: f32| pool.near(here, row, by).unwrap_or(0.0) * share;
            let context =
                [*own, near(-1, BEFORE), near(-2, TWO_BEFORE), near(1, AFTER)].into_iter().fold(0.0, f32::max);
            let views = [(&mut self.context, context), (&mut self.session, session.get(row).copied().unwrap_or(0.0))];
            for (view, value) in views {
                if let Some(sum) = view.get_mut(row) {
                    *sum += value;
                }
            }
        }
    }
}

/// Scores messages for a question, best first; equal scores newest first. `statements` has the cosines of memories, by the message
/// that they were made from.
pub(crate) fn rank(
    index: &ProfileIndex,
    asked: &Asked,
    vector: &UnitVector,
    thinking: ThinkingLevel,
    statements: &HashMap<u32, f32>,
) -> Vec<RankedMessage> {
    let messages = &index.messages;
    let pool = Pool::of(messages, asked, vector, thinking);
    let speaker = one_speaker(messages, asked);
    let terms = without_speakers(asked, messages);
    let shares = Shares::of(messages, &pool, &terms);
    let cosines = cosines(messages, &pool, vector);
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
            let score = weight::COSINE * cosine
                + weight::STATEMENT * statement.max(cosine * 0.8)
                + weight::NEIGHBOUR * (near(-1) + near(1))
                + weight::SESSION_COSINE * get(&session_cosine, row)
                + weight::WORDS * get(&shares.context, row)
                + weight::SESSION_WORDS * get(&shares.session, row)
                + certain(known, asked, speaker);
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
                score,
                context: get(&shares.context, row),
                cosine: cosine.max(statement),
            })
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.place.cmp(&a.place)));
    ranked
}

/// What does not depend on wording: length, shape, speaker, time.
fn certain(known: &MessageDoc, asked: &Asked, speaker: Option<u32>) -> f32 {
    let flag = |holds: bool, weight: f32| if holds { weight } else { 0.0 };
    weight::LENGTH * (1.0 + known.words as f32).ln()
        + flag(known.asks, weight::ASKS)
        + flag(speaker.is_some() && known.speaker == speaker, weight::SPEAKER)
        + flag(known.role != Role::User, weight::NOT_A_PERSON)
        + weight::TIME * in_time(known, asked)
}

/// How well a message's day fits the days that a question names: 1 within them, less and less after, a little just before.
fn in_time(known: &MessageDoc, asked: &Asked) -> f32 {
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
    if pool.docs.len() == index.len() {
        index.vectors().score_all(vector, &mut |doc, cosine| {
            if let Some(slot) = pool.row(doc).and_then(|row| cosines.get_mut(row)) {
                *slot = cosine;
            }
        });
    } else {
        for (slot, (_, doc)) in cosines.iter_mut().zip(&pool.docs) {
            *slot = index.vectors().cosine(*doc, vector).unwrap_or(0.0);
        }
    }
    cosines
}

/// The one speaker that the question names, if it names exactly one.
pub(crate) fn one_speaker(index: &MessageIndex, asked: &Asked) -> Option<u32> {
    let mut named = (0_u32..).zip(index.speakers()).filter(|(_, name)| asked.names(name)).map(|(number, _)| number);
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

/// The question's terms without the names of speakers: their messages do not repeat their own name.
fn without_speakers(asked: &Asked, index: &MessageIndex) -> Vec<(Term, f32)> {
    let named: Vec<Term> =
        index.speakers().iter().filter(|name| asked.names(name)).flat_map(|name| crate::text::terms(name)).collect();
    asked.terms.iter().filter(|(term, _)| !named.contains(term)).cloned().collect()
}
