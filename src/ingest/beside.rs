//! Signs that two statements stand beside each other, however much alike they look: they speak of other times, places or persons, or of
//! one more of what somebody can have or do several of. What the reader takes for an update is none then.

use super::change::Cue;
use super::claim::{CHANGES, Claim, Word};
use super::update::{GATHERING, is_person_alone, is_same};
use super::words::{Class, has_any};

/// Words of which one statement has one and the other another, when they speak of different things.
const CONTRASTS: &[&str] = &[
    "weekday|weekend",
    "summer|winter|spring|autumn",
    "staging|production|prod|dev",
    "upstairs|downstairs",
    "inbound|outbound",
    "upload|download",
    "breakfast|lunch|dinner",
    "kitchen|bathroom|bedroom|hallway|attic|cellar",
    "son|daughter|wife|husband|mother|mum|mom|father|dad|brother|sister|aunt|uncle|cousin|nephew|niece|grandma|grandpa|granny|grandad",
    "cat|dog|horse|hamster|rabbit|parrot",
];

/// Whether an older and a newer statement stand beside each other.
pub(super) fn stand_beside(old: &Claim, new: &Claim) -> bool {
    contrast(old, new) || another_of_several(old, new) || other_subject(old, new)
}

/// Whether one has a word of a family, and the other only others of it.
fn contrast(old: &Claim, new: &Claim) -> bool {
    let of = |claim: &Claim, family: &str| -> Vec<String> {
        let low = claim.tokens.iter().map(|t| t.low.trim_end_matches('s'));
        low.filter(|word| family.has(word)).map(str::to_owned).collect()
    };
    CONTRASTS.iter().any(|family| {
        let (old, new) = (of(old, family), of(new, family));
        !old.is_empty() && !new.is_empty() && !old.iter().any(|word| new.contains(word))
    })
}

/// `has a cat`, `has a dog now`: nothing is shared but who, and a verb that gathers.
fn another_of_several(old: &Claim, new: &Claim) -> bool {
    let gathers = GATHERING.has(old.verb_stem()) && old.verb_stem() == new.verb_stem();
    let object = old.words.iter().skip(old.lexical() + 1).filter(|w: &&Word| !w.is_joint && w.stem != "user");
    let shared = object.clone().any(|w| new.words.iter().any(|own| is_same(own, w)));
    gathers && !shared && !has_any(&new.tokens, CHANGES) && new.cue.is_none_or(|cue| cue <= Cue::Now)
}

/// `Kofi plays in our band`, `Aiko plays in our band`; `sprint 12 ends`, `sprint 13 ends`: what is spoken of has another name or number.
fn other_subject(old: &Claim, new: &Claim) -> bool {
    // A name that opens a statement is known as one only when it stands alone.
    fn named(claim: &Claim) -> impl Iterator<Item = &Word> {
        let alone = is_person_alone(claim);
        claim
            .subject()
            .iter()
            .filter(move |word| word.value.is_some() || (alone && word.stem != "user" && !word.is_joint))
    }
    let told = named(old).next().is_some() && named(new).next().is_some();
    told && named(old).all(|word| !new.words.iter().any(|own| is_same(own, word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_each_other_is_seen() {
        for (old, new, beside) in [
            ("Send me the summary at 7:15 on weekdays", "On weekends send me the summary at 9:45", true),
            ("Staging runs 1.27", "production is on 1.30 now", true),
            ("My son is 7", "my daughter is 9 now", true),
            ("I have a cat", "I have a dog now", true),
            ("Ana plays in our band", "Ben plays in our band now", true),
            ("Sprint 12 ends on Friday", "sprint 13 ends on Thursday now", true),
            ("I have a cat", "I no longer have a cat", false),
            ("My desk is on floor 2", "my desk is on floor 3 now", false),
            ("The user plays goalkeeper for Harrow", "The user plays left back for Harrow now", false),
            ("Staging runs 1.27", "staging is on 1.30 now", false),
            ("Ana leads the choir", "Ben has taken over the choir from Ana", false),
        ] {
            assert_eq!(stand_beside(&Claim::of(old), &Claim::of(new)), beside, "{old} / {new}");
        }
    }
}
