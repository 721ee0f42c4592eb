//! Repair: what can be made again is made again, what cannot is put aside and told. Nothing is ever just deleted.
//!
//! 1. A file with damaged pages is copied into a new one as far as it can be read, and kept (`store/salvage.rs`).
//! 2. Rows that are no records go to a file beside the data (`quarantine.rs`); where one bit was flipped, it is flipped back.
//! 3. The catalog is put together again (`catalog.rs`), then each profile (`profile.rs`), whose examination `check` uses too.
//! 4. Vectors are made anew where they are missing, and all of them when it is not known which model made them.

pub(super) mod catalog;
pub(super) mod profile;
mod quarantine;

use std::path::PathBuf;
use std::sync::Arc;

use profile::{Wanted, examine};

use super::caches;
use super::catalog::CATALOG;
use super::check::{Finding, subjects};
use super::reindex::Reindex;
use super::vectors::claim;
use super::{Engine, EngineOptions};
use crate::embed::{Embedder, embed_all};
use crate::error::Result;
use crate::store::rows::{Kind, MemoryVectorRow, MessageVectorRow, ModelRow, ReindexRow};
use crate::store::{Batch, BrokenRow, Salvage, SpaceId, Store, StoreOptions};

/// Texts embedded between two commits.
const TEXTS_AT_ONCE: usize = 256;

/// What a repair did.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RepairReport {
    /// What became of a file with damaged pages.
    pub salvage: Option<Salvage>,
    /// The file with the rows that were put aside.
    pub quarantine: Option<PathBuf>,
    /// What agrees again.
    pub mended: Vec<Finding>,
    /// What could not be made again.
    pub lost: Vec<Finding>,
}

type Report = RepairReport;

impl RepairReport {
    fn mended(&mut self, place: &str, what: impl Into<String>) {
        self.mended.push(Finding { place: place.to_owned(), what: what.into() });
    }

    fn lost(&mut self, place: &str, what: impl Into<String>) {
        self.lost.push(Finding { place: place.to_owned(), what: what.into() });
    }
}

impl Engine {
    /// Mends a data folder as far as it can be. Every row that cannot be is kept in a file beside the data, and a file
    /// with damaged pages is kept whole. `progress` is told how many profiles are done, of how many. What was in order
    /// stays as it is.
    ///
    /// # Errors
    /// `Damaged` when nothing can be read any more, and only a backup helps; `InUse`, `OtherModel`, `NewerFormat`,
    /// `NoSpace`, `Io`. Run again, it goes on.
    pub fn repair(options: &EngineOptions, progress: &dyn Fn(u64, u64)) -> Result<RepairReport> {
        let now = options.clock.now();
        let mark = now.to_string().replace(':', "-");
        let mut report = Report::default();
        if !Store::is_whole(&options.data)? {
            let salvage = Store::salvage(&options.data, &mark)?;
            tell_salvaged(&salvage, &mut report);
            report.salvage = Some(salvage);
        }
        let store = Store::open(&options.data, &StoreOptions::default())?;
        let sequence = u64::try_from(now.millis()).unwrap_or(u64::MAX >> 1);
        let taken = quarantine::Quarantine::new(&options.data, &mark).take_broken(&store, sequence)?;
        let broken = taken.broken;
        report.quarantine = taken.path;
        for row in taken.unflipped {
            let kind = row.kind.map_or_else(|| "unknown".to_owned(), |kind| format!("{kind:?}"));
            report.mended(
                &format!("space {}", row.space),
                format!("a {kind} record had one bit flipped, and is as it was"),
            );
        }
        tell_broken(&broken, &mut report);
        catalog::mend(&store, &broken, now, &mut report)?;
        let anew = model_is_unknown(&store, &broken)?;
        if !anew {
            claim(&store, options.embedder.identity())?;
        }
        Profiles { store: &store, embedder: &*options.embedder, sequence, anew }.mend(&mut report, progress)?;
        if anew {
            embed_anew(&store, &options.embedder, &mut report, progress)?;
        }
        let mended = report.salvage.is_some() || !(report.mended.is_empty() && report.lost.is_empty());
        let caches = caches::mend(&store, &options.data, options.embedder.identity(), mended)?;
        report.mended.extend(caches);
        store.close()?;
        Ok(report)
    }
}

fn tell_salvaged(salvage: &Salvage, report: &mut Report) {
    let (place, rows) = ("data file", salvage.rows);
    if salvage.format_lost {
        report.mended(place, "the record of its format is there again");
    }
    match (salvage.complete, salvage.with_checksums) {
        (true, true) => report.mended(place, format!("all of its {rows} rows could be read")),
        (true, false) => report.lost(
            place,
            format!("{rows} rows could be read, but a page differs from its checksum: a text in it may be changed"),
        ),
        (false, true) => report.lost(place, format!("{rows} rows could be read; others in damaged pages could not")),
        (false, false) => report
            .lost(place, format!("{rows} rows could be read; others in damaged pages could not, or may be changed")),
    }
}

/// What was put aside and cannot be made again. The rest is reported by whatever makes it again.
fn tell_broken(broken: &[BrokenRow], report: &mut Report) {
    for row in broken {
        let place = format!("space {}", row.space);
        match row.kind {
            Some(Kind::Message) => report.lost(&place, "a message was put aside"),
            Some(Kind::Memory) => report.lost(&place, "a memory was put aside"),
            Some(Kind::Token) => report.lost("catalog", "a token was put aside: create another"),
            Some(Kind::Session) => report.lost(&place, "a session's record was put aside; its messages stay"),
            None => report.lost(&place, format!("a row of no known kind was put aside: {}", row.problem)),
            Some(kind) => report.mended(&place, format!("a {kind:?} record was put aside, to be made again")),
        }
    }
}

/// Whether vectors may be of any model: then all are made anew.
fn model_is_unknown(store: &Store, broken: &[BrokenRow]) -> Result<bool> {
    if broken.iter().any(|row| matches!(row.kind, Some(Kind::Model | Kind::Reindex))) {
        return Ok(true);
    }
    let snapshot = store.read()?;
    let named = snapshot.contains::<ModelRow>(CATALOG, &())? || snapshot.contains::<ReindexRow>(CATALOG, &())?;
    let has_data = snapshot.spaces().any(|space| !matches!(space, Ok(CATALOG)));
    Ok(!named && has_data)
}

fn embed_anew(
    store: &Store,
    embedder: &Arc<dyn Embedder>,
    report: &mut Report,
    progress: &dyn Fn(u64, u64),
) -> Result<()> {
    let mut batch = Batch::new();
    batch.put(CATALOG, &(), &ReindexRow { target: embedder.identity().clone(), last: None });
    store.commit(batch)?;
    let done = Reindex::start(store, Arc::clone(embedder))?.run(progress)?;
    report.mended("catalog", format!("{} vectors were made anew with {}", done.embedded, done.model.name));
    Ok(())
}

struct Profiles<'a> {
    store: &'a Store,
    embedder: &'a dyn Embedder,
    sequence: u64,
    /// Whether all vectors are made anew afterwards.
    anew: bool,
}

impl Profiles<'_> {
    fn mend(&self, report: &mut Report, progress: &dyn Fn(u64, u64)) -> Result<()> {
        let subjects = subjects(&self.store.read()?)?;
        for (done, subject) in subjects.iter().enumerate() {
            progress(done as u64, subjects.len() as u64);
            let dimension = self.embedder.identity().dimension;
            let examined = examine(&self.store.read()?, subject.space, dimension, self.sequence)?;
            self.store.commit(examined.batch)?;
            if !self.anew {
                for some in examined.texts.chunks(TEXTS_AT_ONCE) {
                    self.embed(subject.space, some)?;
                }
            }
            for what in examined.lost {
                report.lost(&subject.name, what);
            }
            for what in examined.findings.into_iter().filter(|what| !(self.anew && what.ends_with("has no vector"))) {
                report.mended(&subject.name, what);
            }
        }
        progress(subjects.len() as u64, subjects.len() as u64);
        Ok(())
    }

    fn embed(&self, space: SpaceId, texts: &[(Wanted, String)]) -> Result<()> {
        let contents: Vec<&str> = texts.iter().map(|(_, content)| content.as_str()).collect();
        let vectors = embed_all(self.embedder, &contents)?;
        let mut batch = Batch::new();
        for ((wanted, _), vector) in texts.iter().zip(vectors) {
            match wanted {
                Wanted::Message(place) => batch.put(space, place, &MessageVectorRow(vector)),
                Wanted::Memory(id) => batch.put(space, id, &MemoryVectorRow(vector)),
            }
        }
        self.store.commit(batch)
    }
}
