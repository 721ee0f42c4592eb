//! What says that something is no longer as it was: `now`, `moved to`, `a new`, `no longer`.
//!
//! A small closed class of words of grammar, never of topics. A cue alone replaces nothing: it licenses replacing the one
//! memory that is about the same thing.

use crate::dates::WEEKDAYS;

use super::lexicon::{DETERMINERS, THIRD_PERSON, is_adverb};
use super::verbs::{Time, main_verb};
use super::words::{Class, Token, at_any, has_any, low, phrase_at};

/// How a statement says that something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cue {
    /// `now`, `these days`: it holds now, and may hold beside what held before.
    Now,
    /// `down to 84`, `up to 9 hours`: a measure has another value.
    Level,
    /// `switched to`, `moved … to`, `instead`: it holds in place of something.
    Instead,
    /// `a new dentist`: what fills the same place.
    New,
    /// `taken over`, `replaces`: who fills the same place.
    Successor,
    /// `no longer`, `not … anymore`: something ended.
    Ended,
}

/// A cue and the words it is made of.
#[derive(Default)]
pub(super) struct Cues {
    /// The strongest one.
    pub cue: Option<Cue>,
    /// For each token, whether it is part of a cue.
    pub is_part: Vec<bool>,
}

const PHRASES: &[(Cue, &str)] = &[
    (
        Cue::Now,
        "now|these days|nowadays|currently|at the moment|from now on|from today|going forward|from here on|by now|at present",
    ),
    (Cue::Level, "down to|up to|back to"),
    (
        Cue::Instead,
        "instead|change of plan|change of plans|go back to|going back to|gone back to|went back to|rather than",
    ),
    (Cue::Successor, "taken over|took over|takes over|taking over|replaced|replaces|is replacing|succeeded|succeeds"),
    (Cue::Ended, "no longer|anymore|any more|no more|gone off|went off"),
];
/// Verbs that, with `to`, say what something becomes.
const BECOMES: &str = "switched|switching|changed|changing|moved|moving|pushed|bumped|upped|raised|lowered|cut|dropped|increased|\
    decreased|reduced|extended|shortened|renamed|migrated|upgraded|downgraded|transferred|postponed|rescheduled|\
    shifted|swapped|converted|relocated|rehomed|reassigned|slipped|slid|rose|fell|jumped|grew|climbed|shrank|went|gone|brought|put|set|halved|doubled";
/// The same as commands.
const SET: &str = "switch|change|move|push|bump|raise|lower|cut|drop|increase|decrease|reduce|extend|shorten|rename|upgrade|downgrade|\
    postpone|reschedule|shift|set|update";
/// What says that the new stands beside the old.
const BESIDE: &str = "too|also|as well|another|both|second|additionally|in addition|besides|on top|alongside";

/// Finds what says that something changed.
pub(super) fn cues(tokens: &[Token]) -> Cues {
    let mut found = Cues { cue: None, is_part: vec![false; tokens.len()] };
    if has_any(tokens, BESIDE) {
        return found;
    }
    for i in 0..tokens.len() {
        for (cue, phrases) in PHRASES {
            phrases.any(|phrase| {
                let here = phrase_at(tokens, i, phrase) && !(*cue == Cue::Level && is_destination(tokens, i));
                if here {
                    found.add(*cue, i, phrase.split(' ').count());
                }
                false
            });
        }
        if let Some(to) = becomes(tokens, i) {
            found.add(Cue::Instead, i, 1);
            found.add(Cue::Instead, to, 1);
        }
        if is_new(tokens, i) {
            found.add(Cue::New, i, 1);
        }
        if let Some(length) = from_then_on(tokens, i) {
            found.add(Cue::Now, i, length);
        }
    }
    found
}

impl Cues {
    fn add(&mut self, cue: Cue, from: usize, count: usize) {
        self.cue = self.cue.max(Some(cue));
        self.is_part.iter_mut().skip(from).take(count).for_each(|part| *part = true);
    }
}

/// `as of 2026-05-02`, `from 2026-05-10` at the end: how many tokens say from when it is so.
fn from_then_on(tokens: &[Token], i: usize) -> Option<usize> {
    let opening = ["as of on", "as of", "effective", "with effect from", "starting", "from on", "from"];
    // "1,015 on 2026-11-01": from when on the amount is so.
    let amount = at_any(tokens, i, "on|in") && i > 0 && tokens.get(i - 1).is_some_and(Token::has_digit);
    let found = opening.iter().find(|o| phrase_at(tokens, i, o)).map(|o| o.split(' ').count());
    let length = found.or(amount.then_some(1))?;
    let date = tokens.get(i + length)?;
    let dated = date.has_digit() && date.low.len() >= 7 && date.low.get(4..5) == Some("-")
        || (at_any(tokens, i, "as") && (WEEKDAYS.contains(&date.low.as_str()) || date.is_any("today|now|yesterday")));
    let ends = tokens.get(i + length + 1).is_none_or(|t| !t.is_wordy());
    (i > 2 && dated && ends).then_some(length + 1)
}

/// `went back to Paris`, `drove down to the lake`: no level, unless it is `is down to` or a number follows.
fn is_destination(tokens: &[Token], i: usize) -> bool {
    let digit = tokens.get(i + 2).is_some_and(Token::has_digit);
    let be = i > 0 && at_any(tokens, i - 1, "is|are|'s|'re|'m|am|been");
    !(digit || be)
}

/// Where the `to` of a verb of becoming at `i` stands: before the clause ends.
fn becomes(tokens: &[Token], i: usize) -> Option<usize> {
    if !(at_any(tokens, i, BECOMES) || (i == 0 && at_any(tokens, i, SET))) {
        return None;
    }
    let reach = tokens.iter().enumerate().skip(i + 1).take(9);
    let to = reach.take_while(|(_, t)| t.is_wordy() && !t.is_any("and|but|because|so")).find(|(_, t)| t.is("to"))?.0;
    // "went to", "moved to" a place says nothing of what was before, but for what moved: then it has its own topic.
    let goes = at_any(tokens, i, "went|gone|brought|put|set") && !at_any(tokens, i + 1, "up|down|back|forward");
    (!goes).then_some(to)
}

/// `has a new dentist`, `new number:`, not `new ideas`: one new thing that is had or named.
fn is_new(tokens: &[Token], i: usize) -> bool {
    if !at_any(tokens, i, "new") {
        return false;
    }
    let before = i.checked_sub(1).map_or("", |j| low(tokens, j));
    (i == 0 || "a|the|the user's|'s|their|our".has(before))
        && !low(tokens, i + 1).ends_with("ings")
        && !is_adverb(low(tokens, i + 1))
}

/// Whether a clause that does not quite stand alone tells a change that must not be lost: who or what changed is named
/// ("Jo left that course, she reads law now"), or people in general did it ("they moved the party to the barn").
pub(super) fn tells_change(clause: &[Token]) -> bool {
    let Some(cue) = cues(clause).cue else { return false };
    let Some(first) = clause.first() else { return false };
    let finite = main_verb(clause).0 != Time::None;
    let named = first.is_capitalised() && !first.is_any(DETERMINERS) && !first.is_any(THIRD_PERSON) && !first.is("i");
    let value = clause.iter().skip(2).any(|t| t.has_digit() || t.is_capitalised());
    let people = first.is("they") && cue == Cue::Instead && value && clause.iter().any(|t| t.is_any("the|my|our"));
    finite && ((named && clause.len() >= 5) || people)
}

/// Whether a sentence that says nothing by itself takes back what was said before: what follows it holds in its place.
pub(super) fn takes_back(clause: &[Token]) -> bool {
    const BACK: &str = "scrap that|scratch that|strike that|change of plan|change of plans|plans changed|plan changed|forget that|\
        forget what i said|ignore what i said|never mind that|i was wrong|i misspoke|my mistake|i got that wrong|\
        correction|no wait|oh wait|actually no|not any more|not anymore|that changed|that 's changed|that has changed|\
        things changed|things have changed|it changed|that 's out of date|that 's no longer true|that is no longer true";
    // "New mailbox.": the thing itself, and nothing else.
    let renewed =
        at_any(clause, 0, &["new"]) && super::words::count_words(clause) <= 3 && main_verb(clause).0 == Time::None;
    // "Vet lowered it.": what it was is said next.
    let shifted = clause.len() <= 6
        && clause.windows(2).any(|w| matches!(w, [verb, it] if verb.is_any(BECOMES) && it.is_any("it|that|them")));
    has_any(clause, BACK) || renewed || shifted
}

/// Whether a sentence says nothing but that what was said just before is not so: `Scratch that`, `haha jk`.
pub(super) fn retracts(clause: &[Token]) -> bool {
    const UNSAID: &str = "scratch that|strike that|scrap that|i take that back|i take it back|ignore what i said|forget what i said|\
        ignore that last one|disregard that";
    const JOKED: &str = "jk|just kidding|only kidding|only joking|just joking|i 'm kidding|i 'm joking|i was kidding|i was joking|\
        i made that up|that was a joke|not really , jk";
    let start = clause
        .iter()
        .take_while(|t| !t.is_wordy() || t.is_any("oh|haha|hah|lol|no|ok|wait|actually|ah|sorry|hmm"))
        .count();
    let rest = clause.get(start..).unwrap_or_default();
    UNSAID.any(|p| phrase_at(rest, 0, p))
        || (super::words::count_words(rest) <= 5 && JOKED.any(|p| phrase_at(rest, 0, p)))
}

/// Whether a command takes an earlier one back: `go back to answering in English`.
pub(super) fn goes_back(clause: &[Token]) -> bool {
    phrase_at(clause, 0, "go back to") && low(clause, 3).ends_with("ing") && clause.len() >= 6
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn what_takes_back_what_was_said_is_seen() {
        for (text, back) in [
            ("scrap that, too dear", true),
            ("New address.", true),
            ("the nurse raised it", true),
            ("New shoes hurt my feet", false),
            ("I raised two goats", false),
        ] {
            assert_eq!(takes_back(&tokenize(text)), back, "{text}");
        }
    }

    #[test]
    fn what_was_said_can_be_unsaid() {
        for (text, unsaid) in [
            ("scratch that, Ola did it", true),
            ("haha jk", true),
            ("I was only joking with the vet", false),
            ("change of plan", false),
        ] {
            assert_eq!(retracts(&tokenize(text)), unsaid, "{text}");
        }
    }

    #[test]
    fn cues_of_change_are_seen_and_what_adds_is_not() {
        for (text, cue) in [
            ("the API listens on 9090 now", Some(Cue::Now)),
            ("the user moved the review to Friday", Some(Cue::Instead)),
            ("the user has a new dentist", Some(Cue::New)),
            ("the user is down to 84 kg", Some(Cue::Level)),
            ("Bo has taken over as captain", Some(Cue::Successor)),
            ("the user doesn't eat fish anymore", Some(Cue::Ended)),
            ("the user plays the cello now too", None),
            ("the user went to Rome", None),
            ("the user drove down to the lake", None),
            ("the user likes tea", None),
        ] {
            assert_eq!(cues(&tokenize(text)).cue, cue, "{text}");
        }
    }
}
