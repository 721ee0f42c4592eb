//! People who are known by what they are to the speaker: `my mother-in-law`. "She" in the next sentence is the one that
//! was named, when there is only one.

use super::lexicon::{AUXILIARIES, is_adverb, is_participle};
use super::words::{Class, Kind, Token, at, at_any, low};
use crate::dates::{MONTHS, WEEKDAYS};

const WOMEN: &str = "mother|mum|mom|mam|mama|sister|daughter|wife|missus|girlfriend|aunt|auntie|niece|grandmother|grandma|granny|gran|nan|\
    nana|mother-in-law|sister-in-law|daughter-in-law|stepmother|stepmum|stepmom|stepsister|stepdaughter|fiancée|\
    landlady|godmother|goddaughter";
const MEN: &str = "father|dad|papa|brother|son|husband|hubby|boyfriend|uncle|nephew|grandfather|grandpa|grandad|granddad|father-in-law|\
    brother-in-law|son-in-law|stepfather|stepdad|stepbrother|stepson|fiancé|landlord|godfather|godson";
const EITHER: &str = "partner|spouse|child|kid|baby|toddler|teenager|cousin|friend|mate|boss|manager|colleague|coworker|co-worker|\
    flatmate|roommate|housemate|neighbour|neighbor|teacher|tutor|doctor|dentist|therapist|gp|physio|coach|trainer|\
    grandchild|grandson|granddaughter|parent|sibling|twin|assistant|intern|client|supervisor|mentor|accountant|\
    lawyer|nanny|babysitter|childminder|godchild|fiance|fiancee|ex|ex-wife|ex-husband|dog|cat|puppy|kitten|horse";

fn is_kin(word: &str) -> bool {
    WOMEN.has(word) || MEN.has(word) || EITHER.has(word)
}

/// Whether a clause starts with `the wife`, `the kid`: someone's own, though it does not say so.
pub(super) fn starts_with_own(tokens: &[Token]) -> bool {
    at(tokens, 0, "the")
        && at_any(tokens, 1, "wife|missus|hubby|husband|mrs|girlfriend|boyfriend|mother-in-law|father-in-law")
}

/// `the missus is …` → `my missus is …`.
pub(super) fn owned(tokens: &[Token]) -> Vec<Token> {
    let mut out = tokens.to_vec();
    if starts_with_own(tokens)
        && let Some(first) = out.first_mut()
    {
        *first = Token { spaced: first.spaced, ..Token::word("my") };
    }
    out
}

/// The one person that a statement names by what they are to the speaker, when nobody else in it could be meant.
pub(super) fn only_person(tokens: &[Token]) -> Option<Vec<Token>> {
    let mut people = (0..tokens.len()).filter(|&i| is_kin(low(tokens, i)) && !at(tokens, i + 1, "'s"));
    let (noun, other) = (people.next()?, people.next());
    let start = (noun.saturating_sub(3)..noun).rev().find(|&i| at_any(tokens, i, &["my", "our"]))?;
    let between = tokens.get(start + 1..noun)?;
    if other.is_some()
        || between.iter().any(|t| t.kind != Kind::Word || t.low.starts_with('\'') || AUXILIARIES.has(&t.low))
    {
        return None;
    }
    let named = tokens.get(noun + 1..)?.iter().take_while(|t| t.is_capitalised() && !t.is("i")).count();
    let end = noun + 1 + named;
    let stranger = |(i, t): (usize, &Token)| {
        let inside = i == 0 || (start..end).contains(&i);
        let place = i > 0 && at_any(tokens, i - 1, "in|at|from|near|to|on|by|for");
        let time = WEEKDAYS.contains(&t.low.as_str()) || MONTHS.contains(&t.low.as_str());
        t.is_capitalised() && !t.is("i") && !inside && !place && !time
    };
    (!tokens.iter().enumerate().any(stranger)).then(|| tokens.get(start..end).unwrap_or_default().to_vec())
}

/// A clause about `he` or `she`, with the one who was named in the pronoun's place.
pub(super) fn with_antecedent(tokens: &[Token], person: &[Token]) -> Option<Vec<Token>> {
    let (female, male) = (at_any(tokens, 0, &["she", "her"]), at_any(tokens, 0, &["he", "his"]));
    let other_sex =
        (female && person.iter().any(|t| t.is_any(MEN))) || (male && person.iter().any(|t| t.is_any(WOMEN)));
    let subject = at_any(tokens, 0, &["he", "she"]);
    let owns = tokens.get(1).is_some_and(|t| t.kind == Kind::Word && !is_adverb(&t.low) && !AUXILIARIES.has(&t.low));
    if other_sex || !(subject || ((female || male) && owns)) {
        return None;
    }
    let mut out = person.to_vec();
    if !subject {
        out.push(Token { spaced: false, ..Token::word("'s") });
    }
    let mut rest = tokens.get(1..).unwrap_or_default();
    // "He's" is "he is" or "he has"; behind a name it would read as a genitive.
    if subject && at(rest, 0, "'s") {
        let has =
            rest.iter().skip(1).find(|t| !is_adverb(&t.low)).is_some_and(|t| t.is("got") || is_participle(&t.low));
        let been = has && !at_any(rest, 1, "called|named|married|retired|based|allergic|interested|divorced");
        out.push(Token::word(if been { "has" } else { "is" }));
        rest = rest.get(1..).unwrap_or_default();
    }
    out.extend(rest.iter().cloned());
    Some(out)
}
