//! Recall in a large profile whose index is still being built.

use std::time::Duration;

use mnemon::engine::{Engine, ProfileAddress};
use mnemon::recall::{RecallQuery, Recalled};

use super::writes::question;
use crate::support::{Bench, WordEmbedder, said, session};

/// What is asked, and what the answer or the best candidates have to say.
const ASKED: [(&str, &str); 4] = [
    ("Where do I live?", "Bergen"),
    ("How many herons does my sister Ada keep?", "31 herons"),
    ("Which dentist do I have to call?", "dentist Moe"),
    ("How should boats be spoken of?", "Always mention Lima"),
];

fn filled() -> (Bench, ProfileAddress) {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    let talk = (0..120).map(|n| {
        said("2026-05-04T09:00:00Z", &format!("Parcel {n} weighs {} kg and stands in hall {}.", n + 40, n % 7))
    });
    bench.engine().ingest(&at, Some(&session("talk")), &talk.collect::<Vec<_>>()).unwrap();
    for (name, text) in [
        ("old", "I live in Oslo."),
        ("mine", "My sister Ada keeps 31 herons."),
        ("task", "I have to call dentist Moe by Friday."),
        ("manner", "Always mention Lima when we talk about boats."),
        ("new", "I live in Bergen now."),
    ] {
        bench.engine().ingest(&at, Some(&session(name)), &[said("2026-05-05T09:00:00Z", text)]).unwrap();
    }
    bench.close();
    (bench, at)
}

fn open(bench: &Bench, index_wait: Duration) -> Engine {
    let _there_may_be_none = fs_err::remove_dir_all(bench.folder.path().join("cache"));
    let mut options = bench.options(WordEmbedder::named("words"));
    options.index_wait = index_wait;
    Engine::open(options).unwrap()
}

fn ask(engine: &Engine, at: &ProfileAddress, text: &str) -> Recalled {
    engine.recall(at, &RecallQuery { evidence_limit: 3, ..question(text) }).unwrap()
}

/// What the first recall after opening gives when it does not wait.
fn by_scan(bench: &Bench, at: &ProfileAddress, text: &str) -> Recalled {
    // The build may be done sooner than the recall has looked, if rarely.
    for _ in 0..20 {
        let engine = open(bench, Duration::ZERO);
        let found = ask(&engine, at, text);
        let scans = engine.index_loads().recalls_by_scan;
        engine.close().unwrap(); // also in the midst of the build
        if scans == 1 {
            return found;
        }
    }
    panic!("no recall went on without the index");
}

#[test]
fn it_reads_the_rows_nearest_to_its_question() {
    let (bench, at) = filled();
    for (text, expected) in ASKED {
        let found = by_scan(&bench, &at, text);
        let shown: Vec<&str> = found.candidates.iter().map(|candidate| candidate.summary.as_str()).collect();
        assert!(shown.iter().take(3).any(|summary| summary.contains(expected)), "{text}: {shown:?}");
        assert!(!shown.iter().any(|summary| summary.contains("Oslo")), "history: {shown:?}");
        assert!(found.evidence.iter().any(|shown| shown.message.content.contains(expected)), "{text}");
    }
    assert!(by_scan(&bench, &at, "Where do I live?").answer.contains("Bergen"));
}

#[test]
fn once_the_index_is_there_it_is_read_and_who_waits_gets_it_at_once() {
    let (bench, at) = filled();
    let patient = open(&bench, Duration::MAX);
    let expected: Vec<Recalled> = ASKED.iter().map(|(text, _)| ask(&patient, &at, text)).collect();
    let loads = patient.index_loads();
    assert_eq!((loads.recalls_by_scan, loads.from_rows), (0, 1), "{loads:?}");
    patient.close().unwrap();

    let engine = open(&bench, Duration::ZERO);
    while engine.index_loads().from_rows == 0 || engine.stats().unwrap().loaded_profiles == 0 {
        ask(&engine, &at, "Where do I live?");
    }
    // Counted before the index is put in its place: ask until no recall is by a scan.
    while {
        let before = engine.index_loads().recalls_by_scan;
        ask(&engine, &at, "Where do I live?");
        engine.index_loads().recalls_by_scan > before
    } {}
    let found: Vec<Recalled> = ASKED.iter().map(|(text, _)| ask(&engine, &at, text)).collect();
    assert_eq!(found, expected);
    assert_eq!(engine.index_loads().from_rows, 1, "it is built once");
}

#[test]
fn what_is_written_meanwhile_is_found() {
    let (bench, at) = filled();
    let engine = open(&bench, Duration::ZERO);
    ask(&engine, &at, "Where do I live?");
    engine
        .ingest(&at, Some(&session("later")), &[said("2026-05-06T09:00:00Z", "My canoe is called Pelican.")])
        .unwrap();
    let found = ask(&engine, &at, "What is my canoe called?");
    assert!(found.evidence.first().is_some_and(|best| best.message.content.contains("Pelican")));
}
