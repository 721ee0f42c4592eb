//! Training: the classifier of worth, from sentences of which it is known whether they are worth keeping.

use std::fmt;

use super::{is_kept, probability, seen};
use crate::ingest::draft::{Doubt, Draft};
use crate::ingest::extract::{ExtractOptions, Turn, read};
use crate::ingest::learn::{self, Example, Point, Weights, digest, fit, folds};
use crate::model::{MemoryType, ModelIdentity, Moment, Role, Timestamp, UnitVector, hex};

/// When the examples were said: noon on a Monday, 2026-04-20.
const SAID_AT: i64 = 1_776_686_400_000;

/// Reads examples: the type of the memory that is wanted of a sentence or `drop`, a domain and the sentence with tabs between, one a line.
///
/// # Errors
/// Which line is none, and why.
pub fn examples(table: &str) -> Result<Vec<Example<Option<MemoryType>>>, String> {
    let wanted = |name: &str| if name == "drop" { Some(None) } else { MemoryType::parse(name).map(Some) };
    learn::examples(table, "a type or `drop`, a domain and a sentence", wanted)
}

/// Examples as the rules read them.
pub struct Training {
    rows: Vec<Learnt>,
}

struct Learnt {
    is_wanted: bool,
    domain: String,
    draft: Draft,
    doubt: Doubt,
    named: Vec<String>,
    vector: Option<UnitVector>,
}

impl Training {
    /// Everything in the examples of which the classifier has a say. A sentence that is worth keeping and makes several
    /// statements teaches nothing: not each of them needs to be.
    #[must_use]
    pub fn new(examples: &[Example<Option<MemoryType>>]) -> Self {
        let options = ExtractOptions::default();
        let at = Moment::utc(Timestamp::from_millis(SAID_AT));
        let mut rows = Vec::new();
        for example in examples {
            let turn = Turn { role: Role::User, content: &example.text, at, is_new: true };
            let found = read(&[turn], options);
            let drafts: Vec<Draft> =
                found.drafts.into_iter().chain(found.doubtful.into_iter().map(|doubtful| doubtful.draft)).collect();
            if example.class.is_some() && drafts.len() > 1 {
                continue;
            }
            rows.extend(drafts.into_iter().filter_map(|draft| {
                let doubt = draft.doubt?;
                Some(Learnt {
                    is_wanted: example.class.is_some(),
                    domain: example.domain.clone(),
                    named: seen(&draft, doubt),
                    doubt,
                    draft,
                    vector: None,
                })
            }));
        }
        Self { rows }
    }

    /// The statements whose vectors are wanted.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.rows.iter().map(|row| row.draft.content.as_str())
    }

    /// With the vectors of [`texts`](Self::texts), in their order.
    #[must_use]
    pub fn with(mut self, vectors: Vec<UnitVector>) -> Self {
        for (row, vector) in self.rows.iter_mut().zip(vectors) {
            row.vector = Some(vector);
        }
        self
    }

    /// The table of the weights that all examples give, for vectors of `model`. `table` is what the examples were read from.
    #[must_use]
    pub fn table(&self, table: &str, model: &ModelIdentity) -> String {
        let all: Vec<usize> = (0..self.rows.len()).collect();
        Weights { model: hex(&model.sha256), examples: digest(table), ..self.fit(&all) }
            .table("Made by `make worth`. Weights of keeping and of leaving out: without a vector, then with one.")
    }

    /// How well it judges sentences of domains that it did not learn from.
    #[must_use]
    pub fn cross_validate(&self) -> Report {
        let domains: Vec<&str> = self.rows.iter().map(|row| row.domain.as_str()).collect();
        let mut report = Report::default();
        for (seen, unseen) in folds(&domains) {
            let weights = self.fit(&seen);
            for row in unseen.iter().filter_map(|&i| self.rows.get(i)) {
                report.judged.push(Judged {
                    is_wanted: row.is_wanted,
                    is_kept: row.doubt.out.is_none(),
                    words: probability(&weights, &row.draft, row.doubt, None),
                    probability: probability(&weights, &row.draft, row.doubt, row.vector.as_ref()),
                    text: row.draft.content.clone(),
                });
            }
        }
        report
    }

    fn fit(&self, rows: &[usize]) -> Weights<2> {
        fit(&rows.iter().filter_map(|&i| self.rows.get(i)).map(Learnt::point).collect::<Vec<_>>())
    }
}

impl Learnt {
    fn point(&self) -> Point<'_> {
        Point {
            named: &self.named,
            vector: self.vector.as_ref().map(UnitVector::as_slice).unwrap_or_default(),
            class: usize::from(!self.is_wanted),
        }
    }
}

/// What the rules and the classifier say of an example that it did not learn from.
#[derive(Clone, Debug)]
struct Judged {
    is_wanted: bool,
    /// By the rules.
    is_kept: bool,
    words: f32,
    probability: f32,
    text: String,
}

/// How the classifier judges examples that it did not learn from.
#[derive(Clone, Debug, Default)]
pub struct Report {
    judged: Vec<Judged>,
}

impl Report {
    /// What would be judged wrongly, and how surely.
    pub fn misses(&self) -> impl Iterator<Item = String> {
        self.judged.iter().filter(|one| one.is_wanted != one.settled()).map(|one| {
            let ruled = if one.is_kept { "kept" } else { "left out" };
            let wanted = if one.is_wanted { "keep" } else { "drop" };
            format!("{wanted}\t{ruled}\t{:.2}\t{}", one.probability, one.text)
        })
    }

    fn share(&self, of: impl Fn(&Judged) -> bool, right: impl Fn(&Judged) -> bool) -> (f32, usize) {
        let all = self.judged.iter().filter(|one| of(one)).count();
        let good = self.judged.iter().filter(|one| of(one) && right(one)).count();
        (good as f32 / all.max(1) as f32, all)
    }
}

impl Judged {
    fn settled(&self) -> bool {
        is_kept(self.is_kept, self.probability)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, name: &str, (share, all): (f32, usize)| {
            writeln!(f, "{name:<52}{share:.3} of {all}")
        };
        writeln!(f, "right on statements of domains that were not learnt from")?;
        line(f, "rules", self.share(|_| true, |one| one.is_kept == one.is_wanted))?;
        line(f, "classifier, words alone", self.share(|_| true, |one| (one.words >= 0.5) == one.is_wanted))?;
        line(f, "classifier, words and vector", self.share(|_| true, |one| (one.probability >= 0.5) == one.is_wanted))?;
        line(
            f,
            "rules, overruled when sure (what is used)",
            self.share(|_| true, |one| one.settled() == one.is_wanted),
        )?;
        line(f, "  of what is wanted, rules", self.share(|one| one.is_wanted, |one| one.is_kept))?;
        line(f, "  of what is wanted, as used", self.share(|one| one.is_wanted, Judged::settled))?;
        line(f, "  of what is not wanted, rules", self.share(|one| !one.is_wanted, |one| !one.is_kept))?;
        line(f, "  of what is not wanted, as used", self.share(|one| !one.is_wanted, |one| !one.settled()))?;
        for from in [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9] {
            let name = format!("left out by rules, kept from {from:.2}: right");
            line(f, &name, self.share(|one| !one.is_kept && one.probability >= from, |one| one.is_wanted))?;
        }
        for below in [0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02] {
            let left_out = |one: &Judged| one.is_kept && one.probability < below;
            let name = format!("kept by rules, left out below {below:.2}: right");
            line(f, &name, self.share(left_out, |one| !one.is_wanted))?;
            line(f, "  of what is not wanted", self.share(|one| one.is_kept && !one.is_wanted, left_out))?;
            line(f, "  of what is wanted", self.share(|one| one.is_kept && one.is_wanted, left_out))?;
        }
        Ok(())
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
        let all = [include_str!("../types/examples.tsv"), EXAMPLES].concat();
        assert_eq!(BUILT_IN.examples, digest(&all), "examples have changed: run `make worth`");
        assert!(BUILT_IN.named.len() > 500 && BUILT_IN.vector.len() == 384, "{}", BUILT_IN.named.len());
    }

    #[test]
    fn the_examples_can_be_learnt_from() {
        let found = examples(EXAMPLES).unwrap();
        let texts: BTreeSet<&str> = found.iter().map(|example| example.text.as_str()).collect();
        assert_eq!(texts.len(), found.len(), "an example stands there twice");
        for wanted in [true, false] {
            assert!(found.iter().filter(|example| example.class.is_some() == wanted).count() >= 500, "{wanted}");
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(
            examples("fact\thome\tI rent.\ndrop\tI own.").unwrap_err(),
            "line 2: not a type or `drop`, a domain and a sentence with tabs between them"
        );
        assert_eq!(examples("idea\thome\tI rent.").unwrap_err(), "line 1: no type is called `idea`");
    }
}
