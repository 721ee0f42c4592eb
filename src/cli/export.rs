//! `mnemon export`: everything that was said and is remembered, as JSON Lines.

use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::args::Origin;
use super::failure::Failure;
use super::landing::Landing;
use super::output::{Output, counted};
use super::progress::Progress;
use crate::engine::{Engine, ExportCounts};

const EXAMPLES: &str = "\
Examples:
  mnemon export everything.jsonl
  mnemon export everything.jsonl --url http://127.0.0.1:8787
  jq -r 'select(.record == \"memory\") | .content' everything.jsonl

EXPORT.md in the sources describes the lines. Tokens and what can be made again
(vectors) are left out; `mnemon backup` has everything.";

/// Write everything that was said and is remembered as JSON Lines, while a server goes on serving
///
/// Messages, memories of every type with their history and sources, sessions, profiles and namespaces, with ids and times.
/// The same data always gives the same bytes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    /// File to write
    #[arg(value_name = "FILE")]
    to: PathBuf,

    /// Replace the file if it is there
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    origin: Origin,
}

impl Export {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let mut landing = Landing::towards(&self.to, &self.to, self.replace)?;
        if let Some(stream) = self.origin.open("/admin/export")? {
            copy(stream, &mut landing, out)?;
        } else {
            let progress = Progress::of_items(out, "exporting");
            let data = self.origin.data()?;
            let done = Engine::export_folder(&data, &mut landing, &|done, total| progress.at(done, total));
            progress.finish();
            done?;
        }
        let counts = landing.land(|written| Ok(Engine::verify_export(BufReader::new(written))?))?;
        tell(&self.to, counts, out)
    }
}

fn copy(mut stream: impl Read, landing: &mut impl Write, out: &Output) -> Result<(), Failure> {
    let progress = Progress::of_bytes(out, "exporting", None);
    let copied = io::copy(&mut progress.reading(&mut stream), landing);
    progress.finish();
    copied?;
    Ok(())
}

fn tell(file: &Path, counts: ExportCounts, out: &Output) -> Result<(), Failure> {
    let value = json!({
        "file": file.display().to_string(), "namespaces": counts.namespaces, "profiles": counts.profiles,
        "sessions": counts.sessions, "messages": counts.messages, "memories": counts.memories,
    });
    let profiles = counted(counts.profiles, "profile", "profiles");
    let messages = counted(counts.messages, "message", "messages");
    let memories = counted(counts.memories, "memory", "memories");
    out.result(&value, |out| out.text(&format!("wrote {}: {profiles}, {messages}, {memories}", file.display())))
}
