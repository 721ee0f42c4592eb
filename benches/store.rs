//! What the store costs: a commit by its rows, a point read, a scan, and commits of eight threads at once.
//!
//! Rows are memories of 200 bytes with the vectors a 384-dimensional model gives them, about a kilobyte a pair; the file
//! has 20,000 pairs before anything is measured. Commits are durable, so they measure the disk as much as the code: they
//! are written to the folder for temporary files, which `TMPDIR` names.
//!
//! Run with `cargo bench --bench store`.

#![expect(clippy::unwrap_used, reason = "a bench that fails should stop")]

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mnemon::model::{Memory, MemoryId, MemoryType, Moment, Timestamp, Ulid, UnitVector};
use mnemon::store::rows::{MemoryRow, MemoryVectorRow};
use mnemon::store::{Batch, Range, SpaceId, Store, StoreOptions};

const PAIRS: u64 = 20_000;

/// A store in a folder of its own, and the number of its next memory.
struct Filled {
    store: Store,
    space: SpaceId,
    next: AtomicU64,
    _folder: tempfile::TempDir,
}

impl Filled {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &StoreOptions::default()).unwrap();
        let space = store.allocate_space();
        let filled = Self { store, space, next: AtomicU64::new(0), _folder: folder };
        for _ in 0..PAIRS / 1000 {
            filled.store.commit(filled.batch(1000)).unwrap();
        }
        filled
    }

    /// New memories, each with its vector: two rows a pair.
    fn batch(&self, pairs: u64) -> Batch {
        let mut batch = Batch::new();
        let first = self.next.fetch_add(pairs, Ordering::Relaxed);
        for number in first..first + pairs {
            let id = id(number);
            batch.put(self.space, &id, &MemoryRow(memory(id)));
            batch.put(self.space, &id, &MemoryVectorRow(vector(number)));
        }
        batch
    }
}

/// Ids grow with time, as they do in a profile that is written to.
fn id(number: u64) -> MemoryId {
    Ulid::from_bits(u128::from(number) << 64)
}

fn memory(id: MemoryId) -> Memory {
    let at = Timestamp::from_millis(1_750_000_000_000);
    Memory {
        id,
        kind: MemoryType::Fact,
        summary: "somebody likes something".to_owned(),
        content: "x".repeat(200),
        session: None,
        created_at: at,
        updated_at: at,
        said_at: Moment::utc(at),
        topic: None,
        sources: Vec::new(),
        superseded_by: None,
    }
}

fn vector(number: u64) -> UnitVector {
    let numbers = (1..=384_u64).map(|n| ((number * 31 + n * n) % 97) as f32 - 48.5).collect();
    UnitVector::normalise(numbers).unwrap()
}

fn commits(c: &mut Criterion) {
    let filled = Filled::new();
    let mut group = c.benchmark_group("commit");
    for pairs in [1, 64, 512] {
        group.throughput(Throughput::Elements(pairs));
        group.bench_with_input(BenchmarkId::new("memories", pairs), &pairs, |b, &pairs| {
            b.iter_custom(|rounds| {
                (0..rounds)
                    .map(|_| {
                        let batch = filled.batch(pairs);
                        let start = Instant::now();
                        filled.store.commit(batch).unwrap();
                        start.elapsed()
                    })
                    .sum()
            });
        });
    }
    group.throughput(Throughput::Elements(8));
    group.bench_function("one memory from each of 8 threads", |b| {
        b.iter_custom(|rounds| eight_threads(&filled, rounds));
    });
    group.finish();
}

/// How long it takes until each of eight threads has made that many commits of one memory.
fn eight_threads(filled: &Filled, rounds: u64) -> Duration {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..rounds).for_each(|_| filled.store.commit(filled.batch(1)).unwrap()));
        }
    });
    start.elapsed()
}

fn reads(c: &mut Criterion) {
    let filled = Filled::new();
    let snapshot = filled.store.read().unwrap();
    let mut group = c.benchmark_group("read");
    let mut number = 0;
    group.bench_function("one memory by its id", |b| {
        b.iter(|| {
            number = (number + 7919) % PAIRS;
            black_box(snapshot.get::<MemoryRow>(filled.space, &id(number)).unwrap())
        });
    });
    group.throughput(Throughput::Elements(PAIRS));
    group.sample_size(20);
    group.bench_function("scan of all memories", |b| {
        b.iter(|| snapshot.scan::<MemoryRow>(filled.space, &Range::all()).unwrap().map(Result::unwrap).count());
    });
    group.bench_function("scan of all vectors", |b| {
        b.iter(|| snapshot.scan::<MemoryVectorRow>(filled.space, &Range::all()).unwrap().map(Result::unwrap).count());
    });
    group.finish();
}

criterion_group! {
    name = store;
    config = Criterion::default().sample_size(30).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    targets = commits, reads
}
criterion_main!(store);
