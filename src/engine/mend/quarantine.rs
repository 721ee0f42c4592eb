//! Where rows go that cannot be mended: a file in the data folder, a JSON object a line. Nothing is ever just deleted.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::error::{Error, ErrorKind, Result};
use crate::model::hex;
use crate::store::rows::{Kind, SequenceRow};
use crate::store::{Batch, BrokenRow, Snapshot, Store};

/// Rows taken out in one transaction.
const ROWS_AT_ONCE: usize = 500;

/// What became of the rows that were no records, without their values.
pub(super) struct Taken {
    /// Those that are out of the data.
    pub(super) broken: Vec<BrokenRow>,
    /// Those that are in it as they were before one of their bits was flipped.
    pub(super) unflipped: Vec<BrokenRow>,
    /// The file with all of them.
    pub(super) path: Option<PathBuf>,
}

/// The file, made when the first row comes.
pub(super) struct Quarantine {
    path: PathBuf,
    file: Option<BufWriter<fs_err::File>>,
}

impl Quarantine {
    pub(super) fn new(data: &Path, mark: &str) -> Self {
        Self { path: data.join(format!("quarantine-{mark}.jsonl")), file: None }
    }

    /// Moves every row that is no record out of the store, durably there before it is gone or another here. `sequence` is a
    /// number of commits that no space has ever seen.
    pub(super) fn take_broken(mut self, store: &Store, sequence: u64) -> Result<Taken> {
        let snapshot: Snapshot = store.read()?;
        snapshot.broken_rows(&mut |row| self.write(&row).map_err(|error| failed(&self.path, &error)))?;
        let path = self.finish()?;
        let mut taken = Taken { broken: Vec::new(), unflipped: Vec::new(), path };
        let mut batch = Batch::new();
        snapshot.broken_rows(&mut |row| {
            let is_unflipped = batch.put_unflipped(&row, &snapshot)?;
            match row.kind {
                _ if is_unflipped => {}
                // Counted from there on: the count of any earlier state of the space never comes again.
                Some(Kind::Sequence) if row.key_of::<SequenceRow>().is_some() => {
                    batch.put(row.space, &(), &SequenceRow(sequence));
                }
                _ => batch.delete_broken(&row),
            }
            let to = if is_unflipped { &mut taken.unflipped } else { &mut taken.broken };
            to.push(BrokenRow { value: Vec::new(), ..row });
            if batch.len() >= ROWS_AT_ONCE {
                store.commit(std::mem::take(&mut batch))?;
            }
            Ok(())
        })?;
        store.commit(batch)?;
        Ok(taken)
    }

    fn write(&mut self, row: &BrokenRow) -> std::io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => BufWriter::new(create(&self.path)?),
        };
        let file = self.file.insert(file);
        let kind = row.kind.map(|kind: Kind| format!("{kind:?}"));
        let line = json!({
            "kind": kind, "space": row.space.number(), "problem": row.problem.to_string(),
            "key": hex(&row.key), "value": hex(&row.value),
        });
        writeln!(file, "{line}")
    }

    fn finish(self) -> Result<Option<PathBuf>> {
        let Some(mut file) = self.file else { return Ok(None) };
        let synced = file.flush().and_then(|()| file.get_ref().sync_all());
        synced.map_err(|error| failed(&self.path, &error))?;
        Ok(Some(self.path))
    }
}

/// Readable by its owner only.
fn create(path: &Path) -> std::io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{} cannot be written, and nothing was taken out: {error}", path.display()))
}
