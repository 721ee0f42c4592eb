//! The trained weights: a table with a line for every feature.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::features::features;
use crate::model::{MemoryType, ModelIdentity, UnitVector, hex};

/// One number a type, in the order of [`MemoryType::ALL`].
pub(super) type Row = [f32; 4];

static BUILT_IN: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights.tsv")));

/// The weights of rules and words: in a model of their own, and in one together with a vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Weights {
    /// SHA-256, in hex, of the embedding model whose vectors it was trained with.
    pub model: String,
    /// SHA-256, in hex, of the examples it was trained on.
    pub examples: String,
    /// Of what there always is.
    pub named: HashMap<String, [Row; 2]>,
    /// Of a vector's numbers.
    pub vector: Vec<Row>,
}

/// The name of the feature that every statement has.
pub(super) const ALWAYS: &str = "always";

/// The name of the feature that the rules say `kind`.
pub(super) fn rule(kind: MemoryType) -> String {
    format!("rule:{}", kind.as_str())
}

impl Weights {
    /// The shipped ones.
    pub(super) fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Whether vectors of `model` mean something to it.
    pub(super) fn is_for(&self, model: &ModelIdentity) -> bool {
        self.vector.len() == model.dimension && self.model == hex(&model.sha256)
    }

    /// The likeliest type of a statement that the rules call `by_rule`, with its probability.
    pub(super) fn classify(&self, text: &str, by_rule: MemoryType, vector: Option<&UnitVector>) -> (MemoryType, f32) {
        let set = usize::from(vector.is_some());
        let mut scores = Row::default();
        let always = [ALWAYS.to_owned(), rule(by_rule)];
        for name in always.iter().chain(&features(text)) {
            if let Some(row) = self.named.get(name).and_then(|sets| sets.get(set)) {
                add(&mut scores, row, 1.0);
            }
        }
        for (row, value) in self.vector.iter().zip(vector.map(UnitVector::as_slice).unwrap_or_default()) {
            add(&mut scores, row, *value);
        }
        best(scores)
    }

    /// Reads the table. A line that is none is passed over: the shipped table is held to its examples by a test.
    fn parse(table: &str) -> Self {
        let mut weights = Self::default();
        for line in table.lines() {
            let mut cells = line.split('\t');
            let name = cells.next().unwrap_or_default();
            match name {
                "#model" => cells.next().unwrap_or_default().clone_into(&mut weights.model),
                "#examples" => cells.next().unwrap_or_default().clone_into(&mut weights.examples),
                _ => {
                    let numbers: Vec<f32> = cells.filter_map(|cell| cell.parse().ok()).collect();
                    weights.row(name, &numbers);
                }
            }
        }
        weights
    }

    fn row(&mut self, name: &str, numbers: &[f32]) {
        if let [a, b, c, d] = *numbers {
            self.vector.push([a, b, c, d]);
        } else if let [a, b, c, d, e, f, g, h] = *numbers {
            self.named.insert(name.to_owned(), [[a, b, c, d], [e, f, g, h]]);
        }
    }

    /// The table, the same for the same weights.
    pub(super) fn table(&self) -> String {
        let mut out = format!(
            "#Made by `make types`. Weights of fact, event, instruction, task: without a vector, then with one.\n\
             #model\t{}\n#examples\t{}\n",
            self.model, self.examples
        );
        let mut line = |name: &str, rows: &[Row]| {
            out.push_str(name);
            for weight in rows.iter().flatten() {
                let _ = write!(out, "\t{weight:.3}");
            }
            out.push('\n');
        };
        let mut named: Vec<_> = self.named.iter().collect();
        named.sort_unstable_by_key(|(name, _)| *name);
        for (name, sets) in named {
            line(name, sets);
        }
        for (i, row) in self.vector.iter().enumerate() {
            line(&format!("v:{i}"), &[*row]);
        }
        out
    }
}

/// Adds a row, so many times.
pub(super) fn add(scores: &mut Row, row: &Row, times: f32) {
    for (score, weight) in scores.iter_mut().zip(row) {
        *score += weight * times;
    }
}

/// Scores as probabilities.
pub(super) fn softmax(scores: Row) -> Row {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let grown = scores.map(|score| (score - most).exp());
    let sum: f32 = grown.iter().sum();
    grown.map(|value| value / sum)
}

fn best(scores: Row) -> (MemoryType, f32) {
    let likely = MemoryType::ALL.into_iter().zip(softmax(scores));
    likely.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((MemoryType::Fact, 0.0))
}

#[cfg(test)]
mod tests {
    use super::super::train::{EXAMPLES, digest};
    use super::*;

    #[test]
    fn the_table_says_all_that_the_weights_are() {
        let built_in = Weights::built_in();
        assert!(built_in.named.len() > 1_000 && built_in.vector.len() == 384, "{}", built_in.named.len());
        assert_eq!(Weights::parse(&built_in.table()), *built_in);
    }

    #[test]
    fn the_shipped_weights_are_those_of_the_examples() {
        let trained_on = &Weights::built_in().examples;
        assert_eq!(*trained_on, digest(EXAMPLES), "examples.tsv has changed: run `make types`");
    }

    #[test]
    fn words_alone_type_what_the_rules_leave_open() {
        use MemoryType::{Fact, Instruction, Task};
        for (text, kind) in [
            ("Ines is supposed to bring back the drill", Task),
            ("The gate still needs oiling", Task),
            ("Should I ever paste a stack trace, start with the cause", Instruction),
            ("The user wants replies to be brief.", Instruction),
            ("My brother runs a kennel", Fact),
        ] {
            assert_eq!(Weights::built_in().classify(text, Fact, None).0, kind, "{text}");
        }
    }
}
