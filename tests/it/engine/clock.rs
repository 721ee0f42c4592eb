//! A clock that is set back: nothing is lost, and lists keep the order in which things were written.

use mnemon::engine::MemoryQuery;

use crate::support::{Bench, instant, session};

#[test]
fn a_clock_that_is_set_back_loses_nothing_and_mixes_nothing_up() {
    let mut bench = Bench::new();
    let at = bench.profile("p");
    let mut written = Vec::new();
    for (n, now) in ["2026-06-01T12:00:00Z", "2025-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-06-01T12:00:01Z"]
        .into_iter()
        .enumerate()
    {
        bench.clock.set(instant(now));
        bench.reopen();
        for thing in ["lamp", "chair"] {
            let content = format!("The user owns {thing} number {n}");
            written.insert(0, bench.engine().remember(&at, Some(&session("s")), &content).unwrap().id);
        }
    }
    let page = |cursor| {
        let query = MemoryQuery { per_page: 3, cursor, session: None, kind: None, include_superseded: true };
        bench.engine().memories(&at, &query).unwrap()
    };
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let next = page(cursor);
        listed.extend(next.items.iter().map(|memory| memory.id));
        cursor = next.items.last().map(|memory| memory.id);
        if next.cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, written, "newest first, each once");
}
