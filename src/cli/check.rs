//! `mnemon check`: whether everything in a data folder fits together.

use clap::Args;
use serde_json::json;

use super::args::{Folder, Missing};
use super::failure::{Exit, Failure};
use super::output::{Output, counted};
use super::progress::Progress;
use crate::engine::{CheckReport, Engine};

const EXAMPLES: &str = "\
Examples:
  mnemon check
  mnemon check --data /srv/mnemon --json";

/// Check that every record decodes and that rows, postings and vectors agree
///
/// Changes nothing, but that data of an older release gets the layout of this one. Exits with 4 and names every finding when
/// something is wrong.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    #[command(flatten)]
    folder: Folder,
}

impl Check {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let mut options = self.folder.options(Missing::Refuse)?;
        options.check_pages = true;
        let engine = Engine::open(options)?;
        let progress = Progress::of_items(out, "checking");
        let report = engine.check(&|done, total| progress.at(done, total));
        progress.finish();
        let report = report?;
        engine.close()?;
        tell(&report, out)
    }
}

fn tell(report: &CheckReport, out: &Output) -> Result<(), Failure> {
    let findings: Vec<_> = report.findings.iter().map(|f| json!({ "place": f.place, "what": f.what })).collect();
    let value = json!({ "profiles": report.profiles, "records": report.records, "findings": findings });
    let records = counted(report.records, "record", "records");
    let checked = format!("{records}, {}", counted(report.profiles as u64, "profile", "profiles"));
    out.result(&value, |out| {
        if report.findings.is_empty() {
            return out.text(&format!("{checked}: all in order"));
        }
        let rows: Vec<_> = report.findings.iter().map(|f| [f.place.clone(), f.what.clone()]).collect();
        out.table(["WHERE", "WHAT IS WRONG"], &rows)?;
        out.text(&format!("\n{checked}: {} wrong", rows.len()))
    })?;
    if report.findings.is_empty() { Ok(()) } else { Err(Failure::Told(Exit::DataNeedsAttention)) }
}
