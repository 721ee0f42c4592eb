//! Lists stay correct while rows come and go between pages.

use mnemon::ErrorKind;
use mnemon::engine::Direction::{Ascending, Descending};
use mnemon::engine::{MemoryQuery, NamespaceOrder, NamespaceQuery, ProfileQuery};
use mnemon::model::{AccountId, MemoryId, MemoryType, NamespaceName};

use super::writes::every;
use crate::support::{Bench, session};

#[test]
fn memories_come_newest_first_each_once_while_rows_change() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    let ids: Vec<MemoryId> =
        (0..25).map(|n| engine.remember(&at, None, &format!("Crate {n} weighs {n} kilos.")).unwrap().id).collect();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = engine.memories(&at, &MemoryQuery { per_page: 7, cursor, ..every() }).unwrap();
        seen.extend(page.items.iter().map(|m| m.id));
        engine.remember(&at, None, &format!("A newcomer after {} rows.", seen.len())).unwrap();
        if seen.len() == 7 {
            engine.delete_memory(&at, ids[10]).unwrap();
        }
        let Some(next) = page.cursor else { break };
        assert_ne!(cursor.map(|c: MemoryId| c.to_string()).as_deref(), Some(next.as_str()));
        cursor = MemoryId::parse(&next);
    }
    let expected: Vec<MemoryId> = ids.iter().rev().copied().filter(|id| *id != ids[10]).collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_last_page_has_no_cursor_even_when_it_is_full() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    for n in 0..4 {
        bench.engine().remember(&at, None, &format!("Tile {n} is cracked.")).unwrap();
    }
    let page = bench.engine().memories(&at, &MemoryQuery { per_page: 4, ..every() }).unwrap();
    assert_eq!((page.items.len(), page.cursor), (4, None));
}

#[test]
fn memories_are_filtered_by_session_and_type() {
    let bench = Bench::new();
    let at = bench.profile("ana");
    let engine = bench.engine();
    engine.remember(&at, Some(&session("s1")), "Always answer in metric units.").unwrap();
    engine.remember(&at, Some(&session("s2")), "I need to renew my passport.").unwrap();
    let of = |query: MemoryQuery| engine.memories(&at, &query).unwrap().items;
    assert_eq!(of(MemoryQuery { session: Some(session("s1")), ..every() }).len(), 1);
    let tasks = of(MemoryQuery { kind: Some(MemoryType::Task), ..every() });
    assert_eq!(tasks.iter().map(|m| m.session.clone()).collect::<Vec<_>>(), [Some(session("s2"))]);
    assert!(of(MemoryQuery { session: Some(session("s3")), ..every() }).is_empty());
}

#[test]
fn namespaces_are_listed_by_id_or_name_both_ways_for_their_own_account() {
    let bench = Bench::new();
    let engine = bench.engine();
    let (own, other) = (AccountId::parse("own").unwrap(), AccountId::parse("own2").unwrap());
    let name = |n: &str| NamespaceName::parse(n).unwrap();
    for n in ["cherry", "apple", "banana"] {
        engine.create_namespace(&own, &name(n)).unwrap();
    }
    engine.create_namespace(&other, &name("apple")).unwrap();
    let listed = |order, direction| {
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let query = NamespaceQuery { per_page: 2, order, direction, cursor };
            let page = engine.namespaces(&own, &query).unwrap();
            names.extend(page.items.iter().map(|n| n.name.to_string()));
            cursor = page.cursor;
            if cursor.is_none() {
                return names;
            }
        }
    };
    assert_eq!(listed(NamespaceOrder::Id, Ascending), ["cherry", "apple", "banana"]);
    assert_eq!(listed(NamespaceOrder::Id, Descending), ["banana", "apple", "cherry"]);
    assert_eq!(listed(NamespaceOrder::Name, Ascending), ["apple", "banana", "cherry"]);
    assert_eq!(listed(NamespaceOrder::Name, Descending), ["cherry", "banana", "apple"]);
    assert_eq!(engine.create_namespace(&own, &name("apple")).unwrap_err().kind(), ErrorKind::NamespaceExists);
}

#[test]
fn profiles_are_listed_by_name() {
    let bench = Bench::new();
    for name in ["zoe", "ana", "m-2", "m"] {
        let at = bench.profile(name);
        bench.engine().remember(&at, None, "The user exists.").unwrap();
    }
    let at = bench.profile("ana");
    let first = ProfileQuery { per_page: 3, cursor: None };
    let page = bench.engine().profiles(&at.account, &at.namespace, &first).unwrap();
    let rest = ProfileQuery { per_page: 3, cursor: page.cursor.clone() };
    let last = bench.engine().profiles(&at.account, &at.namespace, &rest).unwrap();
    let names: Vec<String> = page.items.iter().chain(&last.items).map(|p| p.name.to_string()).collect();
    assert_eq!(names, ["ana", "m", "m-2", "zoe"]);
    assert_eq!(last.cursor, None);
    let forged = ProfileQuery { per_page: 3, cursor: Some("../x".to_owned()) };
    let error = bench.engine().profiles(&at.account, &at.namespace, &forged).unwrap_err();
    assert_eq!(error.pointer(), Some("/cursor"));
}
