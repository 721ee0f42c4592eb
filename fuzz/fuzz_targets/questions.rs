//! Any question at any time: it is answered, the same twice, by scores that are finite and fall.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::engine::Engine;
use mnemon::model::{Moment, NewMessage, Role};
use mnemon::recall::{RecallQuery, ResponseLength, ThinkingLevel};
use mnemon_fuzz::{address, moment, open, session};

const SAID: &[(&str, &str)] = &[
    ("2026-03-02T09:00:00Z", "I live in Oslo with Ana, and work as a nurse since January 2024."),
    ("2026-03-09T18:30:00+02:00", "I moved to Bergen yesterday. My sister Ida turned 34 last Friday."),
    ("2026-04-01T08:00:00-05:00", "Ordered the blue kayak (order 4471-B) for $1,250; it should come in three weeks."),
    ("2026-04-22T10:00:00Z", "The kayak arrived. Please always answer in short sentences."),
    ("2026-05-04T07:15:00Z", "I have to call Dr. Lindqvist at 555-0142 by Friday about the penicillin."),
    ("2026-05-20T21:00:00Z", "We adopted a greyhound called Pixel, and I don't like running any more."),
];

fn engine() -> Engine {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    let engine = open(&folder);
    let at = address("p");
    engine.create_namespace(&at.account, &at.namespace).expect("a namespace");
    for (n, (when, text)) in SAID.iter().enumerate() {
        let message = NewMessage::new(Role::User, *text, Some(moment(when))).expect("a message");
        engine.ingest(&at, Some(&session(&format!("s{}", n / 2))), &[message]).expect("it is kept");
    }
    engine
}

thread_local! {
    static ENGINE: Engine = engine();
}

// A question, and before a line break "today".
fuzz_target!(|input: &str| {
    let (today, text) = input.split_once('\n').unwrap_or(("2026-06-01", input));
    let today = Moment::parse(today).unwrap_or(moment("2026-06-01"));
    ENGINE.with(|engine| {
        for (length, thinking) in [
            (ResponseLength::Short, ThinkingLevel::Low),
            (ResponseLength::Medium, ThinkingLevel::Medium),
            (ResponseLength::Long, ThinkingLevel::High),
        ] {
            let query =
                RecallQuery { length, thinking, evidence_limit: 5, explain: true, ..RecallQuery::new(text, today) };
            let found = match engine.recall(&address("p"), &query) {
                Ok(found) => found,
                Err(error) => {
                    let refused = error.kind() == mnemon::ErrorKind::InvalidInput && !(1..=1024).contains(&text.len());
                    assert!(refused, "every question is answered: {error}");
                    return;
                }
            };
            let again = engine.recall(&address("p"), &query).expect("every question is answered");
            assert_eq!(found.answer, again.answer);
            let scores: Vec<f32> = found.candidates.iter().map(|c| c.score).collect();
            assert!(scores.iter().all(|score| score.is_finite()) && scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        }
    });
});
