//! What the classifier sees of a statement's words: single ones, pairs, triples, and how it begins.

use super::super::words::{Kind, Token, tokenize};
use crate::dates::{MONTHS, WEEKDAYS};

/// The surface features of a statement, each once, sorted.
///
/// `w:need` is a word, `p:need to` a pair, `t:has yet to` a triple, `e:-ing` an ending; `1:`, `2:`, `3:` are its first words, `u1:`
/// and `u2:` the first behind "the user", `s:` the ending of its first word. Names, numbers, dates, weekdays and months
/// stand for their kind: what the classifier learns is how things are said, not of whom.
pub(in super::super) fn features(text: &str) -> Vec<String> {
    let tokens: Vec<Token> = tokenize(text).into_iter().filter(|t| t.kind != Kind::Picture).collect();
    let shapes: Vec<&str> = tokens.iter().enumerate().map(|(i, token)| shape(token, i == 0)).collect();
    let mut found = Vec::with_capacity(4 * shapes.len() + 8);
    for (i, word) in shapes.iter().enumerate() {
        found.push(format!("w:{word}"));
        found.push(format!("e:{}", ending(word)));
        found.extend(shapes.get(i..i + 2).map(|pair| format!("p:{}", pair.join(" "))));
        found.extend(shapes.get(i..i + 3).map(|triple| format!("t:{}", triple.join(" "))));
    }
    for n in 1..=3 {
        found.extend(shapes.get(..n).map(|first| format!("{n}:{}", first.join(" "))));
    }
    found.extend(shapes.first().map(|first| format!("s:{}", ending(first))));
    if let ["the", "user", rest @ ..] = shapes.as_slice() {
        for n in 1..=2 {
            found.extend(rest.get(..n).map(|first| format!("u{n}:{}", first.join(" "))));
        }
        found.extend(rest.first().map(|first| format!("us:{}", ending(first))));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The word, or what stands for its kind.
fn shape(token: &Token, is_first: bool) -> &str {
    let low = token.low.as_str();
    let day = low.strip_suffix('s').unwrap_or(low);
    match token.kind {
        Kind::Opaque => "<code>",
        _ if WEEKDAYS.contains(&low) || WEEKDAYS.contains(&day) => "<weekday>",
        _ if MONTHS.contains(&low) => "<month>",
        _ if is_date(low) => "<date>",
        _ if low.starts_with(|c: char| c.is_ascii_digit()) => "<number>",
        Kind::Word if !is_first && token.is_capitalised() && low.chars().count() > 1 => "<name>",
        _ => low,
    }
}

/// `2026-04-19`, `2026-04`.
fn is_date(low: &str) -> bool {
    matches!(low.len(), 7 | 10)
        && low.char_indices().all(|(i, c)| if matches!(i, 4 | 7) { c == '-' } else { c.is_ascii_digit() })
}

fn ending(word: &str) -> &'static str {
    let has = |ending: &str| word.len() > ending.len() + 2 && word.ends_with(ending);
    ["ing", "ed", "ly", "en", "s"].into_iter().find(|ending| has(ending)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_stand_for_their_kind() {
        let found = features("The user meets Ana on Monday, 2026-04-20, with 12 eggs.");
        for feature in
            ["2:the user", "u1:meets", "us:s", "t:meets <name> on", "w:<weekday>", "w:<date>", "p:<number> eggs"]
        {
            assert!(found.iter().any(|own| own == feature), "{feature} is not in {found:?}");
        }
        assert!(!found.iter().any(|own| own.contains("ana") || own.contains("12")), "{found:?}");
    }

    #[test]
    fn no_words_have_no_features() {
        assert!(features("").is_empty());
        assert!(features("🙂").is_empty());
    }
}
