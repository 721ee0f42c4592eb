//! `mnemon repair`: makes again what can be made again, and says what cannot.

use clap::Args;
use serde_json::{Value, json};

use super::args::{Folder, Missing};
use super::failure::{Exit, Failure};
use super::output::{Output, counted};
use super::progress::Progress;
use crate::engine::{Engine, Finding, RepairReport};

const EXAMPLES: &str = "\
Examples:
  mnemon check
  mnemon repair
  mnemon repair --data /srv/mnemon --json

Stop the server first. Nothing is ever just deleted: what cannot be mended is
kept beside the data, and a file with damaged pages is kept whole. Where there
is a good backup, `mnemon restore` loses less.";

/// Mend what `mnemon check` finds, as far as it can be
///
/// Places, names, counts and vectors are made again; messages and memories that cannot be read are put aside in
/// `quarantine-TIME.jsonl` in the data folder, and told. Exits with 4 when something is still wrong.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Repair {
    #[command(flatten)]
    folder: Folder,
}

impl Repair {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let options = self.folder.options(Missing::Refuse)?;
        let progress = Progress::of_items(out, "repairing");
        let report = Engine::repair(&options, &|done, total| progress.at(done, total));
        progress.finish();
        let report = report?;
        let progress = Progress::of_items(out, "checking");
        let engine = Engine::open(options)?;
        let left = engine.check(&|done, total| progress.at(done, total));
        progress.finish();
        let left = left?.findings;
        engine.close()?;
        tell(&report, &left, out)?;
        if left.is_empty() { Ok(()) } else { Err(Failure::Told(Exit::DataNeedsAttention)) }
    }
}

fn tell(report: &RepairReport, left: &[Finding], out: &Output) -> Result<(), Failure> {
    let listed = |findings: &[Finding]| -> Value {
        findings.iter().map(|finding| json!({ "place": finding.place, "what": finding.what })).collect()
    };
    let quarantine = report.quarantine.as_ref().map(|path| path.display().to_string());
    let kept = report.salvage.as_ref().map(|salvage| salvage.kept.display().to_string());
    let value = json!({
        "mended": listed(&report.mended), "lost": listed(&report.lost), "left": listed(left),
        "quarantine": quarantine, "damagedFile": kept,
    });
    out.result(&value, |out| {
        for (heading, findings) in [("MENDED", &*report.mended), ("LOST", &*report.lost), ("STILL WRONG", left)] {
            if !findings.is_empty() {
                let rows: Vec<_> = findings.iter().map(|f| [f.place.clone(), f.what.clone()]).collect();
                out.table(["WHERE", heading], &rows)?;
                out.text("")?;
            }
        }
        if let Some(path) = &kept {
            out.text(&format!("the damaged file is kept: {path}"))?;
        }
        if let Some(path) = &quarantine {
            out.text(&format!("records that were not what was written are kept: {path}"))?;
        }
        let mended = counted(report.mended.len() as u64, "thing", "things");
        out.text(&format!("{mended} mended, {} lost, {} still wrong", report.lost.len(), left.len()))
    })
}
