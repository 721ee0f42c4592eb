//! `mnemon bench`: how fast recall is, and where its time goes.

mod parts;
mod table;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};

use super::args::Model;
use super::failure::{Exit, Failure};
use super::output::Output;
use super::progress::Progress;
use crate::bench::{Material, Options, Report, Step, compare, page, run};
use crate::eval::Dataset;

const HELP: &str = "\
Examples:
  mnemon bench
  mnemon bench --sizes 100,10000,100000 --keep bench-data --save now.json --html now.html
  mnemon bench --data questions.jsonl --clients 1,2,8
  mnemon bench compare before.json now.json

What is measured at each size, on one machine and in one run:
  cold      opening the folder, and the first recall after it
  alone     a question embedded, one recalled in process, one over HTTP, in turns, no two
            alike; the ratios of the last to the first say what Mnemon adds to embedding, and
            `work` is what the thread did without waiting for a core: trust it when it is busy
  stages    where a recall in process spends its time
  load      questions over HTTP that arrive on a schedule whether or not earlier ones are
            answered; times run from when a question was due
  search    ten nearest vectors, beside an exact scan in floats: time, and the share found

Synthetic conversations are drawn from a grammar with `--seed`. `--data` takes what
`mnemon eval` takes, as one profile. A hundred thousand memories take minutes to embed:
`--keep` keeps filled folders for the next run. Times are milliseconds.";

/// Measure how fast recall is, and where its time goes
///
/// Fills a profile of each size, then measures it cold and warm, alone and under load, in process and over HTTP.
#[derive(Args)]
#[command(after_help = HELP, args_conflicts_with_subcommands = true)]
pub(super) struct Bench {
    #[command(subcommand)]
    part: Option<Part>,

    #[command(flatten)]
    whole: Whole,
}

#[derive(Args)]
struct Whole {
    /// Memories of each profile
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [100, 1_000, 10_000],
          value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    sizes: Vec<u64>,

    /// Your own conversations and questions instead: JSON Lines or LoCoMo's JSON
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sizes", "seed"])]
    data: Option<PathBuf>,

    /// What synthetic conversations and questions are drawn from
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,

    /// Numbers of clients under load
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [1, 4],
          value_parser = clap::value_parser!(u64).range(1..=256))]
    clients: Vec<u64>,

    /// Questions asked each way, one at a time
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    rounds: u64,

    /// How long each load goes on, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0, value_parser = seconds)]
    load: f64,

    /// Keep filled folders here, and use those that are there
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,

    /// Write the figures to a JSON file, for `mnemon bench compare`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    /// Write a page with the curves: one HTML file that needs nothing else
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    #[command(flatten)]
    model: Model,
}

#[derive(Subcommand)]
enum Part {
    Compare(Compare),
    Dump(parts::Dump),
    Vectors(parts::Vectors),
    Words(parts::Words),
}

/// Hold two saved runs against each other
#[derive(Args)]
struct Compare {
    /// The earlier run
    before: PathBuf,
    /// The later one
    after: PathBuf,
}

impl Bench {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        match self.part {
            None => self.whole.run(out),
            Some(Part::Compare(command)) => command.run(out),
            Some(Part::Dump(command)) => command.run(out),
            Some(Part::Vectors(command)) => command.run(out),
            Some(Part::Words(command)) => command.run(out),
        }
    }
}

impl Whole {
    fn run(self, out: &Output) -> Result<(), Failure> {
        let material = self.material()?;
        let embedder = self.model.open()?;
        let passing = tempfile::tempdir()?;
        let options = Options {
            sizes: self.sizes,
            clients: self.clients.iter().filter_map(|clients| usize::try_from(*clients).ok()).collect(),
            rounds: usize::try_from(self.rounds).unwrap_or(usize::MAX),
            load: Duration::from_secs_f64(self.load),
            folder: self.keep.unwrap_or_else(|| passing.path().to_owned()),
        };
        let progress = Progress::of_items(out, "filling");
        let tell = |step| match step {
            Step::Filling(kept, all) => progress.at(kept.min(all), all),
            Step::Measuring(memories) => progress.beside(|| out.note(&format!("measuring {memories} memories"))),
        };
        let report = run(&material, &embedder, &options, &tell);
        progress.finish();
        let report = report?;
        if let Some(file) = &self.save {
            let mut json = serde_json::to_vec_pretty(&report).map_err(std::io::Error::from)?;
            json.push(b'\n');
            fs_err::write(file, json)?;
        }
        if let Some(file) = &self.html {
            fs_err::write(file, page(&report))?;
        }
        out.result(&report, |out| table::show(out, &report))
    }

    fn material(&self) -> Result<Material, Failure> {
        let Some(file) = &self.data else { return Ok(Material::Synthetic { seed: self.seed }) };
        let dataset = Dataset::read(file).map_err(|why| wrong(file, &why.to_string()))?;
        let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Material::own(&name, &dataset)?)
    }
}

impl Compare {
    fn run(self, out: &Output) -> Result<(), Failure> {
        let (before, after) = (report(&self.before)?, report(&self.after)?);
        let changes = compare(&before, &after);
        if changes.is_empty() {
            return Err(wrong(&self.after, "it has no size that the other run has"));
        }
        out.result(&table::changes_json(&changes), |out| table::changes(out, (&before, &after), &changes))
    }
}

fn report(file: &Path) -> Result<Report, Failure> {
    let text = fs_err::read(file)?;
    serde_json::from_slice(&text)
        .map_err(|error| wrong(file, &format!("it is no saved run of `mnemon bench`: {error}")))
}

fn wrong(file: &Path, why: &str) -> Failure {
    Failure::said("invalid_input", Exit::Usage, format!("{}: {why}", file.display()))
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| format!("`{text}` is no number of seconds"))?;
    if (0.01..=3_600.0).contains(&seconds) { Ok(seconds) } else { Err("it must be 0.01 to 3600 seconds".to_owned()) }
}
