//! A name set right: `It's John with an h.`

use super::answers::{Joined, build};
use super::words::{Token, at, at_any, phrase_at, tokenize};

/// Whether a sentence says how a name is written: `It's … with a K`, `It's spelled …`.
pub(super) fn is_spelling(said: &[Token]) -> bool {
    name_at(said).is_some()
}

/// Where the name stands.
fn name_at(said: &[Token]) -> Option<usize> {
    let start = usize::from(at_any(said, 0, "no|actually|oh|sorry"));
    let start = start + usize::from(at(said, start, ","));
    let be = at(said, start, "it") && at_any(said, start + 1, &["'s", "is"]);
    let name = start + 2 + usize::from(at_any(said, start + 2, &["spelt", "spelled", "actually"]));
    let written = name > start + 2 || (name..said.len()).any(|i| with_letter(said, i));
    (be && written && said.get(name).is_some_and(Token::is_capitalised)).then_some(name)
}

/// `with a K`, `with two Ns`, `without the e`.
fn with_letter(said: &[Token], i: usize) -> bool {
    let letter = |t: &Token| t.text.trim_end_matches(['.', ',', 's', '\'']).chars().count() == 1;
    at_any(said, i, &["with", "without"])
        && at_any(said, i + 1, "a|an|the|one|two|no|double")
        && said.get(i + 2).is_some_and(letter)
}

/// The statement of the name: the user's when the other side called them by one, else whoever's it is.
pub(super) fn spelled(asked: &[Vec<Token>], said: &[Token]) -> Option<Joined> {
    let name = name_at(said)?;
    let end = said.iter().rposition(|t| t.is_wordy() && !t.is("actually"))? + 1;
    let written = said.get(name..end)?;
    let initial = |t: &Token| t.low.chars().next();
    let own = asked.iter().any(|sentence| {
        sentence.iter().enumerate().any(|(i, token)| {
            let alike = token.is_capitalised()
                && i > 0
                && said.get(name).is_some_and(|n| initial(n) == initial(token) || n.low.get(1..) == token.low.get(1..));
            alike && calls_user(sentence, i)
        })
    });
    let subject = if own { tokenize("my name is") } else { tokenize("the name is") };
    Some(Joined { tokens: build(&[&subject, written]), takes_all: true, is_rule: false })
}

/// Whether the name at `i` calls the one who is spoken to: `Hi Jon`, `…, Jon`, `you are Jon`, `your name is Jon`.
fn calls_user(sentence: &[Token], i: usize) -> bool {
    let before = i.checked_sub(1);
    before.is_some_and(|j| at_any(sentence, j, ",|hi|hello|hey|dear|thanks|welcome|noted|bye|morning|meet"))
        || before.and_then(|j| j.checked_sub(1)).is_some_and(|j| {
            ["you 're", "you are", "call you", "name is", "name as", "thank you"]
                .iter()
                .any(|p| phrase_at(sentence, j, p))
        })
}
