//! What reading a message costs, without embedding it: `cargo bench --bench ingest`.
//!
//! One thread reads messages that are made up with a fixed seed, each as the last of a conversation with the twelve before
//! it as context, as ingest does when messages come one at a time; then lines of 32 KiB that are meant to be slow. On one
//! core: `taskset -c 0 cargo bench --bench ingest`. The figures are milliseconds a message; compare ratios within one run,
//! machines are noisy.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark reports to whoever runs it")]

use std::hint::black_box;
use std::time::Instant;

use mnemon::ingest::{CONTEXT_TURNS, ExtractOptions, Turn, extract};
use mnemon::model::limits::CONTENT_BYTES;
use mnemon::model::{Moment, Role};

const MESSAGES: usize = 2_000;
const WARM_UP: usize = 100;
const HOSTILE_RUNS: usize = 10;

const PEOPLE: &[&str] = &["my sister Ida", "Wojtek from work", "our neighbour", "the dentist", "my son", "Priya"];
const ACTS: &[&str] = &["bought", "repaired", "lost", "painted", "ordered", "moved", "sold", "measured"];
const THINGS: &[&str] =
    &["the red bicycle", "a greenhouse", "the espresso machine", "two concert tickets", "the boiler"];
const ENDS: &[&str] = &["last Friday", "for 140 euros", "in Bergen", "before the holidays", "on 3 March", "yesterday"];
const ASIDES: &[&str] = &["haha", "ok so", "anyway,", "oh and", "hmm", "thanks!"];
const RULES: &[&str] = &["Always answer in short sentences.", "From now on, use metric units.", "Never call me sir."];
const WORDS_ELSEWHERE: &[&str] = &["Wir haben", "gestern", "das Fahrrad", "verkauft", "und", "die Küche", "gestrichen"];

/// Makes messages of one kind.
type Maker = fn(&mut Dice) -> String;

const KINDS: &[(&str, Role, Maker)] = &[
    ("chat, a line", Role::User, |dice| format!("{} {}", dice.pick(ASIDES), sentence(dice))),
    ("signed, with a rule", Role::User, |dice| format!("Ana: {} {}", sentence(dice), dice.pick(RULES))),
    ("a question", Role::User, |dice| format!("When did {} see {}?", dice.pick(PEOPLE), dice.pick(THINGS))),
    ("a paragraph of 12", Role::User, |dice| many(dice, 12, " ", sentence)),
    ("a list of 10", Role::User, |dice| format!("To do:\n{}", many(dice, 10, "\n", |d| format!("- {}", sentence(d))))),
    ("a pasted log of 20", Role::User, |dice| many(dice, 20, "\n", log_line)),
    ("another language", Role::User, |dice| many(dice, 12, " ", |d| d.pick(WORDS_ELSEWHERE).to_owned())),
    ("the assistant, 12", Role::Assistant, |dice| many(dice, 12, " ", sentence)),
];

/// What each line of 32 KiB is made of.
const HOSTILE: &[(&str, &str)] = &[
    ("one word", "a"),
    ("no end of clauses", "I moved to Oslo and "),
    ("only commas", ", "),
    ("open quotes", "\"I said "),
    ("open brackets", "(["),
    ("dates", "3 March 2026 "),
    ("sentences", "I moved. "),
    ("list items", "- buy milk\n"),
    ("marks on a letter", "e\u{301}\u{302}"),
    ("digits", "4111 1111 "),
    ("emoji", "\u{1f468}\u{200d}\u{1f469}"),
];

fn main() {
    let mut dice = Dice(7);
    for &(name, role, make) in KINDS {
        let said: Vec<(Role, String)> = (0..MESSAGES + WARM_UP).map(|_| (role, make(&mut dice))).collect();
        report(name, timed(&said).split_off(WARM_UP));
    }
    let mixed: Vec<(Role, String)> = (0..MESSAGES + WARM_UP)
        .map(|n| KINDS.get(n % KINDS.len()).unwrap())
        .map(|&(_, role, make)| (role, make(&mut dice)))
        .collect();
    report("all of these, mixed", timed(&mixed).split_off(WARM_UP));
    for &(name, piece) in HOSTILE {
        let line = piece.repeat(CONTENT_BYTES / piece.len());
        let said: Vec<_> = (0..HOSTILE_RUNS).map(|_| (Role::User, line.clone())).collect();
        // Alone: a conversation of nothing else would read twelve of them.
        report(&format!("32 KiB: {name}"), said.chunks(1).flat_map(timed).collect());
    }
}

/// Milliseconds that each message takes, in order.
fn timed(said: &[(Role, String)]) -> Vec<f64> {
    let at = Moment::parse("2026-06-01T12:00:00+02:00").unwrap();
    let read = |last: usize| {
        let turns: Vec<_> = said
            .iter()
            .enumerate()
            .take(last + 1)
            .skip(last.saturating_sub(CONTEXT_TURNS))
            .map(|(n, (role, content))| Turn { role: *role, content, at, is_new: n == last })
            .collect();
        let start = Instant::now();
        black_box(extract(black_box(&turns), &ExtractOptions::default()));
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..said.len()).map(read).collect()
}

fn report(what: &str, mut millis: Vec<f64>) {
    millis.sort_by(f64::total_cmp);
    let at = |share: usize| *millis.get(millis.len() * share / 100).unwrap();
    println!("{what:28} p50 {:8.3} ms   p99 {:8.3} ms", at(50), at(99));
}

fn sentence(dice: &mut Dice) -> String {
    let (who, act, what, end) = (dice.pick(PEOPLE), dice.pick(ACTS), dice.pick(THINGS), dice.pick(ENDS));
    format!("{who} {act} {what} {end}.")
}

fn log_line(dice: &mut Dice) -> String {
    format!("2026-06-01T12:00:07Z INFO worker[{}]: {} done", dice.next() % 64, dice.pick(ACTS))
}

fn many(dice: &mut Dice, count: usize, between: &str, make: impl Fn(&mut Dice) -> String) -> String {
    (0..count).map(|_| make(dice)).collect::<Vec<_>>().join(between)
}

/// A linear congruential generator: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.next() % from.len()).copied().unwrap_or_default()
    }
}
