//! Trained weights: a table with a line for every feature.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::model::{ModelIdentity, UnitVector, hex};

/// One number a class.
pub(in super::super) type Row<const N: usize> = [f32; N];

/// The weights of rules and words: in a model of their own, and in one together with a vector.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Weights<const N: usize> {
    /// SHA-256, in hex, of the embedding model whose vectors it was trained with.
    pub model: String,
    /// SHA-256, in hex, of the examples it was trained on.
    pub examples: String,
    /// Of what there always is.
    pub named: HashMap<String, [Row<N>; 2]>,
    /// Of a vector's numbers.
    pub vector: Vec<Row<N>>,
}

/// Knows nothing.
impl<const N: usize> Default for Weights<N> {
    fn default() -> Self {
        Self { model: String::new(), examples: String::new(), named: HashMap::new(), vector: Vec::new() }
    }
}

/// The name of the feature that every statement has.
pub(in super::super) const ALWAYS: &str = "always";

impl<const N: usize> Weights<N> {
    /// Whether vectors of `model` mean something to it.
    pub(in super::super) fn is_for(&self, model: &ModelIdentity) -> bool {
        self.vector.len() == model.dimension && self.model == hex(&model.sha256)
    }

    /// The probability of each class.
    pub(in super::super) fn classify<'a>(
        &self,
        named: impl IntoIterator<Item = &'a String>,
        vector: Option<&UnitVector>,
    ) -> Row<N> {
        let set = usize::from(vector.is_some());
        let mut scores = [0.0; N];
        for name in named {
            if let Some(row) = self.named.get(name).and_then(|sets| sets.get(set)) {
                add(&mut scores, row, 1.0);
            }
        }
        for (row, value) in self.vector.iter().zip(vector.map(UnitVector::as_slice).unwrap_or_default()) {
            add(&mut scores, row, *value);
        }
        softmax(scores)
    }

    /// Reads a table. A line that is none is passed over: the shipped tables are held to their examples by tests.
    pub(in super::super) fn parse(table: &str) -> Self {
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
        if let Ok(of_vector) = Row::try_from(numbers) {
            self.vector.push(of_vector);
        } else if let Some((alone, with)) = numbers.split_at_checked(N)
            && let (Ok(alone), Ok(with)) = (Row::try_from(alone), Row::try_from(with))
        {
            self.named.insert(name.to_owned(), [alone, with]);
        }
    }

    /// The table, the same for the same weights. `about` says what it is, in one line.
    pub(in super::super) fn table(&self, about: &str) -> String {
        let mut out = format!("#{about}\n#model\t{}\n#examples\t{}\n", self.model, self.examples);
        let mut line = |name: &str, rows: &[Row<N>]| {
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
pub(super) fn add<const N: usize>(scores: &mut Row<N>, row: &Row<N>, times: f32) {
    for (score, weight) in scores.iter_mut().zip(row) {
        *score += weight * times;
    }
}

/// Scores as probabilities.
pub(super) fn softmax<const N: usize>(scores: Row<N>) -> Row<N> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let grown = scores.map(|score| (score - most).exp());
    let sum: f32 = grown.iter().sum();
    grown.map(|value| value / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_all_that_the_weights_are() {
        let weights: Weights<2> = Weights {
            model: "m".into(),
            examples: "e".into(),
            named: [("w:tea".to_owned(), [[0.5, -0.5], [0.25, -0.25]])].into(),
            vector: vec![[1.0, -1.0], [2.0, -2.0]],
        };
        assert_eq!(Weights::parse(&weights.table("What it is.")), weights);
    }

    #[test]
    fn the_class_with_the_larger_score_is_likelier() {
        let weights: Weights<2> =
            Weights { named: [("w:tea".to_owned(), [[1.0, 0.0], [0.0, 1.0]])].into(), ..Weights::default() };
        let [tea, other] = weights.classify(&["w:tea".to_owned(), "w:unknown".to_owned()], None);
        assert!(tea > 0.7 && (tea + other - 1.0).abs() < 1e-6, "{tea} {other}");
    }
}
