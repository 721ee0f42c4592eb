//! Dates that stand in text, as days.
//!
//! Reads what people write (`7 May 2023`, `May 7th`, `2023-05-07`, `last March`, `two weeks ago`), relative to a day. What it cannot read
//! it leaves alone: it never guesses a date from words that name none.

use std::ops::Range;

use jiff::civil::Date;

use super::calendar::{
    Grain, Stretch, Tense, at_day, day_of_month, day_of_year, days_between, plus_days, plus_months, pointed, shifted,
};
use super::holidays;
use super::words::{Unit, day_number, day_word, month, number, step, unit};

/// Days that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// What is named.
    pub days: Stretch,
    /// Where it stands in the text, in bytes.
    pub bytes: Range<usize>,
}

/// A run of letters and digits, lower case, with its place.
struct Token {
    text: String,
    bytes: Range<usize>,
}

/// Every date in `text`, in order. A date without a year is the one nearest to `near` (the past one, when `near` is between two).
pub(crate) fn spots(text: &str, near: Date) -> Vec<Spot> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
        let read = day_after(rest, found.last()).or_else(|| {
            [week_of, iso, day_month, month_day, holiday, month_alone, relative, year_alone]
                .iter()
                .find_map(|rule| rule(rest, near))
        });
        let Some((used, days)) = read else {
            at += 1;
            continue;
        };
        let end = tokens.get(at + used - 1).map_or(0, |t| t.bytes.end);
        found.push(Spot { days, bytes: rest.first().map_or(end, |t| t.bytes.start)..end });
        at += used;
    }
    found
}

/// How many tokens were read, and what they name.
type Read = Option<(usize, Stretch)>;

fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let inside = |c: char, next: Option<char>, last: Option<char>| {
        c.is_alphanumeric()
            || c == '-' && last.is_some_and(|c| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit())
    };
    let mut start = None;
    let mut last = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        if inside(c, next, last) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push(&mut out, text, from..at);
        }
        last = Some(c);
    }
    if let Some(from) = start {
        push(&mut out, text, from..text.len());
    }
    out
}

fn push(out: &mut Vec<Token>, text: &str, bytes: Range<usize>) {
    out.push(Token { text: text.get(bytes.clone()).unwrap_or_default().to_lowercase(), bytes });
}

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.text.as_str())
}

/// `the week of 2026-04-13`, `the weekend of 2026-04-18`.
fn week_of(tokens: &[Token], near: Date) -> Read {
    let days = match (word(tokens, 0), word(tokens, 1)) {
        ("week", "of") => 6,
        ("weekend", "of") => 1,
        _ => return None,
    };
    let rest = tokens.get(2..)?;
    let (used, found) = iso(rest, near).or_else(|| day_month(rest, near)).or_else(|| month_day(rest, near))?;
    if found.grain == Grain::Day { Some((used + 2, Stretch::week(found.first, days)?)) } else { None }
}

fn iso(tokens: &[Token], _near: Date) -> Read {
    let parts: Vec<i16> = word(tokens, 0).split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match *parts.as_slice() {
        [year @ 1000..=9998, month, day] => Some((1, Stretch::day(date(year, month, day)?))),
        [year @ 1000..=9998, month] => Some((1, Stretch::month(date(year, month, 1)?))),
        _ => None,
    }
}

/// `7 May 2023`, `7th of May`.
fn day_month(tokens: &[Token], near: Date) -> Read {
    let day = day_number(word(tokens, 0))?;
    let gap = usize::from(word(tokens, 1) == "of");
    day_of(tokens, (day, month(word(tokens, 1 + gap))?), 2 + gap, near)
}

/// `May 7, 2023`, `May 7th`.
fn month_day(tokens: &[Token], near: Date) -> Read {
    let month = month(word(tokens, 0))?;
    day_of(tokens, (day_number(word(tokens, 1))?, month), 2, near)
}

fn day_of(tokens: &[Token], (day, month): (i8, i8), at: usize, near: Date) -> Read {
    match year(word(tokens, at)) {
        Some(year) => Some((at + 1, Stretch::day(Date::new(year, month, day).ok()?))),
        None => Some((at, Stretch::day(day_of_year(near, month, day, Tense::Unknown)?))),
    }
}

/// `Christmas Eve`, `Easter 2024`, `Halloween 2025-10-31`.
fn holiday(tokens: &[Token], near: Date) -> Read {
    let way = step(word(tokens, 0));
    let at = usize::from(way.is_some());
    let (holiday, used) = holidays::holiday(|i| word(tokens, at + i))?;
    let end = at + used;
    // A statement has the day behind the name.
    if let Some((more, days)) = iso(tokens.get(end..)?, near) {
        return Some((end + more, days));
    }
    let tense = match way {
        Some(-1) => Tense::Past,
        Some(1) => Tense::Future,
        _ => Tense::Unknown,
    };
    match year(word(tokens, end)) {
        Some(year) => Some((end + 1, Stretch::day(holiday.in_year(year)?))),
        None => Some((end, Stretch::day(holiday.meant(near, tense)?))),
    }
}

/// `May 2023`, `in May`, `last May`. May and March alone are ordinary words.
fn month_alone(tokens: &[Token], near: Date) -> Read {
    let first = word(tokens, 0);
    let way = step(first);
    let cue = matches!(first, "in" | "of" | "during" | "since" | "until" | "by" | "for" | "early" | "late" | "mid");
    let at = usize::from(cue || way.is_some());
    let name = word(tokens, at);
    let month = month(name)?;
    if let Some(year) = year(word(tokens, at + 1)) {
        return Some((at + 2, Stretch::month(Date::new(year, month, 1).ok()?)));
    }
    if at == 0 && matches!(name, "may" | "march" | "mar") {
        return None;
    }
    let days = match way {
        Some(way) => pointed(near, name, way)?,
        None => Stretch::month(day_of_year(near, month, 1, Tense::Unknown)?),
    };
    Some((at + 1, days))
}

/// `2023`, when it is a year that people talk about.
fn year_alone(tokens: &[Token], _near: Date) -> Read {
    Some((1, Stretch::year(year(word(tokens, 0))?.into())?))
}

/// `yesterday`, `two weeks ago`, `in two weeks`, `last month`, `next Friday`.
fn relative(tokens: &[Token], near: Date) -> Read {
    let day = |used: usize, days: i64| Some((used, Stretch::day(plus_days(near, days)?)));
    let at = |n| word(tokens, n);
    match (at(0), at(1), at(2)) {
        ("day", "before", "yesterday") => day(3, -2),
        ("day", "after", "tomorrow") => day(3, 2),
        ("last", "night", _) => day(2, -1),
        ("tonight", _, _) => day(1, 0),
        ("in", count, unit) => Some((3, from_now(near, count, unit, 1)?)),
        (count, unit, "ago") => Some((3, from_now(near, count, unit, -1)?)),
        (count, unit, "from") if matches!(at(3), "now" | "today") => Some((4, from_now(near, count, unit, 1)?)),
        ("on", "the", nth) => day_alone(near, nth),
        (first, noun, _) => match day_word(first) {
            Some(days) => day(1, days),
            None => Some((2, pointed(near, noun, step(first)?)?)),
        },
    }
}

/// `on the 19th` behind another day: the first one from there on, as in `out on 3 October, back on the 19th`.
fn day_after(tokens: &[Token], last: Option<&Spot>) -> Read {
    let from = last.filter(|spot| spot.days.grain == Grain::Day)?.days.last;
    let nth = word(tokens, 2);
    if word(tokens, 0) != "on" || word(tokens, 1) != "the" || !nth.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    Some((3, Stretch::day(day_of_month(from, day_number(nth)?, Tense::Future)?)))
}

/// `on the 5th`: the nearest one.
fn day_alone(near: Date, nth: &str) -> Read {
    let day = day_number(nth).filter(|_| nth.ends_with(|c: char| c.is_ascii_alphabetic()))?;
    let days = (-1..=1).filter_map(|n| at_day(plus_months(near, n)?, day));
    Some((3, Stretch::day(days.min_by_key(|day| days_between(near, *day).abs())?)))
}

/// A count of units before (`way` is -1) or after (1) `near`. Hours tell how long, rather than when.
fn from_now(near: Date, count: &str, word: &str, way: i64) -> Option<Stretch> {
    shifted(near, way * number(count)?, unit(word).filter(|unit| *unit != Unit::Hours)?)
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| word.len() == 4 && (1900..=2099).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let near = Date::constant(2026, 5, 13);
        spots(text, near)
            .iter()
            .map(|s| format!("{}..{} {}", s.days.first, s.days.last, text.get(s.bytes.clone()).unwrap()))
            .collect()
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, expected) in [
            ("on 2026-02-03, early", "2026-02-03..2026-02-03 2026-02-03"),
            ("in the week of 2026-04-13", "2026-04-13..2026-04-19 week of 2026-04-13"),
            ("due 2026-02", "2026-02-01..2026-02-28 2026-02"),
            ("on 7 May 2023", "2023-05-07..2023-05-07 7 May 2023"),
            ("the 7th of May", "2026-05-07..2026-05-07 7th of May"),
            ("May 7th, 2023?", "2023-05-07..2023-05-07 May 7th, 2023"),
            ("on Dec 30", "2025-12-30..2025-12-30 Dec 30"),
            ("in August 2024", "2024-08-01..2024-08-31 in August 2024"),
            ("last March", "2026-03-01..2026-03-31 last March"),
            ("last June", "2025-06-01..2025-06-30 last June"),
            ("in May", "2026-05-01..2026-05-31 in May"),
            ("back in 2019", "2019-01-01..2019-12-31 2019"),
            ("two weeks ago", "2026-04-29..2026-04-29 two weeks ago"),
            ("in ten days", "2026-05-23..2026-05-23 in ten days"),
            ("a week from today", "2026-05-20..2026-05-20 a week from today"),
            ("last Friday", "2026-05-08..2026-05-08 last Friday"),
            ("next Wednesday", "2026-05-20..2026-05-20 next Wednesday"),
            ("the day before yesterday", "2026-05-11..2026-05-11 day before yesterday"),
            ("on the 28th", "2026-04-28..2026-04-28 on the 28th"),
            ("last summer", "2025-06-01..2025-08-31 last summer"),
            ("last weekend", "2026-05-09..2026-05-10 last weekend"),
            ("3 days ago", "2026-05-10..2026-05-10 3 days ago"),
            ("a year ago", "2025-01-01..2025-12-31 a year ago"),
            ("yesterday", "2026-05-12..2026-05-12 yesterday"),
            ("last week", "2026-05-04..2026-05-10 last week"),
            ("next month", "2026-06-01..2026-06-30 next month"),
            ("on Christmas Eve?", "2025-12-24..2025-12-24 Christmas Eve"),
            ("at Easter 2024", "2024-03-31..2024-03-31 Easter 2024"),
            ("on New Year's Eve (2027-12-31)", "2027-12-31..2027-12-31 New Year's Eve (2027-12-31"),
            ("next Halloween", "2026-10-31..2026-10-31 next Halloween"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_day_behind_another_is_counted_from_there() {
        for (text, expected) in [
            ("out on 3 October, back on the 19th", "2026-10-19..2026-10-19 on the 19th"),
            ("from 2026-12-28 on, home on the 4th", "2027-01-04..2027-01-04 on the 4th"),
            ("last month and on the 4th", "2026-05-04..2026-05-04 on the 4th"),
        ] {
            assert_eq!(read(text).last().map(String::as_str), Some(expected), "{text}");
        }
    }

    #[test]
    fn words_that_name_no_date_are_left_alone() {
        for text in ["", "you may go", "march on", "version 5.8.4", "code 4408", "the last one", "weeks ago"] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }
}
