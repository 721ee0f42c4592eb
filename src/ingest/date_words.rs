//! Which words are dates.

use crate::dates::{MONTHS, WEEKDAYS, month, number};

use super::dates::is_idiom_at;
use super::words::{Kind, Token, at, at_any, has_any, has_phrase, low};

/// A month from 1; shortened, and `may` and `march`, only with a capital.
pub(super) fn month_index(token: &Token) -> Option<i8> {
    let word = token.low.trim_end_matches('.');
    let plain = MONTHS.contains(&word) && !matches!(word, "may" | "march");
    month(word).filter(|_| plain || token.is_capitalised())
}

/// A count in words or digits; `couple` is two.
pub(super) fn small_number(word: &str) -> Option<i64> {
    if word == "couple" { Some(2) } else { number(word) }
}

pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse::<u16>().is_ok_and(|n| (1000..=2999).contains(&n))
}

/// Whether there is a date on which something is: a day, a relative day, a holiday. A weekday in the plural comes round.
pub(super) fn has_date(tokens: &[Token]) -> bool {
    let relative = [
        "yesterday",
        "tomorrow",
        "today",
        "tonight",
        "this morning",
        "this afternoon",
        "this evening",
        "last night",
        "ago",
        "last week",
        "next week",
        "last month",
        "next month",
        "last year",
        "next year",
        "last weekend",
        "next weekend",
        "this weekend",
        "last summer",
        "last winter",
        "last spring",
        "last autumn",
        "last fall",
        "christmas day",
        "boxing day",
        "new year's eve",
        "christmas eve",
        "from now",
        "from today",
        "this summer",
        "next summer",
    ];
    has_any(tokens, &relative) || (0..tokens.len()).any(|i| is_date_at(tokens, i) || is_idiom_at(tokens, i))
}

/// Whether one of its dates is a day: "down from 84 in January" says no more than when.
pub(super) fn has_day(tokens: &[Token]) -> bool {
    let months = (0..tokens.len()).filter(|&i| is_date_at(tokens, i));
    let only_month = |i: usize| {
        let digits = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) && w.len() <= 4;
        let near = [
            i.checked_sub(1).map_or("", |j| low(tokens, j)),
            i.checked_sub(2).map_or("", |j| low(tokens, j)),
            low(tokens, i + 1),
        ];
        MONTHS.contains(&low(tokens, i))
            && !near.iter().any(|w| {
                digits(w) && w.parse::<u16>().is_ok_and(|n| n <= 31)
                    || w.ends_with("th")
                    || w.ends_with("rd")
                    || w.ends_with("st")
                    || w.ends_with("nd")
            })
    };
    let found: Vec<usize> = months.collect();
    found.is_empty() || found.iter().any(|&i| !only_month(i))
}

fn is_date_at(tokens: &[Token], i: usize) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let word = token.low.as_str();
    let before = i.checked_sub(1).map_or("", |j| low(tokens, j));
    let digits = |w: &str| w.chars().next().is_some_and(|c| c.is_ascii_digit());
    let short = month_index(token).is_some() && !MONTHS.contains(&word);
    if short {
        return digits(before) || digits(low(tokens, i + 1));
    }
    if MONTHS.contains(&word) && (token.is_capitalised() || !matches!(word, "may" | "march")) {
        return digits(before)
            || digits(low(tokens, i + 1))
            || matches!(before, "in" | "of" | "last" | "next" | "this") && !at(tokens, 0, "every");
    }
    if WEEKDAYS.contains(&word) {
        let several = tokens.iter().filter(|t| WEEKDAYS.contains(&t.low.as_str())).count() > 1;
        return !several && !matches!(before, "every" | "each" | "on-call") && !at(tokens, i + 1, "'s");
    }
    let iso = token.kind == Kind::Number
        && word.len() >= 7
        && word.chars().filter(|&c| c == '-').count() >= 1
        && word.get(..4).is_some_and(|y| y.parse::<u16>().is_ok_and(|n| (1900..2200).contains(&n)));
    let ordinal = token.kind == Kind::Number
        && before == "the"
        && ["st", "nd", "rd", "th"].iter().any(|s| word.ends_with(s))
        && i >= 2
        && at_any(tokens, i - 2, &["on", "by", "before", "until"]);
    let span = before == "in"
        && small_number(word).is_some()
        && at_any(tokens, i + 1, &["days", "weeks", "months", "week", "month", "years", "hours"]);
    iso || ordinal || span || (word == "the" && has_phrase(tokens, "the day after tomorrow"))
}
