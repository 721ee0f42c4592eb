//! A disk for tests that fails when it is told to: at which write, resize or sync, and how.
//!
//! It keeps what a reader of the file sees and what a power cut would leave apart. What was not synced may be there
//! after a cut, or not, or in part, each change by itself: that is all that is relied on. Bytes beside those of a change
//! never change with it, as redb asks of a disk.

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use redb::StorageBackend;

/// Bytes of a sector: what a disk writes whole or not at all.
const SECTOR: usize = 512;

/// What happens at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails and changes nothing; what follows would work.
    Fails,
    /// It fails after a part of it is done, and no write works any more. Reading does.
    Tears,
    /// The power goes. Nothing of what was not synced is left.
    Forgets,
    /// The power goes. Some of what was not synced is left, some torn between sectors.
    Mixes,
    /// Reading fails, once. Reads are counted for this one, instead of writes.
    FailsToRead,
}

/// How often the disk was asked for what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) reads: u64,
    pub(crate) writes: u64,
    pub(crate) resizes: u64,
    pub(crate) syncs: u64,
}

impl Counts {
    /// Those at which a fault of that kind can be met.
    pub(crate) fn of(self, fault: Fault) -> u64 {
        if fault == Fault::FailsToRead { self.reads } else { self.writes + self.resizes + self.syncs }
    }
}

/// The disk; clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Disk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    seen: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Change>,
    counts: Counts,
    plan: Option<(u64, Fault)>,
    met: Option<Fault>,
    seed: u64,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}, plan {:?}, met {:?}", self.counts, self.plan, self.met)
    }
}

enum Change {
    Write(usize, Vec<u8>),
    Resize(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, data) => write(bytes, *at, data),
            Self::Resize(len) => bytes.resize(*len, 0),
        }
    }

    /// The bytes of some of its sectors.
    fn apply_torn(&self, bytes: &mut Vec<u8>, keep: &mut dyn FnMut() -> bool) {
        let Self::Write(at, data) = self else { return };
        let mut from = 0;
        while from < data.len() {
            let to = data.len().min(from + SECTOR - (at + from) % SECTOR);
            if keep() {
                write(bytes, at + from, &data[from..to]);
            }
            from = to;
        }
    }
}

fn write(bytes: &mut Vec<u8>, at: usize, data: &[u8]) {
    let end = at + data.len();
    bytes.resize(bytes.len().max(end), 0);
    bytes[at..end].copy_from_slice(data);
}

impl Disk {
    /// An empty one. What is left after a cut follows from the seed.
    fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State { seed, ..State::default() })))
    }

    /// One with a data file that has no rows yet: files are made whole before they get their name.
    pub(crate) fn with_file(seed: u64) -> Self {
        let disk = Self::new(seed);
        redb::Builder::new().create_with_backend(disk.clone()).unwrap().close().unwrap();
        disk.after_restart()
    }

    /// Plans a fault at the `at`-th operation from the first one, counted from 0.
    pub(crate) fn plan(&self, at: u64, fault: Fault) {
        self.0.lock().plan = Some((at, fault));
    }

    pub(crate) fn counts(&self) -> Counts {
        self.0.lock().counts
    }

    /// Whether the fault has been met.
    pub(crate) fn has_met(&self) -> bool {
        self.0.lock().met.is_some()
    }

    /// A disk that works, with what this one would have on it after the machine is started again.
    pub(crate) fn after_restart(&self) -> Self {
        let mut state = self.0.lock();
        let bytes = match state.met {
            Some(Fault::Forgets) => state.synced.clone(),
            Some(Fault::Mixes) => state.mixed(),
            _ => state.seen.clone(),
        };
        let seed = state.random();
        Self(Arc::new(Mutex::new(State { seen: bytes.clone(), synced: bytes, seed, ..State::default() })))
    }
}

impl State {
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.seed >> 33
    }

    fn mixed(&mut self) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        for change in std::mem::take(&mut self.unsynced) {
            match self.random() % 3 {
                0 => {}
                1 => change.apply(&mut bytes),
                _ => change.apply_torn(&mut bytes, &mut || self.random().is_multiple_of(2)),
            }
        }
        bytes
    }

    /// The fault to meet at this operation, when there is one.
    fn meet(&mut self, reading: bool) -> Option<Fault> {
        match self.met {
            Some(Fault::Forgets | Fault::Mixes) => return self.met,
            Some(Fault::Tears) if !reading => return self.met,
            _ => {}
        }
        let (at, fault) = self.plan?;
        let counted = reading == (fault == Fault::FailsToRead);
        if counted && self.met.is_none() && self.counts.of(fault) == at + 1 {
            self.met = Some(fault);
            return self.met;
        }
        None
    }

    fn change(&mut self, change: Change) -> io::Result<()> {
        let before = self.met;
        match self.meet(false) {
            None => {
                change.apply(&mut self.seen);
                self.unsynced.push(change);
                Ok(())
            }
            Some(fault) => {
                if let (Change::Write(at, data), None) = (change, before)
                    && fault != Fault::Fails
                {
                    let part = usize::try_from(self.random()).unwrap() % (data.len() + 1);
                    let part = Change::Write(at, data[..part].to_vec());
                    part.apply(&mut self.seen);
                    self.unsynced.push(part);
                }
                Err(broken())
            }
        }
    }
}

fn broken() -> io::Error {
    io::Error::other("the disk does not answer")
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap()
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.0.lock();
        state.counts.reads += 1;
        if state.meet(true).is_some() {
            return Err(broken());
        }
        let at = index(offset);
        let there = state.seen.get(at..at + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(there);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.lock();
        state.counts.resizes += 1;
        state.change(Change::Resize(index(len)))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.0.lock();
        state.counts.syncs += 1;
        if state.meet(false).is_some() {
            return Err(broken());
        }
        let State { synced, unsynced, .. } = &mut *state;
        unsynced.drain(..).for_each(|change| change.apply(synced));
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.0.lock();
        state.counts.writes += 1;
        state.change(Change::Write(index(offset), data.to_vec()))
    }
}

#[test]
fn what_was_synced_stays_and_the_rest_follows_the_fault() {
    let left = |fault: Fault| {
        let disk = Disk::new(3);
        disk.write(0, b"synced").unwrap();
        disk.sync_data().unwrap();
        disk.write(6, &[b'x'; 4 * SECTOR]).unwrap();
        disk.plan(3, fault);
        disk.sync_data().unwrap_err();
        let after = disk.after_restart();
        let mut bytes = vec![0; index(after.len().unwrap())];
        after.read(0, &mut bytes).unwrap();
        assert!(bytes.starts_with(b"synced"));
        bytes.len()
    };
    assert_eq!(left(Fault::Forgets), 6);
    assert_eq!(left(Fault::Fails), 6 + 4 * SECTOR);
    assert_eq!(left(Fault::Tears), 6 + 4 * SECTOR);
    assert!(left(Fault::Mixes) >= 6);
}
