//! How long it takes to cut text into terms, to put a document into the keyword index, and to search it.
//!
//! Documents are 30 words drawn from a vocabulary of 30,000 by Zipf's law with a fixed seed; a query is six of its words.
//!
//!     cargo bench --bench text

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mnemon::text::{Bm25, KeywordIndex, Term, terms};

const WORDS: u32 = 30;

/// Text of `words` words, of which few are frequent.
fn text(seed: u32, words: u32) -> String {
    let mut state = u64::from(seed) * 0x9E37_79B9_7F4A_7C15 + 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let uniform = (state >> 11) as f64 / (1_u64 << 53) as f64;
        format!("word{:.0} ", 30_000_f64.powf(uniform))
    };
    (0..words).map(|_| word()).collect()
}

fn index_of(documents: u32) -> KeywordIndex {
    let mut index = KeywordIndex::new(Bm25::default());
    for doc in 0..documents {
        index.insert(doc, terms(&text(doc, WORDS)).iter().map(|term| (term, 1.0)));
    }
    index
}

fn bench(c: &mut Criterion) {
    let prose =
        "Ana's sister said on Tuesday that the backups of heron-07 had been running since half past nine. ".repeat(10);
    let mut group = c.benchmark_group("terms");
    group.throughput(Throughput::Bytes(prose.len() as u64));
    group.bench_function("prose", |b| b.iter(|| terms(&prose)));
    group.finish();

    let queries: Vec<Vec<(Term, f32)>> =
        (0..64).map(|n| terms(&text(1_000_000 + n, 6)).into_iter().map(|term| (term, 1.0)).collect()).collect();
    let mut group = c.benchmark_group("keywords");
    for documents in [1_000, 20_000] {
        let mut index = index_of(documents);
        let mut next = queries.iter().cycle();
        group.bench_function(BenchmarkId::new("search 10", documents), |b| {
            b.iter(|| index.search(next.next().map_or(&[], Vec::as_slice), 10, |_| true));
        });
        let found = terms(&text(documents, WORDS));
        group.bench_function(BenchmarkId::new("replace", documents), |b| {
            b.iter(|| index.insert(0, found.iter().map(|term| (term, 1.0))));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
