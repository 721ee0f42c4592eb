//! The words that dates are made of, in lower case.

use jiff::civil::Weekday;

/// Months, from January.
pub(crate) const MONTHS: &[&str] = &[
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
/// Days of the week, from Monday.
pub(crate) const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Numbers, from zero; the tens after twenty are in [`number`].
const NUMBERS: &str = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|\
    seventeen|eighteen|nineteen|twenty";

/// What time is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Hours,
    Days(i64),
    Months,
    Years(i64),
}

/// The unit that a word names, one or several.
pub(crate) fn unit(word: &str) -> Option<Unit> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "hour" => Unit::Hours,
        "day" => Unit::Days(1),
        "week" => Unit::Days(7),
        "fortnight" => Unit::Days(14),
        "month" => Unit::Months,
        "year" => Unit::Years(1),
        "decade" => Unit::Years(10),
        _ => return None,
    })
}

/// Days from today to the day that a word names.
pub(crate) fn day_word(word: &str) -> Option<i64> {
    match word {
        "yesterday" => Some(-1),
        "today" => Some(0),
        "tomorrow" | "tmrw" | "tmr" => Some(1),
        _ => None,
    }
}

/// Where `last`, `this` and `next` point.
pub(crate) fn step(word: &str) -> Option<i64> {
    match word {
        "last" | "past" | "previous" => Some(-1),
        "this" => Some(0),
        "next" | "coming" => Some(1),
        _ => None,
    }
}

/// A day of the week, in full or shortened to what is no word by itself: `fri`, `tues`.
pub(crate) fn weekday(word: &str) -> Option<Weekday> {
    let short = (3..=4).contains(&word.len()) && !matches!(word, "sun" | "sat" | "wed" | "mon");
    let index = WEEKDAYS.iter().position(|day| *day == word || short && day.starts_with(word))?;
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

/// Whether a word is a day of the week in full, one or several.
pub(crate) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.contains(&word.strip_suffix('s').unwrap_or(word))
}

/// A month from 1, in full or by its first three letters.
pub(crate) fn month(word: &str) -> Option<i8> {
    let short = word.len() == 3 || word == "sept";
    let index = MONTHS.iter().position(|name| *name == word || short && name.starts_with(word))?;
    i8::try_from(index + 1).ok()
}

/// A day of a month: `7`, `7th`, `21st`.
pub(crate) fn day_number(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    digits.parse().ok().filter(|n| (1..=31).contains(n) && digits.len() <= 2)
}

/// A count, in digits or in words: `three`, `a`, `12`.
pub(crate) fn number(word: &str) -> Option<i64> {
    match word {
        "a" | "an" => Some(1),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        _ => NUMBERS
            .split('|')
            .position(|name| name == word)
            .and_then(|n| i64::try_from(n).ok())
            .or_else(|| word.parse().ok().filter(|n| (0..=9999).contains(n))),
    }
}
