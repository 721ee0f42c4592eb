//! `mnemon import`: what `mnemon export` wrote, into a data folder.

use std::io::BufReader;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::args::{Folder, Missing};
use super::failure::Failure;
use super::output::{Output, counted};
use super::progress::Progress;
use crate::engine::{Engine, Existing, ImportReport};
use crate::error::{Error, ErrorKind};

const EXAMPLES: &str = "\
Examples:
  mnemon import everything.jsonl
  mnemon import everything.jsonl --data another --existing keep

Stop the server first: one process at a time has the folder open. Everything is
embedded anew, which is most of the work.";

/// Take what `mnemon export` wrote into a data folder
///
/// All of it is read before anything is written. A profile is taken whole or not at all, and one that is there with the
/// very same content stays: run again after an interruption, it goes on; run twice, it changes nothing. Namespaces that
/// are there are kept.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// What `mnemon export` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What to do when a profile is there with other content
    #[arg(long, value_enum, default_value_t = Choice::Refuse, value_name = "CHOICE")]
    existing: Choice,

    #[command(flatten)]
    folder: Folder,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    /// Import nothing at all
    Refuse,
    /// Leave it as it is
    Keep,
    /// Put the export's in its place
    Replace,
}

impl Import {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let existing = match self.existing {
            Choice::Refuse => Existing::Refuse,
            Choice::Keep => Existing::Keep,
            Choice::Replace => Existing::Replace,
        };
        let mut input = BufReader::with_capacity(256 << 10, fs_err::File::open(&self.file)?);
        let options = self.folder.options(Missing::Create)?;
        let progress = Progress::of_items(out, "importing");
        let report = Engine::import(&options, &mut input, existing, &|done, total| progress.at(done, total));
        progress.finish();
        tell(&report.map_err(explained)?, out)
    }
}

fn explained(error: Error) -> Failure {
    let there = error.kind() == ErrorKind::Conflict;
    let failure = Failure::from(error);
    if there { failure.hint("add `--existing keep` or `--existing replace`") } else { failure }
}

fn tell(report: &ImportReport, out: &Output) -> Result<(), Failure> {
    let value = json!({
        "added": report.added, "same": report.same, "kept": report.kept, "replaced": report.replaced,
        "messages": report.messages, "memories": report.memories,
    });
    let profiles = counted(report.added, "profile", "profiles");
    let messages = counted(report.messages, "message", "messages");
    let memories = counted(report.memories, "memory", "memories");
    let others = [(report.same, "there already"), (report.kept, "kept"), (report.replaced, "replaced")];
    let others = others.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    let what: Vec<_> = std::iter::once(format!("{profiles} added")).chain(others).collect();
    out.result(&value, |out| out.text(&format!("{}; {messages}, {memories} taken", what.join(", "))))
}
