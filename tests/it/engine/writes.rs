//! Ingest and remember.

use mnemon::ErrorKind;
use mnemon::engine::{MemoryQuery, derived_session};
use mnemon::model::{Memory, MemoryType};

use crate::support::{Bench, address, instant, said, session};

const MAY: &str = "2026-05-04T09:00:00Z";

#[test]
fn acknowledged_memory_survives_reopening() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    let memory = bench.engine().remember(&at, None, "The user prefers window seats on trains.").unwrap();
    bench.engine().ingest(&at, Some(&session("s1")), &[said(MAY, "I live in Oslo with my two cats.")]).unwrap();
    let before = all(&bench, "ana");
    bench.reopen();
    assert_eq!(all(&bench, "ana"), before);
    assert_eq!(bench.engine().memory(&at, memory.id).unwrap(), memory);
}

#[test]
fn what_was_written_is_found_at_once() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let memory = bench.engine().remember(&at, None, "The staging host is hrn-stg-04.lan.").unwrap();
    let found = bench.engine().recall(&at, &question("What is the staging host?")).unwrap();
    assert_eq!(found.candidates.first().map(|c| c.id), Some(memory.id));
    assert!(found.answer.contains("hrn-stg-04.lan"), "{}", found.answer);
}

#[test]
fn the_memory_on_the_topic_that_is_asked_about_comes_first() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    for (day, text) in
        [(1, "I live in Oslo now."), (2, "My sister Kim likes to live in a big city."), (3, "Ida lives in Rome.")]
    {
        let message = said(&format!("2026-05-0{day}T09:00:00Z"), text);
        bench.engine().ingest(&at, Some(&session(&format!("s{day}"))), &[message]).unwrap();
    }
    for (asked, expected) in
        [("Where do I live?", "Oslo"), ("Where does the user live?", "Oslo"), ("Where does Ida live?", "Rome")]
    {
        let query = mnemon::recall::RecallQuery { explain: true, ..question(asked) };
        let best = bench.engine().recall(&at, &query).unwrap().candidates.swap_remove(0);
        assert!(best.summary.contains(expected), "{asked}: {}", best.summary);
        let channels = best.explanation.unwrap();
        assert!(channels.iter().any(|part| part.channel == "topic" && part.score > 0.0), "{asked}: {channels:?}");
    }
}

#[test]
fn messages_are_kept_verbatim_even_when_nothing_is_memorable() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let report = bench.engine().ingest(&at, Some(&session("s1")), &[said(MAY, "hello  there! ✨")]).unwrap();
    assert_eq!((report.messages_added, report.memories_added), (1, 0));
    let found = bench.engine().recall(&at, &question("hello there")).unwrap();
    let evidence: Vec<&str> = found.evidence.iter().map(|e| e.message.content.as_str()).collect();
    assert_eq!(evidence, ["hello  there! ✨"]);
}

#[test]
fn ingesting_again_changes_nothing_and_a_longer_version_adds_what_is_new() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let first = said(MAY, "My dentist is Dr. Lindqvist in Bergen.");
    let second = said("2026-05-04T09:01:00Z", "My sister Ida works as a nurse.");
    let once = bench.engine().ingest(&at, None, std::slice::from_ref(&first)).unwrap();
    let before = all(&bench, "ana");
    let again = bench.engine().ingest(&at, None, std::slice::from_ref(&first)).unwrap();
    assert_eq!((again.session.clone(), again.messages_added, again.memories_added), (once.session, 0, 0));
    assert_eq!(all(&bench, "ana"), before);

    let longer = bench.engine().ingest(&at, None, &[first.clone(), second]).unwrap();
    assert_eq!(longer.messages_added, 1);
    assert_eq!(longer.session, derived_session(&first));
    assert_eq!(all(&bench, "ana").len(), before.len() + 1);
}

#[test]
fn a_message_said_twice_in_one_session_is_kept_once() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let twice = [said(MAY, "I own a red bicycle."), said("2026-05-05T09:00:00Z", "I own a red bicycle.")];
    let report = bench.engine().ingest(&at, Some(&session("s1")), &twice).unwrap();
    assert_eq!(report.messages_added, 1);
}

#[test]
fn a_newer_fact_supersedes_and_the_older_stays_readable() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    engine.ingest(&at, Some(&session("s1")), &[said("2026-01-05T09:00:00Z", "I live in Paris.")]).unwrap();
    let old = all(&bench, "ana").pop().expect("a memory of Paris");
    engine.ingest(&at, Some(&session("s2")), &[said("2026-04-05T09:00:00Z", "I live in Berlin now.")]).unwrap();
    let current = all(&bench, "ana");
    assert_eq!(current.len(), 1, "{:?}", current.iter().map(|m| &m.content).collect::<Vec<_>>());
    assert!(current[0].content.contains("Berlin"), "{}", current[0].content);
    let history = engine.memory(&at, old.id).unwrap();
    assert_eq!(history.superseded_by, Some(current[0].id));
    let everything = MemoryQuery { include_superseded: true, ..every() };
    assert_eq!(engine.memories(&at, &everything).unwrap().items.len(), 2);
}

#[test]
fn sources_lead_back_to_the_messages() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let text = "We adopted a greyhound called Pixel.";
    bench.engine().ingest(&at, Some(&session("s1")), &[said(MAY, text)]).unwrap();
    let memory = all(&bench, "ana").pop().expect("a memory");
    let sources = bench.engine().sources(&at, &memory).unwrap();
    assert_eq!(sources.iter().map(|m| m.content.as_str()).collect::<Vec<_>>(), [text]);
    assert_eq!(sources[0].at.instant, instant(MAY));
}

#[test]
fn remembering_the_same_in_the_same_session_gives_the_memory_that_is_there() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    let content = "Deployments happen on Thursdays.";
    let first = engine.remember(&at, Some(&session("s1")), content).unwrap();
    assert_eq!(engine.remember(&at, Some(&session("s1")), content).unwrap(), first);
    let elsewhere = engine.remember(&at, Some(&session("s2")), content).unwrap();
    assert_ne!(elsewhere.id, first.id);
    assert_eq!(elsewhere.session, Some(session("s2")));
    assert_eq!(all(&bench, "ana").len(), 1, "the same statement is current once");
}

#[test]
fn a_profile_is_created_by_its_first_write_only() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    let kinds = [
        engine.recall(&at, &question("anything?")).map(drop),
        engine.summary(&at, None).map(drop),
        engine.memories(&at, &every()).map(drop),
        engine.delete_profile(&at),
        engine.delete_session(&at, &session("s1")),
    ]
    .map(|result| result.unwrap_err().kind());
    assert_eq!(kinds, [ErrorKind::ProfileNotFound; 5]);
    engine.remember(&at, None, "The user is called Ana.").unwrap();
    assert!(engine.recall(&at, &question("Who?")).is_ok());
    let nowhere = address("local", "missing", "ana");
    assert_eq!(engine.remember(&nowhere, None, "x").unwrap_err().kind(), ErrorKind::NamespaceNotFound);
}

#[test]
fn bad_input_is_named_and_creates_no_profile() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    let too_many: Vec<_> = (0..501).map(|n| said(MAY, &format!("message {n}"))).collect();
    let error = engine.ingest(&at, None, &too_many).unwrap_err();
    assert_eq!((error.kind(), error.pointer()), (ErrorKind::InvalidInput, Some("/messages")));
    assert!(error.message().contains("501") && error.message().contains("500"), "{error}");
    assert_eq!(engine.ingest(&at, None, &[]).unwrap_err().pointer(), Some("/messages"));
    assert_eq!(engine.remember(&at, None, "").unwrap_err().pointer(), Some("/content"));
    assert_eq!(engine.memories(&at, &every()).unwrap_err().kind(), ErrorKind::ProfileNotFound);
}

#[test]
fn first_writes_from_many_threads_make_one_profile() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    std::thread::scope(|scope| {
        for n in 0..8 {
            let (engine, at) = (bench.engine(), &at);
            scope.spawn(move || {
                engine.remember(at, None, &format!("Room {n} is painted in colour number {n}.")).unwrap()
            });
        }
    });
    assert_eq!(all(&bench, "ana").len(), 8);
}

#[test]
fn two_profiles_never_see_each_other() {
    let bench = Bench::new();
    let (ana, ben) = (bench.profile("ana"), bench.profile("ben"));
    let engine = bench.engine();
    let secret = engine.remember(&ana, None, "Ana's locker has the number 4711.").unwrap();
    engine.remember(&ben, None, "Ben likes rowing.").unwrap();
    let found = engine.recall(&ben, &question("Which number has Ana's locker?")).unwrap();
    assert!(found.candidates.iter().all(|c| c.id != secret.id));
    assert!(!found.answer.contains("4711"), "{}", found.answer);
    assert_eq!(engine.memory(&ben, secret.id).unwrap_err().kind(), ErrorKind::MemoryNotFound);
}

#[test]
fn an_index_that_was_dropped_gives_the_same_answers_when_it_is_built_again() {
    let small = Bench::with_budget(0);
    let names = ["ana", "ben", "cleo"];
    for name in names {
        let at = small.profile(name);
        for n in 0..20 {
            small.engine().remember(&at, None, &format!("{name} keeps item {n} on shelf {}.", n * 7)).unwrap();
        }
    }
    let ask = || {
        names.map(|name| {
            format!("{:?}", small.engine().recall(&small.profile(name), &question("item 5 shelf")).unwrap())
        })
    };
    let first = ask();
    assert_eq!(ask(), first);
    assert!(small.engine().stats().unwrap().loaded_profiles <= 1, "the set in memory is bounded");
}

#[test]
fn ids_grow_even_when_the_clock_goes_back_over_a_restart() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    let before = bench.engine().remember(&at, None, "Today is a Monday in June.").unwrap();
    bench.clock.set(instant("2020-01-01T00:00:00Z"));
    bench.reopen();
    let after = bench.engine().remember(&at, None, "The cellar light is broken.").unwrap();
    assert!(after.id > before.id);
}

#[test]
fn tasks_end_when_they_are_said_to_be_done() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    engine.ingest(&at, Some(&session("s1")), &[said(MAY, "I need to send the invoice to Ola.")]).unwrap();
    let task = all(&bench, "ana").pop().expect("a task");
    assert_eq!(task.kind, MemoryType::Task);
    engine
        .ingest(&at, Some(&session("s2")), &[said("2026-05-06T09:00:00Z", "I sent the invoice to Ola today.")])
        .unwrap();
    assert!(all(&bench, "ana").iter().all(|m| m.id != task.id), "the task is no longer open");
}

#[test]
fn secrets_become_memories_only_when_that_is_asked_for() {
    let pin = said(MAY, "The alarm's PIN is 4821. I live in Oslo.");
    for keep_secrets in [false, true] {
        let mut bench = Bench::new();
        let at = bench.profile("ana");
        bench.close();
        let mut options = bench.options(crate::support::WordEmbedder::named("words"));
        options.extract.keep_secrets = keep_secrets;
        let engine = mnemon::engine::Engine::open(options).unwrap();
        engine.ingest(&at, Some(&session("s1")), std::slice::from_ref(&pin)).unwrap();
        let kept = engine.memories(&at, &every()).unwrap().items;
        assert_eq!(kept.iter().any(|m| m.content.contains("4821")), keep_secrets, "{} memories", kept.len());
        assert!(kept.iter().any(|m| m.content.contains("Oslo")));
        let found = engine.recall(&at, &question("alarm PIN")).unwrap();
        assert!(found.evidence.iter().any(|e| e.message.content == pin.content), "the message stays as it was sent");
        engine.close().unwrap();
        bench.reopen();
    }
}

pub fn all(bench: &Bench, profile: &str) -> Vec<Memory> {
    bench.engine().memories(&address("local", "tests", profile), &every()).unwrap().items
}

pub fn every() -> MemoryQuery {
    MemoryQuery { per_page: 500, cursor: None, session: None, kind: None, include_superseded: false }
}

pub fn question(text: &str) -> mnemon::recall::RecallQuery {
    mnemon::recall::RecallQuery {
        text: text.to_owned(),
        reference: mnemon::model::Moment::utc(instant("2026-06-01T12:00:00Z")),
        thinking: mnemon::recall::ThinkingLevel::Medium,
        length: mnemon::recall::ResponseLength::Medium,
        evidence_limit: 10,
        explain: false,
        without: None,
    }
}

#[test]
fn what_is_remembered_is_kept_to_the_last_space() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    for content in ["  padded \n", "\t", "ends with a space "] {
        assert_eq!(bench.engine().remember(&at, None, content).unwrap().content, content);
    }
}
