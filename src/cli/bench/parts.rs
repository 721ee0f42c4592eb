//! Parts of recall by themselves, over files: what `benches/side_by_side.py` measures beside other programs.

use std::path::PathBuf;

use clap::Args;

use super::table;
use crate::bench::{PartReport, dump, vectors, words};
use crate::cli::args::Model;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::vector::Effort;

/// Write synthetic texts and questions with their vectors, for other programs
///
/// Writes texts.txt and questions.txt, one a line, and texts.npy and questions.npy, one a row, into a folder.
#[derive(Args)]
pub(super) struct Dump {
    /// Folder to write into
    folder: PathBuf,

    /// How many texts, no two the same
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    texts: usize,

    /// How many questions
    #[arg(long, value_name = "N", default_value_t = 500)]
    questions: usize,

    /// What they are drawn from
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,

    #[command(flatten)]
    model: Model,
}

impl Dump {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let dumped = dump(self.seed, &*self.model.open()?, (self.texts, self.questions), &self.folder)?;
        out.result(&dumped, |out| out.text(&format!("{} texts, {} questions", dumped.texts, dumped.questions)))
    }
}

/// Search the rows of a NumPy file, as recall searches by vector
#[derive(Args)]
pub(super) struct Vectors {
    /// Vectors to search: little-endian floats of 32 bits, one a row
    base: PathBuf,
    /// Vectors to search for
    questions: PathBuf,

    /// Look at every vector, whatever their number
    #[arg(long)]
    exact: bool,
}

impl Vectors {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let effort = if self.exact { Effort::Exact } else { Effort::Usual };
        show(out, &vectors(&self.base, &self.questions, effort)?)
    }
}

/// Search the lines of a text file, as recall searches by words
#[derive(Args)]
pub(super) struct Words {
    /// Texts to search, one a line
    base: PathBuf,
    /// Questions, one a line
    questions: PathBuf,
}

impl Words {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        show(out, &words(&self.base, &self.questions)?)
    }
}

fn show(out: &Output, report: &PartReport) -> Result<(), Failure> {
    out.result(report, |out| table::part(out, report))
}
