//! Export and import: what goes out comes in again, and nothing else.

use std::io::Cursor;

use mnemon::ErrorKind;
use mnemon::engine::{Engine, Existing, ImportReport, MemoryQuery, ProfileAddress};
use mnemon::model::Memory;
use mnemon::recall::RecallQuery;
use proptest::prelude::*;

use crate::support::{Bench, WordEmbedder, address, said, session};

const QUIET: &dyn Fn(u64, u64) = &|_, _| {};

fn export(bench: &Bench) -> String {
    let mut bytes = Vec::new();
    bench.engine().export(&mut bytes, QUIET).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Imports into the folder of `bench`.
fn import(bench: &mut Bench, text: &str, existing: Existing) -> mnemon::Result<ImportReport> {
    bench.close();
    let options = bench.options(WordEmbedder::named("words"));
    let report = Engine::import(&options, &mut Cursor::new(text), existing, QUIET);
    bench.reopen();
    report
}

fn every_memory(bench: &Bench, at: &ProfileAddress) -> Vec<Memory> {
    bench.engine().memories(at, &everything()).unwrap().items
}

fn everything() -> MemoryQuery {
    MemoryQuery { include_superseded: true, per_page: 500, cursor: None, session: None, kind: None }
}

/// Two accounts, history, every type, sources, a deleted message, a profile that is empty again.
fn filled() -> Bench {
    let bench = Bench::new();
    let ana = bench.profile("ana");
    let monday = session("monday/1: a");
    let messages = [
        said("2026-05-01T10:00:00+02:00", "I live in Oslo. I work as a nurse."),
        said("2026-05-02T10:00:00Z", "I moved to Bergen yesterday. Please always answer in short sentences."),
        said("2026-05-03T10:00:00-05:00", "I need to buy a coat tomorrow. \u{1F9E5}\n\"quoted\"\t\u{1}"),
    ];
    bench.engine().ingest(&ana, Some(&monday), &messages).unwrap();
    bench.engine().remember(&ana, None, "Ana lives in Paris").unwrap();
    let newer = bench.engine().remember(&ana, Some(&monday), "Ana lives in Rome").unwrap();
    bench.engine().delete_memory(&ana, newer.id).unwrap();
    bench.engine().ingest(&ana, Some(&session("gone")), &[said("2026-05-04", "I like tea.")]).unwrap();
    bench.engine().delete_session(&ana, &session("gone")).unwrap();
    bench.engine().ingest(&ana, Some(&session("later")), &[said("2026-05-05", "My cat is called Tom.")]).unwrap();
    let empty = bench.profile("empty");
    let only = bench.engine().remember(&empty, None, "Nothing stays").unwrap();
    bench.engine().delete_memory(&empty, only.id).unwrap();
    let other = address("other", "tests", "ana");
    bench.engine().create_namespace(&other.account, &other.namespace).unwrap();
    bench.engine().remember(&other, None, "Somebody else plays chess").unwrap();
    bench
}

#[test]
fn an_export_imports_to_the_same_engine() {
    let from = filled();
    let text = export(&from);
    let mut to = Bench::new();
    let report = import(&mut to, &text, Existing::Refuse).unwrap();
    assert_eq!((report.added, report.same), (3, 0));
    assert_eq!(export(&to), text);
    for at in [address("local", "tests", "ana"), address("local", "tests", "empty"), address("other", "tests", "ana")] {
        let memories = every_memory(&from, &at);
        assert_eq!(every_memory(&to, &at), memories);
        for memory in &memories {
            let sources = |bench: &Bench| bench.engine().sources(&at, memory).unwrap();
            assert_eq!(sources(&to), sources(&from));
        }
        assert_eq!(to.engine().summary(&at, None).unwrap(), from.engine().summary(&at, None).unwrap());
        let query = RecallQuery {
            evidence_limit: 5,
            ..RecallQuery::new("Where does the user live?", mnemon::model::Moment::parse("2026-06-01").unwrap())
        };
        let recall = |bench: &Bench| format!("{:?}", bench.engine().recall(&at, &query).unwrap());
        assert_eq!(recall(&to), recall(&from));
    }
    let of_ana = every_memory(&from, &address("local", "tests", "ana"));
    assert!(of_ana.iter().any(|memory| !memory.is_active()), "there is history");
    assert!(of_ana.iter().any(|memory| !memory.sources.is_empty()), "there are sources");
}

#[test]
fn importing_twice_changes_nothing() {
    let mut bench = filled();
    let text = export(&bench);
    let report = import(&mut bench, &text, Existing::Refuse).unwrap();
    assert_eq!((report.added, report.same, report.messages, report.memories), (0, 3, 0, 0));
    assert_eq!(export(&bench), text);
}

#[test]
fn a_profile_with_other_content_is_refused_kept_or_replaced() {
    let mut bench = filled();
    let text = export(&bench);
    let ana = address("local", "tests", "ana");
    bench.engine().remember(&ana, None, "Something newer").unwrap();
    bench.engine().delete_profile(&address("local", "tests", "empty")).unwrap();
    let newer = export(&bench);

    let refused = import(&mut bench, &text, Existing::Refuse).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert!(refused.message().contains("local/tests/ana"), "{}", refused.message());
    assert_eq!(export(&bench), newer, "nothing was imported");

    let report = import(&mut bench, &text, Existing::Keep).unwrap();
    assert_eq!((report.added, report.kept, report.same), (1, 1, 1));
    assert!(every_memory(&bench, &ana).iter().any(|memory| memory.content == "Something newer"));

    let report = import(&mut bench, &text, Existing::Replace).unwrap();
    assert_eq!((report.replaced, report.same), (1, 2));
    assert_eq!(export(&bench), text);
}

#[test]
fn an_import_that_stops_goes_on_and_leaves_no_half_profile() {
    let text = export(&filled());
    let total = text.lines().filter(|line| line.contains("\"record\":\"me")).count() as u64;
    for stop_at in 1..=total {
        let mut to = Bench::new();
        to.close();
        let options = to.options(WordEmbedder::named("words"));
        let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let stop = |done: u64, _: u64| assert!(done < stop_at, "stopped for the test");
            Engine::import(&options, &mut Cursor::new(&text), Existing::Refuse, &stop)
        }));
        assert!(stopped.is_err());
        to.reopen();
        let half = export(&to);
        let whole: Vec<&str> = text.lines().collect();
        for line in half.lines().filter(|line| !line.contains("\"record\":\"end\"")) {
            assert!(whole.contains(&line), "{line}");
        }
        import(&mut to, &text, Existing::Refuse).unwrap();
        assert_eq!(export(&to), text, "stopped at {stop_at}");
    }
}

#[test]
fn what_is_no_export_is_refused_by_its_line_and_never_quoted() {
    let bench = filled();
    let text = export(&bench);
    let lines: Vec<&str> = text.lines().collect();
    let without = |skip: usize| -> String {
        let left = lines.iter().enumerate().filter(|(n, _)| *n != skip);
        left.flat_map(|(_, line)| [line, "\n"]).collect()
    };
    let mut to = Bench::new();
    let empty = export(&to);
    for skip in 0..lines.len() {
        let error = import(&mut to, &without(skip), Existing::Refuse).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{skip}: {error}");
        assert!(error.message().starts_with("line "), "{error}");
    }
    for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)).step_by(97) {
        assert_eq!(import(&mut to, &text[..cut], Existing::Refuse).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    for (from, into, line, what) in [
        ("\"version\":1", "\"version\":2", 0, "version 2"),
        ("\"content\":\"Ana lives in Paris\"", "\"content\":\"\"", 0, "1 to 32768"),
        ("I live in Oslo.", "I live in Rome!", 5, "not made from its session, role and content"),
        ("\"role\":\"user\"", "\"role\":\"secret\"", 5, "`role` is not system, user or assistant"),
        ("\"position\":0,", "", 5, "missing field `position`"),
        ("\"position\":1,", "\"position\":\"secret\",", 6, "at column"),
        ("\"position\":1,", "\"position\":9,", 6, "nextPosition"),
        ("\"offsetMinutes\":120", "\"offsetMinutes\":9999", 5, "-1560"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = import(&mut to, &text.replacen(from, into, 1), Existing::Refuse).unwrap_err();
        assert!(error.message().contains(what), "{from}: {error}");
        assert!(!error.message().contains("secret"), "{error}");
        if line > 0 {
            assert!(error.message().starts_with(&format!("line {line}:")), "{error}");
        }
    }
    assert_eq!(export(&to), empty, "nothing was written");
}

#[test]
fn a_namespace_never_takes_the_id_of_another() {
    let mut bench = filled();
    let text = export(&bench).replace("\"account\":\"other\"", "\"account\":\"third\"");
    import(&mut bench, &text, Existing::Refuse).unwrap();
    let id = |account: &str| {
        let at = address(account, "tests", "ana");
        bench.engine().namespace(&at.account, &at.namespace).unwrap().id
    };
    assert_ne!(id("third"), id("other"));
    assert_eq!(every_memory(&bench, &address("third", "tests", "ana")).len(), 1);
}

#[derive(Clone, Debug)]
enum Step {
    Ingest { profile: u8, session: u8, text: String, day: u8 },
    Remember { profile: u8, text: String },
    DeleteMemory { profile: u8, nth: u8 },
    DeleteSession { profile: u8, session: u8 },
    DeleteProfile { profile: u8 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let text = prop_oneof![
        Just("I live in Oslo.".to_owned()),
        Just("I live in Bergen now.".to_owned()),
        Just("Please always answer in Norwegian.".to_owned()),
        Just("I need to call Bo tomorrow.".to_owned()),
        Just("Yesterday I met Ana in Rome.".to_owned()),
        "\\PC{1,40}",
    ];
    let step = prop_oneof![
        4 => (0..3_u8, 0..3_u8, text.clone(), 1..28_u8)
            .prop_map(|(profile, session, text, day)| Step::Ingest { profile, session, text, day }),
        3 => (0..3_u8, text).prop_map(|(profile, text)| Step::Remember { profile, text }),
        2 => (0..3_u8, 0..9_u8).prop_map(|(profile, nth)| Step::DeleteMemory { profile, nth }),
        1 => (0..3_u8, 0..3_u8).prop_map(|(profile, session)| Step::DeleteSession { profile, session }),
        1 => (0..3_u8).prop_map(|profile| Step::DeleteProfile { profile }),
    ];
    prop::collection::vec(step, 1..25)
}

/// Steps on what is not there are refused, and that is as good as any.
fn apply(bench: &Bench, step: &Step) {
    let at = |profile: u8| bench.profile(&format!("p{profile}"));
    let named = |number: u8| session(&format!("s{number}"));
    match step {
        Step::Ingest { profile, session, text, day } => {
            let message = said(&format!("2026-05-{day:02}T09:00:00+02:00"), text);
            bench.engine().ingest(&at(*profile), Some(&named(*session)), &[message]).unwrap();
        }
        Step::Remember { profile, text } => drop(bench.engine().remember(&at(*profile), None, text)),
        Step::DeleteMemory { profile, nth } => {
            let at = at(*profile);
            let memories = bench.engine().memories(&at, &everything()).map(|page| page.items).unwrap_or_default();
            if let Some(memory) = memories.get(usize::from(*nth)) {
                bench.engine().delete_memory(&at, memory.id).unwrap();
            }
        }
        Step::DeleteSession { profile, session } => {
            drop(bench.engine().delete_session(&at(*profile), &named(*session)));
        }
        Step::DeleteProfile { profile } => drop(bench.engine().delete_profile(&at(*profile))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_exported_imports_to_the_same_export(steps in steps()) {
        let from = Bench::new();
        for step in &steps {
            apply(&from, step);
        }
        let text = export(&from);
        let mut to = Bench::new();
        import(&mut to, &text, Existing::Refuse).unwrap();
        prop_assert_eq!(export(&to), text.clone());
        for profile in 0..3 {
            let at = address("local", "tests", &format!("p{profile}"));
            let summary = |bench: &Bench| bench.engine().summary(&at, None).ok();
            prop_assert_eq!(summary(&to), summary(&from));
        }
        import(&mut to, &text, Existing::Refuse).unwrap();
        prop_assert_eq!(export(&to), text);
    }
}
