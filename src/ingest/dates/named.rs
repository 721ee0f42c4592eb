//! Dates by name, whose direction the tense decides: `3 April`, `the 5th`, `on Friday`, `in May`.

use jiff::civil::Date;

use crate::dates::{
    Stretch, Tense, WEEKDAYS, at_day, day_number, day_of_month, day_of_year, month, month_of_year, plus_days, weekday,
    weekday_after, weekday_before, weekday_of_week,
};

use super::super::date_words::{is_year, month_index};
use super::super::lexicon::PREPOSITIONS;
use super::super::words::{Class, Kind, Token, at, at_any, low, phrase_at};
use super::offset::ordinal;
use super::relative::short_weekday;
use super::{Found, Manner, View};

impl View<'_> {
    /// A day with its year, which needs no today: `3 April 2019`, `the 4th of July, 2019`, `28.02.2026`.
    pub(super) fn full_date(&self) -> Option<Found> {
        let (tokens, start) = (self.tokens, self.i);
        let day = |date: Date, length: usize| Some(Found::new(length, &Stretch::day(date)));
        if let Some(date) = in_digits(low(tokens, start)) {
            return day(date, 1);
        }
        let weekday = usize::from(WEEKDAYS.contains(&low(tokens, start)));
        let comma = usize::from(weekday == 1 && at(tokens, start + 1, ","));
        let (number, index, end) = self.day_of_month_at(start + weekday + comma)?;
        let year = end + usize::from(at(tokens, end, ",") || at(tokens, end, "of"));
        let written = tokens.get(year).filter(|t| is_year(&t.low))?.low.parse().ok()?;
        day(Date::new(written, index, number).ok()?, year + 1 - start)
    }

    /// `4 July`, `the 4th of July`, `July the 4th` at `i`: the day, the month from 1, and where it ends.
    fn day_of_month_at(&self, i: usize) -> Option<(i8, i8, usize)> {
        let tokens = self.tokens;
        let the = usize::from(at(tokens, i, "the"));
        if let Some(day) = day_number(low(tokens, i + the)) {
            let month = i + the + 1 + usize::from(at(tokens, i + the + 1, "of"));
            return Some((day, month_index(tokens.get(month)?)?, month + 1));
        }
        let day = i + 1 + usize::from(at(tokens, i + 1, "the"));
        Some((day_number(low(tokens, day))?, month_index(tokens.get(i)?)?, day + 1))
    }

    /// Dates by name, whose direction the tense decides: `3 April`, `the 5th`, `on Friday`, `in May`.
    pub(super) fn named(&self) -> Option<Found> {
        if self.manner == Manner::Recurs {
            return None;
        }
        self.day_and_month()
            .or_else(|| self.days_of_week())
            .or_else(|| self.ordinal_day())
            .or_else(|| self.weekday_gone())
            .or_else(|| self.bare_weekday())
            .or_else(|| self.bare_month())
    }

    /// `3 April`, `April 3rd`, `the 3rd of April`, `8 to 10 September`, `Thursday 26 March`; with a year it is absolute already.
    fn day_and_month(&self) -> Option<Found> {
        let (tokens, start) = (self.tokens, self.i);
        let weekday = usize::from(WEEKDAYS.contains(&low(tokens, start)));
        let comma = usize::from(weekday == 1 && at(tokens, start + 1, ","));
        let i = start + weekday + comma;
        let the = usize::from(at(tokens, i, "the"));
        let (days, month_at, end) = if let Some((first, last)) = joined_days(low(tokens, i + the)) {
            let after = i + the + 1;
            let of = usize::from(at(tokens, after, "of"));
            ((first, Some(last)), after + of, after + of + 1)
        } else if let Some(day) = day_number(low(tokens, i + the)) {
            let range = at_any(tokens, i + the + 1, &["to", "and", "-", "–", "until"])
                .then(|| day_number(low(tokens, i + the + 2)))
                .flatten();
            let after = i + the + 1 + if range.is_some() { 2 } else { 0 };
            let of = usize::from(at(tokens, after, "of"));
            ((day, range), after + of, after + of + 1)
        } else {
            let the = usize::from(at(tokens, i + 1, "the"));
            ((day_number(low(tokens, i + 1 + the))?, None), i, i + 2 + the)
        };
        let index = month_index(tokens.get(month_at)?)?;
        let year = tokens.get(end + usize::from(at(tokens, end, ","))).is_some_and(|t| is_year(&t.low));
        let timed = |t: &Token| t.text.contains(':');
        if year || tokens.get(end - 1).is_some_and(timed) {
            return None;
        }
        let tense = self.aimed_tense();
        let first = day_of_year(self.today, index, days.0, tense)?;
        let text = match days.1.and_then(|last| at_day(first, last)) {
            Some(last) => {
                let joint = low(tokens, i + the + 1);
                format!("{first} {} {last}", if matches!(joint, "and" | "until" | "-" | "–") { joint } else { "to" })
            }
            None if days.1.is_some() => return None,
            None => first.to_string(),
        };
        Some(Found { length: end - start, preposition: "on", text })
    }

    /// `from Monday to Wednesday this week`: both days.
    fn days_of_week(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let (first, last) = (weekday(low(tokens, i))?, weekday(low(tokens, i + 2))?);
        let joined = at_any(tokens, i + 1, "to|until|till|through|-|–") && at(tokens, i + 4, "week");
        let weeks = match low(tokens, i + 3) {
            "this" => 0,
            "last" => -1,
            "next" => 1,
            _ => return None,
        };
        let days = [first, last].map(|day| weekday_of_week(self.today, weeks, day));
        let [Some(first), Some(last)] = days else { return None };
        (joined && first <= last).then(|| Found { length: 5, preposition: "from", text: format!("{first} to {last}") })
    }

    /// `the 17th`, in the month that was just named or the nearest.
    fn ordinal_day(&self) -> Option<Found> {
        let word = low(self.tokens, self.i + 1);
        let spelled = ordinal(word).filter(|_| self.before() == "on");
        let digits = ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end))
            && word.starts_with(|c: char| c.is_ascii_digit());
        let behind =
            self.i == 0 || at_any(self.tokens, self.i - 1, "on|by|until|till|before|after|from|since|for|to|and");
        let ends = self.tokens.get(self.i + 2).is_none_or(|t| {
            t.kind == Kind::Punct || t.is_any(PREPOSITIONS) || t.is_any(&["and", "but", "so", "they", "we", "i", "it"])
        });
        if !(at(self.tokens, self.i, "the") && (digits || spelled.is_some()) && behind && ends) || self.is_habit() {
            return None;
        }
        let day = day_number(word).or(spelled)?;
        let date = match (self.day_before(), self.month_before()) {
            (Some(from), _) => day_of_month(from, day, Tense::Future)?,
            (None, Some(first)) => at_day(first, day)?,
            (None, None) => day_of_month(self.today, day, self.aimed_tense())?,
        };
        Some(Found::new(2, &Stretch::day(date)))
    }

    /// The day named earlier in the statement with its month: in `out on 3 October, back on the 19th` the days go on from there.
    fn day_before(&self) -> Option<Date> {
        let month = self.tokens.get(..self.i)?.iter().rposition(|t| month_index(t).is_some())?;
        let starts = (0..=2).filter_map(|back| month.checked_sub(back));
        let mut named = starts.filter_map(|i| View { i, ..*self }.day_and_month());
        named.find_map(|found| found.text.parse().ok())
    }

    /// The month named earlier in the statement without a day.
    fn month_before(&self) -> Option<Date> {
        let before = self.tokens.get(..self.i)?;
        let i = before
            .iter()
            .rposition(|t| month_index(t).is_some())
            .filter(|&i| i > 0 && at_any(before, i - 1, &["in", "last", "next", "this", "of"]))?;
        month_of_year(self.today, month_index(before.get(i)?)?, self.tense())
    }

    /// `Monday last`, `the Tuesday just gone`.
    fn weekday_gone(&self) -> Option<Found> {
        let the = usize::from(self.low(0) == "the");
        let day = weekday(self.low(the))?;
        let gone = ["just gone", "just past", "gone", "past", "last"];
        let gone = gone.iter().find(|p| phrase_at(self.tokens, self.i + the + 1, p))?;
        let length = the + 1 + gone.split(' ').count();
        self.ends(length).then(|| Some(Found::new(length, &Stretch::day(weekday_before(self.today, day)?))))?
    }

    /// `on Friday` with a verb that says which way; two weekdays in one statement are a timetable, `Monday evenings` a habit.
    fn bare_weekday(&self) -> Option<Found> {
        let tokens = self.tokens;
        let word = low(tokens, self.i);
        let short =
            short_weekday(word).filter(|_| matches!(self.before(), "on" | "by" | "until" | "till") && self.ends(1));
        let day = weekday(short.unwrap_or(word))?;
        // "Monday week", "Friday fortnight": so long after the next one.
        let later = [("week", 7), ("fortnight", 14)].iter().find(|(unit, _)| at(tokens, self.i + 1, unit));
        if let Some((_, days)) = later.filter(|_| self.ends(2) && self.tense() != Tense::Past) {
            return Some(Found::new(2, &Stretch::day(plus_days(weekday_after(self.today, day)?, *days)?)));
        }
        let others = tokens.iter().filter(|t| WEEKDAYS.contains(&t.low.as_str())).count();
        let every = at_any(
            tokens,
            self.i.wrapping_sub(1),
            "every|each|on-call|all|a|the|any|most|other|second|alternate|first|third|of",
        );
        let plural = at_any(tokens, self.i + 1, "mornings|afternoons|evenings|nights|lunchtimes");
        if others > 1 || every || plural || at(tokens, self.i + 1, "'s") || self.is_habit() || self.is_moved_for_good()
        {
            return None;
        }
        let date = match self.aimed_tense() {
            Tense::Past => weekday_before(self.today, day)?,
            Tense::Future => weekday_after(self.today, day)?,
            Tense::Unknown => return None,
        };
        let coming = usize::from(at_any(tokens, self.i + 1, &["coming", "next"]) && self.ends(2));
        Some(self.on_day(1 + coming, date))
    }

    /// `in May`, `since March`, without a year.
    fn bare_month(&self) -> Option<Found> {
        let token = self.tokens.get(self.i)?;
        let mid = token.low.strip_prefix("mid-").and_then(month);
        let index = mid.or_else(|| month_index(token))?;
        let part = self.before() == "of"
            && self.i.checked_sub(2).is_some_and(|i| at_any(self.tokens, i, "beginning|start|end|middle|month|half"));
        let behind =
            part || mid.is_some() || "in|since|until|till|by|early|late|mid|from|during|around".has(self.before());
        let year = self.tokens.get(self.i + 1).is_some_and(|t| t.is("of") || t.kind == Kind::Number || t.is("'s"));
        let tense = self.aimed_tense();
        if !behind || year || tense == Tense::Unknown || self.is_habit() {
            return None;
        }
        let found = Found::new(1, &Stretch::month(month_of_year(self.today, index, tense)?));
        Some(if mid.is_some() { Found { text: format!("mid {}", found.text), ..found } } else { found })
    }
}

/// `28.02.2026`, and with slashes where only one number can be the month. Dots are written with the day first.
fn in_digits(word: &str) -> Option<Date> {
    let mark = if word.contains('.') { '.' } else { '/' };
    let numbers: Vec<i16> = word.split(mark).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [first, second, year] = numbers[..] else { return None };
    let (day, month) = if mark == '/' && second > 12 { (second, first) } else { (first, second) };
    let is_certain = mark == '.' || day > 12;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (is_certain && year >= 1000).then_some(date)
}

/// `3rd-9th`, written as one word.
fn joined_days(word: &str) -> Option<(i8, i8)> {
    let (first, last) = word.split_once(['-', '–'])?;
    Some((day_number(first)?, day_number(last)?))
}
