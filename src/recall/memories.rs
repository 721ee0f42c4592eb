//! Which memories bear on a question: their own words and vector, what their source messages say for them, and a lane for
//! standing instructions, which no question resembles.

use std::collections::HashSet;

use super::ThinkingLevel;
use super::analyse::{Asked, Wants};
use super::explain::Views;
use super::messages::RankedMessage;
use super::numbers::ByNumber;
use super::stages::{Stage, Stages};
use crate::dates::days_between;
use crate::index::{MemoryDoc, MemoryIndex, ProfileIndex};
use crate::model::{MemoryId, MemoryType, SessionId, UnitVector};
use crate::text::{KeywordIndex, Term};

/// Up to so many memories, every one is scored.
const SCAN_ALL: usize = 4_096;
/// So many hits of words, and of vectors, for each candidate. Ten times as many of words and more of vectors moved no evidence
/// of 2,760 messages and 997 questions, and the answers' F1 by .002.
const HITS: usize = 10;
/// How many of the best messages bring up the memories that were made of them.
const MESSAGES: usize = 100;
/// One candidate in so many is kept for an instruction, whatever the question's words.
const LANE: usize = 5;

/// Weights of the views, on the scales of messages.
mod weight {
    /// Its own cosine.
    pub(super) const COSINE: f32 = 5.0;
    /// The share of the question's words that it has.
    pub(super) const WORDS: f32 = 4.0;
    /// The score of the best message that it was made from.
    pub(super) const SOURCE: f32 = 1.0;
    /// What a source would say for a memory that has none: its own views again.
    pub(super) const ALONE: f32 = 2.8;
    /// An instruction, when the question is how to do something.
    pub(super) const MANNER: f32 = 4.0;
    /// A task, when the question is what is to be done.
    pub(super) const TO_DO: f32 = 3.0;
    /// It is on the topic that the question asks about: only the newest on a topic holds.
    pub(super) const TOPIC: f32 = 4.0;
    /// It was said when the question says, or tells of that day.
    pub(super) const TIME: f32 = 1.5;
    /// A better one of the same session comes before it.
    pub(super) const SAME_SESSION: f32 = -5.0;
}

/// A task has no vector; it stands in the middle of what unrelated text reaches.
const NO_VECTOR: f32 = 0.2;

/// The views by name, as an explanation gives them; scores are their sums in this order.
pub(crate) const CHANNELS: [&str; 7] = ["vector", "words", "source", "kind", "topic", "time", "sameSession"];
/// The place of the last of them, which is known only once all others are.
const SAME_SESSION: usize = 6;

/// A memory with its score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RankedMemory {
    /// Its number in the index.
    pub doc: u32,
    /// Which.
    pub id: MemoryId,
    /// The sum of its views.
    pub score: f32,
    /// What each view adds to it.
    pub views: Views<{ CHANNELS.len() }>,
    /// Its cosine with the question.
    pub cosine: f32,
    /// The score of the best message that it was made from, or what stands for it.
    pub source: f32,
    /// Whether it is on the topic that the question asks about.
    pub is_on_topic: bool,
}

/// Cosines of memories with a question, by their number; all of them, or the nearest when there are many.
pub(crate) fn cosines(index: &MemoryIndex, vector: &UnitVector, thinking: ThinkingLevel) -> ByNumber<f32> {
    let mut cosines = ByNumber::default();
    if index.len() <= SCAN_ALL {
        index.vectors().score_all(vector, &mut |doc, cosine| {
            cosines.insert(doc, cosine);
        });
    } else {
        let (k, order) = (HITS * thinking.candidates(), |doc| index.order(doc));
        let nearest = index.vectors().search_in_order(vector, k, &order, thinking.effort());
        cosines.extend(nearest.iter().map(|hit| (hit.doc, hit.score)));
    }
    cosines
}

/// The best cosine of the memories made from each message, by the message's number.
pub(crate) fn statements(index: &ProfileIndex, cosines: &ByNumber<f32>) -> ByNumber<f32> {
    let mut best: ByNumber<f32> = ByNumber::default();
    for (&doc, &cosine) in cosines {
        let sources = index.memories.doc(doc).map_or(&[][..], |known| &known.sources);
        for message in sources.iter().filter_map(|id| index.messages.doc_of(*id)) {
            let most = best.entry(message).or_insert(cosine);
            *most = most.max(cosine);
        }
    }
    best
}

/// How rare a term is: the natural logarithm of how many documents there are for one that has it.
pub(crate) fn rarity(index: &KeywordIndex, term: &Term) -> f32 {
    let (all, with) = (index.len() as f32, index.document_frequency(term) as f32);
    ((all - with + 0.5) / (with + 0.5)).ln_1p()
}

/// How rare a term is among what was said: in messages, or in memories where no message is kept.
pub(crate) fn rarity_in(index: &ProfileIndex, term: &Term) -> f32 {
    match index.messages.len() {
        0 => rarity(index.memories.keywords(), term),
        _ => rarity(index.messages.keywords(), term),
    }
}

/// Scores memories for a question, best first; of equals the newest.
pub(crate) fn rank(
    index: &ProfileIndex,
    asked: &Asked,
    (cosines, thinking): (&ByNumber<f32>, ThinkingLevel),
    messages: &[RankedMessage],
    stages: &mut dyn Stages,
) -> Vec<RankedMemory> {
    let shares = shares(&index.memories, asked, thinking);
    stages.ended(Stage::Keyword);
    let sources: ByNumber<f32> = messages.iter().map(|message| (message.doc, message.score)).collect();
    let mut ranked: Vec<RankedMemory> = pool(index, (asked, cosines), &shares, messages)
        .into_iter()
        .filter_map(|doc| {
            let known = index.memories.doc(doc)?;
            let words = shares.get(&doc).copied().unwrap_or(0.0);
            let cosine = cosines.get(&doc).copied().unwrap_or(NO_VECTOR);
            let (own_vector, own_words) = (weight::COSINE * cosine, weight::WORDS * words);
            let best = known
                .sources
                .iter()
                .filter_map(|id| sources.get(&index.messages.doc_of(*id)?))
                .copied()
                .reduce(f32::max);
            let source = best.unwrap_or(weight::ALONE * (own_vector + own_words));
            let (kind, time) = (by_kind(known, asked), by_time(known, asked));
            let is_on_topic = known.topic.is_some_and(|topic| asked.topics.contains(&topic));
            let topic = if is_on_topic { weight::TOPIC } else { 0.0 };
            let views = Views([own_vector, own_words, weight::SOURCE * source, kind, topic, time, 0.0]);
            let views = views.without(CHANNELS, asked.without);
            Some(RankedMemory { doc, id: known.id, score: views.sum(), views, cosine, source, is_on_topic })
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.id.cmp(&a.id)));
    ranked
}

/// The memories that are scored, by number.
fn pool(
    index: &ProfileIndex,
    (asked, cosines): (&Asked, &ByNumber<f32>),
    shares: &ByNumber<f32>,
    messages: &[RankedMessage],
) -> Vec<u32> {
    let memories = &index.memories;
    if memories.len() <= SCAN_ALL {
        return memories.in_order().map(|(_, doc)| doc).collect();
    }
    let made = messages.iter().take(MESSAGES).filter_map(|message| index.messages.doc(message.doc));
    let made = made.flat_map(|known| memories.made_from(known.id));
    let lane = memories.of_kind(MemoryType::Instruction).rev().take(MESSAGES).filter_map(|id| memories.doc_of(id));
    let on_topic = asked.topics.iter().flat_map(|topic| memories.by_topic(*topic));
    let lane = lane.chain(on_topic.filter_map(|id| memories.doc_of(id)));
    let mut docs: Vec<u32> = cosines.keys().chain(shares.keys()).copied().chain(made).chain(lane).collect();
    docs.sort_unstable();
    docs.dedup();
    docs
}

/// The share of the question's words that each memory has, by their rarity; those that have none are left out.
fn shares(index: &MemoryIndex, asked: &Asked, thinking: ThinkingLevel) -> ByNumber<f32> {
    let total: f32 = asked.terms.iter().map(|(term, weight)| weight * rarity(index.keywords(), term)).sum();
    let mut shares = ByNumber::default();
    if total > 0.0 {
        let query: Vec<_> = asked.terms.iter().map(|(term, weight)| (term.clone(), weight / total)).collect();
        if index.len() <= SCAN_ALL {
            index.keywords().score_all(&query, |doc, score| {
                shares.insert(doc, score);
            });
        } else {
            let (k, order) = (HITS * thinking.candidates(), |doc| index.order(doc));
            let hits = index.keywords().search_in_order(&query, k, |_| true, order);
            shares.extend(hits.iter().map(|hit| (hit.doc, hit.score)));
        }
    }
    shares
}

/// What a memory's kind says, whatever its words.
fn by_kind(known: &MemoryDoc, asked: &Asked) -> f32 {
    let to_do =
        || ["todo", "task", "tasks", "pending", "still", "outstanding", "remaining"].iter().any(|word| asked.has(word));
    match known.kind {
        MemoryType::Instruction if asked.wants == Wants::Manner || asked.has("should") => weight::MANNER,
        MemoryType::Task if to_do() => weight::TO_DO,
        _ => 0.0,
    }
}

/// What the day says on which a memory was told.
fn by_time(known: &MemoryDoc, asked: &Asked) -> f32 {
    if asked.times.is_empty() {
        return 0.0;
    }
    let day = known.said_at.date();
    let near = |first, last| days_between(first, day) >= 0 && days_between(last, day) <= 7;
    if asked.times.iter().any(|spot| near(spot.days.first, spot.days.last)) { weight::TIME } else { 0.0 }
}

/// The best of `ranked`, the last places kept for standing instructions when none is among them.
pub(crate) fn choose(index: &MemoryIndex, mut ranked: Vec<RankedMemory>, limit: usize) -> Vec<RankedMemory> {
    spread_sessions(index, &mut ranked, limit);
    let standing =
        |memory: &RankedMemory| index.doc(memory.doc).is_some_and(|known| known.kind == MemoryType::Instruction);
    if ranked.len() > limit {
        let rest = ranked.split_off(limit);
        let missing = (limit / LANE).saturating_sub(ranked.iter().filter(|memory| standing(memory)).count());
        let lane: Vec<_> = rest.into_iter().filter(standing).take(missing).collect();
        ranked.truncate(limit - lane.len());
        ranked.extend(lane);
    }
    ranked
}

/// Puts each further memory of a session that is there already a little lower: what is known of a thing is rarely all in one talk.
fn spread_sessions(index: &MemoryIndex, ranked: &mut [RankedMemory], limit: usize) {
    let mut told: HashSet<&SessionId> = HashSet::new();
    for memory in ranked.iter_mut().take(2 * limit) {
        let Some(session) = index.doc(memory.doc).and_then(|known| known.session.as_ref()) else { continue };
        if !told.insert(session) {
            if let Some(view) = memory.views.0.get_mut(SAME_SESSION) {
                *view = weight::SAME_SESSION;
            }
            memory.score = memory.views.sum();
        }
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.id.cmp(&a.id)));
}
