//! `mnemon eval`: how well recall works on the user's own data.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::args::Model;
use super::failure::{Exit, Failure};
use super::output::{Output, counted};
use super::progress::Progress;
use crate::eval::{Dataset, Evaluation, Figures, Group, Variant};

const HELP: &str = "\
Examples:
  mnemon eval questions.jsonl
  mnemon eval questions.jsonl --ablate
  mnemon eval locomo10.json --json | jq .figures[0].all

FILE is LoCoMo's JSON, or JSON Lines of messages and of questions about them:
  {\"role\": \"user\", \"content\": \"I keep bees\", \"sessionId\": \"a\", \"timestamp\": \"2026-04-01T10:00:00Z\", \"id\": \"m1\"}
  {\"query\": \"What does the user keep?\", \"expect\": [\"bees\"], \"evidence\": [\"m1\"], \"answer\": \"bees\"}
  {\"query\": \"What is the dog called?\", \"answer\": \"\"}
A question may have a `category` and a `referenceDate`. What it does not want is not measured:
  expect    texts, each of which one of the first 5 memories must contain
  evidence  ids of the messages that must be among the first 5, 10 and 50
  answer    the short answer; \"\" when none should be given

Figures are shares, 0 to 1; F1 is that of the answer's words. Nothing is kept, and no model judges.";

/// Measure how well recall works on your own conversations and questions
///
/// Keeps the conversations in a folder of its own for as long as it runs, asks every question, and compares. With
/// `--ablate`, asks again with each part of recall switched off, to show what it is worth and what it costs.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Eval {
    /// Conversations with questions
    file: PathBuf,

    /// Ask again with each part of recall switched off
    #[arg(long)]
    ablate: bool,

    #[command(flatten)]
    model: Model,
}

/// The headings of the columns that [`shares`] fills.
const SHARES: [&str; 7] = ["EVID@5", "EVID@10", "EVID@50", "MEM@5", "ANSWERED", "F1", "ABSTAIN"];
const HEADER: [&str; 11] =
    ["", "N", "EVID@5", "EVID@10", "EVID@50", "MEM@5", "ANSWERED", "F1", "ABSTAIN", "P50 MS", "P99 MS"];

/// What is measured, each 0 to 1.
fn shares(group: &Group) -> [Option<f64>; 7] {
    let [five, ten, fifty] = group.evidence.map(|mean| mean.value());
    let Group { memories, answered, answer_f1, abstained, .. } = group;
    [five, ten, fifty, memories.value(), answered.value(), answer_f1.value(), abstained.value()]
}

impl Eval {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let wrong = |why| Failure::said("invalid_input", Exit::Usage, format!("{}: {why}", self.file.display()));
        let dataset = Dataset::read(&self.file).map_err(|why| wrong(why.to_string()))?;
        let folder = tempfile::tempdir()?;
        let progress = Progress::of_items(out, "keeping messages");
        let messages = dataset.messages() as u64;
        let heard = |kept| progress.at(kept as u64, messages);
        let evaluation = Evaluation::new(&dataset, self.model.open()?, folder.path(), &heard)?;
        progress.finish();
        let mut measured = Vec::new();
        for variant in self.variants() {
            let progress = Progress::of_items(out, "asking questions");
            let questions = dataset.questions() as u64;
            let figures = evaluation.ask(&variant, &|asked| progress.at(asked as u64, questions));
            progress.finish();
            measured.push((variant.name, figures?));
        }
        evaluation.close()?;
        out.result(&report(&measured), |out| show(out, &dataset, &measured))
    }

    fn variants(&self) -> Vec<Variant> {
        let ablations = if self.ablate { Variant::ablations() } else { Vec::new() };
        std::iter::once(Variant::plain()).chain(ablations).collect()
    }
}

fn report(measured: &[(String, Figures)]) -> Value {
    let group = |group: &Group| {
        let columns = SHARES.iter().zip(shares(group)).map(|(name, share)| (name.to_lowercase(), json!(share)));
        let mut fields: Map<String, Value> = columns.collect();
        fields.insert("questions".to_owned(), json!(group.questions));
        Value::Object(fields)
    };
    let figures = |(name, figures): &(String, Figures)| {
        let categories = figures.categories.iter().map(|(name, own)| (name.clone(), group(own)));
        let milliseconds = |percent| figures.recall_percentile(percent).as_secs_f64() * 1e3;
        let embedding = |percent| figures.embedding_percentile(percent).as_secs_f64() * 1e3;
        json!({
            "name": name,
            "all": group(&figures.all),
            "categories": categories.collect::<Map<_, _>>(),
            "recall_ms": { "p50": milliseconds(50), "p99": milliseconds(99) },
            "embedding_ms": { "p50": embedding(50), "p99": embedding(99) },
        })
    };
    json!({ "figures": measured.iter().map(figures).collect::<Vec<_>>() })
}

fn show(out: &Output, dataset: &Dataset, measured: &[(String, Figures)]) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for (place, (name, figures)) in measured.iter().enumerate() {
        rows.push(row(name, &figures.all, Some(figures)));
        if place == 0 {
            rows.extend(figures.categories.iter().map(|(name, group)| row(&format!("  {name}"), group, None)));
        }
    }
    out.table(HEADER, &rows)?;
    let Some((_, whole)) = measured.first() else { return Ok(()) };
    let embedding = whole.embedding_percentile(50).as_secs_f64() * 1e3;
    let (messages, dialogs) = (dataset.messages() as u64, dataset.dialogs.len() as u64);
    let kept = counted(messages, "message", "messages");
    let talks = counted(dialogs, "dialog", "dialogs");
    out.note(&format!(
        "{kept} of {talks}; times are without embedding the question, which took {embedding:.1} ms (p50)"
    ));
    Ok(())
}

fn row(name: &str, group: &Group, timed: Option<&Figures>) -> [String; HEADER.len()] {
    let share = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    let time = |percent| {
        timed.map_or(String::new(), |figures| format!("{:.2}", figures.recall_percentile(percent).as_secs_f64() * 1e3))
    };
    let cells = [name.to_owned(), group.questions.to_string()].into_iter().chain(shares(group).map(share));
    let mut row = <[String; HEADER.len()]>::default();
    for (place, cell) in row.iter_mut().zip(cells.chain([time(50), time(99)])) {
        *place = cell;
    }
    row
}
