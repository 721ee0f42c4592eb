//! Training: multinomial logistic regression, the same result from the same examples and vectors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use sha2::{Digest, Sha256};

use super::super::extract::remembered;
use super::SURE;
use super::features::features;
use super::weights::{ALWAYS, Row, Weights, add, rule, softmax};
use crate::model::{MemoryType, ModelIdentity, Moment, Timestamp, UnitVector, hex};

/// The examples that the shipped weights were trained on.
#[cfg(test)]
pub(super) const EXAMPLES: &str = include_str!("examples.tsv");
/// A feature that fewer examples have is left out: it says more of the example than of its type.
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

/// A statement with its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its type.
    pub kind: MemoryType,
    /// What it is about. Examples of one domain are never on both sides of a cross-validation.
    pub domain: String,
    /// The statement.
    pub text: String,
}

/// Reads examples: `type`, `domain` and `statement` with tabs between, one a line.
///
/// # Errors
/// Which line is none, and why.
pub fn examples(table: &str) -> Result<Vec<Example>, String> {
    let example = |(line, text): (usize, &str)| {
        let wrong = |why: &str| format!("line {}: {why}", line + 1);
        let [kind, domain, statement] = text.split('\t').collect::<Vec<_>>()[..] else {
            return Err(wrong("not a type, a domain and a statement with tabs between them"));
        };
        let kind = MemoryType::parse(kind).ok_or_else(|| wrong(&format!("no type is called `{kind}`")))?;
        Ok(Example { kind, domain: domain.to_owned(), text: statement.to_owned() })
    };
    table.lines().enumerate().filter(|(_, text)| !text.is_empty()).map(example).collect()
}

/// SHA-256 of examples, in hex.
pub(super) fn digest(table: &str) -> String {
    hex(&Sha256::digest(table.as_bytes()))
}

/// Examples, ready to be learnt from.
pub struct Training {
    rows: Vec<Learnt>,
}

struct Learnt {
    example: Example,
    by_rule: MemoryType,
    named: Vec<String>,
    vector: UnitVector,
}

/// One example as numbers: which of the features that count it has, and its vector if that counts.
struct Point<'a> {
    named: Vec<(usize, f32)>,
    vector: &'a [f32],
    kind: MemoryType,
}

impl Training {
    /// `vectors` are the examples' own, in their order.
    #[must_use]
    pub fn new(examples: Vec<Example>, vectors: Vec<UnitVector>) -> Self {
        let rows = examples.into_iter().zip(vectors).map(|(example, vector)| {
            let at = Moment::utc(Timestamp::MIN);
            let by_rule = remembered(&example.text, at).kind;
            let mut named = features(&example.text);
            named.extend([ALWAYS.to_owned(), rule(by_rule)]);
            Learnt { example, by_rule, named, vector }
        });
        Self { rows: rows.collect() }
    }

    /// The table of the weights that all examples give, for vectors of `model`. `table` is what the examples were read from.
    #[must_use]
    pub fn table(&self, table: &str, model: &ModelIdentity) -> String {
        let all: Vec<&Learnt> = self.rows.iter().collect();
        Weights { model: hex(&model.sha256), examples: digest(table), ..fit(&all) }.table()
    }

    /// How well it types examples of domains that it did not learn from.
    #[must_use]
    pub fn cross_validate(&self) -> Report {
        let domains: BTreeSet<&str> = self.rows.iter().map(|row| row.example.domain.as_str()).collect();
        let folds: HashMap<&str, usize> = domains.into_iter().zip((0..FOLDS).cycle()).collect();
        let fold = |row: &Learnt| folds.get(row.example.domain.as_str()).copied();
        let mut report = Report::default();
        for held_out in 0..FOLDS {
            let (unseen, seen): (Vec<_>, Vec<_>) = self.rows.iter().partition(|row| fold(row) == Some(held_out));
            let weights = fit(&seen);
            for row in unseen {
                report.add(row, &weights);
            }
        }
        report
    }
}

/// Weights without a vector and with one.
fn fit(rows: &[&Learnt]) -> Weights {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for name in rows.iter().flat_map(|row| &row.named) {
        *count.entry(name).or_default() += 1;
    }
    let kept = count.into_iter().filter(|(_, n)| *n >= LEAST).map(|(name, _)| name);
    let places: HashMap<&str, usize> = kept.enumerate().map(|(place, name)| (name, place)).collect();
    let dimension = rows.first().map_or(0, |row| row.vector.dimension());
    let learn = |dimension: usize| {
        let points = rows.iter().map(|row| Point {
            named: row.named.iter().filter_map(|name| Some((*places.get(name.as_str())?, size(name)))).collect(),
            vector: row.vector.as_slice().get(..dimension).unwrap_or_default(),
            kind: row.example.kind,
        });
        descend(&points.collect::<Vec<_>>(), places.len(), dimension)
    };
    let (alone, with) = (learn(0), learn(dimension));
    let of =
        |weights: &[Row], place: usize, size: f32| weights.get(place).map_or(Row::default(), |r| r.map(|w| w * size));
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

/// Accelerated gradient descent on the regularised loss, from zero, by a step that its curvature allows.
fn descend(points: &[Point<'_>], named: usize, dimension: usize) -> Vec<Row> {
    let n = named + dimension;
    // The loss is curved by half the largest eigenvalue of the points' Gram matrix at most.
    let curvature = 1.0 + 0.5 * TRUST * largest_eigenvalue(points, named, n);
    let momentum = (curvature.sqrt() - 1.0) / (curvature.sqrt() + 1.0);
    let (mut weights, mut ahead) = (vec![Row::default(); n], vec![Row::default(); n]);
    for _ in 0..STEPS {
        let mut gradient = ahead.clone();
        for point in points {
            let mut miss = softmax(point.scores(&ahead, named));
            for (probability, kind) in miss.iter_mut().zip(MemoryType::ALL) {
                *probability -= f32::from(u8::from(kind == point.kind));
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
fn largest_eigenvalue(points: &[Point<'_>], named: usize, n: usize) -> f32 {
    let mut direction = vec![[1.0, 0.0, 0.0, 0.0]; n];
    let mut found = 1.0;
    for _ in 0..20 {
        let mut next = vec![Row::default(); n];
        for point in points {
            point.spread(&mut next, named, point.scores(&direction, named));
        }
        found = next.iter().flatten().map(|x| x * x).sum::<f32>().sqrt();
        direction = next.into_iter().map(|row| row.map(|x| x / found)).collect();
    }
    1.2 * found
}

impl Point<'_> {
    /// The sum of its features' weights.
    fn scores(&self, weights: &[Row], named: usize) -> Row {
        let mut scores = Row::default();
        for (place, size) in &self.named {
            add(&mut scores, weights.get(*place).unwrap_or(&Row::default()), *size);
        }
        for (row, value) in weights.iter().skip(named).zip(self.vector) {
            add(&mut scores, row, value * VECTOR);
        }
        scores
    }

    /// Adds `amount` to the rows of its features.
    fn spread(&self, rows: &mut [Row], named: usize, amount: Row) {
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

/// Right answers on examples that were not learnt from.
#[derive(Clone, Debug, Default)]
pub struct Report {
    examples: usize,
    rules: usize,
    /// Of the classifier alone, without a vector and with one.
    alone: [usize; 2],
    /// Of the rules, overruled where the classifier is sure; without a vector and with one.
    settled: [usize; 2],
    /// Settled with a vector, by type: right, and in all.
    by_type: BTreeMap<MemoryType, (usize, usize)>,
    /// How often the classifier overruled a rule, and was right.
    overruled: (usize, usize),
}

impl Report {
    fn add(&mut self, row: &Learnt, weights: &Weights) {
        let kind = row.example.kind;
        let right = |given: MemoryType| usize::from(given == kind);
        self.examples += 1;
        self.rules += right(row.by_rule);
        for (set, vector) in [None, Some(&row.vector)].into_iter().enumerate() {
            let (alone, probability) = weights.classify(&row.example.text, row.by_rule, vector);
            let sure = probability >= SURE;
            let settled = if sure { alone } else { row.by_rule };
            for (sums, given) in [(&mut self.alone, alone), (&mut self.settled, settled)] {
                if let Some(sum) = sums.get_mut(set) {
                    *sum += right(given);
                }
            }
            if vector.is_some() {
                let of_type = self.by_type.entry(kind).or_default();
                *of_type = (of_type.0 + right(settled), of_type.1 + 1);
                if settled != row.by_rule {
                    self.overruled = (self.overruled.0 + right(settled), self.overruled.1 + 1);
                }
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |right: usize, all: usize| right as f32 / all.max(1) as f32;
        let line = |f: &mut fmt::Formatter<'_>, name: &str, right: usize| {
            writeln!(f, "{name:<44}{:.3}", share(right, self.examples))
        };
        let ([words, vector], [settled_words, settled]) = (self.alone, self.settled);
        writeln!(f, "accuracy on {} examples of domains that were not learnt from", self.examples)?;
        line(f, "rules", self.rules)?;
        line(f, "classifier, words alone", words)?;
        line(f, "classifier, words and vector", vector)?;
        line(f, "rules, overruled when sure, words alone", settled_words)?;
        line(f, "rules, overruled when sure (what is used)", settled)?;
        for (kind, (right, all)) in &self.by_type {
            writeln!(f, "{:<44}{:.3}", format!("  {}", kind.as_str()), share(*right, *all))?;
        }
        let (right, all) = self.overruled;
        write!(f, "{:<44}{:.3} of {all}", "right when a rule is overruled", share(right, all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_can_be_learnt_from() {
        let found = examples(EXAMPLES).unwrap();
        let texts: BTreeSet<&str> = found.iter().map(|example| example.text.as_str()).collect();
        assert_eq!(texts.len(), found.len(), "an example stands there twice");
        for kind in MemoryType::ALL {
            assert!(found.iter().filter(|example| example.kind == kind).count() >= 300, "{kind:?}");
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(
            examples("fact\thome\tI rent.\nfact\tI own.").unwrap_err(),
            "line 2: not a type, a domain and a statement with tabs between them"
        );
        assert_eq!(examples("idea\thome\tI rent.").unwrap_err(), "line 1: no type is called `idea`");
    }

    #[test]
    fn what_divides_the_examples_is_learnt() {
        let example = |kind, i: usize| Example {
            kind,
            domain: format!("d{}", i % FOLDS),
            text: format!("{} {i} mornings", word(kind)),
        };
        let all: Vec<Example> = (0..60).flat_map(|i| MemoryType::ALL.map(|kind| example(kind, i))).collect();
        let vector = || UnitVector::normalise(vec![1.0, 2.0]).unwrap();
        let vectors = all.iter().map(|_| vector()).collect();
        let report = Training::new(all, vectors).cross_validate();
        assert_eq!(report.alone, [report.examples, report.examples], "{report}");
    }

    /// Words that no rule knows.
    fn word(kind: MemoryType) -> &'static str {
        match kind {
            MemoryType::Fact => "bla",
            MemoryType::Event => "ble",
            MemoryType::Instruction => "blo",
            MemoryType::Task => "blu",
        }
    }
}
