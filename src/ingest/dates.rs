//! Relative dates → absolute ones, in the writer's own calendar: `yesterday` → `on 2026-04-19`.
//!
//! Precision stays honest: a day is a day, a month is `2026-04`, a year `2026`, a week `the week of` its Monday. A date
//! whose direction is not certain, and a date that comes round every week or year, stays as it was written.

use jiff::civil::Date;

use crate::dates::{
    Stretch, Tense, WEEKDAYS, at_day, day_number, day_of_month, day_of_year, day_word, month_of_year, plus_days,
    pointed, shifted, step, unit, weekday, weekday_after, weekday_before, written,
};

use super::date_words::{is_year, month_index, small_number};
use super::lexicon::PREPOSITIONS;
use super::tense::tense_of;
use super::words::{Kind, Token, at, at_any, low, phrase_at};

/// Words before a date that already say how it belongs to the statement.
const BEHIND: &str = "on|in|at|by|from|since|until|till|before|after|for|of|to|during|through|than|around|about|between|starting|due|\
    later|early|mid|late|as|beginning|towards|toward";

/// What a date expression becomes.
struct Found {
    /// How many tokens it takes.
    length: usize,
    /// `on` or `in`, left out behind another preposition.
    preposition: &'static str,
    text: String,
}

impl Found {
    fn new(length: usize, days: &Stretch) -> Self {
        let (preposition, text) = written(days);
        Self { length, preposition, text }
    }
}

/// A statement's tokens with absolute dates, and whether there is a date in it.
pub(super) struct Dated {
    pub tokens: Vec<Token>,
    pub resolved: usize,
}

/// Makes the dates of a statement absolute. `today` is the writer's date; `recurs` says that the statement speaks of what
/// is so every time, where only dates relative to today are resolved.
pub(super) fn resolve(tokens: &[Token], today: Date, recurs: bool) -> Dated {
    let mut out = Dated { tokens: Vec::with_capacity(tokens.len()), resolved: 0 };
    let mut i = 0;
    while i < tokens.len() {
        let view = View { tokens, i, today, recurs };
        let Some(found) = view.relative().or_else(|| view.named()).filter(|f| f.length > 0) else {
            out.tokens.extend(tokens.get(i).cloned());
            i += 1;
            continue;
        };
        // "back in November, on the 17th": the preposition that is there is kept.
        let behind = out.tokens.last().is_some_and(|t| t.is_any(BEHIND));
        let spaced = tokens.get(i).is_some_and(|t| t.spaced);
        if !behind && !found.preposition.is_empty() {
            out.tokens.push(Token { spaced, ..Token::word(found.preposition) });
        }
        let mut parts = found.text.split(' ').map(Token::word);
        if let Some(first) = parts.next() {
            let spaced = spaced || (!behind && !found.preposition.is_empty());
            out.tokens.push(Token { spaced, ..first });
        }
        out.tokens.extend(parts);
        out.resolved += 1;
        i += found.length;
    }
    out
}

struct View<'a> {
    tokens: &'a [Token],
    i: usize,
    today: Date,
    recurs: bool,
}

impl View<'_> {
    fn day(&self, length: usize, days: i64) -> Option<Found> {
        Some(Found::new(length, &Stretch::day(plus_days(self.today, days)?)))
    }

    /// The same, with the part of the day that follows or is named.
    fn part_of_day(&self, length: usize, days: i64, part: &str) -> Option<Found> {
        let date = plus_days(self.today, days)?;
        Some(Found { length, preposition: "on", text: format!("the {part} of {date}") })
    }

    /// Dates that are relative to today, whatever the tense.
    fn relative(&self) -> Option<Found> {
        let (tokens, i) = (self.tokens, self.i);
        let part = |n: usize| {
            Some(low(tokens, i + n))
                .filter(|p| matches!(*p, "morning" | "afternoon" | "evening" | "night" | "noon" | "lunchtime"))
        };
        let genitive = |n: usize| at(tokens, i + n, "'s");
        let days = |n: i64| match part(1) {
            Some(part) => self.part_of_day(2, n, part),
            None if genitive(1) => {
                Some(Found { length: 2, preposition: "", text: format!("the {}", plus_days(self.today, n)?) })
            }
            None => self.day(1, n),
        };
        match low(tokens, i) {
            "tonight" => self.part_of_day(1, 0, "evening"),
            "the" if phrase_at(tokens, i, "the day before yesterday") => self.day(4, -2),
            "the" if phrase_at(tokens, i, "the day after tomorrow") => self.day(4, 2),
            "the" if at(tokens, i + 1, "other") && at(tokens, i + 2, "day") => {
                Some(Found { length: 3, preposition: "", text: format!("shortly before {}", self.today) })
            }
            "this" if part(1).is_some() => self.part_of_day(2, 0, part(1)?),
            "last" if at(tokens, i + 1, "night") => self.part_of_day(2, -1, "night"),
            "in" => self.in_some_time(),
            word => match (day_word(word), step(word)) {
                (Some(n), _) => days(n),
                (None, Some(way)) => self.pointed(way),
                (None, None) => self.ago(),
            },
        }
    }

    /// `last Friday`, `next month`, `this summer`.
    fn pointed(&self, way: i64) -> Option<Found> {
        let (word, noun) = (low(self.tokens, self.i), low(self.tokens, self.i + 1));
        // "the past year" and "the last month" are spans up to now, not calendar units.
        let spans = self.i > 0
            && at(self.tokens, self.i - 1, "the")
            && (word == "past" || (word == "last" && at_any(self.tokens, self.i + 2, &["of"])));
        if spans || (word == "past" && !WEEKDAYS.contains(&noun) && !matches!(noun, "weekend" | "week")) {
            return None;
        }
        let found = Found::new(2, &pointed(self.today, noun, way)?);
        // The season keeps the name that it was given.
        Some(if noun == "fall" { Found { text: found.text.replace("autumn", noun), ..found } } else { found })
    }

    /// `in ten days`: what is ahead. Behind a past verb it is how long something took.
    fn in_some_time(&self) -> Option<Found> {
        let (count, length) = self.count(self.i + 1)?;
        let unit = low(self.tokens, self.i + 1 + length);
        if self.tense() == Tense::Past || at_any(self.tokens, self.i + 2 + length, &["of", "'s"]) {
            return None;
        }
        self.shifted(count, unit, length + 2)
    }

    /// `three weeks ago`, `a week from today`.
    fn ago(&self) -> Option<Found> {
        let tokens = self.tokens;
        if phrase_at(tokens, self.i, "a few") {
            let unit = tokens.get(self.i + 2).filter(|t| unit(&t.low).is_some())?;
            let back = at(tokens, self.i + 3, "ago") || at(tokens, self.i + 3, "back");
            let text = format!("a few {} before {}", unit.low, self.today);
            return back.then_some(Found { length: 4, preposition: "", text });
        }
        let (count, length) = self.count(self.i)?;
        let unit = low(tokens, self.i + length);
        let next = self.i + length + 1;
        if at(tokens, next, "ago") || (at(tokens, next, "back") && self.tense() == Tense::Past) {
            return self.shifted(-count, unit, length + 2);
        }
        let ahead = phrase_at(tokens, next, "from now") || phrase_at(tokens, next, "from today");
        if ahead { self.shifted(count, unit, length + 3) } else { None }
    }

    /// A count and how many tokens it takes: `ten`, `a`, `a couple of`.
    fn count(&self, i: usize) -> Option<(i64, usize)> {
        let tokens = self.tokens;
        if at(tokens, i, "a") && at(tokens, i + 1, "couple") {
            return Some((2, if at(tokens, i + 2, "of") { 3 } else { 2 }));
        }
        let about = usize::from(at_any(tokens, i, &["about", "around", "roughly", "exactly"]));
        small_number(low(tokens, i + about)).map(|n| (n, about + 1))
    }

    fn shifted(&self, count: i64, word: &str, length: usize) -> Option<Found> {
        Some(Found::new(length, &shifted(self.today, count, unit(word)?)?))
    }

    /// Dates by name, whose direction the tense decides: `3 April`, `the 5th`, `on Friday`, `in May`.
    fn named(&self) -> Option<Found> {
        if self.recurs {
            return None;
        }
        self.day_and_month()
            .or_else(|| self.ordinal_day())
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
        let (days, month_at, end) = if let Some(day) = day_number(low(tokens, i + the)) {
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
        let tense = self.tense();
        let first = day_of_year(self.today, index, days.0, tense)?;
        let text = match days.1.and_then(|last| at_day(first, last)) {
            Some(last) => format!("{first} {} {last}", low(tokens, i + the + 1)),
            None if days.1.is_some() => return None,
            None => first.to_string(),
        };
        Some(Found { length: end - start, preposition: "on", text })
    }

    /// `the 17th`, in the month that was just named or the nearest.
    fn ordinal_day(&self) -> Option<Found> {
        let word = low(self.tokens, self.i + 1);
        let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end))
            && word.starts_with(|c: char| c.is_ascii_digit());
        let behind =
            self.i == 0 || at_any(self.tokens, self.i - 1, "on|by|until|till|before|after|from|since|for|to|and");
        let ends = self.tokens.get(self.i + 2).is_none_or(|t| {
            t.kind == Kind::Punct || t.is_any(PREPOSITIONS) || t.is_any(&["and", "but", "so", "they", "we", "i", "it"])
        });
        if !(at(self.tokens, self.i, "the") && ordinal && behind && ends) {
            return None;
        }
        let day = day_number(word)?;
        let date = match self.month_before() {
            Some(first) => at_day(first, day)?,
            None => day_of_month(self.today, day, self.tense())?,
        };
        Some(Found::new(2, &Stretch::day(date)))
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

    /// `on Friday` with a verb that says which way; two weekdays in one statement are a timetable.
    fn bare_weekday(&self) -> Option<Found> {
        let tokens = self.tokens;
        let day = weekday(low(tokens, self.i))?;
        let others = tokens.iter().filter(|t| WEEKDAYS.contains(&t.low.as_str())).count();
        let every =
            self.i > 0 && at_any(tokens, self.i - 1, &["every", "each", "on-call", "all", "a", "the", "any", "most"]);
        if others > 1 || every || at(tokens, self.i + 1, "'s") {
            return None;
        }
        let date = match self.tense() {
            Tense::Past => weekday_before(self.today, day)?,
            Tense::Future => weekday_after(self.today, day)?,
            Tense::Unknown => return None,
        };
        let part =
            Some(low(tokens, self.i + 1)).filter(|p| matches!(*p, "morning" | "afternoon" | "evening" | "night"));
        Some(match part {
            Some(part) => Found { length: 2, preposition: "on", text: format!("the {part} of {date}") },
            None => Found::new(1, &Stretch::day(date)),
        })
    }

    /// `in May`, `since March`, without a year.
    fn bare_month(&self) -> Option<Found> {
        let index = month_index(self.tokens.get(self.i)?)?;
        let behind = self.i > 0 && at_any(self.tokens, self.i - 1, "in|since|until|till|by|early|late|mid|from");
        let year = self.tokens.get(self.i + 1).is_some_and(|t| t.is("of") || t.kind == Kind::Number || t.is("'s"));
        let tense = self.tense();
        if !behind || year || tense == Tense::Unknown {
            return None;
        }
        Some(Found::new(1, &Stretch::month(month_of_year(self.today, index, tense)?)))
    }

    /// Which way the verb points that stands nearest before the date, or else the first behind it.
    fn tense(&self) -> Tense {
        // "moved to the 12th", "booked for 3 May": whenever that was said, the date lies ahead.
        let aimed = self.i > 0 && at_any(self.tokens, self.i - 1, &["to", "for", "until", "till"]);
        let shifts = [
            "moved",
            "postponed",
            "pushed",
            "rescheduled",
            "delayed",
            "extended",
            "shifted",
            "changed",
            "booked",
            "scheduled",
            "planned",
            "set",
            "brought",
        ];
        if aimed && self.tokens.iter().take(self.i).any(|t| t.is_any(&shifts)) {
            return Tense::Future;
        }
        let near = (0..self.i).rev().map(|i| tense_of(self.tokens, i)).find(|t| *t != Tense::Unknown);
        let later = || (self.i..self.tokens.len()).map(|i| tense_of(self.tokens, i)).find(|t| *t != Tense::Unknown);
        near.or_else(later).unwrap_or(Tense::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::words::{join, tokenize};
    use super::*;

    #[test]
    fn dates_become_absolute_in_the_writers_calendar() {
        let today = date(2026, 4, 20); // a Monday
        for (said, meant) in [
            ("I met Bo yesterday evening", "I met Bo on the evening of 2026-04-19"),
            ("the day after tomorrow we leave", "on 2026-04-22 we leave"),
            ("we spoke two weeks ago", "we spoke on 2026-04-06"),
            ("it ends in three months", "it ends in 2026-07"),
            ("I ran it in two weeks", "I ran it in two weeks"),
            ("she left last Monday", "she left on 2026-04-13"),
            ("he comes next Monday", "he comes on 2026-04-27"),
            ("due by next Friday", "due by 2026-04-24"),
            ("we met on the 25th", "we met on 2026-03-25"),
            ("he is coming on the 9th", "he is coming on 2026-05-09"),
            ("I saw it on 3 May", "I saw it on 2025-05-03"),
            ("the fair is on 8 to 10 September", "the fair is on 2026-09-08 to 2026-09-10"),
            ("it was on 6 March 2026", "it was on 6 March 2026"),
            ("I moved here a few weeks ago", "I moved here a few weeks before 2026-04-20"),
            ("he may march in protest", "he may march in protest"),
            ("we were there last week", "we were there in the week of 2026-04-13"),
            ("in February she broke it", "in 2026-02 she broke it"),
            ("I train on Mondays", "I train on Mondays"),
            ("open Monday and Friday", "open Monday and Friday"),
            ("we saw Ola on Friday", "we saw Ola on 2026-04-17"),
            ("from today it is off", "from 2026-04-20 it is off"),
        ] {
            assert_eq!(join(&resolve(&tokenize(said), today, false).tokens), meant, "{said}");
        }
    }
}
