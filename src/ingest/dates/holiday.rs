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
        let (year, told) = self.year_behind(i + end);
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
        let said = year.filter(|_| told == 1).map_or_else(String::new, |year| format!(" {year}"));
        let length = end + told + usize::from(!part.is_empty());
        Some(Found { length, preposition, text: format!("{name}{said}{part} ({day})") })
    }

    /// The year that is told at `i`, `2024` or `last year`, and how many tokens tell it.
    fn year_behind(&self, i: usize) -> (Option<i16>, usize) {
        if let Some(year) = low(self.tokens, i).parse::<i16>().ok().filter(|year| (1900..2100).contains(year)) {
            return (Some(year), 1);
        }
        let years = match low(self.tokens, i) {
            "last" => -1,
            "this" => 0,
            "next" => 1,
            _ => return (None, 0),
        };
        let year = self.today.year().checked_add(years).filter(|_| at_any(self.tokens, i + 1, "year"));
        (year, if year.is_some() { 2 } else { 0 })
    }
}
