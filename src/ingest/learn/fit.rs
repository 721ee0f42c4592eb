//! Training: multinomial logistic regression, the same result from the same examples and vectors.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::weights::{ALWAYS, Row, Weights, add, softmax};

/// A feature that fewer examples have is left out: it says more of the example than of its class.
const LEAST: usize = 3;
/// How large a feature of words is, and a vector, beside a rule's 1: many words speak for a statement, and only one rule.
const WORD: f32 = 0.7;
const VECTOR: f32 = 3.0;
/// The weight of the examples' loss against the squared weights.
const TRUST: f32 = 1.5;
/// Steps of gradient descent. Twice as many move no figure by .001.
const STEPS: usize = 800;
/// Parts of a cross-validation; a domain is in one of them, whole.
const FOLDS: usize = 7;

/// An example to learn from.
#[derive(Clone, Copy)]
pub(in super::super) struct Point<'a> {
    /// Its features.
    pub named: &'a [String],
    /// Its vector.
    pub vector: &'a [f32],
    /// Its class.
    pub class: usize,
}

/// Which examples are learnt from, and which are held out: every part of a cross-validation, by index. Examples of one
/// domain are never on both sides.
pub(in super::super) fn folds(domains: &[&str]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let each: BTreeSet<&str> = domains.iter().copied().collect();
    let fold: HashMap<&str, usize> = each.into_iter().zip((0..FOLDS).cycle()).collect();
    let held_out =
        |part: usize| (0..domains.len()).partition(|&i| domains.get(i).and_then(|d| fold.get(d)) != Some(&part));
    (0..FOLDS).map(held_out).collect()
}

/// Weights without a vector and with one.
pub(in super::super) fn fit<const N: usize>(points: &[Point<'_>]) -> Weights<N> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for name in points.iter().flat_map(|point| point.named) {
        *count.entry(name).or_default() += 1;
    }
    let kept = count.into_iter().filter(|(_, n)| *n >= LEAST).map(|(name, _)| name);
    let places: HashMap<&str, usize> = kept.enumerate().map(|(place, name)| (name, place)).collect();
    let dimension = points.first().map_or(0, |point| point.vector.len());
    let learn = |dimension: usize| {
        let numbered = points.iter().map(|point| Placed {
            named: point.named.iter().filter_map(|name| Some((*places.get(name.as_str())?, size(name)))).collect(),
            vector: point.vector.get(..dimension).unwrap_or_default(),
            class: point.class,
        });
        descend(&numbered.collect::<Vec<_>>(), places.len(), dimension)
    };
    let (alone, with) = (learn(0), learn(dimension));
    let of = |weights: &[Row<N>], place: usize, size: f32| weights.get(place).map_or([0.0; N], |r| r.map(|w| w * size));
    let named = places
        .iter()
        .map(|(name, place)| ((*name).to_owned(), [of(&alone, *place, size(name)), of(&with, *place, size(name))]));
    Weights {
        named: named.collect(),
        vector: (0..dimension).map(|i| of(&with, places.len() + i, VECTOR)).collect(),
        ..Weights::default()
    }
}

fn size(name: &str) -> f32 {
    if name == ALWAYS || name.starts_with("rule:") { 1.0 } else { WORD }
}

/// One example as numbers: which of the features that count it has, and its vector if that counts.
struct Placed<'a> {
    named: Vec<(usize, f32)>,
    vector: &'a [f32],
    class: usize,
}

/// Accelerated gradient descent on the regularised loss, from zero, by a step that its curvature allows.
fn descend<const N: usize>(points: &[Placed<'_>], named: usize, dimension: usize) -> Vec<Row<N>> {
    let n = named + dimension;
    // The loss is curved by half the largest eigenvalue of the points' Gram matrix at most.
    let curvature = 1.0 + 0.5 * TRUST * largest_eigenvalue::<N>(points, named, n);
    let momentum = (curvature.sqrt() - 1.0) / (curvature.sqrt() + 1.0);
    let (mut weights, mut ahead) = (vec![[0.0; N]; n], vec![[0.0; N]; n]);
    for _ in 0..STEPS {
        let mut gradient = ahead.clone();
        for point in points {
            let mut miss = softmax(point.scores(&ahead, named));
            if let Some(probability) = miss.get_mut(point.class) {
                *probability -= 1.0;
            }
            point.spread(&mut gradient, named, miss.map(|m| m * TRUST));
        }
        for ((weight, ahead), slope) in weights.iter_mut().zip(&mut ahead).zip(&gradient) {
            let mut next = *ahead;
            add(&mut next, slope, -1.0 / curvature);
            let mut further = next;
            add(&mut further, &next, momentum);
            add(&mut further, weight, -momentum);
            (*weight, *ahead) = (next, further);
        }
    }
    weights
}

/// By power iteration: what is found is a little below, and a fifth is added.
fn largest_eigenvalue<const N: usize>(points: &[Placed<'_>], named: usize, n: usize) -> f32 {
    let mut first = [0.0; N];
    if let Some(one) = first.first_mut() {
        *one = 1.0;
    }
    let mut direction = vec![first; n];
    let mut found = 1.0;
    for _ in 0..20 {
        let mut next = vec![[0.0; N]; n];
        for point in points {
            point.spread(&mut next, named, point.scores(&direction, named));
        }
        found = next.iter().flatten().map(|x| x * x).sum::<f32>().sqrt();
        direction = next.into_iter().map(|row| row.map(|x| x / found)).collect();
    }
    1.2 * found
}

impl Placed<'_> {
    /// The sum of its features' weights.
    fn scores<const N: usize>(&self, weights: &[Row<N>], named: usize) -> Row<N> {
        let mut scores = [0.0; N];
        for (place, size) in &self.named {
            add(&mut scores, weights.get(*place).unwrap_or(&[0.0; N]), *size);
        }
        for (row, value) in weights.iter().skip(named).zip(self.vector) {
            add(&mut scores, row, value * VECTOR);
        }
        scores
    }

    /// Adds `amount` to the rows of its features.
    fn spread<const N: usize>(&self, rows: &mut [Row<N>], named: usize, amount: Row<N>) {
        for (place, size) in &self.named {
            if let Some(row) = rows.get_mut(*place) {
                add(row, &amount, *size);
            }
        }
        for (row, value) in rows.iter_mut().skip(named).zip(self.vector) {
            add(row, &amount, value * VECTOR);
        }
    }
}
