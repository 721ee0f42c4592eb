//! Holidays that stand on one day of the year for everyone: fixed ones, and those that Easter or a weekday decides.
//!
//! Easter is the western one. Days that differ between countries (mothers' day, national days) are left alone.

use jiff::civil::{Date, Weekday};

use super::calendar::{Tense, days_between, plus_days};

/// What decides on which day a holiday falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holiday {
    /// A month and a day.
    On(i8, i8),
    /// Days from Easter Sunday.
    Easter(i64),
    /// Days from the fourth Thursday of November.
    Thanksgiving(i64),
}

use Holiday::{Easter, On, Thanksgiving};

/// Names in lower case, without apostrophes.
const HOLIDAYS: &[(&str, Holiday)] = &[
    ("new years day", On(1, 1)),
    ("new years eve", On(12, 31)),
    ("nye", On(12, 31)),
    ("burns night", On(1, 25)),
    ("valentines day", On(2, 14)),
    ("valentine day", On(2, 14)),
    ("valentines", On(2, 14)),
    ("st patricks day", On(3, 17)),
    ("saint patricks day", On(3, 17)),
    ("april fools day", On(4, 1)),
    ("april fools", On(4, 1)),
    ("halloween", On(10, 31)),
    ("all saints day", On(11, 1)),
    ("bonfire night", On(11, 5)),
    ("christmas eve", On(12, 24)),
    ("xmas eve", On(12, 24)),
    ("christmas day", On(12, 25)),
    ("xmas day", On(12, 25)),
    ("christmas", On(12, 25)),
    ("xmas", On(12, 25)),
    ("boxing day", On(12, 26)),
    ("shrove tuesday", Easter(-47)),
    ("pancake day", Easter(-47)),
    ("ash wednesday", Easter(-46)),
    ("palm sunday", Easter(-7)),
    ("maundy thursday", Easter(-3)),
    ("good friday", Easter(-2)),
    ("easter saturday", Easter(-1)),
    ("easter sunday", Easter(0)),
    ("easter monday", Easter(1)),
    ("easter", Easter(0)),
    ("whit sunday", Easter(49)),
    ("whit monday", Easter(50)),
    ("pentecost", Easter(49)),
    ("thanksgiving day", Thanksgiving(0)),
    ("thanksgiving", Thanksgiving(0)),
    ("black friday", Thanksgiving(1)),
    ("cyber monday", Thanksgiving(4)),
];

/// The holiday that starts with the first of `word(0)`, `word(1)`, …, in lower case, and how many of them name it.
pub(crate) fn holiday<'a>(word: impl Fn(usize) -> &'a str) -> Option<(Holiday, usize)> {
    let first = word(0).get(..2)?;
    HOLIDAYS
        .iter()
        .filter(|(name, _)| name.starts_with(first))
        .find_map(|(name, when)| Some((*when, named(name, &word)?)))
}

/// How many words name it. An `s` may stand apart, with its apostrophe or without.
fn named<'a>(name: &str, word: &impl Fn(usize) -> &'a str) -> Option<usize> {
    let mut used = 0;
    for part in name.split(' ') {
        let said = word(used).trim_end_matches('.');
        used += 1;
        let bare: String = said.chars().filter(|c| !matches!(c, '\'' | '’')).collect();
        if bare == part {
            continue;
        }
        if part.strip_suffix('s') != Some(bare.as_str()) || !matches!(word(used), "'s" | "s") {
            return None;
        }
        used += 1;
    }
    Some(used)
}

impl Holiday {
    /// The day it falls on in a year.
    pub(crate) fn in_year(self, year: i16) -> Option<Date> {
        match self {
            On(month, day) => Date::new(year, month, day).ok(),
            Easter(days) => plus_days(easter(year)?, days),
            Thanksgiving(days) => plus_days(nth_weekday(Date::new(year, 11, 1).ok()?, 4, Weekday::Thursday)?, days),
        }
    }

    /// The one that is meant: the last, the next, or the nearer one.
    pub(crate) fn meant(self, today: Date, tense: Tense) -> Option<Date> {
        let year = today.year();
        let mut days = (-1..=1).filter_map(|n| self.in_year(year.checked_add(n)?));
        match tense {
            Tense::Past => days.filter(|day| *day <= today).max(),
            Tense::Future => days.find(|day| *day >= today),
            Tense::Unknown => days.min_by_key(|day| days_between(today, *day).abs()),
        }
    }
}

/// The `nth` such weekday of the month that starts on `first`, from one; -1 is the last.
pub(crate) fn nth_weekday(first: Date, nth: i8, day: Weekday) -> Option<Date> {
    first.nth_weekday_of_month(nth, day).ok()
}

/// Easter Sunday in the Gregorian calendar, by the arithmetic of Meeus, Jones and Butcher.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let skipped = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - century / 4 - skipped + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let sum = moon + sunday - 7 * late + 114;
    Date::new(year, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_is_where_the_church_has_it() {
        for day in [
            date(1961, 4, 2),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2011, 4, 24),
            date(2019, 4, 21),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2038, 4, 25),
        ] {
            assert_eq!(easter(day.year()), Some(day));
        }
    }

    #[test]
    fn holidays_are_named_in_many_ways_and_lie_where_the_tense_says() {
        let today = date(2026, 3, 2);
        for (name, tense, expected) in [
            ("christmas eve", Tense::Past, date(2025, 12, 24)),
            ("new year 's eve", Tense::Future, date(2026, 12, 31)),
            ("new years day", Tense::Past, date(2026, 1, 1)),
            ("valentine 's day", Tense::Past, date(2026, 2, 14)),
            ("good friday", Tense::Future, date(2026, 4, 3)),
            ("easter monday", Tense::Past, date(2025, 4, 21)),
            ("thanksgiving", Tense::Past, date(2025, 11, 27)),
            ("black friday", Tense::Future, date(2026, 11, 27)),
            ("halloween", Tense::Unknown, date(2025, 10, 31)),
        ] {
            let words: Vec<&str> = name.split(' ').collect();
            let (found, used) = holiday(|i| words.get(i).copied().unwrap_or_default()).unwrap();
            assert_eq!((found.meant(today, tense), used), (Some(expected), words.len()), "{name}");
        }
    }
}
