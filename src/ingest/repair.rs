//! Slips that are put right in the same breath: `on Wednesday at 3, sorry no, Thursday at 3` → `on Thursday at 3`.

use crate::dates::{WEEKDAYS, number};

use super::clauses::is_clause;
use super::lexicon::PREPOSITIONS;
use super::words::{Class, Kind, Token, at, phrase_at};

/// What says that the words before it were wrong.
const REPAIRS: &str = "sorry no|sorry , no|no sorry|no , sorry|no wait|wait no|wait , no|no , wait|oh wait|oops|actually no|no , actually|\
    no actually|scratch that|strike that|correction|make that|i mean|i meant|sorry i meant|sorry , i meant|sorry|er no|uh no";

/// A kind of value: a slip is put right with another value of its kind.
#[derive(PartialEq, Eq)]
enum Value {
    Weekday,
    Number,
    Name,
}

/// The sentence as it was meant, when it holds a slip and its correction.
pub(super) fn repaired(tokens: &[Token]) -> Option<Vec<Token>> {
    let mark = |t: &Token| matches!(t.text.as_str(), "," | "-" | "–" | "—" | "…" | "..." | "(");
    let (comma, length) = tokens.iter().enumerate().filter(|(i, t)| *i > 1 && mark(t)).find_map(|(i, _)| {
        let found = REPAIRS.split('|').filter(|r| phrase_at(tokens, i + 1, r)).map(|r| r.split(' ').count()).max();
        found.map(|n| (i, n))
    })?;
    let left = tokens.get(..comma)?;
    let mut rest = tokens.get(comma + 1 + length..)?;
    while rest.first().is_some_and(|t| t.kind == Kind::Punct || t.is_any("it|it's|is|'s|to|wait|no|i|mean|meant")) {
        // "sorry, it's on Monday": a statement of its own stays one.
        if is_clause(rest) && !at(rest, 0, "it") {
            return Some(rest.to_vec());
        }
        rest = rest.get(1..)?;
    }
    if is_clause(rest) && rest.len() > 4 && rest.first().is_some_and(|t| t.is_any("i|we|my|our|the|he|she|they")) {
        return Some(rest.to_vec());
    }
    let lead = rest.iter().take_while(|t| PREPOSITIONS.has(&t.low) || t.is("the")).count();
    let meant = value(rest.get(lead)?)?;
    let slip = left.iter().rposition(|t| value(t).as_ref() == Some(&meant)).filter(|&i| i > 0)?;
    // "on Wednesday at 3, sorry, Thursday at 3": the correction goes on as the slip did.
    let mut start = slip;
    while lead > 0 && start > 1 && left.get(start - 1).is_some_and(|t| PREPOSITIONS.has(&t.low) || t.is("the")) {
        start -= 1;
    }
    let mut out = left.get(..start)?.to_vec();
    let tail = left.get(slip + 1..)?;
    // What followed the slip stays when the correction is the value alone.
    let bare = rest.get(lead + 1).is_none_or(|t| t.kind == Kind::Punct);
    let (value, more) = rest.split_at(lead + 1);
    let spaced = |mut tokens: Vec<Token>| {
        if let Some(first) = tokens.first_mut() {
            first.spaced = true;
        }
        tokens
    };
    out.extend(spaced(value.to_vec()));
    if bare {
        out.extend(tail.iter().cloned());
    }
    out.extend(more.iter().skip_while(|t| t.is(")")).cloned());
    Some(out)
}

fn value(token: &Token) -> Option<Value> {
    if WEEKDAYS.contains(&token.low.as_str()) {
        return Some(Value::Weekday);
    }
    if token.has_digit() || (!matches!(token.low.as_str(), "a" | "an") && number(&token.low).is_some()) {
        return Some(Value::Number);
    }
    (token.is_capitalised() && !token.is("i")).then_some(Value::Name)
}

#[cfg(test)]
mod tests {
    use super::super::words::{join, tokenize};
    use super::*;

    #[test]
    fn slips_are_replaced_by_what_was_meant() {
        for (said, meant) in [
            (
                "the viewing is on Monday at 2, sorry no, Tuesday at 4, with the agent",
                Some("the viewing is on Tuesday at 4, with the agent"),
            ),
            ("my locker is 212, no wait, 221", Some("my locker is 221")),
            ("I sit next to Bram - I mean Bas", Some("I sit next to Bas")),
            ("we need six chairs for it, make that eight", Some("we need eight chairs for it")),
            ("I live in Ede, sorry, I live in Epe these days", Some("I live in Epe these days")),
            ("I'm late, sorry", None),
            ("sorry, I forgot", None),
            ("he is from Bonn, I mean it", None),
        ] {
            assert_eq!(repaired(&tokenize(said)).map(|t| join(&t)).as_deref(), meant, "{said}");
        }
    }
}
