//! Dates that stand in text, as days.
//!
//! Reads what people write (`7 May 2023`, `May 7th`, `2023-05-07`, `last March`, `two weeks ago`), relative to a day. What it cannot read
//! it leaves alone: it never guesses a date from words that name none.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Names of months; their first three letters will do, too, but for May.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Names of weekdays, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Numbers that people write out.
const NUMBERS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// How exactly a date is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grain {
    /// A year.
    Year,
    /// A season of a year.
    Season,
    /// A month of a year.
    Month,
    /// About a week.
    Week,
    /// A day.
    Day,
}

/// A stretch of days that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
    /// How exactly it is told.
    pub grain: Grain,
    /// Where it stands in the text, in bytes.
    pub bytes: Range<usize>,
}

impl Spot {
    /// A day, named nowhere.
    pub(crate) fn on(day: Date) -> Self {
        Self::new(day, day, Grain::Day, 0..0)
    }

    fn new(first: Date, last: Date, grain: Grain, bytes: Range<usize>) -> Self {
        Self { first, last, grain, bytes }
    }
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
        let read = [week_of, iso, day_month, month_day, month_alone, relative, year_alone]
            .iter()
            .find_map(|rule| rule(rest, near));
        let Some((used, first, last, grain)) = read else {
            at += 1;
            continue;
        };
        let end = tokens.get(at + used - 1).map_or(0, |t| t.bytes.end);
        found.push(Spot::new(first, last, grain, rest.first().map_or(end, |t| t.bytes.start)..end));
        at += used;
    }
    found
}

/// How many tokens were read, and what they name.
type Read = Option<(usize, Date, Date, Grain)>;

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
    let (used, first, _, grain) =
        iso(rest, near).or_else(|| day_month(rest, near)).or_else(|| month_day(rest, near))?;
    (grain == Grain::Day).then_some((used + 2, first, plus(first, days)?, Grain::Week))
}

fn iso(tokens: &[Token], _near: Date) -> Read {
    let parts: Vec<i16> = word(tokens, 0).split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match *parts.as_slice() {
        [year @ 1000..=9998, month, day] => {
            let day = date(year, month, day)?;
            Some((1, day, day, Grain::Day))
        }
        [year @ 1000..=9998, month] => month_of(year, month).map(|(first, last)| (1, first, last, Grain::Month)),
        _ => None,
    }
}

/// `7 May 2023`, `7th of May`.
fn day_month(tokens: &[Token], near: Date) -> Read {
    let day = ordinal(word(tokens, 0))?;
    let gap = usize::from(word(tokens, 1) == "of");
    let month = month(word(tokens, 1 + gap))?;
    let (used, day) = day_of(tokens, (day, month), 2 + gap, near)?;
    Some((used, day, day, Grain::Day))
}

/// `May 7, 2023`, `May 7th`.
fn month_day(tokens: &[Token], near: Date) -> Read {
    let month = month(word(tokens, 0))?;
    let day = ordinal(word(tokens, 1))?;
    let (used, day) = day_of(tokens, (day, month), 2, near)?;
    Some((used, day, day, Grain::Day))
}

fn day_of(tokens: &[Token], (day, month): (i16, i16), at: usize, near: Date) -> Option<(usize, Date)> {
    match year(word(tokens, at)) {
        Some(year) => date(year, month, day).map(|date| (at + 1, date)),
        None => nearest(near, |year| date(year, month, day)).map(|date| (at, date)),
    }
}

/// `May 2023`, `in May`, `last May`. May and March alone are ordinary words.
fn month_alone(tokens: &[Token], near: Date) -> Read {
    let cue = matches!(
        word(tokens, 0),
        "in" | "of" | "during" | "since" | "until" | "by" | "for" | "last" | "this" | "next" | "early" | "late" | "mid"
    );
    let at = usize::from(cue);
    let month = month(word(tokens, at))?;
    if let Some(year) = year(word(tokens, at + 1)) {
        let (first, last) = month_of(year, month)?;
        return Some((at + 2, first, last, Grain::Month));
    }
    if !cue && matches!(word(tokens, at), "may" | "march" | "mar") {
        return None;
    }
    let start = match word(tokens, 0) {
        "last" => {
            (near.year() - 1..=near.year()).rev().filter_map(|y| date(y, month, 1)).find(|d| *d < near.first_of_month())
        }
        "next" => (near.year()..=near.year() + 1).filter_map(|y| date(y, month, 1)).find(|d| *d > near),
        _ => nearest(near, |year| date(year, month, 1)),
    }?;
    Some((at + 1, start, start.last_of_month(), Grain::Month))
}

/// `2023`, when it is a year that people talk about.
fn year_alone(tokens: &[Token], _near: Date) -> Read {
    let year = year(word(tokens, 0))?;
    Some((1, date(year, 1, 1)?, date(year, 12, 31)?, Grain::Year))
}

/// `yesterday`, `two weeks ago`, `in two weeks`, `last month`, `next Friday`.
fn relative(tokens: &[Token], near: Date) -> Read {
    let day = |used: usize, days: i64| plus(near, days).map(|day| (used, day, day, Grain::Day));
    let at = |n| word(tokens, n);
    match (at(0), at(1), at(2)) {
        ("day", "before", "yesterday") => day(3, -2),
        ("day", "after", "tomorrow") => day(3, 2),
        ("last", "night", _) => day(2, -1),
        ("today" | "tonight", _, _) => day(1, 0),
        ("yesterday", _, _) => day(1, -1),
        ("tomorrow", _, _) => day(1, 1),
        ("in", count, unit) => from_now(near, number(count)?, unit, 1).map(|found| spread(3, found)),
        (count, unit, "ago") => from_now(near, number(count)?, unit, -1).map(|found| spread(3, found)),
        (count, unit, "from") if matches!(at(3), "now" | "today") => {
            from_now(near, number(count)?, unit, 1).map(|found| spread(4, found))
        }
        ("last" | "past" | "previous", unit, _) => whole(near, unit, -1),
        ("this", unit, _) => whole(near, unit, 0),
        ("next" | "coming", unit, _) => whole(near, unit, 1),
        ("on", "the", nth) => day_alone(near, nth),
        _ => None,
    }
}

fn spread(used: usize, (first, last, grain): (Date, Date, Grain)) -> (usize, Date, Date, Grain) {
    (used, first, last, grain)
}

fn plus(near: Date, days: i64) -> Option<Date> {
    near.checked_add(days.days()).ok()
}

/// `on the 5th`: the nearest one.
fn day_alone(near: Date, nth: &str) -> Read {
    let day = ordinal(nth).filter(|_| nth.ends_with(|c: char| c.is_ascii_alphabetic()))?;
    let months = (-1..=1).filter_map(|n: i64| near.first_of_month().checked_add(n.months()).ok());
    let days = months.filter_map(|first| date(first.year(), i16::from(first.month()), day));
    let day = days.min_by_key(|day| days_between(near, *day).abs())?;
    Some((3, day, day, Grain::Day))
}

/// The whole week, month, season or year that lies `offset` units from `near`; or that weekday, before it or after.
fn whole(near: Date, unit: &str, offset: i64) -> Read {
    if let Some(weekday) = WEEKDAYS.iter().position(|day| *day == unit) {
        let ahead = (i64::try_from(weekday).ok()? - i64::from(near.weekday().to_monday_zero_offset())).rem_euclid(7);
        let days = match offset {
            -1 => ahead - 7,
            1 if ahead == 0 => 7,
            _ => ahead,
        };
        let day = plus(near, days)?;
        return Some((2, day, day, Grain::Day));
    }
    let monday = plus(near, -i64::from(near.weekday().to_monday_zero_offset()))?;
    let (first, last, grain) = match unit {
        "weekend" => {
            let saturday = plus(monday, 5 + 7 * offset)?;
            (saturday, plus(saturday, 1)?, Grain::Week)
        }
        "spring" | "summer" | "autumn" | "fall" => season(near, unit, offset)?,
        "week" => {
            let first = plus(monday, 7 * offset)?;
            (first, plus(first, 6)?, Grain::Week)
        }
        "month" => {
            let first = near.first_of_month().checked_add(offset.months()).ok()?;
            (first, first.last_of_month(), Grain::Month)
        }
        "year" => {
            let first = near.first_of_year().checked_add(offset.years()).ok()?;
            (first, first.last_of_year(), Grain::Year)
        }
        _ => return None,
    };
    Some((2, first, last, grain))
}

/// The last, this or the next season of that name. Seasons are the northern ones.
fn season(near: Date, name: &str, offset: i64) -> Option<(Date, Date, Grain)> {
    let month = match name {
        "spring" => 3,
        "summer" => 6,
        _ => 9,
    };
    let this = date(near.year(), month, 1)?;
    let over = this.checked_add(3.months()).ok()? <= near;
    let years = match offset {
        -1 if !over => -1,
        1 if this <= near => 1,
        _ => 0,
    };
    let first = this.checked_add(i64::from(years).years()).ok()?;
    Some((first, first.checked_add(2.months()).ok()?.last_of_month(), Grain::Season))
}

/// A count of units before (`way` is -1) or after (1) `near`, as exactly as the unit tells.
fn from_now(near: Date, count: i64, unit: &str, way: i64) -> Option<(Date, Date, Grain)> {
    let to = |span: Span| near.checked_add(span).ok();
    Some(match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => (to((way * count).days())?, to((way * count).days())?, Grain::Day),
        "week" => (to((way * count).weeks())?, to((way * count).weeks())?, Grain::Day),
        "fortnight" => (to((2 * way * count).weeks())?, to((2 * way * count).weeks())?, Grain::Day),
        "month" => {
            let day = to((way * count).months())?;
            (day.first_of_month(), day.last_of_month(), Grain::Month)
        }
        "year" => {
            let day = to((way * count).years())?;
            (day.first_of_year(), day.last_of_year(), Grain::Year)
        }
        _ => return None,
    })
}

/// The candidate of this year, the last or the next that is nearest to `near`; the earlier of two as near.
fn nearest(near: Date, of_year: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    (near.year() - 1..=near.year() + 1).filter_map(of_year).min_by_key(|day| days_between(near, *day).abs())
}

/// Days from `a` to `b`; negative when `b` is earlier.
pub(crate) fn days_between(a: Date, b: Date) -> i64 {
    a.until(b).map_or(0, |span| i64::from(span.get_days()))
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn month_of(year: i16, month: i16) -> Option<(Date, Date)> {
    let first = date(year, month, 1)?;
    Some((first, first.last_of_month()))
}

fn month(word: &str) -> Option<i16> {
    let short = word.len() == 3 || word == "sept";
    let index = MONTHS.iter().position(|name| *name == word || short && name.starts_with(word))?;
    i16::try_from(index + 1).ok()
}

fn year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| word.len() == 4 && (1900..=2099).contains(year))
}

/// `7`, `7th`, `21st`.
fn ordinal(word: &str) -> Option<i16> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = word.get(digits.len()..)?;
    digits.parse().ok().filter(|day| (1..=31).contains(day) && matches!(ending, "" | "st" | "nd" | "rd" | "th"))
}

/// A count, in digits or in words; `a` and `an` are one, `a couple of` is not read.
pub(crate) fn number(word: &str) -> Option<i64> {
    match word {
        "a" | "an" => Some(1),
        _ => word
            .parse()
            .ok()
            .filter(|n| (0..=9_999).contains(n))
            .or_else(|| NUMBERS.iter().position(|name| *name == word).and_then(|n| i64::try_from(n).ok())),
    }
}

/// `7 May 2023`: a day as people say it.
pub(crate) fn spoken_day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let near = Date::constant(2026, 5, 13);
        spots(text, near)
            .iter()
            .map(|s| format!("{}..{} {}", s.first, s.last, text.get(s.bytes.clone()).unwrap()))
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
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn words_that_name_no_date_are_left_alone() {
        for text in ["", "you may go", "march on", "version 5.8.4", "code 4408", "the last one", "weeks ago"] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }
}
