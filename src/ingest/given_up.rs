//! What a statement says is given up: `switched from Todoist to TickTick`, `ten bags, not six`, `Ivo instead of Ana`.
//!
//! It is the surest sign of an update: the newer statement names the older one's value, and says that it is not so.

use super::claim::{Claim, Value, Word};
use super::lexicon::DETERMINERS;
use super::update::{Fit, is_same};
use super::words::{Class, Token, at_any, low, phrase_at};

/// A value is no longer than this, in words.
const LONGEST: usize = 5;
/// Verbs that give something up: for something else, or altogether.
const LEAVES: &str = "switched|switch|switching|moved|moving|changed|changing|went|gone|migrated|upgraded|downgraded|converted|renamed|\
    rebranded|transferred|shifted|extended|postponed|raised|lowered|reduced|cut|increased|bumped|rescheduled|pushed|dropped|grown|rose|fell";
const SWAPS: &str = "replaced|replacing|replace|swapped|swap|traded|exchanged|ditched|dropped|abandoned|left";

/// Whether `new` says that what `old` says is given up.
pub(super) fn gives_up(old: &Claim, new: &Claim) -> Option<Fit> {
    let gone = values(new).into_iter().find(|&(from, to)| is_value_of(old, new, from, to))?;
    let is_gone = |word: &Word| gone_words(new, gone).any(|w| is_same(w, word));
    let rest = old.words.iter().enumerate().filter(|(i, w)| !w.is_joint && !is_gone(w) && *i != old.lexical());
    let rest: Vec<&Word> = rest.map(|(_, w)| w).filter(|w| w.stem != "user").collect();
    let held = rest.iter().filter(|w| new.words.iter().any(|own| is_same(own, w))).count();
    let same_verb = old.verb_stem() == new.verb_stem() && old.is_of_user() == new.is_of_user();
    // Nothing else said: whose it is has to be the same, and what is done with it. A number is of everything else that is said.
    let number = gone_words(new, gone).any(|w| matches!(w.value, Some(Value::Number(_))));
    let about = if rest.is_empty() { same_verb } else { held * 2 >= rest.len() && (!number || held == rest.len()) };
    about.then_some(Fit { shared: held + 1, because: "the newer one says that it is given up" })
}

/// Where in the tokens what is given up stands.
fn values(new: &Claim) -> Vec<(usize, usize)> {
    let tokens = &new.tokens;
    let end = |from: usize| {
        let rest = tokens.get(from..).unwrap_or_default();
        let stop =
            |t: &Token| !t.is_wordy() || t.is_any("to|for|and|but|because|since|so|as|with|now|today|any|anymore");
        from + rest.iter().take(LONGEST).position(stop).unwrap_or(rest.len().min(LONGEST))
    };
    let mut found = Vec::new();
    for i in 0..tokens.len() {
        let from = match low(tokens, i) {
            "from"
                if (i.saturating_sub(6)..i).any(|j| at_any(tokens, j, LEAVES)) && at_any(tokens, end(i + 1), "to") =>
            {
                i + 1
            }
            "instead" | "rather" if phrase_at(tokens, i, "instead of") || phrase_at(tokens, i, "rather than") => i + 2,
            "not" if i > 1 && tokens.get(i - 1).is_some_and(|t| t.is(",") || t.is("and")) => i + 1,
            word if SWAPS.has(word) && at_any(tokens, end(i + 1), "with|for") => i + 1,
            _ => continue,
        };
        let skip =
            usize::from(tokens.get(from).is_some_and(|t| DETERMINERS.has(&t.low) || t.is_any("the user's|their")));
        if end(from) > from + skip {
            found.push((from + skip, end(from)));
        }
    }
    found
}

fn gone_words(new: &Claim, (from, to): (usize, usize)) -> impl Iterator<Item = &Word> {
    new.words.iter().filter(move |w| (from..to).contains(&w.at) && !w.is_joint)
}

/// Whether the words from there are the value that the older one gives: all of them behind its verb, or its whole subject.
fn is_value_of(old: &Claim, new: &Claim, from: usize, to: usize) -> bool {
    let mut gone = gone_words(new, (from, to)).peekable();
    if gone.peek().is_none() {
        return false;
    }
    let particular = gone_words(new, (from, to)).any(|w| w.value.is_some());
    let behind = |word: &Word| old.words.iter().skip(old.verb + 1).any(|own| is_same(own, word));
    let last = old.words.iter().rev().find(|w| !w.is_joint);
    let ends = last.is_some_and(|last| gone_words(new, (from, to)).any(|w| is_same(w, last)));
    gone.all(behind) && (particular || ends)
}
