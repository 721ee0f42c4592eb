//! Promises of the vector index, against a plain list of vectors.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Effort, Hit, VectorIndex};
use crate::model::UnitVector;

/// Seeded vectors in clusters, as sentences' vectors are.
struct Sample {
    state: u64,
    centres: Vec<Vec<f32>>,
}

impl Sample {
    fn new(dimension: usize, clusters: usize) -> Self {
        let mut sample = Self { state: 0x9E37_79B9_7F4A_7C15, centres: Vec::new() };
        sample.centres = (0..clusters).map(|_| (0..dimension).map(|_| sample.number()).collect()).collect();
        sample
    }

    fn bits(&mut self) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 40) as u32
    }

    /// Roughly normal, mean 0.
    fn number(&mut self) -> f32 {
        (0..4).map(|_| self.bits() as f32 / 16_777_216.0 - 0.5).sum()
    }

    fn vector(&mut self) -> UnitVector {
        let cluster = self.bits() as usize % self.centres.len();
        let centre = self.centres[cluster].clone();
        UnitVector::normalise(centre.into_iter().map(|x| x + self.number()).collect()).unwrap()
    }
}

/// What the search must find: all cosines, sorted.
fn exact(index: &VectorIndex, query: &UnitVector, k: usize, accept: &dyn Fn(u32) -> bool) -> Vec<Hit> {
    let mut all = Vec::new();
    index.score_all(query, &mut |doc, score| all.extend(accept(doc).then_some(Hit { doc, score })));
    all.sort();
    all.truncate(k);
    all
}

proptest! {
    #[test]
    fn search_finds_what_a_plain_list_finds(
        steps in prop::collection::vec((0..30_u32, prop::option::weighted(0.7, prop::collection::vec(-3..3_i8, 5))), 1..90),
        k in 0..12_usize,
    ) {
        let unit = |values: &[i8]| UnitVector::normalise(values.iter().map(|&x| f32::from(x)).collect()).ok();
        let mut index = VectorIndex::new(5);
        let mut list = BTreeMap::new();
        for (doc, values) in &steps {
            if let Some(vector) = values.as_deref().and_then(unit) {
                index.insert(*doc, &vector);
                list.insert(*doc, vector);
            } else {
                index.remove(*doc);
                list.remove(doc);
            }
            prop_assert_eq!(index.verify(), Ok(()));
        }
        prop_assert_eq!(index.len(), list.len());
        let query = unit(&[2, -1, 0, 1, 1]).unwrap();
        for (&doc, vector) in &list {
            prop_assert!((index.cosine(doc, &query).unwrap() - vector.dot(&query)).abs() < 1e-2);
        }
        let odd = |doc| doc % 2 == 1;
        prop_assert_eq!(index.search(&query, k, &|_| true, Effort::Usual), exact(&index, &query, k, &|_| true));
        prop_assert_eq!(index.search(&query, k, &odd, Effort::Usual), exact(&index, &query, k, &odd));
    }
}

#[test]
fn the_rough_scan_loses_nothing_on_crowded_vectors() {
    let mut sample = Sample::new(384, 20);
    let mut index = VectorIndex::new(384);
    for doc in 0..1500 {
        index.insert(doc, &sample.vector());
    }
    for _ in 0..10 {
        let query = sample.vector();
        assert_eq!(index.search(&query, 10, &|_| true, Effort::Exact), exact(&index, &query, 10, &|_| true));
    }
}

#[test]
fn vectors_of_another_dimension_are_near_nothing() {
    let mut index = VectorIndex::new(3);
    let two = UnitVector::normalise(vec![1.0, 1.0]).unwrap();
    index.insert(1, &two);
    assert!(index.is_empty());
    index.insert(1, &UnitVector::normalise(vec![1.0, 1.0, 0.0]).unwrap());
    assert_eq!(index.search(&two, 5, &|_| true, Effort::Usual), []);
    assert_eq!(index.cosine(1, &two), None);
}

#[test]
fn memory_comes_back_when_vectors_go() {
    let mut sample = Sample::new(64, 5);
    let mut index = VectorIndex::new(64);
    let mut most = usize::MAX;
    for round in 0..10 {
        for doc in 0..1000 {
            index.insert(doc, &sample.vector());
        }
        most = most.min(index.bytes() * 3 / 2);
        for doc in (0..1000).filter(|doc| doc % 100 != round) {
            index.remove(doc);
        }
        assert_eq!(index.verify(), Ok(()));
        assert!(index.bytes() < most / 4, "{} of {most} bytes in round {round}", index.bytes());
    }
}

#[test]
fn among_many_vectors_signs_lose_almost_nothing() {
    let mut sample = Sample::new(384, 40);
    let mut index = VectorIndex::new(384);
    for doc in 0..6_000 {
        index.insert(doc, &sample.vector());
    }
    for doc in (0..1_000).step_by(3) {
        index.remove(doc);
    }
    assert_eq!(index.verify(), Ok(()));
    for (k, least) in [(10, 0.99), (250, 0.99)] {
        let (mut found, mut wanted) = (0, 0);
        for _ in 0..20 {
            let query = sample.vector();
            let expected = index.search(&query, k, &|_| true, Effort::Exact);
            let hits = index.search(&query, k, &|_| true, Effort::Usual);
            found += hits.iter().filter(|hit| expected.contains(hit)).count();
            wanted += expected.len();
            let few = |doc| doc % 50 == 0;
            let (usual, thorough) = (Effort::Usual, Effort::Exact);
            assert_eq!(index.search(&query, k, &few, usual), index.search(&query, k, &few, thorough));
        }
        assert!(found as f64 / wanted as f64 >= least, "{found} of {wanted}");
    }
}

/// A few hundred clustered vectors for a graph, some of them equal. Few, since building one is slow without optimisation.
fn with_graph(sample: &mut Sample) -> (VectorIndex, Vec<UnitVector>) {
    let mut index = VectorIndex::with_graph_from(32, 150);
    let mut vectors: Vec<UnitVector> = (0..240).map(|_| sample.vector()).collect();
    vectors.extend(vec![vectors[5].clone(); 60]);
    for (doc, vector) in (0..).zip(&vectors) {
        index.insert(doc, vector);
    }
    (index, vectors)
}

/// The share of the ten true nearest that is found, over some queries.
fn recall_at_10(index: &VectorIndex, sample: &mut Sample, accept: &dyn Fn(u32) -> bool) -> f64 {
    let (mut found, mut wanted) = (0, 0);
    for _ in 0..50 {
        let query = sample.vector();
        let expected = exact(index, &query, 10, accept);
        found += index.search(&query, 10, accept, Effort::Usual).iter().filter(|hit| expected.contains(hit)).count();
        wanted += expected.len();
    }
    found as f64 / wanted as f64
}

#[test]
fn the_graph_finds_what_is_near_and_reaches_every_vector() {
    let mut sample = Sample::new(32, 8);
    let (mut index, vectors) = with_graph(&mut sample);
    while index.tend(80) > 0 {
        assert_eq!(index.verify(), Ok(()));
        assert!(recall_at_10(&index, &mut sample, &|_| true) >= 0.99);
    }
    assert_eq!(index.verify(), Ok(()));
    assert!(recall_at_10(&index, &mut sample, &|_| true) >= 0.99);
    assert!(recall_at_10(&index, &mut sample, &|doc| doc % 3 > 0) >= 0.99);
    assert!(recall_at_10(&index, &mut sample, &|doc| doc % 100 == 0) >= 0.99);
    for (doc, vector) in (0..240).zip(&vectors) {
        let hits = index.search(vector, 1, &|other| other == doc || doc == 5, Effort::Usual);
        assert_eq!(hits[0].doc, doc);
        let hits = index.search(vector, 1, &|_| true, Effort::Usual);
        assert_eq!(hits[0].doc, doc, "unreachable");
    }
    let equals = index.search(&vectors[5], 32, &|_| true, Effort::Usual);
    assert_eq!(equals, exact(&index, &vectors[5], 32, &|_| true));
}

#[test]
fn the_graph_is_the_same_each_time_it_is_built() {
    let search_all = || {
        let mut sample = Sample::new(32, 8);
        let (mut index, vectors) = with_graph(&mut sample);
        index.tend(usize::MAX);
        vectors.iter().map(|v| index.search(v, 10, &|_| true, Effort::Usual)).collect::<Vec<_>>()
    };
    assert_eq!(search_all(), search_all());
}

#[test]
fn what_is_removed_from_the_graph_is_not_found_and_a_worn_graph_is_built_anew() {
    let mut sample = Sample::new(32, 8);
    let (mut index, mut vectors) = with_graph(&mut sample);
    index.tend(usize::MAX);
    let full = index.bytes();
    for round in 0..3 {
        for doc in (0..300).filter(|doc| doc % 3 == round) {
            vectors[doc as usize] = sample.vector();
            index.remove(doc);
            assert!(
                !index.search(&vectors[doc as usize], 32, &|_| true, Effort::Usual).iter().any(|hit| hit.doc == doc)
            );
            index.insert(doc, &vectors[doc as usize]);
        }
        assert!(recall_at_10(&index, &mut sample, &|_| true) >= 0.99);
        index.tend(usize::MAX);
        assert_eq!(index.verify(), Ok(()));
        assert!(recall_at_10(&index, &mut sample, &|_| true) >= 0.99);
        assert!(index.bytes() < full * 3 / 2, "{} of {full} bytes", index.bytes());
    }
    (0..270).for_each(|doc| index.remove(doc));
    assert_eq!(index.tend(usize::MAX), 0);
    assert!(index.bytes() < full / 4);
    assert_eq!(index.verify(), Ok(()));
}

#[test]
fn an_index_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<VectorIndex>();
}
