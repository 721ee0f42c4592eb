//! `mnemon restore`: a data folder from a backup.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::args::DataFolder;
use super::backup::{described, not_whole, warn};
use super::failure::{Exit, Failure};
use super::output::Output;
use super::progress::Progress;
use crate::engine::Engine;

const EXAMPLES: &str = "\
Examples:
  mnemon restore today.backup --data restored
  mnemon restore today.backup --data /srv/mnemon --replace

Stop the server first: one process at a time has the folder open.";

/// Make a data folder from a backup
///
/// The backup is read to its end and held against its checksum before anything is replaced; interrupted, the folder has
/// what it had. Tokens are those of the backup.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Restore {
    /// What `mnemon backup` wrote
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,

    /// Replace the data that is in the folder
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    folder: DataFolder,
}

impl Restore {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let data = self.folder.path();
        let input = BufReader::with_capacity(256 << 10, fs_err::File::open(&self.backup)?);
        if !self.replace {
            must_be_empty(&data)?;
        }
        let progress = Progress::of_items(out, "restoring");
        let summary = Engine::restore(&data, input, &|done, total| progress.at(done, total));
        progress.finish();
        let summary = summary.map_err(not_whole)?;
        let value = json!({ "data": data.display().to_string(), "rows": summary.rows, "damaged": summary.damaged });
        out.result(&value, |out| out.text(&format!("restored {}: {}", data.display(), described(summary))))?;
        warn(summary, out);
        Ok(())
    }
}

/// A folder that is not there, or with nothing in it but what an interrupted restore left.
fn must_be_empty(data: &Path) -> Result<(), Failure> {
    if !data.exists() {
        return Ok(());
    }
    for entry in fs_err::read_dir(data)? {
        let name = entry?.file_name();
        if name != "mnemon.redb.part" {
            let message = format!("the folder `{}` is not empty: it has `{}`", data.display(), name.display());
            return Err(Failure::said("exists", Exit::Failed, message)
                .hint("name another folder, or add `--replace` to replace the data in it"));
        }
    }
    Ok(())
}
