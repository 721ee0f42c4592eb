//! Indexes on disk: a cache a profile in the folder `cache` beside the data, so that the first recall in a large profile need not read all
//! of its rows. Rows are the only truth: the folder can be deleted at any moment.
//!
//! A cache is believed when a row of the profile names the hash of what it says (`file.rs`). From then on each commit to the
//! profile says in a row of its own which messages and memories it changed, and a cache is brought up to date by reading
//! these. A commit that did not say leaves a gap in the numbers, and the cache is not believed: whoever writes rows without knowing of
//! caches need not care for them.
//!
//! | file | what is there |
//! |---|---|
//! | `mod.rs` | which caches there are, and reading one |
//! | `file.rs` | what is in a file |
//! | `keeper.rs` | the thread that writes them, and when |
//! | `sample.rs` | how a release tells its own caches |

mod file;
mod keeper;
mod sample;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use file::{CacheFile, HeadHash, Name, Opened};
pub(super) use keeper::Keeper;
use keeper::Work;

use super::check::{Finding, Subject, subjects};
use super::edit::entry;
use super::rows::ProfileRows;
use super::side_by_side::side_by_side;
use super::slot::Built;
use crate::error::Result;
use crate::index::{MemoryIndex, MessageIndex, ProfileIndex};
use crate::model::ModelIdentity;
use crate::store::rows::{CacheRow, ChangeRow, MemoryVectorRow};
use crate::store::{Batch, Range, SpaceId, Store};

/// The folder within the data folder.
const FOLDER: &str = "cache";

/// The caches of one engine.
pub(super) struct Caches {
    /// Nothing where the data is no file.
    home: Option<Home>,
    /// Fewer messages and memories than these are sooner read from their rows.
    from: usize,
    dimension: usize,
    loads: Counts,
    work: Work,
}

/// Where caches are, and what is the same in all of them.
struct Home {
    folder: PathBuf,
    stamp: [u8; 32],
    model: [u8; 32],
}

#[derive(Default)]
struct Counts {
    being_built: AtomicUsize,
    from_rows: AtomicUsize,
    from_caches: AtomicUsize,
    recalls_by_scan: AtomicUsize,
    damaged: Mutex<BTreeSet<SpaceId>>,
}

/// How indexes came into memory since the data was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexLoads {
    /// Those being built from rows right now.
    pub being_built: usize,
    /// Built from rows.
    pub from_rows: usize,
    /// Read from caches on disk.
    pub from_caches: usize,
    /// Recalls that did not wait for an index, and read the rows themselves.
    pub recalls_by_scan: usize,
    /// Profiles whose index, when it was built from rows, was built without records that are damaged.
    pub damaged_profiles: usize,
}

/// Counts one build for as long as it lives.
pub(super) struct Building<'a>(&'a Counts);

impl Drop for Building<'_> {
    fn drop(&mut self) {
        self.0.being_built.fetch_sub(1, Ordering::Relaxed);
        self.0.from_rows.fetch_add(1, Ordering::Relaxed);
    }
}

impl Caches {
    /// Those of the data in `data`, of profiles with at least `from` messages and memories.
    pub(super) fn new(data: Option<PathBuf>, from: usize, model: &ModelIdentity) -> Self {
        let home = data.map(|data| {
            let (stamp, model) = (sample::stamp(), sample::hash_of(model));
            Home { folder: data.join(FOLDER), stamp, model }
        });
        let (loads, work) = Default::default();
        Self { home, from: from.max(1), dimension: model.dimension, loads, work }
    }

    /// Says that an index is being built from rows.
    pub(super) fn building(&self) -> Building<'_> {
        self.loads.being_built.fetch_add(1, Ordering::Relaxed);
        Building(&self.loads)
    }

    /// Says that a recall did not wait for an index.
    pub(super) fn note_scan(&self, space: SpaceId) {
        self.loads.recalls_by_scan.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(%space, "an index is still being built: a recall reads the rows nearest to its question instead");
    }

    /// Whether a profile is so large that building its index takes long.
    pub(super) fn is_slow_to_build(&self, rows: &ProfileRows<'_>) -> Result<bool> {
        rows.is_large(self.from.min(super::DEFAULT_CACHE_FROM))
    }

    pub(super) fn loads(&self) -> IndexLoads {
        let Counts { being_built, from_rows, from_caches, recalls_by_scan, damaged } = &self.loads;
        let [being_built, from_rows, from_caches, recalls_by_scan] =
            [being_built, from_rows, from_caches, recalls_by_scan].map(|count| count.load(Ordering::Relaxed));
        IndexLoads { being_built, from_rows, from_caches, recalls_by_scan, damaged_profiles: damaged.lock().len() }
    }

    /// Says how many damaged records a profile's index was built without.
    pub(super) fn note_damage(&self, space: SpaceId, left_out: usize) {
        let mut damaged = self.loads.damaged.lock();
        if left_out == 0 {
            damaged.remove(&space);
        } else {
            damaged.insert(space);
            tracing::warn!(
                %space,
                left_out,
                "records of a profile are damaged and it is served without them: `mnemon check` tells which, `mnemon repair` mends \
                 what can be mended"
            );
        }
    }

    /// A profile's index from its cache, as its rows are now; nothing when there is no cache, or none to be believed.
    pub(super) fn load(&self, store: &Store, space: SpaceId) -> Option<Built> {
        // One that is written anew between reading its name and opening it is asked for again.
        for _ in 0..2 {
            let snapshot = store.read().ok()?;
            let rows = ProfileRows { snapshot: &snapshot, space };
            match self.read(&rows) {
                Ok(Read::Whole(built)) => {
                    self.loads.from_caches.fetch_add(1, Ordering::Relaxed);
                    return Some(*built);
                }
                Ok(Read::None) => return None,
                Ok(Read::Gone) => {}
                Ok(Read::Outdated(why)) => {
                    tracing::info!(%space, why, "the cache of an index is of no use any more; the index is built from the rows");
                    return None;
                }
                Err(error) => {
                    tracing::warn!(%space, %error, "the cache of an index cannot be used; the index is built from the rows");
                    return None;
                }
            }
        }
        tracing::info!(%space, "the cache of an index is gone; the index is built from the rows");
        None
    }

    /// Reads what the rows name, and brings it up to date.
    ///
    /// # Errors
    /// `Damaged` when it is not what was written; `Io`.
    pub(super) fn read(&self, rows: &ProfileRows<'_>) -> Result<Read> {
        let Some(home) = &self.home else { return Ok(Read::None) };
        let row = rows.snapshot.get::<CacheRow>(rows.space, &())?;
        let Some(CacheRow { sequence, head: Some(head) }) = row else { return Ok(Read::None) };
        let subject = home.subject(rows.space, sequence);
        // A half each; once they are open it does not matter what becomes of the name.
        let open = || CacheFile::open(&home.folder, &subject, HeadHash(head));
        let files = match (open()?, open()?) {
            (Opened::Whole(one), Opened::Whole(other)) => (one, other),
            (Opened::Outdated(why), _) | (_, Opened::Outdated(why)) => return Ok(Read::Outdated(why)),
            (Opened::Gone, _) | (_, Opened::Gone) => return Ok(Read::Gone),
        };
        let Some(changes) = Changes::since(rows, sequence)? else { return Ok(Read::Outdated(DID_NOT_SAY)) };
        let mut index = self.unpack(files)?;
        changes.apply(rows, &mut index)?;
        let sequence = rows.snapshot.sequence(rows.space)?;
        let mut built = Built { index, sequence, unsaved: changes.len(), left_out: 0 };
        if built.texts() < self.from {
            // It became too small for a cache, or caches are not wanted any more: this one is deleted.
            built.unsaved = usize::MAX;
        }
        Ok(Read::Whole(Box::new(built)))
    }

    /// Both halves side by side.
    fn unpack(&self, (mut one, mut other): (Box<CacheFile>, Box<CacheFile>)) -> Result<ProfileIndex> {
        let dimension = self.dimension;
        let mut index = ProfileIndex::new(dimension);
        let (messages, memories) = index.halves();
        (*messages, *memories) = side_by_side(
            || MessageIndex::unpack(dimension, &mut |part| one.part(part)),
            ("cache-memories", move || MemoryIndex::unpack(dimension, &mut |part| other.part(part))),
        )?;
        Ok(index)
    }

    /// Deletes what is left of a profile's caches on disk.
    pub(super) fn remove_files(&self, space: SpaceId) {
        if let Some(home) = &self.home {
            remove(&home.folder, |name| name.space == space);
        }
    }
}

impl Home {
    fn subject(&self, space: SpaceId, sequence: u64) -> file::Subject {
        file::Subject { stamp: self.stamp, model: self.model, space, sequence }
    }
}

/// What became of reading a cache.
pub(super) enum Read {
    /// There is none.
    None,
    /// The rows name one, and there is no such file.
    Gone,
    /// It was right once.
    Outdated(&'static str),
    Whole(Box<Built>),
}

const DID_NOT_SAY: &str = "a commit did not say what it changed";

/// What was changed in a profile since its cache was written.
#[derive(Default)]
struct Changes(ChangeRow);

impl Changes {
    /// Those of every commit after that number; nothing when one of them did not say.
    fn since(rows: &ProfileRows<'_>, sequence: u64) -> Result<Option<Self>> {
        let (mut places, mut memories, mut known) = (BTreeSet::new(), BTreeSet::new(), sequence);
        for row in rows.snapshot.scan::<ChangeRow>(rows.space, &Range::all().after(&sequence))? {
            let (number, changes) = row?;
            if number != known.saturating_add(1) {
                break;
            }
            known = number;
            places.extend(changes.places);
            memories.extend(changes.memories);
        }
        let changes = Self(ChangeRow { places: Vec::from_iter(places), memories: Vec::from_iter(memories) });
        Ok((known == rows.snapshot.sequence(rows.space)?).then_some(changes))
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    /// Lets an index know what the rows say now.
    fn apply(&self, rows: &ProfileRows<'_>, index: &mut ProfileIndex) -> Result<()> {
        for &place in &self.0.places {
            match rows.message(place)? {
                Some(message) => index.add_message(place, &message, rows.vector(place)?.as_ref()),
                None => index.remove_message(place),
            }
        }
        for &id in &self.0.memories {
            let Some(memory) = rows.memory(id)? else {
                index.remove_memory(id);
                continue;
            };
            let vector = rows.snapshot.get::<MemoryVectorRow>(rows.space, &id)?.map(|row| row.0);
            index.put_memory(entry(&memory, vector.as_ref()));
        }
        Ok(())
    }
}

/// Lets a profile have no cache: commits need not say what they change any more.
fn forget(store: &Store, space: SpaceId) -> Result<()> {
    let snapshot = store.read()?;
    let mut changes = snapshot.scan::<ChangeRow>(space, &Range::all())?;
    if snapshot.contains::<CacheRow>(space, &())? || changes.next().is_some() {
        let mut batch = Batch::new();
        batch.delete::<CacheRow>(space, &());
        batch.delete_range::<ChangeRow>(space, &Range::all());
        store.commit(batch)?;
    }
    Ok(())
}

/// Deletes every cache of a data folder.
pub(super) fn drop_all(store: &Store, data: &Path) -> Result<()> {
    let spaces: Vec<SpaceId> = store.read()?.spaces().collect::<Result<_>>()?;
    spaces.into_iter().try_for_each(|space| forget(store, space))?;
    drop_files(data);
    Ok(())
}

/// Deletes every cache of a data folder when `mended` says that its rows are not what they were, or else those that are damaged.
/// Gives what was damaged.
pub(super) fn mend(store: &Store, data: &Path, model: &ModelIdentity, mended: bool) -> Result<Vec<Finding>> {
    let (mut findings, caches) = (Vec::new(), Caches::new(Some(data.to_owned()), 1, model));
    let snapshot = store.read()?;
    for Subject { name, space } in subjects(&snapshot)? {
        let rows = ProfileRows { snapshot: &snapshot, space };
        if let Err(error) = caches.read(&rows) {
            findings.push(Finding { place: name, what: format!("its cache is damaged: {error}") });
            forget(store, space)?;
            caches.remove_files(space);
        }
    }
    if mended {
        drop_all(store, data)?;
    }
    Ok(findings)
}

/// Deletes every file of a cache in a data folder, whatever the rows say.
pub(super) fn drop_files(data: &Path) {
    remove(&data.join(FOLDER), |_| true);
}

/// Deletes the caches of a data folder that rows have gone on from: they may hold words of what was deleted since.
pub(super) fn drop_outdated(store: &Store, data: &Path) -> Result<()> {
    let snapshot = store.read()?;
    for space in snapshot.spaces() {
        let space = space?;
        let now = snapshot.sequence(space)?;
        if snapshot.get::<CacheRow>(space, &())?.is_some_and(|row| row.sequence != now) {
            forget(store, space)?;
        }
    }
    sweep(store, &data.join(FOLDER))
}

/// Deletes every file that no row names.
fn sweep(store: &Store, folder: &Path) -> Result<()> {
    let snapshot = store.read()?;
    let mut named = Vec::new();
    for (_, name) in files(folder) {
        let head = snapshot.get::<CacheRow>(name.space, &())?.and_then(|row| row.head);
        named.extend(head.map(|head| Name::of(name.space, HeadHash(head))));
    }
    remove(folder, |name| !named.contains(name));
    Ok(())
}

/// The files of caches in a folder; what else is there is not ours.
fn files(folder: &Path) -> Vec<(PathBuf, Name)> {
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.path(), Name::parse(entry.file_name().to_str()?)?))).collect()
}

/// Deletes files; what cannot be deleted is not believed anyway, and tried again at the next start.
fn remove(folder: &Path, which: impl Fn(&Name) -> bool) {
    for (path, _) in files(folder).into_iter().filter(|(_, name)| which(name)) {
        if let Err(error) = fs_err::remove_file(path) {
            tracing::warn!(%error, "a cache that is of no use stays on the disk");
        }
    }
}
