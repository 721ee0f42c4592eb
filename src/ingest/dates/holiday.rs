//! Holidays: the name stays, and the day is put behind it.

use jiff::civil::Date;

use crate::dates::{Tense, holiday, step};

use super::super::words::{Class, at_any, join, low};
use super::{BEHIND, Found, Manner, View};

impl View<'_> {
    /// `on Christmas Eve`, `last Halloween`, `Easter 2024`. `The Christmas party` and `every Easter` are no days.
    pub(super) fn holiday(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let way = step(low(tokens, i));
        let start = usize::from(way.is_some());
        let (holiday, used) = holiday(|n| low(tokens, i + start + n))?;
        let end = start + used;
        let name = join(tokens.get(i + start..i + end)?);
        let year = low(tokens, i + end).parse::<i16>().ok().filter(|year| (1900..2100).contains(year));
        let told = usize::from(year.is_some());
        let owned = "the|a|an|my|our|their|his|her|every|each|any|most|all|whole|'s|merry|happy|usually|always"
            .has(self.before());
        let dated = at_any(tokens, i + end, &["("]) || self.low(end).starts_with("(2");
        if owned || dated || (way.is_none() && self.is_habit()) || !self.ends(end + told) {
            return None;
        }
        let tense = match way {
            Some(-1) => Tense::Past,
            Some(1) => Tense::Future,
            _ => self.aimed_tense(),
        };
        let day: Date = match year {
            Some(year) => holiday.in_year(year)?,
            None if way.is_none() && (tense == Tense::Unknown || self.manner == Manner::Recurs) => return None,
            None => holiday.meant(self.today, tense)?,
        };
        let part = self.part(end + told).map_or_else(String::new, |part| format!(" {part}"));
        let preposition = match way {
            Some(_) if used > 1 || name.eq_ignore_ascii_case("halloween") => "on",
            Some(_) => "at",
            None if BEHIND.has(self.before()) || i > 0 => "",
            None => "on",
        };
        let said = year.map_or_else(String::new, |year| format!(" {year}"));
        let length = end + told + usize::from(!part.is_empty());
        Some(Found { length, preposition, text: format!("{name}{said}{part} ({day})") })
    }
}
