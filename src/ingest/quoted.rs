//! Other people's words: quotations in single marks, and what a sign, a letter or an advertisement says.

use std::borrow::Cow;

use super::lexicon::FIRST_PERSON;
use super::words::{Class, Token, at_any, count_words, low};

/// A quotation in single marks has at least so many words: what is shorter is a name or a word spoken of.
const LEAST_WORDS: usize = 3;
/// What says something without being anybody, and to nobody in particular. A letter or a message may tell the user's own news.
const SOURCES: &str = "sign|label|leaflet|poster|headline|article|review|ad|advert|horoscope|cookie|proverb|saying|motto|quote|song|poem|\
    lyrics|chorus|verse|caption|subtitle|blog|thread|tweet|wikipedia|tutorial|template|textbook|phrasebook|exercise|brochure|slogan|blurb";
/// How it does so.
const SAYS: &str = "says|say|said|reads|read|claims|claim|claimed|states|stated|goes|calls|begins|starts|ends|promised|promises|writes|wrote|\
    replied|texted|tweeted|told|saying|insists|insisting|shouts|shouting|like";

/// A line whose quotations in single marks have double ones: apostrophes look the same, and are left alone.
pub(super) fn with_double_marks(line: &str) -> Cow<'_, str> {
    if !line.contains(['\'', '‘']) {
        return Cow::Borrowed(line);
    }
    let chars: Vec<char> = line.chars().collect();
    let at = |i: usize| chars.get(i).copied();
    let opens = |i: usize| {
        let before = i.checked_sub(1).and_then(at);
        matches!(at(i), Some('\'' | '‘'))
            && before.is_none_or(|c| c.is_whitespace() || matches!(c, ':' | '(' | ',' | '—' | '-'))
            && at(i + 1).is_some_and(char::is_alphanumeric)
    };
    let closes = |i: usize| {
        let after = at(i + 1);
        matches!(at(i), Some('\'' | '’'))
            && i > 0
            && at(i - 1).is_some_and(|c| !c.is_whitespace())
            && after.is_none_or(|c| !c.is_alphanumeric())
    };
    let mut out = chars.clone();
    let mut i = 0;
    while i < chars.len() {
        let close = if opens(i) { (i + 2..chars.len()).rev().find(|&end| closes(end)) } else { None };
        let Some(close) = close else {
            i += 1;
            continue;
        };
        // Up to the nearest mark that ends a word of several, not the one of "the boys' room".
        let end = (i + 2..=close).find(|&end| closes(end) && spaces(&chars, i, end) + 1 >= LEAST_WORDS);
        if let Some(end) = end {
            for mark in [i, end] {
                if let Some(own) = out.get_mut(mark) {
                    *own = '"';
                }
            }
        }
        i = end.unwrap_or(i) + 1;
    }
    Cow::Owned(out.into_iter().collect())
}

fn spaces(chars: &[char], from: usize, to: usize) -> usize {
    chars.get(from..to).unwrap_or_default().iter().filter(|c| c.is_whitespace()).count()
}

/// All of it stands in quotation marks.
pub(super) fn is_quotation(clause: &[Token]) -> bool {
    let first = clause.iter().position(is_mark);
    let last = clause.iter().rposition(is_mark);
    let outside = match (first, last) {
        (Some(a), Some(b)) if b > a => {
            count_words(clause.get(..a).unwrap_or_default()) + count_words(clause.get(b..).unwrap_or_default())
        }
        (Some(0), _) => 0,
        _ => return false,
    };
    outside == 0 && count_words(clause) > 2
}

/// `The sign says no dogs`, `my boss wrote "see me at three"`: someone else's words, which say nothing of the speaker.
pub(super) fn is_reported(clause: &[Token]) -> bool {
    let Some(verb) = clause.iter().take(8).position(|t| t.is_any(SAYS)).filter(|&i| i > 0) else { return false };
    let said = clause.get(verb + 1..).unwrap_or_default();
    let own = |t: &Token| FIRST_PERSON.has(&t.low);
    if clause.get(..verb).is_some_and(|who| who.iter().any(|t| t.is_any("i|we"))) {
        return false;
    }
    let marked = said.iter().take(4).any(is_mark) && count_words(said) > 2;
    let source = verb.checked_sub(1).is_some_and(|i| at_any(clause, i, SOURCES)) || at_any(clause, 0, SOURCES);
    let speaks = !matches!(low(clause, verb), "goes" | "begins" | "starts" | "ends" | "calls" | "like") || marked;
    marked || (source && speaks && !said.iter().any(own) && count_words(said) > 1)
}

fn is_mark(token: &Token) -> bool {
    matches!(token.text.as_str(), "\"" | "“" | "”")
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn single_marks_around_words_are_quotations_and_apostrophes_are_not() {
        for (line, expected) in [
            ("he said 'come at once, please' and left", "he said \"come at once, please\" and left"),
            ("the boys' room isn't Bo's, it's the dogs'", "the boys' room isn't Bo's, it's the dogs'"),
            ("'Don't wait for us' was the note", "\"Don't wait for us\" was the note"),
            ("my cat's called 'Mr Tibbs'", "my cat's called 'Mr Tibbs'"),
            ("rock 'n' roll since the '80s", "rock 'n' roll since the '80s"),
        ] {
            assert_eq!(with_double_marks(line), expected);
        }
    }

    #[test]
    fn what_others_say_is_reported() {
        for (text, reported) in [
            ("the poster says no ball games", true),
            ("her card says \"back in an hour\"", true),
            ("some blog claims that cold tea cures warts", true),
            ("the doctor says I have to rest", false),
            ("the letter says my hearing is in May", false),
            ("I said \"no calls before nine\"", false),
            ("the shop is called \"The Old Crown\"", false),
        ] {
            assert_eq!(is_reported(&tokenize(text)), reported, "{text}");
        }
    }
}
