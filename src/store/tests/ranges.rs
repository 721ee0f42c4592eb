//! Scans: prefixes, cursors, both directions, held against a sorted list.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::model::{AccountId, NamespaceName, Ulid};
use crate::store::rows::{NamespaceRow, SessionRow};

/// A store whose messages say where they stand.
fn store_with(places: &[Place]) -> (Store, SpaceId) {
    let store = Store::in_memory().unwrap();
    let space = store.allocate_space();
    let mut batch = Batch::new();
    for at in places {
        batch.put(space, at, &message(&format!("{}/{}", at.session, at.position)));
        // Neighbours on either side, which no scan of the space may reach.
        for other in [space.number() - 1, space.number() + 1] {
            batch.put(SpaceId::from_number(other), at, &message("another space's"));
        }
    }
    batch.put(space, &0, &SessionRow { name: session_name("another kind's"), next_position: 0 });
    store.commit(batch).unwrap();
    (store, space)
}

#[test]
fn a_session_is_read_page_by_page_in_both_directions() {
    let places: Vec<_> = (0..7).map(|position| place(1, position)).chain([place(0, 9), place(2, 0)]).collect();
    let (store, space) = store_with(&places);
    let snapshot = store.read().unwrap();
    assert_eq!(contents(&snapshot, space, &Range::within(&1)).len(), 7);
    let page = |range: Range<Place>| contents(&snapshot, space, &range).into_iter().take(3).collect::<Vec<_>>();
    assert_eq!(page(Range::within(&1)), ["1/0", "1/1", "1/2"]);
    assert_eq!(page(Range::within(&1).after(&place(1, 2))), ["1/3", "1/4", "1/5"]);
    assert_eq!(page(Range::within(&1).after(&place(1, 5))), ["1/6"]);
    assert!(page(Range::within(&1).after(&place(1, 6))).is_empty());

    let newest_first = |range: Range<Place>| -> Vec<_> {
        let scan = snapshot.scan::<MessageRow>(space, &range).unwrap();
        scan.rev().take(3).map(|row| row.unwrap().1.content).collect()
    };
    assert_eq!(newest_first(Range::within(&1)), ["1/6", "1/5", "1/4"]);
    assert_eq!(newest_first(Range::within(&1).before(&place(1, 1))), ["1/0"]);
    assert!(newest_first(Range::within(&1).before(&place(1, 0))).is_empty());
}

#[test]
fn the_last_prefix_of_all_ends_where_it_should() {
    let places = [place(u32::MAX - 1, u32::MAX), place(u32::MAX, 0), place(u32::MAX, u32::MAX)];
    let (store, space) = store_with(&places);
    let snapshot = store.read().unwrap();
    let all_ones = Range::within(&u32::MAX);
    assert_eq!(contents(&snapshot, space, &all_ones).len(), 2);
    assert_eq!(contents(&snapshot, space, &all_ones.after(&place(u32::MAX, 0))).len(), 1);
    let mut batch = Batch::new();
    batch.delete_prefix::<MessageRow>(space, &u32::MAX);
    store.commit(batch).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(contents(&snapshot, space, &Range::all()).len(), 1);
    assert!(snapshot.contains::<SessionRow>(space, &0).unwrap(), "another kind's row stays");
    let next_space = SpaceId::from_number(space.number() + 1);
    assert_eq!(contents(&snapshot, next_space, &Range::all()).len(), 3, "another space's rows stay");
}

#[test]
fn the_very_last_space_can_be_scanned_and_erased() {
    let store = Store::in_memory().unwrap();
    let space = SpaceId::from_number(u64::MAX);
    store.commit(put_message(space, place(u32::MAX, u32::MAX), "last")).unwrap();
    assert_eq!(contents(&store.read().unwrap(), space, &Range::within(&u32::MAX)), ["last"]);
    let mut batch = Batch::new();
    batch.erase_some(space, 1);
    store.commit(batch).unwrap();
    assert!(store.read().unwrap().has_rows(space).unwrap());
    let mut batch = Batch::new();
    batch.erase_space(space);
    store.commit(batch).unwrap();
    assert!(!store.read().unwrap().has_rows(space).unwrap());
}

#[test]
fn an_accounts_namespaces_are_listed_by_name_and_nobody_elses() {
    let store = Store::in_memory().unwrap();
    let key = |account: &str, name: &str| (AccountId::parse(account).unwrap(), NamespaceName::parse(name).unwrap());
    let row = NamespaceRow { id: Ulid::from_bits(1), created: Timestamp::MIN, updated: Timestamp::MAX };
    let mut batch = Batch::new();
    for (account, name) in [("a", "b"), ("a", "a-b"), ("a", "ab"), ("aa", "x"), ("A", "y"), ("a-", "z")] {
        batch.put(SpaceId::CATALOG, &key(account, name), &row);
    }
    store.commit(batch).unwrap();
    let snapshot = store.read().unwrap();
    let listed = |range: &Range<_>| -> Vec<_> {
        let scan = snapshot.scan::<NamespaceRow>(SpaceId::CATALOG, range).unwrap();
        scan.map(|row| row.unwrap().0.1.as_str().to_owned()).collect()
    };
    let account = AccountId::parse("a").unwrap();
    assert_eq!(listed(&Range::within(&account)), ["a-b", "ab", "b"]);
    assert_eq!(listed(&Range::within(&account).after(&key("a", "a-b"))), ["ab", "b"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Places crowd around the ends of both fields, where bytes carry.
    #[test]
    fn a_scan_is_what_a_sorted_list_says(
        places in proptest::collection::vec((edge(), edge()), 0..30),
        within in proptest::option::of(edge()),
        after in proptest::option::of((edge(), edge())),
        before in proptest::option::of((edge(), edge())),
    ) {
        let places: Vec<_> = places.into_iter().map(|(session, position)| place(session, position)).collect();
        let bound = |pair: Option<(u32, u32)>| pair.map(|(session, position)| place(session, position));
        let (after, before) = (bound(after), bound(before));
        let (store, space) = store_with(&places);

        let mut range = within.map_or_else(Range::all, |session| Range::within(&session));
        if let Some(after) = &after { range = range.after(after); }
        if let Some(before) = &before { range = range.before(before); }
        let snapshot = store.read().unwrap();
        let scanned = |scan: &mut dyn Iterator<Item = crate::Result<(Place, MessageRow)>>| -> Vec<_> {
            scan.map(|row| row.unwrap().0).collect()
        };

        let sorted: BTreeSet<Place> = places.iter().copied().collect();
        let expected: Vec<_> = sorted.into_iter()
            .filter(|at| within.is_none_or(|session| at.session == session))
            .filter(|at| after.is_none_or(|after| *at > after) && before.is_none_or(|before| *at < before))
            .collect();
        let forwards = scanned(&mut snapshot.scan(space, &range).unwrap());
        let mut backwards = scanned(&mut snapshot.scan(space, &range).unwrap().rev());
        backwards.reverse();
        prop_assert_eq!(&forwards, &expected);
        prop_assert_eq!(&backwards, &expected);
    }
}

fn edge() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), Just(1), Just(255), Just(256), Just(u32::MAX - 1), Just(u32::MAX)]
}
