//! `mnemon train-worth`: the classifier of what is worth keeping, trained anew. For those who build Mnemon (`make worth`).

use std::path::PathBuf;

use clap::Args;

use super::args::Model;
use super::failure::Failure;
use super::output::Output;
use super::train_types::{embedded, read};
use crate::ingest::worth::{Training, examples};

const EXAMPLES: &str = "\
Example:
  mnemon train-worth src/ingest/{types,worth}/examples.tsv --out src/ingest/worth/weights.tsv";

/// Train the classifier of what is worth keeping, and print how accurate it is
///
/// Accuracy is that on domains which were not learnt from. The weights become part of the next build.
#[derive(Args)]
#[command(after_help = EXAMPLES, hide = true)]
pub(super) struct TrainWorth {
    /// Sentences to learn from: a type or `drop`, domain and sentence with tabs between, one a line
    #[arg(required = true)]
    examples: Vec<PathBuf>,

    /// Where the weights are written; without it, only the accuracy is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print what is judged wrongly too
    #[arg(long)]
    misses: bool,

    #[command(flatten)]
    model: Model,
}

impl TrainWorth {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let (table, examples) = read(&self.examples, examples)?;
        let model = self.model.open()?;
        let training = Training::new(&examples);
        let vectors = embedded(out, &*model, training.texts())?;
        let training = training.with(vectors);
        let report = training.cross_validate();
        out.text(&report.to_string())?;
        if self.misses {
            report.misses().try_for_each(|miss| out.text(&miss))?;
        }
        if let Some(file) = &self.out {
            fs_err::write(file, training.table(&table, model.identity()))?;
        }
        Ok(())
    }
}
