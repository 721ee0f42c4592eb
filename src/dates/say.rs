//! How stretches of days are told: spoken, in ISO 8601, and as statements have them.

use jiff::civil::Date;

use super::calendar::{Grain, Stretch, days_between};

/// `7 May 2023`: a day as people say it.
pub(crate) fn spoken_day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// A stretch of days in ISO 8601, as exactly as it is known.
pub(crate) fn iso(days: &Stretch) -> String {
    match days.grain {
        Grain::Day => days.first.to_string(),
        Grain::Week => format!("week of {}", days.first),
        Grain::Season => season(days.first).join(" "),
        Grain::Month => days.first.strftime("%Y-%m").to_string(),
        Grain::Year => format!("{:04}", days.first.year()),
    }
}

/// Days so long ago are called by their weekday: "last Friday".
const LAST_DAYS: std::ops::RangeInclusive<i64> = 2..=7;

/// A stretch of days as people say it on the day `said`, as exactly as it is known.
pub(crate) fn told(days: &Stretch, said: Date) -> String {
    let week = if days_between(days.first, days.last) < 6 { "weekend" } else { "week" };
    match days.grain {
        Grain::Day if LAST_DAYS.contains(&days_between(days.first, said)) => {
            format!("{}, {}", days.first.strftime("%A"), spoken_day(days.first))
        }
        Grain::Day => spoken_day(days.first),
        Grain::Month => days.first.strftime("%B %Y").to_string(),
        Grain::Week if days.last < said && days_between(days.last, said) <= 7 => {
            format!("the {week} before {}", spoken_day(said))
        }
        Grain::Week => format!("the {week} of {}", spoken_day(days.first)),
        Grain::Season | Grain::Year => iso(days),
    }
}

/// A stretch of days in a statement, and the preposition in front: `in`, `the week of 2026-04-13`.
pub(crate) fn written(days: &Stretch) -> (&'static str, String) {
    match days.grain {
        Grain::Day => ("on", iso(days)),
        Grain::Week if days_between(days.first, days.last) < 6 => ("on", format!("the weekend of {}", days.first)),
        Grain::Week => ("in", format!("the {}", iso(days))),
        Grain::Season => ("in", format!("the {}", season(days.first).join(" of "))),
        Grain::Month | Grain::Year => ("in", iso(days)),
    }
}

/// The name and the year of the season that starts on a day; a winter has two years.
fn season(first: Date) -> [String; 2] {
    let year = first.year();
    match first.month() {
        3 => ["spring".to_owned(), year.to_string()],
        6 => ["summer".to_owned(), year.to_string()],
        9 => ["autumn".to_owned(), year.to_string()],
        _ => ["winter".to_owned(), format!("{year}-{}", i32::from(year) + 1)],
    }
}
