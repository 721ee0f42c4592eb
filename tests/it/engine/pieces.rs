//! A conversation sent in pieces ends as the same conversation sent whole.

use mnemon::model::{NewMessage, Role};
use proptest::prelude::*;

use super::writes::all;
use crate::support::{Bench, said, session};

/// What is said, in order: questions with their answers, corrections, tasks and their end, pronouns, small talk.
const TALK: &[(Role, &str)] = &[
    (Role::User, "hi! I live in Oslo with my two cats."),
    (Role::Assistant, "Lovely! What is your favourite colour?"),
    (Role::User, "Teal."),
    (Role::User, "I need to send Uma the contract by Friday."),
    (Role::Assistant, "So you work at the harbour, right?"),
    (Role::User, "Correct."),
    (Role::User, "My sister Ida is a nurse. She works nights in Bergen."),
    (Role::User, "I sent Uma the contract this morning."),
    (Role::Assistant, "Do you have any allergies?"),
    (Role::User, "hazelnuts, sadly"),
    (Role::User, "we've just moved to Tromsø!"),
    (Role::User, "Always answer in short sentences."),
    (Role::Assistant, "Which bank do you use?"),
    (Role::User, "Sparebanken. Scrap that. My bank is Storebrand."),
    (Role::User, "My rent is 900 euros."),
    (Role::User, "my rent is 950 euros now"),
];

fn talk() -> impl Strategy<Value = Vec<(usize, bool)>> {
    prop::collection::vec((0..TALK.len(), any::<bool>()), 1..14)
}

/// The messages, each a minute after the one before it, and whether a piece ends behind it. A question keeps its answer
/// behind it in most cases, and may be cut from it.
fn messages(picked: &[(usize, bool)]) -> Vec<(NewMessage, bool)> {
    let mut out = Vec::new();
    for &(index, cut) in picked {
        let pair =
            TALK.get(index..).unwrap_or_default().iter().take(if TALK[index].0 == Role::Assistant { 2 } else { 1 });
        for (role, text) in pair {
            let at = format!("2026-05-04T09:{:02}:00Z", out.len());
            out.push((NewMessage { role: *role, ..said(&at, text) }, cut));
        }
    }
    out
}

/// Everything that can be seen of the memories but their ids, which name each other.
fn seen(bench: &Bench, profile: &str) -> Vec<String> {
    let memories = all(bench, profile);
    let content = |id| memories.iter().find(|m| m.id == id).map(|m| m.content.clone());
    let mut seen: Vec<String> = memories
        .iter()
        .map(|m| format!("{:?} {} {:?} {:?}", m.kind, m.content, m.superseded_by.map(content), m.sources))
        .collect();
    seen.sort();
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_conversation_in_pieces_ends_as_the_whole_one(picked in talk()) {
        let bench = Bench::new();
        let (whole, pieces) = (bench.profile("whole"), bench.profile("pieces"));
        let talk = messages(&picked);
        let all_at_once: Vec<NewMessage> = talk.iter().map(|(message, _)| message.clone()).collect();
        bench.engine().ingest(&whole, Some(&session("s1")), &all_at_once).unwrap();
        let mut piece = Vec::new();
        for (message, cut) in talk {
            piece.push(message);
            if cut {
                bench.engine().ingest(&pieces, Some(&session("s1")), &std::mem::take(&mut piece)).unwrap();
            }
        }
        if !piece.is_empty() {
            bench.engine().ingest(&pieces, Some(&session("s1")), &piece).unwrap();
        }
        prop_assert_eq!(seen(&bench, "pieces"), seen(&bench, "whole"));
    }
}
