//! Calendar arithmetic for relative dates. Every step may run off the calendar's ends and then answers nothing.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Which way from today a date lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
    Unknown,
}

pub(super) fn plus_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(days.checked_mul(1).filter(|n| n.abs() < 4_000_000)?.days()).ok()
}

pub(super) fn plus_months(date: Date, months: i64) -> Option<Date> {
    date.first_of_month().checked_add(Some(months).filter(|n| n.abs() < 100_000)?.months()).ok()
}

pub(super) fn month(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

pub(super) fn weekday(index: usize) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

/// The last such day before `today`.
pub(super) fn weekday_before(today: Date, day: Weekday) -> Option<Date> {
    let back = i64::from(today.weekday().since(day));
    plus_days(today, -(if back == 0 { 7 } else { back }))
}

/// The first such day after `today`.
pub(super) fn weekday_after(today: Date, day: Weekday) -> Option<Date> {
    let ahead = i64::from(today.weekday().until(day));
    plus_days(today, if ahead == 0 { 7 } else { ahead })
}

/// The Monday of the week that `today` is in.
pub(super) fn monday(today: Date) -> Option<Date> {
    plus_days(today, -i64::from(today.weekday().to_monday_zero_offset()))
}

/// The 17th that is meant: this month's or the nearest one in the right direction.
pub(super) fn day_of_month(today: Date, day: i8, tense: Tense) -> Option<Date> {
    let step = if tense == Tense::Past { -1 } else { 1 };
    let fits = |date: &Date| if tense == Tense::Past { *date <= today } else { *date >= today };
    // A 31st is at most one month off, a 30th at most two, and each month is tried in order.
    (0..3).filter_map(|n| plus_months(today, n * step)).filter_map(|first| at_day(first, day)).find(fits)
}

/// That day of the month that `first` is in, when it has one.
pub(super) fn at_day(first: Date, day: i8) -> Option<Date> {
    Date::new(first.year(), first.month(), day).ok()
}

/// The 3 April that is meant: the last, the next, or the nearer one.
pub(super) fn day_of_year(today: Date, month: i8, day: i8, tense: Tense) -> Option<Date> {
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
pub(super) fn month_of_year(today: Date, month: i8, tense: Tense) -> Option<Date> {
    let this = today.first_of_month();
    let on = |year: i16| Date::new(year, month, 1).ok();
    let here = on(today.year())?;
    match tense {
        Tense::Past if here > this => on(today.year().checked_sub(1)?),
        Tense::Future if here < this => on(today.year().checked_add(1)?),
        _ => Some(here),
    }
}

/// `summer of 2025`: the last or next one that is not going on. Seasons are the northern ones.
pub(super) fn season(today: Date, name: &str, ahead: bool) -> Option<String> {
    let (start, length): (i8, i64) = match name {
        "spring" => (3, 3),
        "summer" => (6, 3),
        "autumn" | "fall" => (9, 3),
        "winter" => (12, 3),
        _ => return None,
    };
    let on = |year: i16| Date::new(year, start, 1).ok();
    let mut years = (-2..=2).filter_map(|n| today.year().checked_add(n)).filter_map(on);
    let found = if ahead {
        years.find(|first| *first > today)
    } else {
        years.rfind(|first| plus_months(*first, length).is_some_and(|end| end <= today))
    }?;
    let next = found.year().checked_add(1)?;
    Some(if name == "winter" {
        format!("winter of {}-{next}", found.year())
    } else {
        format!("{name} of {}", found.year())
    })
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
        assert_eq!(season(today, "summer", false).as_deref(), Some("summer of 2025"));
        assert_eq!(season(today, "winter", false).as_deref(), Some("winter of 2025-2026"));
        assert_eq!(season(today, "winter", true).as_deref(), Some("winter of 2026-2027"));
    }
}
