//! What can still be read of a data file whose pages are damaged, copied into a new one. The damaged file is kept.
//!
//! Pages are not believed: reading one may fail, panic, or lead in a circle. Rows are read from both ends of a stretch
//! towards the damage, then from points within what is left, a bounded number of times. After each failure the file is
//! opened again, since a panic may leave redb's locks unusable.

use std::collections::VecDeque;
use std::ops::Bound;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use redb::backends::FileBackend;
use redb::{Builder, Database, ReadOnlyDatabase, ReadOnlyTable, ReadableDatabase, ReadableTableMetadata};

use super::ROWS;
use super::checksum;
use super::database::{FILE, Store, StoreOptions, create_file, io_error};
use super::failure::{Failure, reading};
use super::key::{SpaceId, row_key};
use super::migrate::version_by_checksums;
use super::rewrite::{NewFile, sync_folder};
use super::rows::{FormatRow, Row};
use crate::error::{Error, ErrorKind, Result};

/// How often a stretch is tried from a point within: each costs an opening of the file.
const ATTEMPTS: usize = 256;

/// Bytes of rows in memory.
const BYTES_AT_ONCE: usize = 4 << 20;

/// What became of a damaged file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Salvage {
    /// Rows that were read and are in the new file.
    pub rows: u64,
    /// Stretches between two rows in which nothing could be read.
    pub gaps: usize,
    /// Whether the layout's version had to be written anew.
    pub format_lost: bool,
    /// Whether these are as many as the file says it has.
    pub complete: bool,
    /// Whether rows have checksums of their own, so that those that were changed are known.
    pub with_checksums: bool,
    /// The damaged file.
    pub kept: PathBuf,
}

impl Store {
    /// Whether every page of the folder's data file agrees with its checksum, and its format can be read.
    ///
    /// # Errors
    /// What keeps it from being opened at all: `InUse`, `NewerFormat`, `Io`.
    pub fn is_whole(dir: &Path) -> Result<bool> {
        let options = StoreOptions { check_pages: true, ..StoreOptions::default() };
        let _quiet = Quiet::start();
        match Self::open(dir, &options).and_then(Self::close) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Damaged => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes a new data file of every row that can be read of the damaged one, which stays beside it under a name that
    /// ends in `mark`.
    ///
    /// # Errors
    /// `Damaged` when nothing of it can be read: then only a backup helps, and nothing was changed.
    pub fn salvage(dir: &Path, mark: &str) -> Result<Salvage> {
        let quiet = Quiet::start();
        let held = Source::open(dir)?;
        let promised = reading(|| Ok(held.rows.len()?)).ok();
        let mut new = NewFile::create(dir)?;
        let format_key = row_key(SpaceId::CATALOG, FormatRow::KIND, &());
        let (mut rows, mut format, mut agree) = (0, None, false);
        let gaps = Walk { dir, source: Some(held) }.run(&mut |key, value| {
            rows += 1;
            if key == format_key {
                format = FormatRow::decode(value).ok();
                return Ok(());
            }
            agree |= checksum::record(key, value).is_ok();
            new.put(key, value)
        })?;
        drop(quiet);
        let format_lost = format.is_none();
        let format = format.unwrap_or(FormatRow { version: version_by_checksums(agree) });
        let value = format.encode().map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
        new.put(&format_key, &value)?;
        new.seal()?;
        let kept = dir.join(format!("{FILE}.damaged-{mark}"));
        keep(&dir.join(FILE), &kept).map_err(|error| io_error(&error))?;
        new.install()?;
        let complete = gaps == 0 && promised == Some(rows);
        Ok(Salvage { rows, gaps, format_lost, complete, with_checksums: format.version > 1, kept })
    }
}

/// Gives the file a second name, so that there is always one of the first.
fn keep(file: &Path, kept: &Path) -> std::io::Result<()> {
    if fs_err::hard_link(file, kept).is_err() {
        fs_err::copy(file, kept)?;
        fs_err::File::open(kept)?.sync_all()?;
    }
    sync_folder(file.parent().unwrap_or(Path::new(".")))
}

/// The damaged file, opened without a look at what is in it.
struct Source {
    rows: ReadOnlyTable<&'static [u8], &'static [u8]>,
    /// Holds the file, so that no other process opens it.
    _database: Opened,
}

enum Opened {
    Reading(#[expect(dead_code, reason = "held for its lock")] ReadOnlyDatabase),
    /// After a crash redb must put the file right before it can be read.
    Writing(#[expect(dead_code, reason = "held for its lock")] Database),
}

impl Source {
    fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let mut builder = Builder::new();
        builder.set_cache_size(StoreOptions::default().cache_bytes);
        // Opened for reading alone where that is possible: the file stays as it is, and redb walks no page of it.
        let opened = reading(|| {
            let database = builder.open_read_only(&path)?;
            let rows = database.begin_read()?.open_table(ROWS)?;
            Ok(Self { rows, _database: Opened::Reading(database) })
        });
        let opened = opened.or_else(|failure| match failure.kind {
            ErrorKind::InUse => Err(failure),
            _ => reading(|| {
                let file = create_file(&path).map_err(|error| Failure::new(ErrorKind::Io, error.to_string()))?;
                let database = builder.create_with_backend(FileBackend::new(file)?)?;
                let rows = database.begin_read()?.open_table(ROWS)?;
                Ok(Self { rows, _database: Opened::Writing(database) })
            }),
        });
        opened.map_err(|failure| match failure.kind {
            ErrorKind::InUse | ErrorKind::Io => failure.into(),
            _ => {
                let message = format!("nothing of the data file can be read ({}): restore a backup", failure.message);
                Error::new(ErrorKind::Damaged, message)
            }
        })
    }
}

/// Keys from one, up to and without another; unbounded where there is none.
type Stretch = (Option<Vec<u8>>, Option<Vec<u8>>);

struct Walk<'a> {
    dir: &'a Path,
    source: Option<Source>,
}

/// A row that was read.
type Rows = Vec<(Vec<u8>, Vec<u8>)>;

impl Walk<'_> {
    /// Hands on every row that can be read; the number of stretches that cannot.
    fn run(&mut self, take: super::snapshot::Take<'_>) -> Result<usize> {
        let mut left: VecDeque<Stretch> = VecDeque::from([(None, None)]);
        let (mut attempts, mut lost) = (0, Vec::new());
        while let Some(stretch) = left.pop_front() {
            let (from, whole) = self.read(&stretch, Direction::Forward, take)?;
            if whole {
                continue;
            }
            let (to, _) = self.read(&(from.clone(), stretch.1), Direction::Backward, take)?;
            attempts += 1;
            match middle(from.as_deref(), to.as_deref()).filter(|_| attempts < ATTEMPTS) {
                Some(middle) => left.extend([(from, Some(middle.clone())), (Some(middle), to)]),
                None => lost.push((from, to)),
            }
        }
        lost.sort_unstable();
        let apart = lost.windows(2).filter(|pair| matches!(pair, [(_, to), (from, _)] if to != from)).count();
        Ok(apart + usize::from(!lost.is_empty()))
    }

    /// Reads from one end until the other or until it fails; the end that it came to, and whether that is the other.
    fn read(
        &mut self,
        stretch: &Stretch,
        direction: Direction,
        take: super::snapshot::Take<'_>,
    ) -> Result<(Option<Vec<u8>>, bool)> {
        let (mut from, mut to) = stretch.clone();
        loop {
            let (rows, outcome) = self.rows((from.as_deref(), to.as_deref()), direction)?;
            for (key, value) in rows {
                take(&key, &value)?;
                match direction {
                    Direction::Forward => from = Some(successor_of(&key)),
                    Direction::Backward => to = Some(key),
                }
            }
            if outcome != Outcome::More {
                let end = if direction == Direction::Forward { from } else { to };
                return Ok((end, outcome == Outcome::Whole));
            }
        }
    }

    /// Rows up to the first failure, or as many as fit in memory. Keys that do not follow each other are a failure.
    fn rows(&mut self, (from, to): (Option<&[u8]>, Option<&[u8]>), direction: Direction) -> Result<(Rows, Outcome)> {
        let source = match self.source.take() {
            Some(source) => source,
            None => Source::open(self.dir)?,
        };
        let mut rows = Rows::new();
        let walked = reading(|| {
            let from = from.map_or(Bound::Unbounded, Bound::Included);
            let to = to.map_or(Bound::Unbounded, Bound::Excluded);
            let mut bytes = 0;
            let mut range = source.rows.range_owned::<&[u8]>((from, to))?;
            while let Some(row) = match direction {
                Direction::Forward => range.next(),
                Direction::Backward => range.next_back(),
            } {
                let (key, value) = row?;
                let key = key.value().to_vec();
                let follows = rows.last().is_none_or(|(last, _)| match direction {
                    Direction::Forward => *last < key,
                    Direction::Backward => *last > key,
                });
                if !follows {
                    return Err(Failure::new(ErrorKind::Damaged, "rows are out of order"));
                }
                bytes += key.len() + value.value().len();
                rows.push((key, value.value().to_vec()));
                if bytes > BYTES_AT_ONCE {
                    return Ok(Outcome::More);
                }
            }
            Ok(Outcome::Whole)
        });
        let outcome = walked.unwrap_or(Outcome::Failed);
        if outcome == Outcome::Failed {
            // What panicked once may panic again when it is dropped.
            let _dropped = reading(|| {
                drop(source);
                Ok(())
            });
        } else {
            self.source = Some(source);
        }
        Ok((rows, outcome))
    }
}

/// How far a read came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Whole,
    More,
    Failed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

/// The least key above `key`.
fn successor_of(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

/// A key about half-way between two; nothing when there is none.
fn middle(from: Option<&[u8]>, to: Option<&[u8]>) -> Option<Vec<u8>> {
    const DIGITS: usize = 32;
    let digit = |key: &[u8], at: usize| u16::from(key.get(at).copied().unwrap_or(0));
    let (from, highest) = (from.unwrap_or(&[]), [0xFF; DIGITS]);
    let to = to.unwrap_or(&highest);
    let mut sum = [0_u16; DIGITS];
    let mut carry = 0;
    for (at, place) in sum.iter_mut().enumerate().rev() {
        let total = digit(from, at) + digit(to, at) + carry;
        (*place, carry) = (total & 0xFF, total >> 8);
    }
    let mut half = Vec::with_capacity(DIGITS);
    for place in sum {
        let value = carry << 8 | place;
        half.push(u8::try_from(value >> 1).unwrap_or(u8::MAX));
        carry = value & 1;
    }
    (half.as_slice() > from && half.as_slice() < to).then_some(half)
}

/// Keeps the panics that damaged pages cause in this thread off the terminal: each is an answer here.
struct Quiet(Arc<Hook>);

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

impl Quiet {
    fn start() -> Self {
        let (hook, here) = (Arc::new(panic::take_hook()), thread::current().id());
        let others = Arc::clone(&hook);
        panic::set_hook(Box::new(move |panic| {
            if thread::current().id() != here {
                others(panic);
            }
        }));
        Self(hook)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if !thread::panicking() {
            let hook = Arc::clone(&self.0);
            panic::set_hook(Box::new(move |panic| hook(panic)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_lies_between() {
        for (from, to) in [(&[0_u8, 1][..], &[0_u8, 3][..]), (&[0, 1], &[0, 2]), (&[], &[0xFF]), (&[7, 0xFF], &[8])] {
            let middle = middle(Some(from), Some(to)).unwrap();
            assert!(middle.as_slice() > from && middle.as_slice() < to, "{middle:?}");
        }
        assert!(middle(Some(&[5; 32]), Some(&[5; 32])).is_none());
        assert!(middle(None, None).is_some());
    }
}
