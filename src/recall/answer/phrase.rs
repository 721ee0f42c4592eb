//! The phrase that answers: a date, a name, a number, found in what was said or computed from it.

use super::elapsed;
use super::focus::Focus;
use super::marks::{self, Mark};
use super::passage::Passage;
use super::span;
use super::support;
use crate::dates::{Grain, Spot, is_weekday, iso, number, spoken_day, spots, told};
use crate::index::ProfileIndex;
use crate::recall::analyse::{Asked, Wants, is_filler};
use crate::text::{Word, is_stop_word, terms, words};

/// How many passages are searched for a phrase of the wanted kind.
const SEARCHED: usize = 8;
/// How much below the best a passage may be to be searched.
const NEAR: f32 = 5.0;

/// A phrase, and the passage it came from.
pub(super) struct Phrase {
    /// Its words.
    pub text: String,
    /// The place of its passage.
    pub passage: usize,
    /// What was computed, for an answer of sentences; none when the passage says it itself.
    pub computed: Option<String>,
}

/// The first phrase of the wanted kind in the best passages.
pub(super) fn find((asked, focus): (&Asked, &Focus), index: &ProfileIndex, passages: &[Passage]) -> Option<Phrase> {
    let best = passages.first()?.score;
    if matches!(asked.wants, Wants::What | Wants::Why | Wants::Who | Wants::Where) {
        let found = span::best((asked, focus), index, passages);
        return found.map(|(text, passage)| Phrase { text, passage, computed: None });
    }
    let near = passages.iter().take(SEARCHED).take_while(|passage| passage.score >= best - NEAR);
    let phrase = |at, (text, computed)| Phrase { text, passage: at, computed };
    if let Wants::Elapsed(unit) = asked.wants
        && let Some((text, at)) = elapsed::between(asked, unit, passages)
    {
        return Some(phrase(at, (text.clone(), Some(text))));
    }
    if asked.wants == Wants::When {
        return passages.first().map(|passage| phrase(0, when(dated(passage, passages))));
    }
    let found = near.enumerate().find_map(|(at, passage)| Some(phrase(at, of_kind(asked, passage)?)));
    // A question for one day is answered by a date, too; one for days or times is not.
    let dated = || passages.first().filter(|_| asked.has("day")).map(|best| phrase(0, when(best)));
    found.or_else(|| if asked.wants == Wants::WhichDay { dated() } else { None })
}

/// What a passage gives as the answer: a phrase of the wanted kind, what a reader is sure of, or all of it where nobody read it.
pub(super) fn value(asked: &Asked, passage: &Passage, (passages, marks): (&[Passage], &[Mark])) -> Option<String> {
    match asked.wants {
        Wants::When => dates(passage).first().map(|spot| iso(&spot.days)),
        Wants::WhichDay | Wants::Duration | Wants::Frequency | Wants::Number | Wants::Code(_) => {
            of_kind(asked, passage).map(|(text, _)| text)
        }
        Wants::What | Wants::Who | Wants::Where => {
            let read = |mark: &&Mark| passages.get(mark.passage).is_some_and(|read| read.sources == passage.sources);
            match marks.iter().find(read) {
                Some(mark) => Some(mark.text.clone()).filter(|_| mark.margin > 0.0),
                None => Some(passage.text.clone()),
            }
        }
        Wants::Elapsed(_) | Wants::YesNo | Wants::Why | Wants::Manner => None,
    }
}

/// What a reader marked, when a phrase of the wanted kind is what it marks.
pub(super) fn marked(asked: &Asked, marks: &[Mark]) -> Option<Phrase> {
    let (text, passage) = marks::joined(asked, marks).filter(|_| is_read(asked.wants))?;
    Some(Phrase { text, passage, computed: None })
}

/// The marks that can be of the wanted kind: a count says a number, a price none of something else, and beside a time of day there is one.
pub(super) fn fitting(asked: &Asked, (passages, marks): (&[Passage], &[Mark])) -> Vec<Mark> {
    let fits = |mark: &&Mark| match asked.wants {
        Wants::What | Wants::Number if asks_sum(asked) => can_be_sum(&mark.text),
        Wants::Number | Wants::Duration | Wants::Code(_) => says_number(&mark.text),
        Wants::WhichDay if asks_time(asked) => {
            passages.get(mark.passage).is_some_and(|passage| tells_time(&passage.text))
        }
        _ => true,
    };
    marks.iter().filter(fits).cloned().collect()
}

fn says_number(text: &str) -> bool {
    words(text).any(|word| counts(word.text))
}

/// Whether a text names money, or a number that is of nothing: `31 a week` and `85`, unlike `45 days`.
fn can_be_sum(text: &str) -> bool {
    let found: Vec<Word<'_>> = words(text).collect();
    let alone = |at: usize| found.get(at + 1).is_none_or(|next| is_stop_word(&next.text.to_lowercase()));
    let low = text.to_lowercase();
    MONEY.iter().any(|sign| low.contains(sign))
        || found.iter().enumerate().any(|(at, word)| counts(word.text) && alone(at))
}

/// Whether a word is a number, or has one in it: `22`, `eight`, `8PQ2R`.
fn counts(word: &str) -> bool {
    const VAGUE: &[&str] =
        &["no", "none", "few", "several", "couple", "both", "half", "dozen", "hundred", "thousand", "million"];
    let low = word.to_lowercase();
    let written = !matches!(low.as_str(), "a" | "an") && number(&low).is_some();
    written || low.contains(|c: char| c.is_ascii_digit()) || VAGUE.contains(&low.strip_suffix('s').unwrap_or(&low))
}

/// Whether a phrase of that kind is what a reader marks, rather than something with a form of its own, or computed.
pub(super) fn is_read(wants: Wants) -> bool {
    !matches!(wants, Wants::When | Wants::WhichDay | Wants::Elapsed(_) | Wants::YesNo)
}

/// Whether a passage has a phrase of a kind that not every passage has.
pub(super) fn has_kind(asked: &Asked, passage: &Passage) -> bool {
    match asked.wants {
        Wants::When | Wants::Elapsed(_) => !dates(passage).is_empty(),
        Wants::YesNo | Wants::Why | Wants::Manner | Wants::What => false,
        _ => of_kind(asked, passage).is_some(),
    }
}

/// A phrase of the wanted kind, and what was computed for it.
fn of_kind(asked: &Asked, passage: &Passage) -> Option<(String, Option<String>)> {
    let text = &passage.text;
    let quoted = |found: Option<String>| found.map(|text| (text, None));
    match asked.wants {
        Wants::When => Some(when(passage)),
        Wants::Elapsed(unit) => {
            let text = elapsed::since(asked, unit, passage);
            Some((text.clone(), Some(text)))
        }
        Wants::WhichDay => quoted(days_and_times(text).filter(|_| !asks_time(asked) || tells_time(text))),
        Wants::Duration => quoted(duration(text).or_else(|| length(text))),
        Wants::Frequency => quoted(frequency(text)),
        Wants::Number => quoted(quantity(asked, passage)),
        Wants::Code(digits) => quoted(code(asked, text, digits)),
        Wants::Who => quoted(names(asked, passage)),
        Wants::Where => quoted(place(asked, text).or_else(|| names(asked, passage))),
        Wants::Why | Wants::YesNo | Wants::Manner | Wants::What => quoted(Some(span::gist(text))),
    }
}

/// Dates that a passage names, relative to when it was said.
fn dates(passage: &Passage) -> Vec<Spot> {
    spots(&passage.text, passage.at.date())
}

/// The passage that names the date of what another tells: itself, the same statement in other words, or the sentence before it
/// ("Something happened last Friday. I …"). Itself when none does.
fn dated<'a>(passage: &'a Passage, passages: &'a [Passage]) -> &'a Passage {
    if !dates(passage).is_empty() {
        return passage;
    }
    let beside = || passages.iter().filter(|other| other.sources == passage.sources && !std::ptr::eq(*other, passage));
    let same = || beside().filter(|other| super::overlap(passage, other) >= super::MADE_OF);
    let of_message = if passage.is_memory { same().find(|other| !other.is_memory) } else { Some(passage) };
    let before = || {
        let order = of_message?.order.checked_sub(1)?;
        beside().find(|other| !other.is_memory && other.order == order && !dates(other).is_empty())
    };
    same().find(|other| !dates(other).is_empty()).or_else(before).unwrap_or(passage)
}

/// When it was: the most exact date that the passage names, or the day it was said; spoken, and in ISO 8601 unless the passage
/// has it like that.
fn when(passage: &Passage) -> (String, Option<String>) {
    let said = passage.at.date();
    let spots = dates(passage);
    match spots.iter().rev().max_by_key(|spot| spot.days.grain) {
        Some(spot) => {
            (told(&spot.days, said), Some(iso(&spot.days)).filter(|iso| !passage.text.contains(iso.as_str())))
        }
        None => (spoken_day(said), Some(said.to_string())),
    }
}

/// Weekdays and times of the day, as written: `Tuesdays and Thursdays`, `7:00 and 18:00`.
fn days_and_times(text: &str) -> Option<String> {
    let found: Vec<Word<'_>> = words(text).filter(|word| is_day_or_time(word.text)).collect();
    let (first, last) = (found.first()?, found.last()?);
    let run = text.get(first.start..last.end())?;
    let close = run.split_whitespace().count() <= 2 * found.len() + 1;
    Some(if close { run.to_owned() } else { found.iter().map(|word| word.text).collect::<Vec<_>>().join(", ") })
}

fn asks_time(asked: &Asked) -> bool {
    asked.has("time") || asked.has("times")
}

/// Whether a text names a time of the day, as a clock or as a part of it: `7:00`, `at 6.30`, `from nine`, `at noon`, `in the evening`.
fn tells_time(text: &str) -> bool {
    const BEFORE: &[&str] = &["at", "from", "until", "till", "by", "before", "after", "past", "to"];
    const PARTS: &[&str] = &[
        "noon",
        "midday",
        "midnight",
        "dawn",
        "dusk",
        "sunrise",
        "sunset",
        "lunch",
        "lunchtime",
        "morning",
        "mornings",
        "afternoon",
        "afternoons",
        "evening",
        "evenings",
        "night",
        "o'clock",
    ];
    let found: Vec<Word<'_>> = words(text).collect();
    let low = |at: usize| found.get(at).map(|word| word.text.to_lowercase()).unwrap_or_default();
    (0..found.len()).any(|at| {
        let word = low(at);
        let hour = word.split('.').next().and_then(number).is_some_and(|hour| (0..=24).contains(&hour));
        let alone = at + 1 == found.len() || is_stop_word(&low(at + 1));
        let follows = at.checked_sub(1).is_some_and(|before| BEFORE.contains(&low(before).as_str()));
        is_clock(&word) || PARTS.contains(&word.as_str()) || (follows && hour && alone)
    })
}

fn is_day_or_time(word: &str) -> bool {
    let low = word.to_lowercase();
    is_clock(&low) || is_weekday(&low)
}

/// `7:00`, `9pm`.
fn is_clock(low: &str) -> bool {
    let clock = low
        .split_once(':')
        .is_some_and(|(h, m)| h.parse::<u8>().is_ok() && m.get(..2).is_some_and(|m| m.parse::<u8>().is_ok()));
    let half = low.strip_suffix("am").or_else(|| low.strip_suffix("pm")).is_some_and(|hour| hour.parse::<u8>().is_ok());
    clock || half
}

/// `12 minutes`, `three years`, `since 2016`.
fn duration(text: &str) -> Option<String> {
    let found: Vec<Word<'_>> = words(text).collect();
    let unit = |word: &str| {
        let low = word.to_lowercase();
        let one = low.strip_suffix('s').unwrap_or(&low);
        matches!(
            one,
            "second" | "sec" | "minute" | "min" | "hour" | "night" | "day" | "week" | "month" | "year" | "decade"
        )
    };
    let since = || {
        found.windows(2).find_map(|pair| match pair {
            [since, year] if since.text.eq_ignore_ascii_case("since") && year.text.parse::<u16>().is_ok() => {
                text.get(since.start..year.end())
            }
            _ => None,
        })
    };
    counted(text, unit).or_else(since).map(str::to_owned)
}

/// The first number before a unit, with it.
fn counted(text: &str, unit: impl Fn(&str) -> bool) -> Option<&str> {
    words(text).collect::<Vec<_>>().windows(2).find_map(|pair| match pair {
        [count, of] if unit(of.text) && number(&count.text.to_lowercase()).is_some() => text.get(count.start..of.end()),
        _ => None,
    })
}

/// `60 m`, `2.5km`: how long a thing is.
fn length(text: &str) -> Option<String> {
    const UNITS: &[&str] = &[
        "m",
        "cm",
        "mm",
        "km",
        "metre",
        "meter",
        "centimetre",
        "kilometre",
        "foot",
        "feet",
        "ft",
        "inch",
        "inche",
        "mile",
        "yard",
    ];
    let unit = |word: &str| {
        let low = word.to_lowercase();
        UNITS.contains(&low.as_str()) || UNITS.contains(&low.strip_suffix('s').unwrap_or(&low))
    };
    let joined = || {
        words(text).map(|word| word.text).find(|word| {
            let digits = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            digits.len() < word.len() && unit(digits)
        })
    };
    counted(text, unit).or_else(joined).map(str::to_owned)
}

/// `once or twice a year`, `every Monday`, `three times a week`, `daily`.
fn frequency(text: &str) -> Option<String> {
    const UNITS: [&str; 8] = ["day", "week", "month", "year", "hour", "night", "morning", "weekend"];
    const ALONE: [&str; 8] = ["daily", "weekly", "monthly", "yearly", "hourly", "rarely", "seldom", "never"];
    let found: Vec<Word<'_>> = words(text).collect();
    let low: Vec<String> = found.iter().map(|word| word.text.to_lowercase()).collect();
    let at = |at: usize| low.get(at).map_or("", String::as_str);
    let quote =
        |first: usize, last: usize| text.get(found.get(first)?.start..found.get(last)?.end()).map(str::to_owned);
    for last in 0..low.len() {
        let one = at(last).strip_suffix('s').unwrap_or(at(last));
        let unit = UNITS.contains(&one) || is_weekday(one);
        let before = last.checked_sub(1).map_or("", at);
        if unit && matches!(before, "every" | "each") {
            return quote(last - 1, last);
        }
        if unit && matches!(before, "a" | "per" | "an") && last >= 2 {
            let counts = |word: &str| {
                matches!(
                    word,
                    "once"
                        | "twice"
                        | "times"
                        | "time"
                        | "few"
                        | "couple"
                        | "several"
                        | "or"
                        | "a"
                        | "of"
                        | "at"
                        | "least"
                ) || number(word).is_some()
            };
            let first = (0..last - 1).rev().take_while(|place| counts(at(*place))).last();
            if let Some(first) = first.filter(|first| {
                (*first..last - 1).any(|place| matches!(at(place), "once" | "twice" | "times" | "time"))
            }) {
                return quote(first, last);
            }
        }
    }
    (0..low.len()).find(|place| ALONE.contains(&at(*place))).and_then(|place| quote(place, place))
}

/// Words that speak of money.
const COSTS: &[&str] =
    &["cost", "costs", "price", "pay", "pays", "paid", "spend", "spent", "charge", "charged", "fee", "worth"];
/// Signs and names of money.
const MONEY: &[&str] = &[
    "€",
    "$",
    "£",
    "euro",
    "dollar",
    "pound",
    "usd",
    "eur",
    "gbp",
    "buck",
    "rent",
    "salary",
    "budget",
    "cheap",
    "expensive",
    "deposit",
];

fn asks_price(asked: &Asked) -> bool {
    asked.words.iter().any(|word| COSTS.contains(&word.as_str()))
}

/// Whether a sum of money is asked for: not how or with what somebody paid.
fn asks_sum(asked: &Asked) -> bool {
    const SUMS: &[&str] = &["bill", "budget", "deposit", "rent", "salary", "wage"];
    let how = asked.has("how") && !asked.has("much");
    let with = asked.words.last().is_some_and(|word| word == "with");
    !how && !with && (asks_price(asked) || SUMS.iter().any(|word| asked.has(word)))
}

fn tells_a_price(text: &str) -> bool {
    let low = text.to_lowercase();
    MONEY.iter().any(|sign| low.contains(sign)) || words(&low).any(|word| COSTS.contains(&word.text))
}

/// Whether a sentence has all that a price is asked of, and says a number of it: `the clay is 65 extra`.
fn says_what_it_is(asked: &Asked, text: &str) -> bool {
    const SAYS: &[&str] = &["is", "are", "was", "were", "for", "at", "asking"];
    let said = terms(text);
    let mut of = asked.words.iter().filter(|word| !is_filler(word) && !COSTS.contains(&word.as_str())).peekable();
    let found: Vec<Word<'_>> = words(text).collect();
    of.peek().is_some()
        && of.all(|word| terms(word).iter().all(|term| said.contains(term)))
        && found.windows(2).any(|pair| {
            matches!(pair, [verb, count] if SAYS.contains(&verb.text.to_lowercase().as_str()) && is_plain_number(count.text))
        })
}

/// The number nearest to a word that the question shares, with what it counts left out.
fn quantity(asked: &Asked, passage: &Passage) -> Option<String> {
    let text = without_photo(&passage.text);
    if asks_price(asked) && !(tells_a_price(text) && support::is_about(asked, passage) || says_what_it_is(asked, text))
    {
        return None;
    }
    let found: Vec<Word<'_>> = words(text).collect();
    let dates = spots(text, asked.today);
    let is_number = |word: &Word<'_>| {
        let digits = is_plain_number(word.text);
        let written = !matches!(word.text, "a" | "an" | "one" | "One") && number(&word.text.to_lowercase()).is_some();
        (digits || written)
            && !dates.iter().any(|spot| spot.days.grain > Grain::Year && spot.bytes.contains(&word.start))
    };
    let shared = shared_places(asked, &found);
    let distance = |at: usize| shared.iter().map(|other| other.abs_diff(at)).min().unwrap_or(usize::MAX);
    let nearest = found.iter().enumerate().filter(|(_, word)| is_number(word)).min_by_key(|(at, _)| distance(*at))?;
    Some(nearest.1.text.to_owned())
}

/// A text without the description of a photo that was shared with it: what is in a picture is not what was said.
fn without_photo(text: &str) -> &str {
    let low = text.to_ascii_lowercase();
    let at = low.find("(shared a photo").or_else(|| low.find("[shares a photo"));
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// A number with at most one unit sign at either end: `5`, `1,200.50`, `70%`, `€180`, `15k`; no version, date or identifier.
fn is_plain_number(word: &str) -> bool {
    let bare = word
        .trim_start_matches(['$', '€', '£', '-', '+'])
        .trim_end_matches(|c: char| c == '%' || c.is_ascii_alphabetic());
    let ending = word.chars().rev().take_while(char::is_ascii_alphabetic).count();
    !bare.is_empty()
        && ending <= 3
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && bare.matches('.').count() <= 1
}

/// From so many digits on, what is wanted is a phone number, which has no letters.
const PHONE: usize = 6;

/// The word with digits that stands nearest to a word that the question shares; groups of digits that follow belong to it.
fn code(asked: &Asked, text: &str, least: usize) -> Option<String> {
    let found: Vec<Word<'_>> = words(text).collect();
    let dates = spots(text, asked.today);
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let known = |word: &str| asked.words.iter().any(|other| *other == word.to_lowercase());
    let shared = shared_places(asked, &found);
    let mut best: Option<(usize, &str)> = None;
    let mut at = 0;
    while let Some(first) = found.get(at) {
        let run = found.get(at..).unwrap_or_default().iter().take_while(|word| digits(word.text) > 0).count();
        let in_date = dates.iter().any(|spot| spot.days.grain > Grain::Year && spot.bytes.contains(&first.start));
        let text = found.get((at + run).saturating_sub(1)).and_then(|last| text.get(first.start..last.end()));
        let right = |text: &&str| digits(text) >= least && (least < PHONE || !text.contains(char::is_alphabetic));
        if let Some(text) = text.filter(|text| run > 0 && !in_date && !known(text)).filter(right) {
            let distance = shared.iter().map(|other| other.abs_diff(at)).min().unwrap_or(usize::MAX);
            if best.is_none_or(|(nearest, _)| distance < nearest) {
                best = Some((distance, text));
            }
        }
        at += run.max(1);
    }
    best.map(|(_, text)| text.to_owned())
}

/// Places of the words that the question has, too.
fn shared_places(asked: &Asked, found: &[Word<'_>]) -> Vec<usize> {
    let shared =
        |word: &Word<'_>| terms(word.text).iter().any(|term| asked.terms.iter().any(|(known, _)| known == term));
    found.iter().enumerate().filter(|(_, word)| shared(word)).map(|(at, _)| at).collect()
}

/// Names in a passage that the question does not have: runs of words with a capital letter within a sentence.
fn names(asked: &Asked, passage: &Passage) -> Option<String> {
    let text = &passage.text;
    let found: Vec<Word<'_>> = words(text).collect();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, word) in found.iter().enumerate() {
        let low = word.text.to_lowercase();
        let bare = low.trim_end_matches("'s").trim_end_matches("’s");
        let capital = word.text.chars().next().is_some_and(char::is_uppercase);
        let known = asked.words.iter().any(|other| other.trim_end_matches("'s") == bare);
        if !capital
            || known
            || is_filler(bare)
            || low.starts_with("i'")
            || is_weekday(bare)
            || (at == 0 && !passage.is_memory)
        {
            continue;
        }
        match runs.last_mut().filter(|(_, end)| {
            *end == at
                && found
                    .get(at - 1)
                    .is_some_and(|last| text.get(last.end()..word.start).is_some_and(|gap| matches!(gap, " " | ". ")))
        }) {
            Some(run) => run.1 = at + 1,
            None => runs.push((at, at + 1)),
        }
    }
    let quote = |&(first, end): &(usize, usize)| {
        let text = text.get(found.get(first)?.start..found.get(end - 1)?.end())?;
        Some(text.trim_end_matches("'s").trim_end_matches("’s").to_owned())
    };
    let mut named: Vec<String> = runs.iter().filter_map(quote).collect();
    named.dedup();
    (!named.is_empty()).then(|| named.join(", "))
}

/// A place: what follows `in`, `at`, `to`, `from` or `near` with a capital letter, or else as a whole phrase.
fn place(asked: &Asked, text: &str) -> Option<String> {
    let found: Vec<Word<'_>> = words(text).collect();
    let known = |word: &Word<'_>| asked.words.iter().any(|other| *other == word.text.to_lowercase());
    let capital = |word: &Word<'_>| word.text.chars().next().is_some_and(char::is_uppercase) && !known(word);
    let at = found.windows(2).position(|pair| {
        matches!(pair, [before, name] if matches!(before.text.to_lowercase().as_str(), "in" | "at" | "to" | "from" | "near") && capital(name) && !is_weekday(&name.text.to_lowercase()))
    })?;
    let run = found.get(at + 1..)?;
    let mut end = run.first()?;
    for pair in run.windows(2) {
        let [last, next] = pair else { break };
        let gap = text.get(last.end()..next.start).unwrap_or_default();
        if !capital(next) || !matches!(gap, " " | ", ") {
            break;
        }
        end = next;
    }
    text.get(run.first()?.start..end.end()).map(str::to_owned)
}
