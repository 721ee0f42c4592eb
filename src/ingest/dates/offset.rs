//! Days told by way of other days: `a week on Monday`, `three Fridays ago`, `the month before last`, `Tuesday next week`.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::dates::{
    Grain, Stretch, Tense, Unit, at_day, day_number, day_of_year, day_word, nth_weekday, plus_days, plus_months,
    pointed, step, unit, weekday, weekday_after, weekday_before, weekday_of_week,
};

use super::super::date_words::month_index;
use super::super::words::{Class, at, at_any};
use super::{Found, View};

/// What repeats: counted back from the last one.
const SEASONS: &str = "spring|summer|autumn|fall|winter";

impl View<'_> {
    /// Days that another day, week or month leads to.
    pub(super) fn offset(&self) -> Option<Found> {
        self.weeks_from()
            .or_else(|| self.day_week())
            .or_else(|| self.counted_back())
            .or_else(|| self.before_last())
            .or_else(|| self.same_day())
            .or_else(|| self.of_a_week())
            .or_else(|| self.of_a_month())
            .or_else(|| self.of_a_year())
            .or_else(|| self.nth_of_a_month())
            .or_else(|| self.weekday_and_day())
            .or_else(|| self.ambient_weekend())
    }

    /// The day at `n` that something is counted from, and its length; a weekday is the next one, or the last one.
    fn anchor(&self, n: usize, tense: Tense) -> Option<(Date, usize)> {
        let word = self.low(n);
        if let Some(days) = day_word(word) {
            return Some((plus_days(self.today, days)?, 1));
        }
        let (way, at) = match step(word) {
            Some(way) => (way, n + 1),
            None => (if tense == Tense::Past { -1 } else { 1 }, n),
        };
        let day = weekday(self.low(at))?;
        let date = if way < 0 { weekday_before(self.today, day)? } else { weekday_after(self.today, day)? };
        Some((date, at - n + 1))
    }

    /// `a week today`, `a week on Monday`, `two weeks from Friday`, `a week ago yesterday`, `a year ago today`.
    fn weeks_from(&self) -> Option<Found> {
        let (count, length) = self.count(self.i)?;
        let unit = unit(self.low(length))?;
        let next = length + 1;
        if self.low(next) == "ago" {
            let on = usize::from(matches!(self.low(next + 1), "on" | "this" | "last"));
            let (from, used) = self.anchor(next + 1 + on, Tense::Past)?;
            return Some(Found::new(next + 1 + on + used, &Stretch::day(moved(from, -count, unit)?)));
        }
        let joint = matches!(self.low(next), "on" | "from" | "after");
        let (from, used) = self.anchor(next + usize::from(joint), Tense::Future)?;
        // "I spent a week on Monday's task", "I've been here a week today": no date.
        let weeks = matches!(unit, Unit::Days(7 | 14));
        let plain =
            weeks && self.tense() != Tense::Past && !matches!(self.before(), "for" | "been" | "spend" | "every");
        if !(matches!(self.low(next), "from" | "after") || plain) || unit == Unit::Hours {
            return None;
        }
        let end = next + usize::from(joint) + used;
        let last = matches!(step(self.low(next + usize::from(joint))), Some(-1));
        let way = if last { -1 } else { 1 };
        Some(self.on_day(end, moved(from, way * count, unit)?))
    }

    /// `Monday week`, `today week`, `tomorrow fortnight`.
    fn day_week(&self) -> Option<Found> {
        let days = match self.low(1) {
            "week" => 7,
            "fortnight" => 14,
            _ => return None,
        };
        let (from, used) = self.anchor(0, Tense::Future).filter(|(_, used)| *used == 1)?;
        (used == 1 && self.ends(2) && self.tense() != Tense::Past)
            .then(|| Some(Found::new(2, &Stretch::day(plus_days(from, days)?))))?
    }

    /// `three Fridays ago`, `two summers ago`, `two weekends ago`, `two nights ago`.
    fn counted_back(&self) -> Option<Found> {
        let (count, length) = self.count(self.i)?;
        if self.low(length + 1) != "ago" || count < 1 {
            return None;
        }
        let plural = self.low(length);
        let noun = plural.strip_suffix('s').unwrap_or(plural);
        let days = if let Some(day) = weekday(noun) {
            Stretch::day(plus_days(weekday_before(self.today, day)?, -7 * (count - 1))?)
        } else if noun == "weekend" {
            let last = pointed(self.today, "weekend", -1)?;
            Stretch::week(plus_days(last.first, -7 * (count - 1))?, 1)?
        } else if SEASONS.has(noun) || matches!(noun, "christmase" | "easter" | "halloween") {
            Stretch::year(i64::from(self.today.year()) - count)?
        } else if matches!(noun, "night" | "evening" | "morning" | "afternoon") {
            return self.part_of_day(length + 2, -count, noun);
        } else {
            return None;
        };
        let found = Found::new(length + 2, &days);
        let season = days.grain == Grain::Year && SEASONS.has(noun);
        Some(if season { Found { text: format!("the {noun} of {}", found.text), ..found } } else { found })
    }

    /// `the year before last`, `the Friday before last`, `the week after next`.
    fn before_last(&self) -> Option<Found> {
        let start = usize::from(self.low(0) == "the");
        let word = |n: usize| self.low(start + n);
        // "last Sunday but one" is the Sunday before last.
        let (noun, steps, length) = match (word(0), word(1), word(2), word(3)) {
            ("last", noun, "but", "one") => (noun, -1, 4),
            ("next", noun, "but", "one") => (noun, 1, 4),
            (noun, "before", "last", _) => (noun, -1, 3),
            (noun, "after", "next", _) => (noun, 1, 3),
            _ => return None,
        };
        let end = start + length;
        if noun == "night" && steps == -1 {
            return self.part_of_day(end, -2, noun);
        }
        let near = pointed(self.today, noun, steps)?;
        let days = match (near.grain, noun) {
            (Grain::Day, _) => Stretch::day(plus_days(near.first, 7 * steps)?),
            (Grain::Week, "weekend") => Stretch::week(plus_days(near.first, 7 * steps)?, 1)?,
            (Grain::Week, _) => Stretch::week(plus_days(near.first, 7 * steps)?, 6)?,
            (Grain::Month, "month") => Stretch::month(plus_months(near.first, steps)?),
            (Grain::Month, _) => Stretch::month(plus_months(near.first, 12 * steps)?),
            (Grain::Year, _) => Stretch::year(i64::from(near.first.year()) + steps)?,
            (Grain::Season, _) => pointed(plus_months(self.today, 12 * steps)?, noun, steps)?,
        };
        Some(Found::new(end, &days))
    }

    /// `this day last week`, `this time last year`, `the same day last week`, `this time tomorrow`.
    fn same_day(&self) -> Option<Found> {
        let start = usize::from(self.low(0) == "the");
        let opens = matches!((self.low(start), self.low(start + 1)), ("this" | "same", "day" | "time"));
        if !opens {
            return None;
        }
        let end = start + 2;
        if let Some(days) = day_word(self.low(end)) {
            return self.day(end + 1, days);
        }
        let way = step(self.low(end)).filter(|way| *way != 0)?;
        let days = match (self.low(end + 1), self.low(start + 1)) {
            ("week", _) => Stretch::day(plus_days(self.today, 7 * way)?),
            ("month", _) => Stretch::day(moved(self.today, way, Unit::Months)?),
            ("year", "day") => Stretch::day(moved(self.today, way, Unit::Years(1))?),
            ("year", _) => Stretch::month(plus_months(self.today, 12 * way)?),
            _ => return None,
        };
        Some(Found::new(end + 2, &days))
    }

    /// `Tuesday next week`, `Friday of last week`, `next week on Tuesday`, `last week Monday`.
    fn of_a_week(&self) -> Option<Found> {
        if let Some(day) = weekday(self.low(0)) {
            let of = usize::from(matches!(self.low(1), "of" | "in"));
            let part = usize::from(self.part(1).is_some());
            let way = step(self.low(1 + of + part)).filter(|_| self.low(2 + of + part) == "week")?;
            let date = weekday_of_week(self.today, way, day)?;
            return Some(match self.part(1) {
                Some(name) => Found { length: 4, preposition: "on", text: format!("the {name} of {date}") },
                None => Found::new(3 + of, &Stretch::day(date)),
            });
        }
        let way = step(self.low(0)).filter(|_| self.low(1) == "week")?;
        let on = usize::from(self.low(2) == "on");
        let day = weekday(self.low(2 + on))?;
        Some(self.on_day(3 + on, weekday_of_week(self.today, way, day)?))
    }

    /// `the 3rd of next month`, `on the 3rd next month`, `next month on the 3rd`.
    fn of_a_month(&self) -> Option<Found> {
        let month = |n: usize| step(self.low(n)).filter(|_| self.low(n + 1) == "month");
        let (way, day, length) = if self.low(0) == "the" {
            let of = usize::from(matches!(self.low(2), "of" | "in"));
            (month(2 + of)?, ordinal(self.low(1))?, 4 + of)
        } else {
            let way = month(0)?;
            let on = usize::from(matches!(self.low(2), "on" | ","));
            let the = usize::from(self.low(2 + on) == "the");
            (way, ordinal(self.low(2 + on + the)).filter(|_| the == 1)?, 3 + on + the)
        };
        Some(Found::new(length, &Stretch::day(at_day(plus_months(self.today, way)?, day)?)))
    }

    /// `March last year`, `3 May next year`, `the third of May`.
    fn of_a_year(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let the = usize::from(self.low(0) == "the");
        let day = day_number(self.low(the)).or_else(|| ordinal(self.low(the)).filter(|_| the == 1));
        let of = usize::from(day.is_some() && self.low(the + 1) == "of");
        let at = if day.is_some() { the + 1 + of } else { 0 };
        let index = month_index(tokens.get(i + at)?)?;
        let after = day_number(self.low(at + 1)).filter(|_| day.is_none());
        let end = at + 1 + usize::from(after.is_some());
        let of_year = usize::from(self.low(end) == "of");
        let way = step(self.low(end + of_year)).filter(|_| self.low(end + of_year + 1) == "year");
        let Some(way) = way else {
            // The day in words is read here, the one in digits with the other dates by name.
            let spelled = day.filter(|_| day_number(self.low(the)).is_none())?;
            let tense = self.aimed_tense();
            let known = !tokens.get(i + end).is_some_and(super::Token::has_digit) && tense != Tense::Unknown;
            let date = day_of_year(self.today, index, spelled, tense).filter(|_| known)?;
            return Some(Found::new(end, &Stretch::day(date)));
        };
        let year = self.today.year().checked_add(i16::try_from(way).ok()?)?;
        let days = match day.or(after) {
            Some(day) => Stretch::day(Date::new(year, index, day).ok()?),
            None => Stretch::month(Date::new(year, index, 1).ok()?),
        };
        Some(Found::new(end + of_year + 2, &days))
    }

    /// `the first Monday in May`, `the last Friday of next month`.
    fn nth_of_a_month(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let start = usize::from(self.low(0) == "the");
        let nth = match self.low(start) {
            "first" | "1st" => 1,
            "second" | "2nd" => 2,
            "third" | "3rd" => 3,
            "fourth" | "4th" => 4,
            "last" => -1,
            _ => return None,
        };
        let day: Weekday = weekday(self.low(start + 1)).filter(|_| matches!(self.low(start + 2), "of" | "in"))?;
        let at = start + 3;
        let pointed_month = step(self.low(at)).filter(|_| self.low(at + 1) == "month");
        if let Some(way) = pointed_month {
            let date = nth_weekday(plus_months(self.today, way)?, nth, day)?;
            return Some(Found::new(at + 2, &Stretch::day(date)));
        }
        let index = month_index(tokens.get(i + at)?)?;
        let year = self.low(at + 1).parse::<i16>().ok().filter(|year| (1900..2100).contains(year));
        let of = |year: i16| nth_weekday(Date::new(year, index, 1).ok()?, nth, day);
        let mut near = (-1..=1).filter_map(|n| of(self.today.year().checked_add(n)?));
        let date = match (year, self.aimed_tense()) {
            (Some(year), _) => of(year)?,
            (None, Tense::Past) => near.filter(|date| *date <= self.today).max()?,
            (None, Tense::Future) => near.find(|date| *date >= self.today)?,
            (None, Tense::Unknown) => return None,
        };
        Some(Found::new(at + 1 + usize::from(year.is_some()), &Stretch::day(date)))
    }

    /// `next Wednesday, the 20th`, `Wednesday the 20th`: the day that is both.
    fn weekday_and_day(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let way = step(self.low(0));
        let start = usize::from(way.is_some());
        let day = weekday(self.low(start))?;
        let comma = usize::from(self.low(start + 1) == ",");
        let the = usize::from(self.low(start + 1 + comma) == "the");
        let nth = self.low(start + 1 + comma + the);
        let length = start + comma + the + 2;
        let digits = nth.starts_with(|c: char| c.is_ascii_digit());
        let number = day_number(nth).filter(|_| digits && nth.ends_with(|c: char| c.is_ascii_alphabetic()))?;
        if at(tokens, i + length, "of") || tokens.get(i + length).is_some_and(|t| month_index(t).is_some()) {
            return None;
        }
        let both = |first: Date| at_day(first, number).filter(|date| date.weekday() == day);
        let mut days = (-2..=2).filter_map(|n| plus_months(self.today, n)).filter_map(both);
        let tense = match way {
            Some(-1) => Tense::Past,
            Some(_) => Tense::Future,
            None => self.aimed_tense(),
        };
        let date = match tense {
            Tense::Past => days.filter(|date| *date <= self.today).max(),
            Tense::Future => days.find(|date| *date >= self.today),
            Tense::Unknown => days.next(),
        }?;
        Some(Found::new(length, &Stretch::day(date)))
    }

    /// `over the weekend`, `at the weekend`: the one behind or the one ahead, as the verb says.
    fn ambient_weekend(&self) -> Option<Found> {
        let opens = self.low(0) == "the" && self.low(1) == "weekend";
        let placed = matches!(self.before(), "over" | "at" | "on" | "during" | "by");
        if !(opens && placed && self.ends(2))
            || at_any(self.tokens, self.i + 2, &["of", "before", "after"])
            || self.is_habit()
        {
            return None;
        }
        let now = self.today.weekday().to_monday_zero_offset() >= 5;
        let way = match self.tense() {
            Tense::Past if now => 0,
            Tense::Past => -1,
            Tense::Future => 0,
            Tense::Unknown => return None,
        };
        let found = Found::new(2, &pointed(self.today, "weekend", way)?);
        Some(Found { preposition: "", ..found })
    }
}

/// A day that is a count of units from another, to the day.
fn moved(from: Date, count: i64, unit: Unit) -> Option<Date> {
    let count = Some(count).filter(|n| n.abs() < 10_000)?;
    match unit {
        Unit::Hours => None,
        Unit::Days(n) => plus_days(from, count * n),
        Unit::Months => from.checked_add(count.months()).ok(),
        Unit::Years(n) => from.checked_add((count * n).years()).ok(),
    }
}

/// A day of a month, in digits with its ending or in words: `3rd`, `third`.
pub(in crate::ingest) fn ordinal(word: &str) -> Option<i8> {
    const WORDS: &str = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|\
        fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|twenty-second|twenty-third|twenty-fourth|\
        twenty-fifth|twenty-sixth|twenty-seventh|twenty-eighth|twenty-ninth|thirtieth|thirty-first";
    let spelled = WORDS.split('|').position(|name| name == word).and_then(|n| i8::try_from(n + 1).ok());
    spelled.or_else(|| day_number(word).filter(|_| word.ends_with(|c: char| c.is_ascii_alphabetic())))
}
