//! Two statements that are the same but for one stretch of words: whether it holds the value of one thing.

use super::change::Cue;
use super::claim::{Claim, Value, Word};
use super::lexicon::PREPOSITIONS;
use super::update::{
    GATHERING, ROLES, SEVERAL, STANDING, TIMES, has_definite_object, is_one_of_several, is_person_alone, is_same,
    is_unit,
};
use super::verbs::Time;
use super::words::{Class, Token, at_any};

/// The one stretch of words in which two statements differ.
pub(super) struct Slot {
    from: usize,
    old_to: usize,
    new_to: usize,
    /// How many words stand around it.
    pub shared: usize,
}

/// The stretch in which the statements differ, when all before and behind it is the same.
pub(super) fn aligned(old: &Claim, new: &Claim) -> Option<Slot> {
    let same = |(a, b): &(&Word, &Word)| is_same(a, b);
    let from = old.words.iter().zip(&new.words).take_while(same).count();
    let longest = old.words.len().min(new.words.len()).checked_sub(from)?;
    let behind = old.words.iter().rev().zip(new.words.iter().rev()).take(longest).take_while(same).count();
    let (old_to, new_to) = (old.words.len() - behind, new.words.len() - behind);
    let sizes = (1..=4).contains(&(old_to - from)) && (1..=4).contains(&(new_to - from));
    let kept = old.words.get(..from)?.iter().chain(old.words.get(old_to..)?);
    let shared = kept.filter(|w| !w.is_joint).count();
    let framed = from > 0 || (shared > 0 && old.verb == old_to && new.verb == new_to);
    (sizes && framed).then_some(Slot { from, old_to, new_to, shared })
}

/// How many words two statements share that differ in several values of one thing, each of one kind: `my desk is seat 3-118 on
/// the third floor`. Either the thing is one that is owned, or the newer says that something changed.
pub(super) fn several_values(old: &Claim, new: &Claim) -> Option<usize> {
    if old.words.len() != new.words.len() || old.verb != new.verb || GATHERING.has(old.verb_stem()) {
        return None;
    }
    let pairs = old.words.iter().zip(&new.words).enumerate();
    let differing: Vec<(usize, (&Word, &Word))> = pairs.filter(|(_, (a, b))| !is_same(a, b)).collect();
    let kind = |word: &Word| word.value.as_ref().map(std::mem::discriminant);
    let alike = |&(i, (a, b)): &(usize, (&Word, &Word))| i > old.verb && a.value.is_some() && kind(a) == kind(b);
    let owned = old.is_copular() && is_one_owned_thing(old) && is_one_owned_thing(new);
    let told = new.cue.is_some() && (!old.is_of_user() || old.is_copular());
    let shared = old.words.iter().filter(|w| !w.is_joint).count().checked_sub(differing.len())?;
    ((2..=3).contains(&differing.len()) && differing.iter().all(alike) && shared > 0 && (owned || told))
        .then_some(shared)
}

impl Slot {
    /// Whether it holds one value of the same thing in both.
    pub(super) fn fits(&self, old: &Claim, new: &Claim) -> bool {
        if old.verb != new.verb {
            return false;
        }
        if self.from == 0 {
            return Self::is_role(old, new);
        }
        let strong = new.cue.is_some_and(|cue| cue > Cue::Now);
        let verbless = old.verb == old.words.len() && self.shared >= 2 && new.cue.is_some();
        if self.from <= old.verb && !verbless || old.subject().is_empty() && self.shared < 2 && !strong {
            return false;
        }
        let (old_values, new_values) = (
            old.values(|i, _| (self.from..self.old_to).contains(&i)),
            new.values(|i, _| (self.from..self.new_to).contains(&i)),
        );
        let old_slot = old.words.get(self.from..self.old_to).unwrap_or_default();
        let new_slot = new.words.get(self.from..self.new_to).unwrap_or_default();
        if self.is_relation(old) && is_place(old_slot) && is_place(new_slot) {
            return true;
        }
        if !is_one_value(old, old_slot) || !is_one_value(new, new_slot) {
            return false;
        }
        // "prefers aisle seats on planes", "prefers window seats on planes now": of what is said behind, one is preferred.
        let framed = self.old_to < old.words.len() && new.cue.is_some() && old.verb_stem() == "prefer";
        // "likes window seats best": one thing is.
        let best = old.words.iter().chain(&new.words).filter(|w| w.stem == "best" || w.stem == "most").count() == 2;
        if best && self.shared >= 3 && self.from == old.lexical() + 1 {
            return true;
        }
        let gathering = GATHERING.has(old.verb_stem()) && !framed;
        let common = old_values.intersection(&new_values).next();
        // What the value is of: the subject, when a person is not all there is of it.
        let of_thing = old.is_copular() && !old.is_of_user();
        // "indent with tabs", "indent with four spaces": how one thing is done.
        let manner =
            self.from.checked_sub(1).and_then(|i| old.words.get(i)).is_some_and(|w| "with|in|as|by".has(&w.stem));
        let commands = old.verb == 0 && old.time == Time::None && new.time == Time::None;
        if commands && manner && self.shared >= 3 {
            return true;
        }
        match common {
            Some(Value::Name) if new.cue.is_none() && (self.is_identity(old, new) || self.is_agent(old, new)) => true,
            Some(Value::Number(_)) if new.cue.is_none() => of_thing || !gathering && !self.is_named(old),
            Some(Value::Clock | Value::Weekday | Value::Date) if new.cue.is_none() => of_thing && self.is_bare(old),
            Some(Value::Name) if new.cue.is_none() => false,
            Some(Value::Number(_)) => true,
            Some(Value::Name) => strong || of_thing || STANDING.has(old.verb_stem()),
            Some(_) => strong || !gathering,
            // "with two sugars", "with sweetener now": another kind of value in the same place.
            None if new.cue.is_some() && !gathering && self.shared >= 2 && self.is_behind_joint(old) => true,
            None if new.cue.is_none() || !old_values.is_empty() || !new_values.is_empty() => false,
            None => strong || self.is_plain(old, new, of_thing),
        }
    }

    /// `Bo is our captain` and `Ida is our captain now`: one fills the place.
    fn is_role(old: &Claim, new: &Claim) -> bool {
        let verb = old.words.get(old.verb).map_or("", |w| w.stem.as_str());
        !is_one_of_several(old)
            && ROLES.has(verb)
            && new.cue.is_some()
            && is_person_alone(old)
            && is_person_alone(new)
            && has_definite_object(old)
    }

    /// Whether a name stands right before the value: `speaks HTTP 2`.
    fn is_named(&self, old: &Claim) -> bool {
        self.from.checked_sub(1).and_then(|i| old.words.get(i)).is_some_and(|w| w.value == Some(Value::Name))
    }

    /// `Our ingress is X` and `our ingress is Y`, `my amp is an X` and `my amp is a Y`: one owned thing, which one name identifies.
    fn is_identity(&self, old: &Claim, new: &Claim) -> bool {
        old.is_copular()
            && self.from == old.verb + 1
            && self.is_named_to_the_end(old, new)
            && self.has_article(old) == self.has_article(new)
            && is_one_owned_thing(old)
            && is_one_owned_thing(new)
    }

    /// `My class is taught by X` and `my class is taught by Y`: who does it for the one thing that is owned.
    fn is_agent(&self, old: &Claim, new: &Claim) -> bool {
        self.from.checked_sub(1).and_then(|i| old.words.get(i)).is_some_and(|w| w.stem == "by")
            && self.is_named_to_the_end(old, new)
            && is_one_owned_thing(old)
            && is_one_owned_thing(new)
    }

    /// Whether both values are names alone, with nothing behind them: "from Lisbon" is where, and "German" what kind.
    fn is_named_to_the_end(&self, old: &Claim, new: &Claim) -> bool {
        let named = |claim: &Claim, to: usize| {
            let slot = claim.words.get(self.from..to).unwrap_or_default();
            let adjective = |t: &Token| ["ish", "ese", "ian", "ean", "an", "ic"].iter().any(|end| t.low.ends_with(end));
            to == claim.words.len()
                && slot.iter().all(|w| w.value == Some(Value::Name))
                && (self.from..to).all(|i| claim.token(i).is_some_and(|t| !adjective(t)))
        };
        named(old, self.old_to) && named(new, self.new_to)
    }

    /// Whether `a` stands before the value.
    fn has_article(&self, claim: &Claim) -> bool {
        let first = claim.words.get(self.from).map_or(0, |w| w.at);
        first > 0 && at_any(&claim.tokens, first - 1, "a|an")
    }

    /// Whether a preposition stands right before the value.
    fn is_behind_joint(&self, old: &Claim) -> bool {
        self.from.checked_sub(1).and_then(|i| old.words.get(i)).is_some_and(|w| w.is_joint && PREPOSITIONS.has(&w.stem))
    }

    /// Whether nothing but a preposition stands between the verb and the value, or that it is set: `is due on`.
    fn is_bare(&self, old: &Claim) -> bool {
        const SET: &str = "due|schedul|set|book|plan|expect|fix|slate";
        old.words.get(old.verb + 1..self.from).unwrap_or_default().iter().all(|w| w.is_joint || SET.has(&w.stem))
    }

    /// Whether it is what a person is tied to by a verb and its preposition, one at a time: `works at`, `lives in`.
    fn is_relation(&self, old: &Claim) -> bool {
        const RELATIONS: &[(&str, &str)] = &[
            ("work", "at|for"),
            ("live", "in|at|on"),
            ("bank", "with"),
            ("studi", "at"),
            ("report", "to"),
            ("go", "to"),
        ];
        let joint = self.from.checked_sub(1).and_then(|i| old.words.get(i)).map_or("", |w| w.stem.as_str());
        let verb = old.verb_stem();
        let tied = RELATIONS.iter().any(|(own, joints)| *own == verb && joints.has(joint));
        let direct = self.from == old.lexical() + 2;
        let person = old.is_of_user() || is_person_alone(old) || is_one_owned_thing(old);
        // One goes to many places, a child to one school.
        let alone = verb != "go" || (is_person_alone(old) && self.old_to == old.words.len());
        tied && direct && person && alone
    }

    /// Plain words as values: of a thing, or behind a preposition of a verb with one place (`heats with gas`).
    fn is_plain(&self, old: &Claim, new: &Claim, of_thing: bool) -> bool {
        let behind =
            old.words.get(self.from - 1).is_some_and(|w| w.is_joint && w.stem != "be" && PREPOSITIONS.has(&w.stem));
        let person = old.subject().iter().any(|w| SEVERAL.has(&w.stem) || w.stem == "user") || is_person_alone(old);
        let thing = of_thing && !person && self.has_article(old) == self.has_article(new);
        thing || (behind && STANDING.has(old.verb_stem()))
    }
}

/// Whether a slot holds one value and nothing it could be the value of: `50 mg`, `green`, not `50 mg of zinc`.
fn is_one_value(claim: &Claim, slot: &[Word]) -> bool {
    let valued = slot.iter().any(|w| w.value.is_some());
    // "940 a month"
    let rated = |i: usize, w: &Word| {
        i > 0 && TIMES.has(&w.stem) && matches!(slot.first().map(|w| &w.value), Some(Some(Value::Number(_))))
    };
    let unvalued = slot.iter().enumerate().filter(|(i, w)| !w.is_joint && w.value.is_none() && !rated(*i, w));
    let plain = unvalued.filter(|(_, w)| !is_unit(claim, w)).count();
    let joint = slot.iter().skip(1).any(|w| w.is_joint);
    // "three cousins in Malmö": how many, and where.
    let counted = slot.iter().any(|w| matches!(w.value, Some(Value::Number(Some(_)))));
    let two = joint && counted && slot.iter().any(|w| w.value == Some(Value::Name));
    if valued { plain == 0 && !two } else { plain <= 2 && !joint }
}

/// Whether a slot holds one place, whatever is said of where that is: `a bakery in Olten`.
fn is_place(slot: &[Word]) -> bool {
    let timed = |w: &Word| matches!(w.value, Some(Value::Clock | Value::Weekday | Value::Date | Value::Number(_)));
    let mut joints = slot.iter().filter(|w| w.is_joint);
    let placed = joints.next().is_none_or(|w| "in|on|at|of|near".has(&w.stem)) && joints.next().is_none();
    placed && slot.first().is_some_and(|w| !w.is_joint) && !slot.iter().any(timed)
}

/// Whether the subject is one thing that the user owns, of a kind of which people have one.
fn is_one_owned_thing(claim: &Claim) -> bool {
    let verb_at = claim.words.get(claim.verb).map_or(0, |w| w.at);
    let subject = claim.tokens.get(..verb_at).unwrap_or_default();
    at_any(&claim.tokens, 0, "the user's|my|our")
        && !subject.iter().any(|t| t.is_any("are|one|some|other|another|first|second"))
        && !claim.subject().iter().any(|w| SEVERAL.has(&w.stem))
}
