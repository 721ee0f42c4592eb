//! Whether rows, postings and vectors agree, and every record decodes.

use std::sync::atomic::AtomicBool;

use super::caches::Read;
use super::catalog::CATALOG;
use super::mend::catalog::Catalog;
use super::mend::profile::examine;
use super::rows::ProfileRows;
use super::{Engine, Shared};
use crate::error::{ErrorKind, Result};
use crate::index::ProfileIndex;
use crate::model::hex;
use crate::store::rows::{NamespaceRow, ProfileRow};
use crate::store::{Range, Snapshot, SpaceId};

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// Profiles looked at.
    pub profiles: usize,
    /// Records decoded.
    pub records: u64,
    /// What is wrong; nothing when all is well.
    pub findings: Vec<Finding>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `account/namespace/profile`, or `catalog`.
    pub place: String,
    /// What, without any memory's text.
    pub what: String,
}

impl Engine {
    /// Reads everything and reports what does not agree. `progress` is told how many profiles are done, of how many.
    ///
    /// # Errors
    /// Only when the file cannot be read at all: what can be read and is wrong is a finding.
    pub fn check(&self, progress: &dyn Fn(u64, u64)) -> Result<CheckReport> {
        Checker::new(&self.shared)?.run(progress)
    }
}

struct Checker<'a> {
    shared: &'a Shared,
    snapshot: Snapshot,
    report: CheckReport,
}

/// A profile, and how to name it.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) space: SpaceId,
}

impl<'a> Checker<'a> {
    fn new(shared: &'a Shared) -> Result<Self> {
        Ok(Self { shared, snapshot: shared.store.read()?, report: CheckReport::default() })
    }

    fn run(mut self, progress: &dyn Fn(u64, u64)) -> Result<CheckReport> {
        self.records()?;
        let subjects = subjects(&self.snapshot)?;
        for (done, subject) in subjects.iter().enumerate() {
            progress(done as u64, subjects.len() as u64);
            if let Err(error) = self.profile(subject) {
                self.found(&subject.name, format!("cannot be read to its end: {error}"));
            }
        }
        progress(subjects.len() as u64, subjects.len() as u64);
        self.report.profiles = subjects.len();
        Ok(self.report)
    }

    fn found(&mut self, place: &str, what: impl Into<String>) {
        self.report.findings.push(Finding { place: place.to_owned(), what: what.into() });
    }

    /// Every record of the file decodes, and everything has one owner.
    fn records(&mut self) -> Result<()> {
        let report = &mut self.report;
        self.snapshot.verify_records(&mut |record| {
            report.records += 1;
            if let Some(problem) = record.problem {
                let place = format!("space {}", record.space);
                let kind = record.kind.map_or_else(|| "unknown".to_owned(), |kind| format!("{kind:?}"));
                let key = hex(record.fields);
                report.findings.push(Finding { place, what: format!("{kind} record {key}: {problem}") });
            }
        })?;
        let catalog = Catalog::read(&self.snapshot)?;
        for space in catalog.lost_spaces() {
            self.found("catalog", format!("space {space} has rows, but no profile has that space"));
        }
        for id in catalog.lost_namespaces() {
            self.found("catalog", format!("profiles are in namespace {id}, which is not there"));
        }
        for space in catalog.shared_spaces() {
            self.found("catalog", format!("space {space} belongs to two profiles"));
        }
        Ok(())
    }

    fn profile(&mut self, subject: &Subject) -> Result<()> {
        let snapshot = self.shared.store.read()?;
        let rows = ProfileRows { snapshot: &snapshot, space: subject.space };
        let dimension = self.shared.embedder.identity().dimension;
        let examined = examine(&snapshot, subject.space, dimension, 0)?;
        for what in examined.lost.into_iter().chain(examined.findings) {
            self.found(&subject.name, what);
        }
        let (messages, memories) = (examined.messages, examined.active_memories);
        let (index, _told_before) = rows.build_index(dimension, &AtomicBool::new(false))?;
        for disagreement in index.verify() {
            self.found(&subject.name, format!("index: {disagreement}"));
        }
        if (index.message_count(), index.memory_count()) != (messages, memories) {
            let (m, n) = (index.message_count(), index.memory_count());
            let what = format!("the index has {m} messages and {n} memories, the rows have {messages} and {memories}");
            self.found(&subject.name, what);
        }
        self.cache(subject, &rows, &index);
        Ok(())
    }

    /// A cache that is believed says what the rows say. One that is gone or out of date is no damage.
    fn cache(&mut self, subject: &Subject, rows: &ProfileRows<'_>, index: &ProfileIndex) {
        let wrong = match self.shared.caches.read(rows) {
            Ok(Read::Whole(built)) => built.index.verify().into_iter().next().or_else(|| built.index.difference(index)),
            Ok(Read::None | Read::Gone | Read::Outdated(_)) => None,
            Err(error) if error.kind() == ErrorKind::Damaged => Some(error.message().to_owned()),
            Err(error) => return self.found(&subject.name, format!("its cache cannot be read: {error}")),
        };
        if let Some(what) = wrong {
            self.found(&subject.name, format!("its cache is damaged: {what}"));
        }
    }
}

/// Every profile of the data, by account, namespace and name.
pub(super) fn subjects(snapshot: &Snapshot) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for namespace in snapshot.scan_readable::<NamespaceRow>(CATALOG, &Range::all())? {
        let ((account, name), namespace) = namespace?;
        for profile in snapshot.scan_readable::<ProfileRow>(CATALOG, &Range::within(&namespace.id))? {
            let ((_, profile), row) = profile?;
            subjects.push(Subject { name: format!("{account}/{name}/{profile}"), space: row.space });
        }
    }
    Ok(subjects)
}
