//! Whole conversations, of every role and at any time: extraction and reconciling take any text, give the same twice, and
//! name only turns and drafts that were there.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::ingest::{Change, ExtractOptions, Fingerprint, Known, KnownMemory, Turn, extract, reconcile};
use mnemon::model::{MemoryId, Moment, Role, Timestamp, TopicKey, UnitVector};

/// Minutes in a day: offsets from UTC stay below.
const DAY: i16 = 24 * 60;

/// A role and whether the turn is new, milliseconds since 1970, minutes east of UTC, and what was said.
type Said<'a> = (u8, i64, i16, &'a str);

/// A profile where nothing is known yet.
struct Nothing;

impl Known for Nothing {
    fn by_topic(&self, _: TopicKey) -> Vec<MemoryId> {
        Vec::new()
    }
    fn same_content(&self, _: Fingerprint) -> Option<MemoryId> {
        None
    }
    fn similar(&self, _: &UnitVector, _: usize) -> Vec<(MemoryId, f32)> {
        Vec::new()
    }
    fn memory(&self, _: MemoryId) -> Option<KnownMemory> {
        None
    }
    fn open_tasks(&self) -> Vec<MemoryId> {
        Vec::new()
    }
}

fn turn<'a>(&(flags, millis, offset, content): &Said<'a>) -> Turn<'a> {
    let role = Role::ALL[usize::from(flags) % Role::ALL.len()];
    let instant = Timestamp::from_millis(millis);
    Turn { role, content, at: Moment { instant, offset_minutes: offset % DAY }, is_new: flags & 128 == 0 }
}

fuzz_target!(|said: Vec<Said>| {
    let turns: Vec<_> = said.iter().map(turn).collect();
    let found = extract(&turns, &ExtractOptions::default());
    assert_eq!(found, extract(&turns, &ExtractOptions::default()));
    for draft in &found.drafts {
        assert!(draft.sources.iter().all(|&source| source < turns.len()));
    }
    let changes = reconcile(&found.drafts, &[], &Nothing);
    assert_eq!(changes, reconcile(&found.drafts, &[], &Nothing));
    for change in &changes {
        let (Change::Add { draft, .. } | Change::Confirm { draft, .. } | Change::End { draft, .. }) = change;
        assert!(*draft < found.drafts.len());
    }
});
