//! How much of a question's words each message has, its neighbours and its session counted in.

use super::memories::rarity;
use super::pool::Pool;
use super::relations::{SHARE, related};
use crate::index::MessageIndex;
use crate::text::Term;

/// How much of a neighbour's word counts as said here: of the turn before, the one before that, and the turn after.
const BEFORE: f32 = 0.7;
const TWO_BEFORE: f32 = 0.4;
const AFTER: f32 = 0.5;

/// The share of the question's words, by their rarity, that each row has with its neighbours, and that its session has.
pub(super) struct Shares {
    /// The question's very words: how surely it is spoken of.
    pub(super) exact: Vec<f32>,
    /// Related words too, as in `session`.
    pub(super) context: Vec<f32>,
    pub(super) session: Vec<f32>,
}

impl Shares {
    pub(super) fn of(index: &MessageIndex, pool: &Pool, asked: &[(Term, f32)]) -> Self {
        let n = pool.docs.len();
        let mut shares = Self { exact: vec![0.0; n], context: vec![0.0; n], session: vec![0.0; n] };
        let total: f32 = asked.iter().map(|(term, weight)| weight * rarity(index.keywords(), term)).sum();
        if total <= 0.0 {
            return shares;
        }
        let mut here = vec![0.0_f32; n];
        for (term, weight) in asked {
            here.fill(0.0);
            let weight = weight / total;
            let said = say(index, pool, &mut here, (term, weight));
            if said {
                add_context(pool, &here, &mut shares.exact);
            }
            let rare = rarity(index.keywords(), term);
            let others = related(term).iter().filter(|other| !asked.iter().any(|(known, _)| known == *other));
            let said_otherwise = others.fold(false, |said, other| {
                // A related word never counts for more than the word it stands for would.
                let share = SHARE * (rare / rarity(index.keywords(), other)).min(1.0);
                say(index, pool, &mut here, (other, share * weight)) || said
            });
            if said || said_otherwise {
                add_context(pool, &here, &mut shares.context);
                let best = pool.best_of_session(&here);
                shares.session.iter_mut().zip(best).for_each(|(sum, best)| *sum += best);
            }
        }
        shares
    }
}

/// Raises each row to what a weighed term scores there. Whether any document has the term.
fn say(index: &MessageIndex, pool: &Pool, here: &mut [f32], term: (&Term, f32)) -> bool {
    index.keywords().score_wanted(
        term,
        |doc| pool.has(doc),
        |doc, score| {
            if let Some(slot) = pool.row(doc).and_then(|row| here.get_mut(row)) {
                *slot = slot.max(score);
            }
        },
    )
}

/// Adds to each row the most that it or a neighbour says.
fn add_context(pool: &Pool, here: &[f32], sums: &mut [f32]) {
    for (row, (own, sum)) in here.iter().zip(sums).enumerate() {
        let near = |by, share: f32| pool.near(here, row, by).unwrap_or(0.0) * share;
        *sum += [*own, near(-1, BEFORE), near(-2, TWO_BEFORE), near(1, AFTER)].into_iter().fold(0.0, f32::max);
    }
}
