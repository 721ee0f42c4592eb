//! Pieces of sentences: which of them lack what they speak of, and which say enough.

use super::lexicon::{PREPOSITIONS, is_common_base};
use super::verbs::Time;
use super::words::{Class, Kind, Token, at_any, count_words, low};

/// `Been doing it for years`: neither subject nor object is named.
pub(super) fn hangs(clause: &[Token]) -> bool {
    let object = clause.iter().position(|t| t.is_any(&["it", "that", "this", "them", "these", "those"]));
    object.is_some_and(|i| {
        (1..=3).contains(&i) && clause.get(i + 1).is_none_or(|t| !t.is_wordy() || PREPOSITIONS.has(&t.low))
    })
}

/// `I do, every other Sunday`: what is done stands in the question.
pub(super) fn is_echo(tokens: &[Token]) -> bool {
    let helper = at_any(tokens, 1, "do|did|does|have|has|am|was|were|will|would|can|could|'ve|should|do n't|did n't");
    let ends = tokens.get(2).is_none_or(|t| !t.is_wordy())
        || (at_any(tokens, 2, "n't|not|nt") && tokens.get(3).is_none_or(|t| !t.is_wordy()));
    at_any(tokens, 0, "i|we") && helper && ends && count_words(tokens) <= 7
}

/// `In the garage from November to March`: where or when, of something that is not named.
pub(super) fn hangs_on(tokens: &[Token], time: Time) -> bool {
    time == Time::None
        && at_any(
            tokens,
            0,
            "in|at|on|under|behind|inside|from|with|by|near|beside|between|since|until|during|about|around",
        )
        && !tokens.iter().any(|t| matches!(t.text.as_str(), ":" | "," | "-" | "–" | "—"))
}

/// `Invoices go out on the last working day`: what comes round at a set time.
pub(super) fn comes_round(tokens: &[Token], time: Time) -> bool {
    const TIMES: &str = "day|days|week|weeks|weekend|weekends|month|months|morning|mornings|afternoon|afternoons|evening|evenings|\
    night|nights|noon|midnight|hour|hours|quarter|year|years|term|season|weekday|weekdays|fortnight|dawn|dusk";
    let set = (1..tokens.len()).any(|i| {
        at_any(tokens, i, "on|at|by|every|each|before|after") && (i + 1..i + 6).any(|j| at_any(tokens, j, TIMES))
    });
    // "Invoices go", "the bins go": a plural and a bare verb.
    let plural =
        (0..3).any(|i| low(tokens, i).len() > 3 && low(tokens, i).ends_with('s') && is_common_base(low(tokens, i + 1)));
    (time == Time::Present || (time == Time::None && plural)) && set && count_words(tokens) >= 5
}

/// `With my sister`, `my two brothers`: an answer to something, and no statement.
pub(super) fn is_phrase(tokens: &[Token], time: Time) -> bool {
    let opens = tokens.first().is_some_and(|t| PREPOSITIONS.has(&t.low)) || at_any(tokens, 0, &["my", "our"]);
    let marked = tokens.iter().any(|t| t.has_digit() || (t.kind == Kind::Punct && !t.text.starts_with(['.', '!'])));
    time == Time::None && opens && !marked && count_words(tokens) <= 4
}
