//! `mnemon compact`: gives space back to the disk.

use clap::Args;
use serde_json::json;

use super::args::{DataFolder, Missing};
use super::failure::Failure;
use super::output::{Output, sized};
use super::progress::Progress;
use crate::clock::SystemClock;
use crate::engine::Engine;

const EXAMPLES: &str = "\
Examples:
  mnemon compact
  mnemon compact --data /srv/mnemon

Stop the server first. The file is written anew beside the old one, so the disk
needs room for both; interrupted, the old one is as it was.";

/// Give the space of what was deleted back to the disk
///
/// What is deleted makes room for new data by itself; only the file never gets smaller without this.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Compact {
    #[command(flatten)]
    folder: DataFolder,
}

impl Compact {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let data = self.folder.existing(Missing::Refuse)?;
        let progress = Progress::of_items(out, "compacting");
        let sizes = Engine::compact(&data, &SystemClock, &|done, total| progress.at(done, total));
        progress.finish();
        let (before, after) = sizes?;
        out.result(&json!({ "bytesBefore": before, "bytesAfter": after }), |out| {
            out.text(&format!("{} became {}", sized(before), sized(after)))
        })
    }
}
