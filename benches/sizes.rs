//! What size costs: opening a large profile, recall in one of very many, and the bytes of a memory.
//!
//! ```text
//! cargo bench --bench sizes -- start [MEMORIES ...]        first recall after opening, while the index is built, from rows and from the cache; 10,000 100,000
//! cargo bench --bench sizes -- profiles [PROFILES]         cold and warm recall among so many; 20,000 of 100 memories
//! cargo bench --bench sizes -- bytes [MEMORIES ...]        resident and disk bytes; 10,000 100,000 1,000,000
//! ```
//!
//! Each memory comes with the message that it was made of, 14 and 16 words drawn from 30,000 by Zipf's law, and both have
//! a vector of 384 numbers; all of it made up with a fixed seed and written as rows, since nothing here measures embedding.
//! A session has 50 messages. Files are in the folder for temporary ones, which `TMPDIR` names, and in the system's cache.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark reports to whoever runs it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mnemon::embed::Embedder;
use mnemon::engine::{Engine, EngineOptions, ProfileAddress};
use mnemon::model::{
    AccountId, Memory, MemoryId, MemoryType, Message, MessageId, ModelIdentity, Moment, NamespaceName, Place, Pooling,
    ProfileName, Role, SessionId, Ulid, UnitVector,
};
use mnemon::recall::RecallQuery;
use mnemon::store::rows::{
    ChangeRow, MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow, NamespaceRow, ProfileRow,
    SessionNameKey, SessionNameRow, SessionRow,
};
use mnemon::store::{Batch, SpaceId, Store, StoreOptions};

const DIMENSION: usize = 384;
const WORDS: u64 = 30_000;
const A_SESSION: usize = 50;
const ROWS_AT_ONCE: usize = 4_000;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let what = words.next();
    let numbers: Vec<usize> = words.map(|word| word.parse().unwrap()).collect();
    match what.as_deref() {
        Some("start") if numbers.is_empty() => [10_000, 100_000].into_iter().for_each(start),
        Some("start") => numbers.into_iter().for_each(start),
        Some("profiles") => profiles(numbers.first().copied().unwrap_or(20_000)),
        Some("bytes") if numbers.is_empty() => [10_000, 100_000, 1_000_000].into_iter().for_each(bytes),
        Some("bytes") => numbers.into_iter().for_each(bytes),
        _ => println!("say what to measure: start, profiles or bytes"),
    }
}

fn start(memories: usize) {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 1, memories);
    for round in 0..3 {
        let _there_may_be_none = fs_err::remove_dir_all(folder.path().join("cache"));
        recalls_meanwhile(folder.path(), memories, round);
        let closed = first_recall(folder.path(), memories, round);
        let bytes = cache_bytes(folder.path());
        println!(
            "    written in the background and at the end, {closed:.0} ms of these to close: {} MiB, {} bytes a memory",
            bytes >> 20,
            bytes / memories
        );
        first_recall(folder.path(), memories, round);
    }
    let mut there = memories;
    for behind in [memories / 100, memories / 20] {
        add_behind(folder.path(), there, behind);
        there += behind;
        println!("    {behind} more memories with their messages that the cache does not know:");
        first_recall(folder.path(), there, 9);
    }
}

/// Opens as a server does, without a cache, and asks until the index is there: the recalls that do not wait for it.
fn recalls_meanwhile(folder: &Path, memories: usize, round: u64) {
    let at = address(0);
    let begun = Instant::now();
    let mut options = EngineOptions::new(folder, Arc::new(Synthetic::new()));
    (options.index_budget_bytes, options.index_wait) = (usize::MAX, Duration::from_millis(500));
    let engine = Engine::open(options).unwrap();
    let mut dice = Dice(9 + round);
    let first = ask(&engine, &at, &mut dice);
    let mut others = Vec::new();
    while engine.index_loads().from_rows == 0 {
        others.push(ask(&engine, &at, &mut dice) - 500.0);
    }
    println!(
        "{memories} memories, no cache, waiting no more than 500 ms: first recall {first:.0} ms, index there after {:.0} ms, {} more recalls \
         meanwhile, {:.0} ms each beside waiting",
        millis(begun.elapsed()),
        others.len(),
        if others.is_empty() { 0.0 } else { median(others) },
    );
    engine.close().unwrap();
    let _there_may_be_none = fs_err::remove_dir_all(folder.join("cache"));
}

/// Opens, asks, closes; the milliseconds that closing takes.
fn first_recall(folder: &Path, memories: usize, round: u64) -> f64 {
    let at = address(0);
    let begun = Instant::now();
    let engine = open(folder, usize::MAX);
    let opened = begun.elapsed();
    let mut dice = Dice(9 + round);
    ask(&engine, &at, &mut dice);
    let first = begun.elapsed();
    let from = if engine.index_loads().from_caches > 0 { "its cache" } else { "its rows " };
    let warm: Vec<f64> = (0..20).map(|_| ask(&engine, &at, &mut dice)).collect();
    println!(
        "{memories} memories from {from}: open {:.0} ms, with the first recall {:.0} ms; later ones {:.1} ms",
        millis(opened),
        millis(first),
        median(warm)
    );
    let begun = Instant::now();
    engine.close().unwrap();
    millis(begun.elapsed())
}

/// Adds as many memories with their messages behind a cache's back, as commits of a server that was killed would.
fn add_behind(folder: &Path, memories: usize, count: usize) {
    let store = Store::open(folder, &StoreOptions::default()).unwrap();
    let space = SpaceId::from_number(1);
    let mut dice = Dice(21);
    for numbers in (memories..memories + count).collect::<Vec<_>>().chunks(ROWS_AT_ONCE / 8) {
        let (mut batch, mut changes) = (Batch::new(), ChangeRow::default());
        for &number in numbers {
            let (place, id) = put(&mut batch, space, number, &mut dice);
            changes.places.push(place);
            changes.memories.push(id);
        }
        let sequence = store.read().unwrap().sequence(space).unwrap() + 1;
        batch.put(space, &sequence, &changes);
        store.commit(batch).unwrap();
    }
    store.close().unwrap();
}

fn cache_bytes(folder: &Path) -> usize {
    let files = fs_err::read_dir(folder.join("cache")).into_iter().flatten();
    files.map(|file| usize::try_from(file.unwrap().metadata().unwrap().len()).unwrap()).sum()
}

fn profiles(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), count, 100);
    let begun = Instant::now();
    let engine = open(folder.path(), 64 << 20);
    println!("{count} profiles of 100 memories, a budget of 64 MiB: open {:.0} ms", millis(begun.elapsed()));
    let mut dice = Dice(11);
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..5_000 {
        let at = address(dice.below(count));
        cold.push(ask(&engine, &at, &mut dice));
        warm.push(ask(&engine, &at, &mut dice));
    }
    let stats = engine.stats().unwrap();
    report("cold recall, without embedding", &mut cold);
    report("warm recall, without embedding", &mut warm);
    println!("{} profiles in memory, {} MiB", stats.loaded_profiles, stats.index_bytes >> 20);
    engine.close().unwrap();
}

fn bytes(memories: usize) {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), 1, memories);
    let each = |bytes: usize| format!("{:8.0}", bytes as f64 / memories as f64);
    println!("\n{memories} memories, each with its message: bytes a memory");
    disk(folder.path(), &each);
    let engine = open(folder.path(), usize::MAX);
    let before = resident();
    ask(&engine, &address(0), &mut Dice(9));
    println!("  resident, by the system  {}", each(resident().saturating_sub(before)));
    println!("  resident, as counted     {}", each(engine.stats().unwrap().index_bytes));
    for (part, bytes) in engine.index_parts(&address(0)).unwrap() {
        println!("    {part:22} {}", each(bytes));
    }
    engine.close().unwrap();
}

fn disk(folder: &Path, each: &dyn Fn(usize) -> String) {
    let store = Store::open(folder, &StoreOptions::default()).unwrap();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let snapshot = store.read().unwrap();
    let mut add = |name: String, bytes: usize| *kinds.entry(name).or_default() += bytes;
    snapshot
        .verify_records(&mut |row| {
            let name = format!("{:?}", row.kind.unwrap());
            add("keys".to_owned(), 9 + row.fields.len());
            add(name, row.value_bytes);
        })
        .unwrap();
    drop(snapshot);
    let stats = store.stats().unwrap();
    println!("  file                     {}", each(usize::try_from(stats.file_bytes).unwrap()));
    for (kind, bytes) in kinds.iter().filter(|(_, bytes)| **bytes > 10_000) {
        println!("    {kind:22} {}", each(*bytes));
    }
    println!("    {:22} {}", "tree", each(usize::try_from(stats.metadata_bytes).unwrap()));
    println!("    {:22} {}", "unused in pages", each(usize::try_from(stats.fragmented_bytes).unwrap()));
    store.close().unwrap();
}

/// Bytes of the process that are in memory.
fn resident() -> usize {
    let pages = fs_err::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

/// Milliseconds of a recall.
fn ask(engine: &Engine, at: &ProfileAddress, dice: &mut Dice) -> f64 {
    let question = format!("what about {}?", text(dice, 5));
    let begun = Instant::now();
    let found = engine.recall(at, &RecallQuery::new(&question, moment())).unwrap();
    assert!(!found.candidates.is_empty() || !found.evidence.is_empty());
    millis(begun.elapsed())
}

fn open(folder: &Path, index_budget_bytes: usize) -> Engine {
    let mut options = EngineOptions::new(folder, Arc::new(Synthetic::new()));
    options.index_budget_bytes = index_budget_bytes;
    Engine::open(options).unwrap()
}

fn fill(folder: &Path, profiles: usize, memories: usize) {
    let begun = Instant::now();
    open(folder, 0).close().unwrap();
    let store = Store::open(folder, &StoreOptions::default()).unwrap();
    let (at, when) = (address(0), moment().instant);
    let id = Ulid::from_bits(1);
    let mut batch = Batch::new();
    let row = NamespaceRow { id, created: when, updated: when };
    batch.put(SpaceId::CATALOG, &(at.account, at.namespace), &row);
    let mut dice = Dice(7);
    for profile in 0..profiles {
        let space = store.allocate_space();
        let key = (id, address(profile).profile);
        batch.put(SpaceId::CATALOG, &key, &ProfileRow { space, created: when });
        for number in 0..memories {
            put(&mut batch, space, number, &mut dice);
            if batch.len() > ROWS_AT_ONCE {
                store.commit(std::mem::take(&mut batch)).unwrap();
            }
        }
    }
    store.commit(batch).unwrap();
    store.close().unwrap();
    println!("({profiles} × {memories} memories written in {:.1} s)", begun.elapsed().as_secs_f64());
}

/// A memory and the message that it is made of.
fn put(batch: &mut Batch, space: SpaceId, number: usize, dice: &mut Dice) -> (Place, MemoryId) {
    let (session, position) = (number / A_SESSION, number % A_SESSION);
    let name = SessionId::parse(&format!("session-{session}")).unwrap();
    let place = Place { session: u32::try_from(session).unwrap(), position: u32::try_from(position).unwrap() };
    if position == 0 {
        let row = SessionRow { name: name.clone(), next_position: u32::try_from(A_SESSION).unwrap() };
        batch.put(space, &SessionNameKey::of(&name), &SessionNameRow { session: place.session });
        batch.put(space, &place.session, &row);
    }
    let content = format!("Number {number}: {}.", text(dice, 16));
    let id = MessageId::of(&name, Role::User, &content);
    let message = Message { id, session: name.clone(), role: Role::User, content, at: moment() };
    batch.put(space, &place, &MessageRow::from(message));
    batch.put(space, &id, &MessagePlaceRow(place));
    batch.put(space, &place, &MessageVectorRow(vector(dice)));
    let memory = memory(number, text(dice, 14), name, id);
    let of = memory.id;
    batch.put(space, &of, &MemoryVectorRow(vector(dice)));
    batch.put(space, &of, &MemoryRow(memory));
    (place, of)
}

fn memory(number: usize, content: String, session: SessionId, source: MessageId) -> Memory {
    let id: MemoryId = Ulid::from_bits((u128::from(number as u64) << 80) + 1);
    Memory {
        id,
        kind: MemoryType::Fact,
        summary: content.chars().take(40).collect(),
        content,
        session: Some(session),
        created_at: moment().instant,
        updated_at: moment().instant,
        said_at: moment(),
        topic: None,
        sources: vec![source],
        superseded_by: None,
    }
}

fn address(profile: usize) -> ProfileAddress {
    ProfileAddress {
        account: AccountId::parse("local").unwrap(),
        namespace: NamespaceName::parse("bench").unwrap(),
        profile: ProfileName::parse(&format!("profile-{profile}")).unwrap(),
    }
}

fn moment() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

/// Words whose frequencies fall as their rank rises.
fn text(dice: &mut Dice, words: usize) -> String {
    let word = |dice: &mut Dice| {
        let rank = (WORDS as f64).powf(dice.share()).round();
        format!("w{rank}")
    };
    (0..words).map(|_| word(dice)).collect::<Vec<_>>().join(" ")
}

fn vector(dice: &mut Dice) -> UnitVector {
    UnitVector::normalise((0..DIMENSION).map(|_| dice.number() - 0.5).collect()).unwrap()
}

/// Any text has a vector, and it has no meaning.
struct Synthetic(ModelIdentity);

impl Synthetic {
    fn new() -> Self {
        let name = "synthetic".to_owned();
        Self(ModelIdentity { name, sha256: [7; 32], dimension: DIMENSION, pooling: Pooling::Mean })
    }
}

impl Embedder for Synthetic {
    fn identity(&self) -> &ModelIdentity {
        &self.0
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        let seed = text.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        Ok(vector(&mut Dice(seed)))
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.embed_passage(text)
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    *values.get(values.len() / 2).unwrap()
}

fn report(what: &str, values: &mut [f64]) {
    values.sort_by(f64::total_cmp);
    let at = |share: usize| *values.get(values.len() * share / 1000).unwrap();
    println!("{what:32} p50 {:6.2} ms   p99 {:6.2} ms   p99.9 {:6.2} ms", at(500), at(990), at(999));
}

/// A linear congruential generator: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap() % end
    }

    /// From 0 to below 1, exact in single precision.
    fn number(&mut self) -> f32 {
        (self.next() >> 7) as f32 / 16_777_216.0
    }

    /// From 0 to below 1.
    fn share(&mut self) -> f64 {
        self.next() as f64 / (1_u64 << 31) as f64
    }
}
