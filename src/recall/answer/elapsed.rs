//! How much time lies between two days: that of something that was said, and the day a question names, today, or the day of
//! something else that was said.

use std::collections::HashSet;

use jiff::civil::Date;

use super::passage::Passage;
use crate::dates::{Grain, days_between, spots};
use crate::recall::analyse::{Asked, Unit, is_filler};
use crate::text::{Term, terms};

/// How many passages are searched for either end.
const SEARCHED: usize = 12;

/// How far a passage's day is from the day that the question names, or from today.
pub(super) fn since(asked: &Asked, unit: Unit, passage: &Passage) -> String {
    let named = asked.times.iter().rev().find(|spot| spot.days.grain == Grain::Day);
    counted(unit, day_of(passage), named.map_or(asked.today, |spot| spot.days.first))
}

/// How much time lies between the two things that the question names (`between the order and the delivery`, `after the order did
/// the parcel come`), with the place of the passage that tells of the second. `None` when it names one, or one is not told of.
pub(super) fn between(asked: &Asked, unit: Unit, passages: &[Passage]) -> Option<(String, usize)> {
    let words: Vec<&str> = asked.words.iter().map(String::as_str).collect();
    let (first, second) = ends(&words)?;
    let (from, to) = (End::of(first, asked, passages)?, End::of(second, asked, passages)?);
    let passage = to.passage.or(from.passage)?;
    (from.passage != to.passage).then(|| (counted(unit, from.day, to.day), passage))
}

/// One end of a stretch of time.
struct End {
    day: Date,
    /// The passage that tells of it; none when the question names the day itself.
    passage: Option<usize>,
}

impl End {
    fn of(words: &[&str], asked: &Asked, passages: &[Passage]) -> Option<Self> {
        let text = words.join(" ");
        if let Some(spot) = spots(&text, asked.today).iter().find(|spot| spot.days.grain == Grain::Day) {
            return Some(Self { day: spot.days.first, passage: None });
        }
        let wanted: HashSet<Term> = words.iter().filter(|word| !is_filler(word)).flat_map(|word| terms(word)).collect();
        let shared = |passage: &Passage| passage.terms.intersection(&wanted).count();
        let told = passages.iter().take(SEARCHED).enumerate().map(|(at, passage)| (shared(passage), at, passage));
        // Of equals the best passage; `max_by_key` alone would take the last.
        let (count, at, passage) = told.max_by_key(|(count, at, _)| (*count, std::cmp::Reverse(*at)))?;
        (count > 0).then(|| Self { day: day_of(passage), passage: Some(at) })
    }
}

/// The words for either end: around the `and` of `between … and …`, or before and behind the verb that follows `after …`.
fn ends<'a>(words: &'a [&'a str]) -> Option<(&'a [&'a str], &'a [&'a str])> {
    const VERBS: &[&str] = &["did", "do", "does", "was", "were", "is", "are", "had", "has", "have", "will"];
    let at = words.iter().position(|word| matches!(*word, "between" | "after" | "before"))?;
    let rest = words.get(at + 1..)?;
    // `after the parcel was sent did it come`: the last verb asks.
    let middle = match words.get(at) {
        Some(&"between") => rest.iter().position(|word| *word == "and")?,
        _ => rest.iter().rposition(|word| VERBS.contains(word))?,
    };
    let (first, second) = (rest.get(..middle)?, rest.get(middle + 1..)?);
    (!first.is_empty() && !second.is_empty()).then_some((first, second))
}

/// The day that a passage tells of: the first that it names, or the first of the year or month that it names, or the one it was said on.
fn day_of(passage: &Passage) -> Date {
    let named = spots(&passage.text, passage.at.date());
    let day = named.iter().find(|spot| spot.days.grain == Grain::Day);
    let past = || named.iter().find(|spot| spot.days.last < passage.at.date());
    day.or_else(past).map_or(passage.at.date(), |spot| spot.days.first)
}

/// The time between two days in full units: `3 weeks`, `1 day`.
fn counted(unit: Unit, one: Date, other: Date) -> String {
    let (from, to) = (one.min(other), one.max(other));
    let days = days_between(from, to).abs();
    let full = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
    let months = full - i64::from(to.day() < from.day());
    let unit = match unit {
        Unit::Any if days < 14 => Unit::Days,
        Unit::Any if days < 60 => Unit::Weeks,
        Unit::Any if months < 24 => Unit::Months,
        Unit::Any => Unit::Years,
        named => named,
    };
    let (count, name) = match unit {
        Unit::Weeks => (days / 7, "week"),
        Unit::Months => (months, "month"),
        Unit::Years => (months / 12, "year"),
        Unit::Days | Unit::Any => (days, "day"),
    };
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_found_in_the_question() {
        for (question, expected) in [
            ("how many days between the order and the delivery", Some(("the order", "the delivery"))),
            ("how many weeks after the storm did the roofer come", Some(("the storm", "the roofer come"))),
            ("how many days before the exam was the party", Some(("the exam", "the party"))),
            ("how many days after it was sent did it come", Some(("it was sent", "it come"))),
            ("how many days after the storm", None),
            ("how long ago did we meet", None),
            ("how many days between them", None),
        ] {
            let words: Vec<&str> = question.split(' ').collect();
            let found = ends(&words).map(|(first, second)| (first.join(" "), second.join(" ")));
            assert_eq!(found, expected.map(|(first, second)| (first.to_owned(), second.to_owned())), "{question}");
        }
    }

    #[test]
    fn time_is_counted_in_full_units() {
        let (june, august) = (Date::constant(2026, 6, 15), Date::constant(2026, 8, 14));
        for (unit, expected) in [
            (Unit::Days, "60 days"),
            (Unit::Weeks, "8 weeks"),
            (Unit::Months, "1 month"),
            (Unit::Years, "0 years"),
            (Unit::Any, "1 month"),
        ] {
            assert_eq!(counted(unit, august, june), expected);
        }
    }
}
