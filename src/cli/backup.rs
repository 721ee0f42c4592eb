//! `mnemon backup`: everything in one file, of a running server or of a data folder.

use std::io::BufReader;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::args::Origin;
use super::failure::Failure;
use super::landing::{Landing, Tee};
use super::output::{Output, counted, sized};
use super::progress::Progress;
use crate::clock::{Clock, SystemClock};
use crate::engine::{BackupSummary, Engine};
use crate::error::{Error, ErrorKind};

const EXAMPLES: &str = "\
Examples:
  mnemon backup today.backup
  mnemon backup /srv/backups --keep 48 --url http://127.0.0.1:8787
  mnemon backup --verify /srv/backups/mnemon-2026-05-01T10-00-00Z.backup

A backup holds everything, the hashes of tokens included, as of one moment. It
is as long as the data without what was deleted, and is read back before it
gets its name. A server needs a token that may do everything (MNEMON_API_TOKEN,
or one of `mnemon token create` without --account and --scope read).";

/// Write everything to one file that `mnemon restore` reads, while a server goes on serving
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Backup {
    /// File to write, or a folder in which it is named after the time
    #[arg(value_name = "FILE|DIR", required_unless_present = "verify")]
    to: Option<PathBuf>,

    /// Replace the file if it is there
    #[arg(long)]
    replace: bool,

    /// In a folder: delete the oldest backups that were named after their time, and keep that many
    #[arg(long, value_name = "COUNT")]
    keep: Option<NonZeroUsize>,

    /// Write nothing: read a backup to its end and hold it against its checksum
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "replace", "keep", "url", "data"])]
    verify: Option<PathBuf>,

    #[command(flatten)]
    origin: Origin,
}

impl Backup {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        match (&self.to, &self.verify) {
            (Some(to), _) => self.write(to, out),
            (None, Some(file)) => verify(file, out),
            (None, None) => Err(Failure::usage("name the file or the folder to write to")),
        }
    }

    fn write(&self, to: &Path, out: &Output) -> Result<(), Failure> {
        let into_folder = to.is_dir();
        if self.keep.is_some() && !into_folder {
            return Err(Failure::usage(format!("`--keep` needs a folder, and `{}` is none", to.display())));
        }
        let target = if into_folder { to.join(name_of_now()) } else { to.to_owned() };
        // One name for all in a folder, so that what a killed run left is taken over by the next.
        let part = if into_folder { to.join("mnemon-backup") } else { to.to_owned() };
        let mut landing = Landing::towards(&target, &part, self.replace)?;
        let progress = Progress::of_items(out, "backing up");
        match self.origin.open("/admin/backup")? {
            Some(stream) => {
                let stream = BufReader::with_capacity(256 << 10, stream);
                let copied = Tee { input: stream, copy: &mut landing };
                Engine::verify_backup(copied, &|done, total| progress.at(done, total))?;
            }
            None => {
                Engine::backup_folder(&self.origin.data()?, &mut landing, &|done, total| progress.at(done, total))?;
            }
        }
        let summary =
            landing.land(|written| Ok(Engine::verify_backup(written, &|done, total| progress.at(done, total))?));
        progress.finish();
        let summary = summary?;
        let deleted = self.keep.map_or(Ok(0), |keep| prune(to, keep))?;
        let value = json!({
            "file": target.display().to_string(), "rows": summary.rows, "bytes": summary.bytes,
            "damaged": summary.damaged, "deleted": deleted,
        });
        out.result(&value, |out| out.text(&format!("wrote {}: {}", target.display(), described(summary))))?;
        warn(summary, out);
        Ok(())
    }
}

fn verify(file: &Path, out: &Output) -> Result<(), Failure> {
    let input = BufReader::with_capacity(256 << 10, fs_err::File::open(file)?);
    let progress = Progress::of_items(out, "verifying");
    let summary = Engine::verify_backup(input, &|done, total| progress.at(done, total));
    progress.finish();
    let summary = summary.map_err(not_whole)?;
    let value = json!({ "rows": summary.rows, "bytes": summary.bytes, "damaged": summary.damaged });
    out.result(&value, |out| out.text(&format!("{} is whole: {}", file.display(), described(summary))))?;
    warn(summary, out);
    Ok(())
}

/// A backup's damage is not what `mnemon check` finds.
pub(super) fn not_whole(error: Error) -> Failure {
    let damaged = error.kind() == ErrorKind::Damaged;
    let failure = Failure::from(error);
    if damaged { failure.hint("take another backup: nothing was changed") } else { failure }
}

/// "12 records, 1.4 MB".
pub(super) fn described(summary: BackupSummary) -> String {
    format!("{}, {}", counted(summary.rows, "record", "records"), sized(summary.bytes))
}

/// Says that what was backed up was damaged already.
pub(super) fn warn(summary: BackupSummary, out: &Output) {
    if summary.damaged > 0 {
        let records = counted(summary.damaged, "record is", "records are");
        out.note(&format!("{records} damaged, and kept as they are: `mnemon check` names them, `mnemon repair` mends"));
    }
}

const PREFIX: &str = "mnemon-";
const SUFFIX: &str = ".backup";

/// For example `mnemon-2026-05-01T10-00-00Z.backup`; names sort as their times do.
fn name_of_now() -> String {
    let now = SystemClock.now().to_string().replace(':', "-");
    let seconds = now.split('.').next().unwrap_or(&now);
    format!("{PREFIX}{seconds}Z{SUFFIX}")
}

fn is_named_after_its_time(name: &str) -> bool {
    let Some(time) = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX)) else { return false };
    let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00-00-00Z"
}

/// Deletes all but the newest `keep`; how many.
fn prune(folder: &Path, keep: NonZeroUsize) -> Result<usize, Failure> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok().filter(|name| is_named_after_its_time(name)));
    }
    names.sort_unstable();
    let old = names.len().saturating_sub(keep.get());
    for name in names.iter().take(old) {
        fs_err::remove_file(folder.join(name))?;
    }
    Ok(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_after_its_time_is_ever_deleted() {
        assert!(is_named_after_its_time(&name_of_now()), "{}", name_of_now());
        for other in ["mnemon-.backup", "mnemon-before-upgrade.backup", "mnemon-2026-05-01T10-00-00Z", "x.backup"] {
            assert!(!is_named_after_its_time(other), "{other}");
        }
        let folder = tempfile::tempdir().unwrap();
        for day in 1..6 {
            fs_err::write(folder.path().join(format!("mnemon-2026-05-0{day}T10-00-00Z.backup")), "").unwrap();
        }
        fs_err::write(folder.path().join("mnemon-before-upgrade.backup"), "").unwrap();
        assert_eq!(prune(folder.path(), NonZeroUsize::new(2).unwrap()).unwrap(), 3);
        let mut left: Vec<_> = fs_err::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        let wanted = [
            "mnemon-2026-05-04T10-00-00Z.backup",
            "mnemon-2026-05-05T10-00-00Z.backup",
            "mnemon-before-upgrade.backup",
        ];
        assert_eq!(left, wanted);
    }
}
