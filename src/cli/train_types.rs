//! `mnemon train-types`: the classifier of statement types, trained anew. For those who build Mnemon (`make types`).

use std::path::PathBuf;

use clap::Args;

use super::args::Model;
use super::failure::{Exit, Failure};
use super::output::Output;
use super::progress::Progress;
use crate::embed::Embedder;
use crate::ingest::types::{Training, examples};
use crate::model::UnitVector;

const EXAMPLES: &str = "\
Example:
  mnemon train-types src/ingest/types/examples.tsv --out src/ingest/types/weights.tsv";

/// Train the classifier of statement types, and print how accurate it is
///
/// Accuracy is that on domains which were not learnt from. The weights become part of the next build.
#[derive(Args)]
#[command(after_help = EXAMPLES, hide = true)]
pub(super) struct TrainTypes {
    /// Statements to learn from: type, domain and statement with tabs between, one a line
    #[arg(required = true)]
    examples: Vec<PathBuf>,

    /// Where the weights are written; without it, only the accuracy is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    model: Model,
}

impl TrainTypes {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let (table, examples) = read(&self.examples, examples)?;
        let model = self.model.open()?;
        let vectors = embedded(out, &*model, examples.iter().map(|example| example.text.as_str()))?;
        let training = Training::new(examples, vectors);
        out.text(&training.cross_validate().to_string())?;
        if let Some(file) = &self.out {
            fs_err::write(file, training.table(&table, model.identity()))?;
        }
        Ok(())
    }
}

/// The vectors of texts, in their order.
pub(super) fn embedded<'a>(
    out: &Output,
    model: &dyn Embedder,
    texts: impl ExactSizeIterator<Item = &'a str>,
) -> Result<Vec<UnitVector>, Failure> {
    let progress = Progress::of_items(out, "embedding");
    let all = texts.len();
    let mut vectors = Vec::with_capacity(all);
    for text in texts {
        vectors.push(model.embed_passage(text)?);
        progress.at(vectors.len() as u64, all as u64);
    }
    progress.finish();
    Ok(vectors)
}

/// The tables of files, one behind the other, and the examples in them.
pub(super) fn read<T>(
    files: &[PathBuf],
    examples: impl Fn(&str) -> Result<Vec<T>, String>,
) -> Result<(String, Vec<T>), Failure> {
    let (mut table, mut all) = (String::new(), Vec::new());
    for file in files {
        let own = fs_err::read_to_string(file)?;
        let wrong = |why: String| Failure::said("wrong_examples", Exit::Usage, format!("`{}`, {why}", file.display()));
        all.extend(examples(&own).map_err(wrong)?);
        table.push_str(&own);
    }
    Ok((table, all))
}
