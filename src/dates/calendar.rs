//! Calendar arithmetic. Every step may run off the calendar's ends and then answers nothing.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::words::{Unit, month, weekday};

/// Which way from today a date lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Future,
    Unknown,
}

/// How exactly a date is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grain {
    /// A year.
    Year,
    /// A season of a year.
    Season,
    /// A month of a year.
    Month,
    /// A week, or a weekend.
    Week,
    /// A day.
    Day,
}

/// A stretch of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
    /// How exactly it is told.
    pub grain: Grain,
}

impl Stretch {
    pub(crate) fn day(day: Date) -> Self {
        Self { first: day, last: day, grain: Grain::Day }
    }

    /// A week or a weekend: `days` more days after its first.
    pub(crate) fn week(first: Date, days: i64) -> Option<Self> {
        Some(Self { first, last: plus_days(first, days)?, grain: Grain::Week })
    }

    pub(crate) fn month(day: Date) -> Self {
        Self { first: day.first_of_month(), last: day.last_of_month(), grain: Grain::Month }
    }

    /// A year, when the calendar has it.
    pub(crate) fn year(year: i64) -> Option<Self> {
        let first = Date::new(i16::try_from(year).ok().filter(|year| *year > 0)?, 1, 1).ok()?;
        Some(Self { first, last: first.last_of_year(), grain: Grain::Year })
    }
}

/// Days from `a` to `b`; negative when `b` is earlier.
pub(crate) fn days_between(a: Date, b: Date) -> i64 {
    a.until(b).map_or(0, |span| i64::from(span.get_days()))
}

/// `last Friday`, `next month`, `this summer`: what `noun` names, before (-1), around (0) or after (1) today.
pub(crate) fn pointed(today: Date, noun: &str, step: i64) -> Option<Stretch> {
    if let Some(day) = weekday(noun) {
        return Some(Stretch::day(match step {
            -1 => weekday_before(today, day)?,
            0 if today.weekday() == day => today,
            _ => weekday_after(today, day)?,
        }));
    }
    if let Some(index) = month(noun) {
        let tense = if step < 0 { Tense::Past } else { Tense::Future };
        let here = month_of_year(today, index, if step == 0 { Tense::Unknown } else { tense })?;
        let same = here == today.first_of_month();
        return Some(Stretch::month(if same { plus_months(here, 12 * step)? } else { here }));
    }
    match noun {
        "week" => Stretch::week(plus_days(monday(today)?, 7 * step)?, 6),
        "weekend" => Stretch::week(weekend(today, step)?, 1),
        "month" => Some(Stretch::month(plus_months(today, step)?)),
        "year" => Stretch::year(i64::from(today.year()) + step),
        _ => season(today, noun, step),
    }
}

/// A count of units from today, as exactly as the unit tells. Some hours are the same day.
pub(crate) fn shifted(today: Date, count: i64, unit: Unit) -> Option<Stretch> {
    match unit {
        Unit::Hours if count % 24 == 0 => plus_days(today, count / 24).map(Stretch::day),
        Unit::Hours => Some(Stretch::day(today)).filter(|_| count.abs() <= 6),
        Unit::Days(n) => plus_days(today, count.checked_mul(n)?).map(Stretch::day),
        Unit::Months => plus_months(today, count).map(Stretch::month),
        Unit::Years(n) => Stretch::year(i64::from(today.year()) + count.checked_mul(n)?),
    }
}

/// The Saturday of the last, this or the next weekend. From Thursday on, the next is not the one that is near.
fn weekend(today: Date, step: i64) -> Option<Date> {
    let saturday = plus_days(monday(today)?, 5)?;
    match step {
        -1 => plus_days(saturday, -7),
        1 if today.weekday().to_monday_zero_offset() >= 3 => plus_days(saturday, 7),
        _ => Some(saturday),
    }
}

pub(crate) fn plus_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Some(days).filter(|n| n.abs() < 4_000_000)?.days()).ok()
}

/// The first day of the month that is `months` after a day's.
pub(crate) fn plus_months(date: Date, months: i64) -> Option<Date> {
    date.first_of_month().checked_add(Some(months).filter(|n| n.abs() < 100_000)?.months()).ok()
}

/// That many working days from a day, Monday to Friday; which of them are holidays is not known.
pub(crate) fn plus_working_days(date: Date, count: i64) -> Option<Date> {
    let mut left = Some(count).filter(|n| n.abs() <= 400)?;
    let mut day = date;
    while left != 0 {
        day = plus_days(day, left.signum())?;
        if day.weekday().to_monday_zero_offset() < 5 {
            left -= left.signum();
        }
    }
    Some(day)
}

/// That weekday of the week that is `weeks` after the one of `today`.
pub(crate) fn weekday_of_week(today: Date, weeks: i64, day: Weekday) -> Option<Date> {
    plus_days(monday(today)?, weeks * 7 + i64::from(day.to_monday_zero_offset()))
}

/// The last such day before `today`.
pub(crate) fn weekday_before(today: Date, day: Weekday) -> Option<Date> {
    let back = i64::from(today.weekday().since(day));
    plus_days(today, -(if back == 0 { 7 } else { back }))
}

/// The first such day after `today`.
pub(crate) fn weekday_after(today: Date, day: Weekday) -> Option<Date> {
    let ahead = i64::from(today.weekday().until(day));
    plus_days(today, if ahead == 0 { 7 } else { ahead })
}

/// The Monday of the week that `today` is in.
fn monday(today: Date) -> Option<Date> {
    plus_days(today, -i64::from(today.weekday().to_monday_zero_offset()))
}

/// The 17th that is meant: this month's or the nearest one in the right direction.
pub(crate) fn day_of_month(today: Date, day: i8, tense: Tense) -> Option<Date> {
    let step = if tense == Tense::Past { -1 } else { 1 };
    let fits = |date: &Date| if tense == Tense::Past { *date <= today } else { *date >= today };
    // A 31st is at most one month off, a 30th at most two, and each month is tried in order.
    (0..3).filter_map(|n| plus_months(today, n * step)).filter_map(|first| at_day(first, day)).find(fits)
}

/// That day of the month that `first` is in, when it has one.
pub(crate) fn at_day(first: Date, day: i8) -> Option<Date> {
    Date::new(first.year(), first.month(), day).ok()
}

/// The 3 April that is meant: the last, the next, or the nearer one.
pub(crate) fn day_of_year(today: Date, month: i8, day: i8, tense: Tense) -> Option<Date> {
    let on = |year: i16| Date::new(year, month, day).ok();
    let year = today.year();
    let candidates = (-4..=4).filter_map(|n| year.checked_add(n)).filter_map(on);
    let distance = |date: &Date| today.duration_until(*date).as_hours().abs();
    match tense {
        Tense::Past => candidates.filter(|date| *date <= today).max(),
        Tense::Future => candidates.filter(|date| *date >= today).min(),
        Tense::Unknown => candidates.min_by_key(distance),
    }
}

/// The April that is meant, as its first day.
pub(crate) fn month_of_year(today: Date, month: i8, tense: Tense) -> Option<Date> {
    let this = today.first_of_month();
    let on = |year: i16| Date::new(year, month, 1).ok();
    let here = on(today.year())?;
    match tense {
        Tense::Past if here > this => on(today.year().checked_sub(1)?),
        Tense::Future if here < this => on(today.year().checked_add(1)?),
        _ => Some(here),
    }
}

/// The last or next season of that name that is not going on, or this year's. Seasons are the northern ones; which winter is this
/// one is not certain.
fn season(today: Date, name: &str, step: i64) -> Option<Stretch> {
    let start = match name {
        "spring" => 3,
        "summer" => 6,
        "autumn" | "fall" => 9,
        "winter" if step != 0 => 12,
        _ => return None,
    };
    let last = |first: Date| plus_months(first, 2).map(Date::last_of_month);
    let mut years = (-2..=2).filter_map(|n| Date::new(today.year().checked_add(n)?, start, 1).ok());
    let first = match step {
        -1 => years.rfind(|first| last(*first).is_some_and(|last| last < today)),
        0 => years.find(|first| first.year() == today.year()),
        _ => years.find(|first| *first > today),
    }?;
    Some(Stretch { first, last: last(first)?, grain: Grain::Season })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_found_in_the_right_direction() {
        let today = date(2026, 3, 1); // a Sunday
        for (found, expected) in [
            (weekday_before(today, Weekday::Sunday), date(2026, 2, 22)),
            (weekday_after(today, Weekday::Monday), date(2026, 3, 2)),
            (monday(today), date(2026, 2, 23)),
            (day_of_month(today, 31, Tense::Past), date(2026, 1, 31)),
            (day_of_month(today, 31, Tense::Future), date(2026, 3, 31)),
            (day_of_year(today, 2, 29, Tense::Past), date(2024, 2, 29)),
            (day_of_year(today, 12, 30, Tense::Unknown), date(2025, 12, 30)),
            (month_of_year(today, 11, Tense::Past), date(2025, 11, 1)),
        ] {
            assert_eq!(found, Some(expected));
        }
        let season = |name, step| season(today, name, step).map(|days| crate::dates::written(&days).1);
        assert_eq!(season("summer", -1).as_deref(), Some("the summer of 2025"));
        assert_eq!(season("winter", -1).as_deref(), Some("the winter of 2025-2026"));
        assert_eq!(season("winter", 1).as_deref(), Some("the winter of 2026-2027"));
    }
}
