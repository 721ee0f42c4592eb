//! What lies before, around and after today: `yesterday`, `last month`, `three weeks ago`, `in a year and a half`.

use crate::dates::{
    Stretch, Tense, Unit, WEEKDAYS, at_day, day_word, plus_days, plus_months, plus_working_days, pointed, shifted,
    step, unit, weekday,
};

use super::super::date_words::month_index;
use super::super::words::{at, at_any, low, phrase_at};
use super::{Found, View};

impl View<'_> {
    /// Dates that are relative to today, whatever the tense.
    pub(super) fn relative(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        match low(tokens, i) {
            "tonight" => self.part_of_day(1, 0, "evening"),
            "the" if phrase_at(tokens, i, "the day before yesterday") => self.day(4, -2),
            "the" if phrase_at(tokens, i, "the day after tomorrow") => self.day(4, 2),
            "the" if at(tokens, i + 1, "other") && at_any(tokens, i + 2, &["day", "night", "week", "evening"]) => {
                Some(Found { length: 3, preposition: "", text: format!("shortly before {}", self.today) })
            }
            "this" if self.part(1).is_some() => self.part_of_day(2, 0, self.part(1)?),
            "last" if at_any(tokens, i + 1, &["night", "evening"]) => self.part_of_day(2, -1, low(tokens, i + 1)),
            "in" => self.in_some_time(),
            word => match (day_word(word), step(word)) {
                (Some(days), _) if at(tokens, i + 1, "'s") => {
                    let date = plus_days(self.today, days)?;
                    Some(Found { length: 2, preposition: "", text: format!("the {date}") })
                }
                (Some(days), _) => Some(self.on_day(1, plus_days(self.today, days)?)),
                (None, Some(way)) => self.pointed(way),
                (None, None) => self.ago(),
            },
        }
    }

    /// `last Friday`, `next month`, `this summer`, `this coming Tuesday`.
    fn pointed(&self, way: i64) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let word = low(tokens, i);
        // "is coming Monday week": a verb, and a day that is named.
        if word == "coming" && WEEKDAYS.contains(&low(tokens, i + 1)) && at_any(tokens, i + 2, "week|fortnight") {
            return None;
        }
        // "this past Tuesday", "this coming weekend": the second word says which way.
        let twice = usize::from(word == "this" && at_any(tokens, i + 1, &["past", "coming", "last", "next"]));
        let way = if twice == 1 { step(low(tokens, i + 1))? } else { way };
        let noun = low(tokens, i + 1 + twice);
        // "the past year" and "the last month" are spans up to now, not calendar units; "the last Friday of" is one of a month.
        let spans =
            (self.before() == "the" && (word == "past" || word == "last")) && at_any(tokens, i + 2, &["of", "in"]);
        let day = WEEKDAYS.contains(&noun);
        if spans || (word == "past" && (self.before() == "the" || !day) && !matches!(noun, "weekend" | "week")) {
            return None;
        }
        // "this may be late": the month has a capital.
        let month_like = matches!(noun, "may" | "march" | "mar" | "jan" | "dec");
        if month_like && tokens.get(i + 1 + twice).is_none_or(|t| month_index(t).is_none()) {
            return None;
        }
        // "the day had passed", "this sat well": shortened days only where nothing follows that makes them words.
        let short = matches!(noun, "sat" | "sun" | "mon" | "wed");
        let days = match short_weekday(noun).filter(|_| short && self.ends(2 + twice)) {
            Some(full) => pointed(self.today, full, way)?,
            None => pointed(self.today, noun, way)?,
        };
        if weekday(noun).is_some() || short {
            if self.low(2 + twice).ends_with("ings") || self.low(2 + twice) == "nights" {
                return None;
            }
            return Some(self.on_day(2 + twice, days.first));
        }
        let found = Found::new(2 + twice, &days);
        // The season keeps the name that it was given.
        Some(if noun == "fall" { Found { text: found.text.replace("autumn", noun), ..found } } else { found })
    }

    /// `in ten days`, `in two weeks' time`: what is ahead. Behind a past verb it is how long something took.
    fn in_some_time(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        if self.tense() == Tense::Past {
            return None;
        }
        if let Some(vague) = vague(tokens, i + 1) {
            let unit = low(tokens, i + vague);
            let text = format!("{} {unit} after {}", low(tokens, i + vague - 1).replace("few", "a few"), self.today);
            return Some(Found { length: vague + 1 + self.time_word(vague + 1), preposition: "", text });
        }
        let (days, length) = self.span(i + 1, 1)?;
        let end = length + 1;
        let time = self.time_word(end);
        if time == 0 && at_any(tokens, i + end, &["of", "'s"]) {
            return None;
        }
        Some(Found::new(end + time, &days))
    }

    /// The length of `' time` and `'s time` at `n`.
    fn time_word(&self, n: usize) -> usize {
        match (self.low(n), self.low(n + 1)) {
            ("'" | "'s" | "’", "time") => 2,
            ("time", _) => 1,
            _ => 0,
        }
    }

    /// `three weeks ago`, `a week from today`.
    fn ago(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let back = |n: usize| at(tokens, n, "ago") || (at(tokens, n, "back") && self.tense() == Tense::Past);
        if let Some(vague) = vague(tokens, i).filter(|n| back(i + n)) {
            let count = low(tokens, i + vague - 2).replace("few", "a few");
            let text = format!("{count} {} before {}", low(tokens, i + vague - 1), self.today);
            return Some(Found { length: vague + 1, preposition: "", text });
        }
        let (_, length) = self.span(i, 1)?;
        let next = i + length;
        let to_the_day = ["to the day", "to the date", "today"].iter().find(|p| phrase_at(tokens, next + 1, p));
        if let Some(exactly) = to_the_day.filter(|_| back(next) && at_any(tokens, next - 1, "month|months|year|years"))
        {
            let (count, _) = self.count(i)?;
            let months = if low(tokens, next - 1).starts_with('y') { 12 * count } else { count };
            let date = at_day(plus_months(self.today, -months)?, self.today.day())?;
            return Some(Found::new(length + 1 + exactly.split(' ').count(), &Stretch::day(date)));
        }
        if back(next) {
            return Some(Found::new(length + 1, &self.span(i, -1)?.0));
        }
        let ahead = phrase_at(tokens, next, "from now") || phrase_at(tokens, next, "from today");
        ahead.then(|| Some(Found::new(length + 2, &self.span(i, 1)?.0)))?
    }

    /// What a span of time reaches from today, and how many tokens tell it: `ten days`, `half a year`, `two years and a
    /// half`, `three working days`.
    fn span(&self, i: usize, way: i64) -> Option<(Stretch, usize)> {
        let (tokens, today) = (self.tokens, self.today);
        if at(tokens, i, "half") && at_any(tokens, i + 1, &["a", "an"]) {
            return match low(tokens, i + 2) {
                "year" => Some((Stretch::month(plus_months(today, 6 * way)?), 3)),
                "hour" => Some((Stretch::day(today), 3)),
                _ => None,
            };
        }
        let (count, length) = self.count(i)?;
        let then = i + length;
        if at_any(tokens, then, &["working", "business"]) && at_any(tokens, then + 1, &["day", "days"]) {
            return Some((Stretch::day(plus_working_days(today, way * count)?), length + 2));
        }
        let half = |n: usize| usize::from(phrase_at(tokens, n, "and a half")) * 3;
        let inner = half(then);
        let unit = unit(low(tokens, then + inner))?;
        let outer = if inner == 0 { half(then + 1) } else { 0 };
        let used = length + inner + 1 + outer;
        if inner + outer == 0 {
            return Some((shifted(today, way * count, unit)?, used));
        }
        let days = match unit {
            Unit::Hours => Stretch::day(today),
            Unit::Days(7) => {
                let near = plus_days(today, way * (7 * count + 3))?;
                pointed(near, "week", 0)?
            }
            Unit::Days(_) => return None,
            Unit::Months => Stretch::month(plus_days(plus_months(today, way * count)?, way * 15)?),
            Unit::Years(n) => Stretch::month(plus_months(today, way * (12 * n * count + 6 * n))?),
        };
        Some((days, used))
    }
}

/// The length of `a few weeks`, `several years`: a count that nobody gave.
fn vague(tokens: &[super::Token], i: usize) -> Option<usize> {
    let length = if phrase_at(tokens, i, "a few") {
        2
    } else {
        usize::from(at_any(tokens, i, &["several", "few", "some", "many"]))
    };
    let unit = unit(low(tokens, i + length)).filter(|unit| *unit != Unit::Hours);
    (length > 0 && low(tokens, i + length).ends_with('s') && unit.is_some()).then_some(length + 1)
}

/// `sat`, `sun`, `mon`, `wed`: days where only a day can stand.
pub(super) fn short_weekday(word: &str) -> Option<&'static str> {
    match word {
        "sat" => Some("saturday"),
        "sun" => Some("sunday"),
        "mon" => Some("monday"),
        "wed" => Some("wednesday"),
        _ => None,
    }
}
