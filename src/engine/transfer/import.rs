//! Reading: all of it once to see whether it can be taken, then again to take it, a profile at a time.
//!
//! A profile's rows go to a space of their own, which waits to be erased until the batch that gives it its profile: killed
//! before that, nothing is left but work for the eraser.

use std::collections::BTreeSet;
use std::io::{BufRead, Seek};

use super::lines::Record;
use super::reading::Reading;
use crate::clock::Clock;
use crate::embed::{Embedder, embed_all};
use crate::engine::EngineOptions;
use crate::engine::catalog::CATALOG;
use crate::engine::edit::has_vector;
use crate::engine::ids::Ids;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AccountId, Memory, NamespaceId, NamespaceName, Place, ProfileName, Timestamp};
use crate::store::rows::{
    DoomedKey, DoomedRow, MemoryRow, MemoryVectorRow, MessagePlaceRow, MessageRow, MessageVectorRow, NamespaceRow,
    ProfileRow, SessionNameKey, SessionNameRow, SessionRow,
};
use crate::store::{Batch, Range, Snapshot, SpaceId, Store};

/// Texts embedded between two commits.
const TEXTS_AT_ONCE: usize = 256;

/// What happens to a profile that is there with other content than the export's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Nothing is imported at all.
    #[default]
    Refuse,
    /// It stays as it is, the export's is left out.
    Keep,
    /// The export's takes its place.
    Replace,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportReport {
    /// Profiles that were not there.
    pub added: u64,
    /// Profiles that were there already, with the very same content.
    pub same: u64,
    /// Profiles that were there with other content and stayed.
    pub kept: u64,
    /// Profiles that were there with other content and were replaced.
    pub replaced: u64,
    /// Messages taken.
    pub messages: u64,
    /// Memories taken.
    pub memories: u64,
}

/// How a profile of the export stands to what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    New,
    Same,
    Other,
}

pub(super) fn import(
    store: &Store,
    options: &EngineOptions,
    input: &mut (impl BufRead + Seek),
    existing: Existing,
    progress: &dyn Fn(u64, u64),
) -> Result<ImportReport> {
    let start = input.stream_position().map_err(|error| cannot_read(&error))?;
    let (fates, texts) = survey(&store.read()?, Reading::start(&mut *input)?, existing)?;
    input.seek(std::io::SeekFrom::Start(start)).map_err(|error| cannot_read(&error))?;
    let report = ImportReport::default();
    let embedder = &*options.embedder;
    let clock = &*options.clock;
    let mut import = Import { store, embedder, clock, existing, progress, texts, done: 0, taking: None, report };
    import.run(Reading::start(input)?, &fates)?;
    Ok(import.report)
}

fn cannot_read(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("the export cannot be read: {error}"))
}

/// Reads all of it; how each profile stands to what is there, in order, and how many texts there are to take.
fn survey(snapshot: &Snapshot, mut reading: Reading<impl BufRead>, existing: Existing) -> Result<(Vec<Fate>, u64)> {
    let mut fates = Vec::new();
    let mut texts = 0;
    let mut twin: Option<Twin<'_>> = None;
    let mut open: Option<(String, u64)> = None;
    loop {
        let record = reading.next()?;
        if matches!(record, None | Some(Record::Namespace { .. } | Record::Profile { .. } | Record::End(_)))
            && let Some((name, line)) = open.take()
        {
            let fate = twin.take().map_or(Ok(Fate::New), Twin::fate)?;
            if fate == Fate::Other && existing == Existing::Refuse {
                return Err(is_there(&name, line));
            }
            fates.push(fate);
        }
        match record {
            None => return Ok((fates, texts)),
            Some(Record::Profile { namespace, name, created }) => {
                twin = Twin::find(snapshot, &namespace, &name, created)?;
                let (account, namespace) = namespace;
                open = Some((format!("{account}/{namespace}/{name}"), reading.line_number()));
            }
            Some(record) => {
                texts += u64::from(matches!(record, Record::Message { .. } | Record::Memory(_)));
                if let Some(twin) = &mut twin {
                    twin.compare(&record, reading.session())?;
                }
            }
        }
    }
}

fn is_there(name: &str, line: u64) -> Error {
    let message = format!(
        "line {line}: the profile {name} is there already with other content; nothing was imported: keep it or replace it"
    );
    Error::new(ErrorKind::Conflict, message)
}

/// The profile of the same name that is there, held against the export's.
struct Twin<'a> {
    snapshot: &'a Snapshot,
    space: SpaceId,
    same: bool,
    sessions: usize,
    messages: usize,
    memories: usize,
}

impl<'a> Twin<'a> {
    fn find(
        snapshot: &'a Snapshot,
        namespace: &(AccountId, NamespaceName),
        name: &ProfileName,
        created: Timestamp,
    ) -> Result<Option<Self>> {
        let Some(namespace) = snapshot.get::<NamespaceRow>(CATALOG, namespace)? else { return Ok(None) };
        let profile = snapshot.get::<ProfileRow>(CATALOG, &(namespace.id, name.clone()))?;
        Ok(profile.map(|row| Self {
            snapshot,
            space: row.space,
            same: row.created == created,
            sessions: 0,
            messages: 0,
            memories: 0,
        }))
    }

    fn compare(&mut self, record: &Record, session: Option<u32>) -> Result<()> {
        let Self { snapshot, space, .. } = *self;
        let same = match record {
            Record::Session { number, row } => {
                self.sessions += 1;
                snapshot.get::<SessionRow>(space, number)?.as_ref() == Some(row)
            }
            Record::Message { position, row } => {
                self.messages += 1;
                let place = Place { session: session.unwrap_or_default(), position: *position };
                snapshot.get::<MessageRow>(space, &place)?.as_ref() == Some(row)
            }
            Record::Memory(memory) => {
                self.memories += 1;
                snapshot.get::<MemoryRow>(space, &memory.id)?.is_some_and(|row| row.0 == *memory)
            }
            _ => true,
        };
        self.same &= same;
        Ok(())
    }

    fn fate(self) -> Result<Fate> {
        let Self { snapshot, space, same, .. } = self;
        let there = (
            snapshot.scan::<SessionRow>(space, &Range::all())?.count(),
            snapshot.scan::<MessageRow>(space, &Range::all())?.count(),
            snapshot.scan::<MemoryRow>(space, &Range::all())?.count(),
        );
        let same = same && there == (self.sessions, self.messages, self.memories);
        Ok(if same { Fate::Same } else { Fate::Other })
    }
}

struct Import<'a> {
    store: &'a Store,
    embedder: &'a dyn Embedder,
    clock: &'a dyn Clock,
    existing: Existing,
    progress: &'a dyn Fn(u64, u64),
    texts: u64,
    done: u64,
    taking: Option<Taking>,
    report: ImportReport,
}

/// A profile on its way in.
struct Taking {
    key: (NamespaceId, ProfileName),
    row: ProfileRow,
    /// What it replaces.
    old: Option<ProfileRow>,
    sessions: Vec<(u32, SessionRow)>,
    messages: Vec<(Place, MessageRow)>,
    memories: Vec<Memory>,
}

impl Import<'_> {
    fn run(&mut self, mut reading: Reading<impl BufRead>, fates: &[Fate]) -> Result<()> {
        let mut fates = fates.iter().copied();
        let mut namespace = None;
        while let Some(record) = reading.next()? {
            let text = matches!(record, Record::Message { .. } | Record::Memory(_));
            match record {
                Record::Namespace { key, row } => {
                    self.finish_profile()?;
                    namespace = Some(self.namespace(&key, row)?);
                }
                Record::Profile { name, created, .. } => {
                    self.finish_profile()?;
                    let (Some(fate), Some(namespace)) = (fates.next(), namespace) else {
                        return Err(reading.wrong("the file has changed while it was read"));
                    };
                    self.begin_profile(fate, (namespace, name), created)?;
                }
                Record::End(_) => self.finish_profile()?,
                record => self.take(record, reading.session())?,
            }
            if text {
                self.done += 1;
                (self.progress)(self.done, self.texts);
            }
        }
        Ok(())
    }

    /// The id of the namespace of that name, which is made when it is not there. An id that anything else has is not
    /// given a second time: profiles are found by it.
    fn namespace(&self, key: &(AccountId, NamespaceName), mut row: NamespaceRow) -> Result<NamespaceId> {
        let snapshot = self.store.read()?;
        if let Some(there) = snapshot.get::<NamespaceRow>(CATALOG, key)? {
            return Ok(there.id);
        }
        if ids_in_use(&snapshot)?.contains(&row.id) {
            row.id = Ids::default().next(self.clock.now())?;
        }
        let mut batch = Batch::new();
        batch.require_absent::<NamespaceRow>(CATALOG, key);
        batch.put(CATALOG, key, &row);
        self.store.commit(batch)?;
        Ok(row.id)
    }

    fn begin_profile(&mut self, fate: Fate, key: (NamespaceId, ProfileName), created: Timestamp) -> Result<()> {
        match (fate, self.existing) {
            (Fate::Same, _) => self.report.same += 1,
            (Fate::Other, Existing::Keep) => self.report.kept += 1,
            (Fate::Other, Existing::Refuse) => return Err(Error::new(ErrorKind::Internal, "a refused import goes on")),
            (Fate::New, _) => self.report.added += 1,
            (Fate::Other, Existing::Replace) => self.report.replaced += 1,
        }
        if fate == Fate::Same || (fate == Fate::Other && self.existing == Existing::Keep) {
            return Ok(());
        }
        let old = self.store.read()?.get::<ProfileRow>(CATALOG, &key)?;
        let space = self.store.allocate_space();
        let mut batch = Batch::new();
        batch.put(CATALOG, &DoomedKey::Space(space), &DoomedRow { since: self.clock.now() });
        self.store.commit(batch)?;
        let row = ProfileRow { space, created };
        let (sessions, messages, memories) = (Vec::new(), Vec::new(), Vec::new());
        self.taking = Some(Taking { key, row, old, sessions, messages, memories });
        Ok(())
    }

    fn take(&mut self, record: Record, session: Option<u32>) -> Result<()> {
        let Some(taking) = &mut self.taking else { return Ok(()) };
        match record {
            Record::Session { number, row } => taking.sessions.push((number, row)),
            Record::Message { position, row } => {
                let place = Place { session: session.unwrap_or_default(), position };
                taking.messages.push((place, row));
                self.report.messages += 1;
            }
            Record::Memory(memory) => {
                taking.memories.push(memory);
                self.report.memories += 1;
            }
            _ => {}
        }
        if taking.len() >= TEXTS_AT_ONCE {
            let batch = taking.drain(self.embedder)?;
            self.store.commit(batch)?;
        }
        Ok(())
    }

    /// Gives what was taken to its profile.
    fn finish_profile(&mut self) -> Result<()> {
        let Some(mut taking) = self.taking.take() else { return Ok(()) };
        let mut batch = taking.drain(self.embedder)?;
        let Taking { key, row, old, .. } = taking;
        batch.delete::<DoomedRow>(CATALOG, &DoomedKey::Space(row.space));
        match old {
            None => batch.require_absent::<ProfileRow>(CATALOG, &key),
            Some(old) => {
                batch.require_equal(CATALOG, &key, &old);
                batch.put(CATALOG, &DoomedKey::Space(old.space), &DoomedRow { since: self.clock.now() });
            }
        }
        batch.put(CATALOG, &key, &row);
        self.store.commit(batch)
    }
}

impl Taking {
    fn len(&self) -> usize {
        self.sessions.len() + self.messages.len() + self.memories.len()
    }

    /// What is waiting, with its vectors, as a batch.
    fn drain(&mut self, embedder: &dyn Embedder) -> Result<Batch> {
        let space = self.row.space;
        let mut batch = Batch::new();
        for (number, row) in self.sessions.drain(..) {
            batch.put(space, &SessionNameKey::of(&row.name), &SessionNameRow { session: number });
            batch.put(space, &number, &row);
        }
        let texts: Vec<&str> = self.messages.iter().map(|(_, row)| row.content.as_str()).collect();
        let vectors = embed_all(embedder, &texts)?;
        for ((place, row), vector) in self.messages.drain(..).zip(vectors) {
            batch.put(space, &row.id, &MessagePlaceRow(place));
            batch.put(space, &place, &row);
            batch.put(space, &place, &MessageVectorRow(vector));
        }
        let texts: Vec<&str> =
            self.memories.iter().filter(|memory| has_vector(memory)).map(|memory| memory.content.as_str()).collect();
        let mut vectors = embed_all(embedder, &texts)?.into_iter();
        for memory in self.memories.drain(..) {
            if has_vector(&memory)
                && let Some(vector) = vectors.next()
            {
                batch.put(space, &memory.id, &MemoryVectorRow(vector));
            }
            batch.put(space, &memory.id, &MemoryRow(memory.clone()));
        }
        Ok(batch)
    }
}

/// Every id that a namespace has, or a deleted one had whose rows are still being erased.
fn ids_in_use(snapshot: &Snapshot) -> Result<BTreeSet<NamespaceId>> {
    let mut ids = BTreeSet::new();
    for row in snapshot.scan::<NamespaceRow>(CATALOG, &Range::all())? {
        ids.insert(row?.1.id);
    }
    for row in snapshot.scan::<DoomedRow>(CATALOG, &Range::all())? {
        if let (DoomedKey::Namespace(id), _) = row? {
            ids.insert(id);
        }
    }
    Ok(ids)
}
