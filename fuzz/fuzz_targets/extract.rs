//! Whole conversations, of every role and at any time: extraction and reconciling take any text, give the same twice, and
//! name only turns and drafts that were there.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::ingest::{Change, ExtractOptions, Fingerprint, Known, KnownMemory, Turn, extract, reconcile};
use mnemon::model::{MemoryId, Moment, Role, Timestamp, TopicKey, UnitVector};

/// Minutes in a day: offsets from UTC stay below.
const DAY: i16 = 24 * 60;

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

/// A line: `u` for the user, `a` for the assistant, anything else for the system, upper case for a turn that is known
/// already; milliseconds since 1970; minutes east of UTC; and what was said.
fn turn(line: &str) -> Turn<'_> {
    let mut fields = line.splitn(4, ' ');
    let mut field = || fields.next().unwrap_or_default();
    let who = field();
    let instant = Timestamp::from_millis(field().parse().unwrap_or(1_780_000_000_000));
    let offset_minutes = field().parse::<i16>().unwrap_or_default() % DAY;
    let role = match who {
        "u" | "U" => Role::User,
        "a" | "A" => Role::Assistant,
        _ => Role::System,
    };
    Turn { role, content: field(), at: Moment { instant, offset_minutes }, is_new: who != "U" && who != "A" }
}

fuzz_target!(|said: &str| {
    let turns: Vec<_> = said.split('\n').map(turn).collect();
    let found = extract(&turns, &ExtractOptions::default());
    assert_eq!(found, extract(&turns, &ExtractOptions::default()));
    for draft in &found.drafts {
        assert!(draft.sources.iter().all(|&source| source < turns.len()));
    }
    let reconciled = || reconcile(&found.drafts, &[], &Nothing, &|_, _| Ok(Vec::new())).expect("nobody is asked");
    let changes = reconciled();
    assert_eq!(changes, reconciled());
    for change in &changes {
        let (Change::Add { draft, .. } | Change::Confirm { draft, .. } | Change::End { draft, .. }) = change;
        assert!(*draft < found.drafts.len());
    }
});
