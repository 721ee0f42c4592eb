//! Who owes what to whom: tasks that no "need to" tells, and wishes that are rules.

use super::date_words::has_date;
use super::lexicon::{DETERMINERS, POSSESSIVES, is_adverb};
use super::verbs::{Time, command, main_verb};
use super::words::{Class, Token, at, at_any, has_any, low, phrase_at};

/// What can be delivered: someone who will do it has something to do.
const DELIVER: &str = "bring|send|call|ring|email|text|buy|fix|finish|write|prepare|submit|book|pay|order|return|clean|update|review|\
    ask|arrange|organise|organize|drop|hand|post|forward|share|draft|chase|collect|deliver|sort|renew|cancel|repair|mend|\
    check|install|sign|confirm|print|pack|paint|regulate|tune|file|upload|replace|feed|water|pick|lend|translate|edit";
/// What puts someone under a duty, in front of what is to be done.
const BOUND: &str = "is supposed to|are supposed to|'s supposed to|'m supposed to|am supposed to|was supposed to|is meant to|are meant to|must|\
    has to|have to|needs to|need to|has promised to|promised to|have promised to|has agreed to|agreed to|offered to|\
    has offered to|volunteered to|is to|are to|will|'ll|is going to|still has to|still needs to";
/// What has to be done next, whoever does it.
const NEXT: &str = "next step is to|next steps are to|the next step is to|next thing is to|next is to|my next step is to|next job is to|\
    what 's left is to|all that 's left is to|remains to|still to do :|left to do :";

/// Whether a statement says that someone has something to do.
pub(super) fn is_duty(tokens: &[Token]) -> bool {
    if NEXT.any(|next| phrase_at(tokens, 0, next)) || has_any(tokens, "has yet to|have yet to|'ve yet to") {
        return true;
    }
    if has_any(tokens, "every|each|always|usually|never|if|when") {
        return false;
    }
    needs_doing(tokens) || owes(tokens) || is_bound(tokens)
}

/// `the fence still needs painting`.
fn needs_doing(tokens: &[Token]) -> bool {
    (1..tokens.len().min(10)).any(|i| {
        let form = low(tokens, i + 1);
        // "she's vegan, so restaurants need checking": first of all, she is vegan.
        let first = main_verb(tokens.get(..i).unwrap_or_default()).0 == Time::None;
        first
            && at_any(tokens, i, "needs|need|wants")
            && form.len() > 5
            && form.ends_with("ing")
            && tokens.get(i + 2).is_none_or(|t| !t.is_any(&["is", "was"]))
            && !"housing|training|nothing|something|anything|parking|funding".has(form)
    })
}

/// `Omar still owes me the keys`.
fn owes(tokens: &[Token]) -> bool {
    (1..tokens.len().min(8)).any(|i| at_any(tokens, i, "owes|owe") && at(tokens, i - 1, "still"))
}

/// `Leila is supposed to send the slides`, `I'll bring the sweets`: a person, a duty, and something that can be done.
fn is_bound(tokens: &[Token]) -> bool {
    let Some(verb) = (1..tokens.len().min(9)).find(|&i| BOUND.any(|bound| phrase_at(tokens, i, bound))) else {
        return false;
    };
    let length =
        BOUND.split('|').filter(|b| phrase_at(tokens, verb, b)).map(|b| b.split(' ').count()).max().unwrap_or(1);
    let mut to = verb + length;
    while tokens.get(to).is_some_and(|t| is_adverb(&t.low)) {
        to += 1;
    }
    let person = at_any(tokens, 0, "i|we|he|she|they|my|our")
        || tokens.first().is_some_and(|t| t.is_capitalised() && !DETERMINERS.has(&t.low) && !POSSESSIVES.has(&t.low));
    person && DELIVER.has(low(tokens, to)) && tokens.len() > to + 1
}

/// What someone would like of the agent, told as a wish: what is asked for, when it is a rule and no single favour.
pub(super) fn wished_rule(clause: &[Token]) -> Option<&[Token]> {
    const WISHES: &str = "i 'd like you to|i would like you to|i want you to|i need you to|i 'd love you to|i 'd prefer you to|\
        i would prefer you to|i 'd love it for you to|i expect you to";
    let length = WISHES.split('|').find(|w| phrase_at(clause, 0, w))?.split(' ').count();
    let rest = clause.get(length..)?;
    let told = command(rest).is_some() && super::kind::classify(rest).0 == crate::model::MemoryType::Instruction;
    told.then_some(rest)
}

/// `It would help if you …`, `feel free to …`, `no need to …`.
pub(super) fn is_gentle_rule(clause: &[Token]) -> bool {
    const GENTLE: &str = "it would help if you|it 'd help if you|it helps if you|it helps when you|it helps me if you|it helps me when you|\
        i 'd appreciate it if you|i would appreciate it if you|i appreciate it when you|i 'd be grateful if you|feel free to|\
        please feel free to|no need to|there 's no need to|you do n't need to|you do n't have to|you need n't|you can skip|you can always";
    let this_once = has_any(
        clause,
        "this|that|it for me|today|right now|these|those|reply to|apologise|apologize|worry|rush|thank",
    );
    GENTLE.any(|gentle| phrase_at(clause, 0, gentle)) && (!this_once || has_any(clause, super::kind::STANDING))
}

/// `I'd like the recap each Friday, in Portuguese`: how something that is made for the user again and again should look.
pub(super) fn wishes_form(tokens: &[Token]) -> bool {
    const OUTPUTS: &str = "recap|report|reports|digest|summary|summaries|update|updates|briefing|briefings|answers|replies|reminders|notes|\
        minutes|lists|emails|messages|transcript|transcripts|overview|newsletter|agenda|captions|translations";
    let wish = [
        "i 'd like",
        "i would like",
        "i want",
        "i prefer",
        "i 'd prefer",
        "i like",
        "we 'd like",
        "we want",
        "we prefer",
    ];
    let Some(length) = wish.iter().find(|w| phrase_at(tokens, 0, w)).map(|w| w.split(' ').count()) else {
        return false;
    };
    let start = length + usize::from(at_any(tokens, length, "the|my|our|your|all"));
    let thing = (start..start + 3).any(|i| at_any(tokens, i, OUTPUTS));
    let form = has_any(tokens, "in|as|each|every|by|no longer than|short|shorter|brief|without|at|under|before");
    let again = has_any(tokens, "each|every") || !has_date(tokens);
    thing && form && again
}

#[cfg(test)]
mod tests {
    use super::super::words::{join, tokenize};
    use super::*;

    #[test]
    fn duties_are_told_from_what_is_so() {
        for (text, duty) in [
            ("Leila is supposed to send the slides", true),
            ("the fence still needs painting", true),
            ("Omar still owes me the ladder", true),
            ("next step is to rewire the loft", true),
            ("Bo has yet to sign the lease", true),
            ("I'll bring the salad", true),
            ("my uncle promised to fix the gate", true),
            ("my sister has to wear glasses", false),
            ("it will rain", false),
            ("the area needs housing", false),
            ("Ida is coeliac so menus need checking", false),
            ("she always has to book early", false),
        ] {
            assert_eq!(is_duty(&tokenize(text)), duty, "{text}");
        }
    }

    #[test]
    fn wishes_about_answers_are_rules() {
        assert_eq!(
            wished_rule(&tokenize("I'd like you to answer in French")).map(join).as_deref(),
            Some("answer in French")
        );
        assert_eq!(wished_rule(&tokenize("I'd like you to book a table")).map(join), None);
        for (text, rule) in [
            ("it would help if you listed the sources first", true),
            ("feel free to swear", true),
            ("no need to worry", false),
        ] {
            assert_eq!(is_gentle_rule(&tokenize(text)), rule, "{text}");
        }
        assert!(wishes_form(&tokenize("I'd like the digest every Monday, in Welsh")));
        assert!(!wishes_form(&tokenize("I'd like the soup")));
    }
}
