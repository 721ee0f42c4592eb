//! A lane for what always holds: instructions to the agent and what the user prefers. No question resembles them, so they keep a few of
//! the last places of the evidence when none of their own.

use super::memories::RankedMemory;
use super::messages::RankedMessage;
use super::numbers::ByNumber;
use crate::index::{MemoryIndex, ProfileIndex};
use crate::model::MemoryType;
use crate::text::terms;

/// One place of the evidence in so many.
const SHARE: usize = 5;
/// Words of what somebody prefers.
const PREFERS: &str = "prefer preference rather";

/// The messages that give evidence, best first: the best, and in the last places those of the best standing memories that are not among
/// them. In a talk between persons nobody instructs the agent: messages that name their speaker have no lane.
pub(super) fn with_lane(
    index: &ProfileIndex,
    ranked: &[RankedMessage],
    memories: &[RankedMemory],
    limit: usize,
) -> Vec<RankedMessage> {
    let mut best: Vec<RankedMessage> = ranked.iter().take(limit).copied().collect();
    let mut lane = match limit / SHARE {
        0 => return best,
        places => standing(index, memories, places),
    };
    let kept = best.len() - lane.len().min(best.len());
    lane.retain(|doc| !best.iter().take(kept).any(|message| message.doc == *doc));
    let lane = lane.iter().filter_map(|doc| ranked.iter().find(|message| message.doc == *doc)).copied();
    let lane: Vec<RankedMessage> = lane.collect();
    best.truncate(limit - lane.len());
    best.extend(lane);
    best
}

/// The messages of the standing memories nearest to the question, `places` at most.
fn standing(index: &ProfileIndex, memories: &[RankedMemory], places: usize) -> Vec<u32> {
    let preferences = preferences(&index.memories);
    let stands = |memory: &&RankedMemory| {
        let kind = index.memories.doc(memory.doc).map(|known| known.kind);
        kind == Some(MemoryType::Instruction) || preferences.contains_key(&memory.doc)
    };
    let mut standing: Vec<&RankedMemory> = memories.iter().filter(stands).collect();
    standing.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(b.id.cmp(&a.id)));
    let mut lane: Vec<u32> = Vec::new();
    for memory in standing {
        let sources = index.memories.doc(memory.doc).map_or(&[][..], |known| &known.sources);
        let of_agent = sources
            .iter()
            .filter_map(|id| index.messages.doc_of(*id))
            .find(|doc| index.messages.doc(*doc).is_some_and(|known| known.speaker.is_none()));
        lane.extend(of_agent.filter(|doc| !lane.contains(doc)));
        if lane.len() == places {
            break;
        }
    }
    lane
}

/// Memories that tell what somebody prefers.
fn preferences(index: &MemoryIndex) -> ByNumber<f32> {
    let mut found = ByNumber::default();
    let words: Vec<_> = terms(PREFERS).into_iter().map(|term| (term, 1.0)).collect();
    index.keywords().score_all(&words, |doc, score| {
        found.insert(doc, score);
    });
    found
}
