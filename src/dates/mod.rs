//! What words about time mean: one calendar and one table of words for what is remembered and for what is asked.
//!
//! [`spots`] reads the dates of any text; statements, whose grammar says more, are read in `ingest` with the same words
//! ([`pointed`], [`shifted`]) and arithmetic. Nothing here reads a clock: every date is relative to a day that is handed in, and a step
//! off the calendar's ends answers nothing.

mod calendar;
mod holidays;
mod read;
mod say;
mod words;

pub(crate) use calendar::{
    Grain, Stretch, Tense, at_day, day_of_month, day_of_year, days_between, month_of_year, plus_days, plus_months,
    plus_working_days, pointed, shifted, weekday_after, weekday_before, weekday_of_week,
};
pub(crate) use holidays::{holiday, nth_weekday};
pub(crate) use read::{Spot, spots};
pub(crate) use say::{iso, spoken_day, told, written};
pub(crate) use words::{MONTHS, Unit, WEEKDAYS, day_number, day_word, is_weekday, month, number, step, unit, weekday};
