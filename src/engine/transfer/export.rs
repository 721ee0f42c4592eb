//! Writing: a snapshot's rows, profile after profile.

use std::io::{BufWriter, Write};

use serde::Serialize;

use super::lines::{ExportCounts, FORMAT, Header, Line, VERSION};
use crate::engine::catalog::CATALOG;
use crate::engine::edit::has_vector;
use crate::engine::rows::ProfileRows;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AccountId, NamespaceId, NamespaceName, ProfileName};
use crate::store::rows::{MessageRow, NamespaceRow, ProfileRow};
use crate::store::{Range, Snapshot};

struct Export<'a> {
    snapshot: &'a Snapshot,
    out: BufWriter<&'a mut (dyn Write + 'a)>,
    counts: ExportCounts,
    /// Rows that what was written stands for, vectors and the like included.
    rows: u64,
    total: u64,
    progress: &'a dyn Fn(u64, u64),
}

pub(super) fn export<'a>(
    snapshot: &'a Snapshot,
    out: &'a mut (dyn Write + 'a),
    progress: &'a dyn Fn(u64, u64),
) -> Result<ExportCounts> {
    let out = BufWriter::with_capacity(256 << 10, out);
    let total = snapshot.row_count()?;
    Export { snapshot, out, counts: ExportCounts::default(), rows: 0, total, progress }.run()
}

impl Export<'_> {
    fn run(mut self) -> Result<ExportCounts> {
        let by = concat!("mnemon ", env!("CARGO_PKG_VERSION")).to_owned();
        self.write(&Header { format: FORMAT.to_owned(), version: VERSION, by })?;
        for namespace in self.snapshot.scan::<NamespaceRow>(CATALOG, &Range::all())? {
            let (key, row) = namespace?;
            self.write(&Line::of_namespace(&key, &row))?;
            self.counts.namespaces += 1;
            self.did(1);
            self.profiles(&key, row.id)?;
        }
        let counts = self.counts;
        self.write(&Line::End(counts))?;
        self.out.flush().map_err(cannot_write)?;
        (self.progress)(self.total, self.total);
        Ok(counts)
    }

    fn profiles(&mut self, (account, namespace): &(AccountId, NamespaceName), id: NamespaceId) -> Result<()> {
        for profile in self.snapshot.scan::<ProfileRow>(CATALOG, &Range::within(&id))? {
            let ((_, name), row) = profile?;
            self.write(&profile_line(account, namespace, &name, &row))?;
            self.counts.profiles += 1;
            self.did(2);
            let rows = ProfileRows { snapshot: self.snapshot, space: row.space };
            self.sessions(&rows)?;
            for memory in rows.memories()? {
                let memory = memory?;
                self.did(1 + u64::from(has_vector(&memory)));
                self.write(&Line::of_memory(memory))?;
                self.counts.memories += 1;
            }
        }
        Ok(())
    }

    fn sessions(&mut self, rows: &ProfileRows<'_>) -> Result<()> {
        for session in rows.sessions()? {
            let session = session?;
            let (number, next_position) = (session.number, session.row.next_position);
            self.write(&Line::Session { number, name: session.row.name.to_string(), next_position })?;
            self.counts.sessions += 1;
            self.did(2);
            for message in self.snapshot.scan::<MessageRow>(rows.space, &Range::within(&number))? {
                let (place, row) = message?;
                self.write(&Line::of_message(place.position, row))?;
                self.counts.messages += 1;
                self.did(3);
            }
        }
        Ok(())
    }

    fn did(&mut self, rows: u64) {
        self.rows += rows;
        (self.progress)(self.rows.min(self.total), self.total);
    }

    fn write(&mut self, line: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.out, line)
            .map_err(std::io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(cannot_write)
    }
}

fn profile_line(account: &AccountId, namespace: &NamespaceName, name: &ProfileName, row: &ProfileRow) -> Line {
    Line::Profile {
        account: account.to_string(),
        namespace: namespace.to_string(),
        name: name.to_string(),
        created_at: row.created.to_string(),
    }
}

fn cannot_write(error: std::io::Error) -> Error {
    let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
    let kind = if full { ErrorKind::NoSpace } else { ErrorKind::Io };
    Error::new(kind, format!("the export cannot be written: {error}")).caused_by(error)
}
