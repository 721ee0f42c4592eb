//! Relative dates → absolute ones, in the writer's own calendar: `yesterday` → `on 2026-04-19`.
//!
//! Precision stays honest: a day is a day, a month is `2026-04`, a year `2026`, a week `the week of` its Monday. A date
//! whose direction is not certain, and a date that comes round every week or year, stays as it was written. Start at
//! [`resolve`]; each file beside this one reads one kind of expression.

mod holiday;
mod named;
mod offset;
mod relative;
#[cfg(test)]
mod tests;

pub(super) use offset::ordinal;

use jiff::civil::Date;

use crate::dates::{Stretch, Tense, month_of_year, plus_days, plus_months, written};

use super::date_words::{month_index, small_number};
use super::lexicon::PREPOSITIONS;
use super::tense::tense_of;
use super::verbs::{Time, main_verb};
use super::words::{Class, Kind, Token, at, at_any, low};

/// Words before a date that already say how it belongs to the statement.
const BEHIND: &str = "on|in|at|by|from|since|until|till|before|after|for|of|to|during|through|than|around|about|between|starting|due|\
    early|mid|late|as|beginning|towards|toward|over";

/// How a statement speaks of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Of what is so every time: only dates relative to today are resolved.
    Recurs,
    /// Of one time, past or ahead.
    Once,
    /// Of what is still to be done: ahead, unless its verb is past.
    Ahead,
}

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

/// Makes the dates of a statement absolute. `today` is the writer's date.
pub(super) fn resolve(tokens: &[Token], today: Date, manner: Manner) -> Dated {
    let mut out = Dated { tokens: Vec::with_capacity(tokens.len()), resolved: 0 };
    let mut i = 0;
    while i < tokens.len() {
        let view = View { tokens, i, today, manner };
        let Some(found) = view.found().filter(|f| f.length > 0) else {
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

/// Whether an expression at `i` names a day or a week by way of another day, or by a holiday.
pub(super) fn is_idiom_at(tokens: &[Token], i: usize) -> bool {
    let view = View { tokens, i, today: Date::constant(2001, 1, 1), manner: Manner::Ahead };
    view.offset().is_some() || view.holiday().is_some()
}

struct View<'a> {
    tokens: &'a [Token],
    i: usize,
    today: Date,
    manner: Manner,
}

impl View<'_> {
    fn found(&self) -> Option<Found> {
        self.edge()
            .or_else(|| self.full_date())
            .or_else(|| self.offset())
            .or_else(|| self.relative())
            .or_else(|| self.holiday())
            .or_else(|| self.named())
    }

    /// `the last day of next month`, `the first day of May`: a day.
    fn edge(&self) -> Option<Found> {
        if !(self.low(0) == "the"
            && matches!(self.low(1), "first" | "last")
            && self.low(2) == "day"
            && self.low(3) == "of")
        {
            return None;
        }
        let this = self.today.first_of_month();
        let (month, length) = match (self.low(4), self.low(5)) {
            ("this", "month") => (this, 6),
            ("next", "month") => (plus_months(this, 1)?, 6),
            ("last", "month") => (plus_months(this, -1)?, 6),
            _ => (month_of_year(self.today, month_index(self.tokens.get(self.i + 4)?)?, self.aimed_tense())?, 5),
        };
        let told = length == 5 && self.tokens.get(self.i + 5).is_some_and(Token::has_digit);
        let date = if self.low(1) == "first" { month.first_of_month() } else { month.last_of_month() };
        (!told).then(|| Found::new(length, &Stretch::day(date)))
    }

    fn low(&self, n: usize) -> &str {
        low(self.tokens, self.i + n)
    }

    fn before(&self) -> &str {
        self.i.checked_sub(1).map_or("", |i| low(self.tokens, i))
    }

    fn day(&self, length: usize, days: i64) -> Option<Found> {
        Some(Found::new(length, &Stretch::day(plus_days(self.today, days)?)))
    }

    /// The same, with the part of the day that follows or is named.
    fn part_of_day(&self, length: usize, days: i64, part: &str) -> Option<Found> {
        let date = plus_days(self.today, days)?;
        Some(Found { length, preposition: "on", text: format!("the {part} of {date}") })
    }
    /// The part of the day that the `n`th word is.
    fn part(&self, n: usize) -> Option<&str> {
        Some(self.low(n)).filter(|p| "morning|afternoon|evening|night|noon|lunchtime".has(p))
    }

    /// One day, with the part of it that stands `length` words on.
    fn on_day(&self, length: usize, date: Date) -> Found {
        match self.part(length) {
            Some(part) => Found { length: length + 1, preposition: "on", text: format!("the {part} of {date}") },
            None => Found::new(length, &Stretch::day(date)),
        }
    }

    /// Whether the expression of `length` words ends there: no noun follows that it would belong to.
    fn ends(&self, length: usize) -> bool {
        const JOINTS: &str = "and|but|so|because|then|or|they|we|i|it|he|she|the|the user|my|who|which|when|where|if|is|was|were|are|will|\
            had|has|have|did|just|too|also|again|please|this|all|a|morning|afternoon|evening|night|there|here|with|if|still";
        self.tokens.get(self.i + length).is_none_or(|t| {
            !matches!(t.kind, Kind::Word | Kind::Opaque)
                || t.is_any(PREPOSITIONS)
                || JOINTS.has(&t.low)
                || super::lexicon::is_past(&t.low)
                || (t.is_capitalised() && !t.is("day"))
        })
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

    /// Whether the statement says that something comes round: `every`, `usually`.
    fn is_habit(&self) -> bool {
        const HABIT: &str =
            "every|each|usually|always|normally|regularly|weekly|whenever|generally|typically|mostly|sometimes|often";
        self.tokens.iter().any(|t| t.is_any(HABIT)) && self.tense() != Tense::Past
    }

    /// `I've moved my class to Thursday evening`: what takes place every week has another day from now on.
    fn is_moved_for_good(&self) -> bool {
        const WEEKLY: &str = "class|classes|lesson|lessons|standup|stand-up|practice|training|rehearsal|rehearsals|choir|course|sync|retro|club|yoga|pilates";
        let said = self.tokens.get(..self.i).unwrap_or_default();
        self.before() == "to"
            && said.iter().any(|t| t.is_any("moved|switched|shifted|changed|moves|switches|shifts"))
            && said.iter().any(|t| t.is_any(WEEKLY))
    }

    /// The same, with what stands in front of the date and what is still to be done: `by Friday` lies ahead, `since Friday`
    /// behind.
    fn aimed_tense(&self) -> Tense {
        const APPOINTED: &str = "appointment|meeting|due|deadline|exam|interview|flight|delivery|viewing|rehearsal|lesson|class|test|party|\
            wedding|checkup|check-up|dentist|vet|doctor|reminder|booked|scheduled|concert|match|surgery|scan";
        let verbal = self.tense();
        match self.before() {
            "since" => return Tense::Past,
            "by" | "until" | "till" | "due" if verbal == Tense::Unknown => return Tense::Future,
            _ if verbal != Tense::Unknown => return verbal,
            _ => {}
        }
        let timed = |t: &Token| t.text.contains(':') || t.is_any(APPOINTED) || (t.has_digit() && t.low.ends_with('m'));
        let named = main_verb(self.tokens).0 == Time::None && self.tokens.iter().any(timed);
        if self.manner == Manner::Ahead || named { Tense::Future } else { Tense::Unknown }
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
        // "get delivered", "are being painted": a participle says nothing of when.
        let passive = |i: usize| i > 0 && at_any(self.tokens, i - 1, "get|gets|getting|be|being");
        let near = (0..self.i).rev().filter(|&i| !passive(i));
        let near = near.map(|i| tense_of(self.tokens, i)).find(|t| *t != Tense::Unknown);
        let later = || (self.i + 1..self.tokens.len()).map(|i| tense_of(self.tokens, i)).find(|t| *t != Tense::Unknown);
        near.or_else(later).unwrap_or(Tense::Unknown)
    }
}
