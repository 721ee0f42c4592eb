//! Training: the classifier of types, from statements with their types.

use std::collections::BTreeMap;
use std::fmt;

use super::super::extract::remembered;
use super::super::learn::{self, Example, Point, Weights, digest, features, fit, folds};
use super::{SURE, by_rules, classify};
use crate::model::{MemoryType, ModelIdentity, Moment, Timestamp, UnitVector, hex};

/// Reads examples: `type`, `domain` and `statement` with tabs between, one a line.
///
/// # Errors
/// Which line is none, and why.
pub fn examples(table: &str) -> Result<Vec<Example<MemoryType>>, String> {
    learn::examples(table, "a type, a domain and a statement", MemoryType::parse)
}

/// Examples, ready to be learnt from.
pub struct Training {
    rows: Vec<Learnt>,
}

struct Learnt {
    example: Example<MemoryType>,
    by_rule: MemoryType,
    named: Vec<String>,
    vector: UnitVector,
}

impl Training {
    /// `vectors` are the examples' own, in their order.
    #[must_use]
    pub fn new(examples: Vec<Example<MemoryType>>, vectors: Vec<UnitVector>) -> Self {
        let rows = examples.into_iter().zip(vectors).map(|(example, vector)| {
            let at = Moment::utc(Timestamp::MIN);
            let by_rule = remembered(&example.text, at).kind;
            let mut named = features(&example.text);
            named.extend(by_rules(by_rule));
            Learnt { example, by_rule, named, vector }
        });
        Self { rows: rows.collect() }
    }

    /// The table of the weights that all examples give, for vectors of `model`. `table` is what the examples were read from.
    #[must_use]
    pub fn table(&self, table: &str, model: &ModelIdentity) -> String {
        let all: Vec<usize> = (0..self.rows.len()).collect();
        Weights { model: hex(&model.sha256), examples: digest(table), ..self.fit(&all) }
            .table("Made by `make types`. Weights of fact, event, instruction, task: without a vector, then with one.")
    }

    /// How well it types examples of domains that it did not learn from.
    #[must_use]
    pub fn cross_validate(&self) -> Report {
        let domains: Vec<&str> = self.rows.iter().map(|row| row.example.domain.as_str()).collect();
        let mut report = Report::default();
        for (seen, unseen) in folds(&domains) {
            let weights = self.fit(&seen);
            for row in unseen.iter().filter_map(|&i| self.rows.get(i)) {
                report.add(row, &weights);
            }
        }
        report
    }

    fn fit(&self, rows: &[usize]) -> Weights<4> {
        fit(&rows.iter().filter_map(|&i| self.rows.get(i)).map(Learnt::point).collect::<Vec<_>>())
    }
}

impl Learnt {
    fn point(&self) -> Point<'_> {
        Point {
            named: &self.named,
            vector: self.vector.as_slice(),
            class: MemoryType::ALL.iter().position(|kind| *kind == self.example.class).unwrap_or(0),
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
    fn add(&mut self, row: &Learnt, weights: &Weights<4>) {
        let kind = row.example.class;
        let right = |given: MemoryType| usize::from(given == kind);
        self.examples += 1;
        self.rules += right(row.by_rule);
        for (set, vector) in [None, Some(&row.vector)].into_iter().enumerate() {
            let (alone, probability) = classify(weights, &row.example.text, row.by_rule, vector);
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
    use std::collections::BTreeSet;

    use super::super::BUILT_IN;
    use super::*;

    /// The examples that the shipped weights were trained on.
    const EXAMPLES: &str = include_str!("examples.tsv");

    #[test]
    fn the_shipped_weights_are_those_of_the_examples() {
        assert_eq!(BUILT_IN.examples, digest(EXAMPLES), "examples.tsv has changed: run `make types`");
        assert!(BUILT_IN.named.len() > 1_000 && BUILT_IN.vector.len() == 384, "{}", BUILT_IN.named.len());
    }

    #[test]
    fn the_examples_can_be_learnt_from() {
        let found = examples(EXAMPLES).unwrap();
        let texts: BTreeSet<&str> = found.iter().map(|example| example.text.as_str()).collect();
        assert_eq!(texts.len(), found.len(), "an example stands there twice");
        for kind in MemoryType::ALL {
            assert!(found.iter().filter(|example| example.class == kind).count() >= 300, "{kind:?}");
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
        let example = |class, i: usize| Example {
            class,
            domain: format!("d{}", i % 7),
            text: format!("{} {i} mornings", word(class)),
        };
        let all: Vec<Example<MemoryType>> =
            (0..60).flat_map(|i| MemoryType::ALL.map(|kind| example(kind, i))).collect();
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
