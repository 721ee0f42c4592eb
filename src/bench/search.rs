//! Vector search by itself: how near it comes to an exact scan in floats, and how long it takes.

use std::time::Instant;

use super::latency::Recorder;
use super::material::Material;
use super::report::Search;
use super::run::Opened;
use crate::error::Result;
use crate::model::UnitVector;
use crate::vector::{Effort, VectorIndex};

/// Hits of a search.
pub(super) const HITS: usize = 10;
/// Questions that are searched for.
const QUESTIONS: usize = 200;

/// Searches the profile's messages, as recall does, and beside it a plain scan.
pub(super) fn searches(opened: &Opened<'_>, material: &Material, first: usize) -> Result<Vec<Search>> {
    let mut vectors = Vec::new();
    opened.engine.messages(&opened.at, &mut |_, vector| {
        vectors.extend(vector);
        Ok(())
    })?;
    let embed = |number| opened.embedder.embed_query(&material.question(first + number));
    let questions = (0..QUESTIONS).map(embed).collect::<Result<Vec<_>>>()?;
    let index = index_of(&vectors);
    let exact = measured("exact scan in floats", &questions, |question| scan(&vectors, question))?;
    let quick = |effort| move |index: &VectorIndex, question: &UnitVector| found(index, question, effort);
    let (usual, thorough) = (quick(Effort::Usual), quick(Effort::Exact));
    let mut ways = vec![exact];
    ways.push(measured("Mnemon", &questions, |question| usual(&index, question))?);
    ways.push(measured("Mnemon, thinkingLevel high", &questions, |question| thorough(&index, question))?);
    let truth = ways.first().map(|(_, hits)| hits.clone()).unwrap_or_default();
    Ok(ways.into_iter().map(|(search, hits)| Search { recall: recall(&truth, &hits), ..search }).collect())
}

/// An index of the vectors, numbered in their order.
pub(super) fn index_of(vectors: &[UnitVector]) -> VectorIndex {
    let mut index = VectorIndex::new(vectors.first().map_or(0, UnitVector::dimension));
    (0..).zip(vectors).for_each(|(doc, vector)| index.insert(doc, vector));
    index
}

/// The numbers of the nearest.
pub(super) fn found(index: &VectorIndex, question: &UnitVector, effort: Effort) -> Vec<u32> {
    index.search(question, HITS, &|_| true, effort).into_iter().map(|hit| hit.doc).collect()
}

/// The numbers of the nearest, by every cosine in floats.
fn scan(vectors: &[UnitVector], question: &UnitVector) -> Vec<u32> {
    let mut best: Vec<(f32, u32)> = Vec::with_capacity(HITS + 1);
    for (doc, vector) in (0..).zip(vectors) {
        let cosine = vector.dot(question);
        if best.len() < HITS || best.last().is_some_and(|(least, _)| cosine > *least) {
            let place = best.partition_point(|(other, _)| *other >= cosine);
            best.insert(place, (cosine, doc));
            best.truncate(HITS);
        }
    }
    best.into_iter().map(|(_, doc)| doc).collect()
}

fn measured(
    way: &str,
    questions: &[UnitVector],
    search: impl Fn(&UnitVector) -> Vec<u32>,
) -> Result<(Search, Vec<Vec<u32>>)> {
    let mut times = Recorder::new()?;
    questions.iter().take(questions.len() / 10).for_each(|question| drop(search(question)));
    let hits = questions
        .iter()
        .map(|question| {
            let began = Instant::now();
            let hits = search(question);
            times.add(began.elapsed());
            hits
        })
        .collect();
    Ok((Search { way: way.to_owned(), recall: 0.0, latency: times.latency() }, hits))
}

/// The share of the wanted numbers that were found.
pub(super) fn recall(wanted: &[Vec<u32>], found: &[Vec<u32>]) -> f64 {
    let hit = |(wanted, found): (&Vec<u32>, &Vec<u32>)| wanted.iter().filter(|doc| found.contains(doc)).count();
    let hits: usize = wanted.iter().zip(found).map(hit).sum();
    let all: usize = wanted.iter().map(Vec::len).sum();
    hits as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_scan_finds_the_nearest_best_first() {
        let unit =
            |degrees: f32| UnitVector::normalise(vec![degrees.to_radians().cos(), degrees.to_radians().sin()]).unwrap();
        let vectors: Vec<UnitVector> = (0..40_u8).map(|n| unit(f32::from(n) * 2.0)).collect();
        let nearest = scan(&vectors, &unit(20.4));
        assert_eq!(nearest[..4], [10, 11, 9, 12]);
        assert_eq!(nearest.len(), HITS);
        let index = index_of(&vectors);
        let indexed = found(&index, &unit(20.4), Effort::Exact);
        let wanted = [nearest];
        assert!((recall(&wanted, &[indexed]) - 1.0).abs() < 1e-9);
        assert!((recall(&wanted, &[vec![10, 11]]) - 0.2).abs() < 1e-9);
    }
}
