//! How long it takes to put a vector into the index, and to find the nearest: by signs first, or exactly.
//!
//! Vectors are 384 numbers wide, in 200 clusters, with a fixed seed. The graph is left out, since building one takes minutes;
//! the room's documentation has its figures.
//!
//!     cargo bench --bench vector

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use mnemon::model::UnitVector;
use mnemon::vector::{Effort, VectorIndex};

const DIMENSION: usize = 384;

/// Seeded numbers around 0.
struct Numbers(u64);

impl Iterator for Numbers {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Some((self.0 >> 40) as f32 / 16_777_216.0 - 0.5)
    }
}

fn vectors(count: usize) -> impl Iterator<Item = UnitVector> {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let centres: Vec<Vec<f32>> = (0..200).map(|_| numbers.by_ref().take(DIMENSION).collect()).collect();
    let mut centre = centres.into_iter().cycle();
    (0..count).filter_map(move |_| {
        let values = centre.next()?.into_iter().zip(&mut numbers).map(|(a, b)| a + b).collect();
        UnitVector::normalise(values).ok()
    })
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("vectors");
    for count in [1_000, 20_000, 100_000] {
        let mut index = VectorIndex::new(DIMENSION);
        for (doc, vector) in (0..).zip(vectors(count)) {
            index.insert(doc, &vector);
        }
        let Some(query) = vectors(1).next() else { return };
        group.bench_function(BenchmarkId::new("insert", count), |b| b.iter(|| index.insert(7, &query)));
        for (name, k, effort) in
            [("search 10", 10, Effort::Usual), ("search 250", 250, Effort::Usual), ("scan for 10", 10, Effort::Exact)]
        {
            group.bench_function(BenchmarkId::new(name, count), |b| {
                b.iter(|| index.search(&query, k, &|_| true, effort));
            });
        }
        group.bench_function(BenchmarkId::new("score all", count), |b| {
            b.iter(|| {
                let mut sum = 0.0;
                index.score_all(&query, &mut |_, score| sum += score);
                sum
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
