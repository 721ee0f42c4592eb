//! Extraction takes any text, gives the same twice, and names only turns that were there.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::ingest::{ExtractOptions, Turn, extract};
use mnemon::model::{Moment, Role};

fuzz_target!(|said: Vec<(u8, &str)>| {
    let at = Moment::parse("2026-05-01T10:00:00+02:00").expect("a moment");
    let role = |n: u8| Role::ALL[usize::from(n) % Role::ALL.len()];
    let turns: Vec<_> =
        said.iter().map(|&(n, content)| Turn { role: role(n), content, at, is_new: n & 128 == 0 }).collect();
    let first = extract(&turns, &ExtractOptions::default());
    for draft in &first.drafts {
        assert!(draft.sources.iter().all(|&source| source < turns.len()));
    }
    let second = extract(&turns, &ExtractOptions::default());
    let contents = |x: &mnemon::ingest::Extraction| x.drafts.iter().map(|d| d.content.clone()).collect::<Vec<_>>();
    assert_eq!(contents(&first), contents(&second));
});
