//! Deletes hide at once, and give the space back.

use mnemon::ErrorKind;
use mnemon::engine::ProfileQuery;

use super::writes::{all, every, question};
use crate::support::{Bench, said, session};

const MAY: &str = "2026-05-04T09:00:00Z";

#[test]
fn a_deleted_memory_takes_its_messages_along() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    let words = "My locker combination hint is marmalade.";
    bench.engine().ingest(&at, Some(&session("s1")), &[said(MAY, words), said(MAY, "I keep bees in Wales.")]).unwrap();
    let memory = all(&bench, "ana").into_iter().find(|m| m.content.contains("marmalade")).expect("a memory");
    assert_eq!(bench.engine().delete_memory(&at, memory.id).unwrap(), memory);
    for _ in 0..2 {
        let found = bench.engine().recall(&at, &question("marmalade locker hint")).unwrap();
        assert!(found.evidence.iter().all(|e| e.message.content != words));
        assert!(found.candidates.iter().all(|c| c.id != memory.id));
        assert!(!found.answer.contains("marmalade"), "{}", found.answer);
        assert_eq!(bench.engine().memory(&at, memory.id).unwrap_err().kind(), ErrorKind::MemoryNotFound);
        assert_eq!(bench.engine().delete_memory(&at, memory.id).unwrap_err().kind(), ErrorKind::MemoryNotFound);
        bench.reopen();
    }
}

#[test]
fn a_deleted_session_is_gone_and_the_others_stay() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    engine.ingest(&at, Some(&session("a/b:c")), &[said(MAY, "My cat is called Juniper.")]).unwrap();
    engine.ingest(&at, Some(&session("s2")), &[said(MAY, "My car is a blue Volvo.")]).unwrap();
    engine.delete_session(&at, &session("a/b:c")).unwrap();
    engine.delete_session(&at, &session("never-there")).unwrap();
    let left = all(&bench, "ana");
    assert!(left.iter().all(|m| m.session == Some(session("s2"))) && !left.is_empty());
    let found = engine.recall(&at, &question("What is the cat called?")).unwrap();
    assert!(found.evidence.iter().all(|e| !e.message.content.contains("Juniper")));
    let again = engine.ingest(&at, Some(&session("a/b:c")), &[said(MAY, "My cat is called Juniper.")]).unwrap();
    assert_eq!(again.messages_added, 1, "what was deleted can be said again");
}

#[test]
fn a_memory_said_in_two_sessions_outlives_one() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    engine.ingest(&at, Some(&session("s1")), &[said(MAY, "I am allergic to walnuts.")]).unwrap();
    let report =
        engine.ingest(&at, Some(&session("s2")), &[said("2026-05-09T09:00:00Z", "I am allergic to walnuts.")]).unwrap();
    assert_eq!((report.memories_added, report.memories_confirmed), (0, 1));
    engine.delete_session(&at, &session("s2")).unwrap();
    let left = all(&bench, "ana");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].session, Some(session("s1")));
    engine.delete_session(&at, &session("s1")).unwrap();
    assert!(all(&bench, "ana").is_empty());
}

#[test]
fn a_deleted_namespace_frees_its_name_at_once_and_its_space_soon() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    let empty = engine.stats().unwrap().store.rows;
    for name in ["ana", "ben"] {
        let at = bench.profile(name);
        for n in 0..50 {
            engine.remember(&at, None, &format!("{name} has book number {n}.")).unwrap();
        }
    }
    engine.delete_namespace(&at.account, &at.namespace).unwrap();
    let error = engine.memories(&at, &every()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NamespaceNotFound);
    engine.create_namespace(&at.account, &at.namespace).unwrap();
    let page = ProfileQuery { per_page: 10, cursor: None };
    assert!(engine.profiles(&at.account, &at.namespace, &page).unwrap().items.is_empty());
    assert_eq!(engine.memories(&at, &every()).unwrap_err().kind(), ErrorKind::ProfileNotFound);
    // The new namespace has taken the place of the old one: nothing else may be left.
    while engine.stats().unwrap().store.rows > empty {
        std::thread::yield_now();
    }
}

#[test]
fn erasing_goes_on_after_a_restart() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    let before = bench.engine().stats().unwrap().store.rows;
    for n in 0..30 {
        bench.engine().remember(&at, None, &format!("Drawer {n} holds spoons.")).unwrap();
    }
    bench.engine().delete_profile(&at).unwrap();
    bench.reopen();
    assert_eq!(bench.engine().memories(&at, &every()).unwrap_err().kind(), ErrorKind::ProfileNotFound);
    while bench.engine().stats().unwrap().store.rows > before {
        std::thread::yield_now();
    }
}
