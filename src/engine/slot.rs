//! One profile's place in memory: its index, or none, and who may do what to it.
//!
//! A build reads a snapshot and holds no lock that a writer needs. What is committed to the profile while it goes on is
//! kept, and applied to the new index before anyone sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard, RwLock, RwLockWriteGuard};

use crate::error::Result;
use crate::index::ProfileIndex;

/// About what a slot takes without an index: itself, and its places in two maps.
pub(super) const BARE_SLOT_BYTES: usize = size_of::<Slot>() + 128;

/// One profile's place in memory.
pub(super) struct Slot {
    /// Held by whoever writes to the profile.
    writer: Mutex<()>,
    /// Held by whoever builds the index, so that it is built once. Taken after `writer` where both are.
    builder: Mutex<()>,
    state: RwLock<State>,
    bytes: AtomicUsize,
    /// The bytes of all slots, this one's among them for as long as it lives.
    total: Arc<AtomicUsize>,
}

enum State {
    Absent,
    /// What was committed since the build began, oldest first.
    Building(Vec<IndexChange>),
    Built(Box<Built>),
}

impl State {
    fn built(&self) -> Option<&Built> {
        match self {
            Self::Built(built) => Some(built),
            Self::Absent | Self::Building(_) => None,
        }
    }
}

/// An index, and how it stands to what is on disk.
pub(super) struct Built {
    pub(super) index: ProfileIndex,
    /// The number of commits to its profile that it knows.
    pub(super) sequence: u64,
    /// Messages and memories that its cache on disk does not know, or knows otherwise: all, where there is none.
    pub(super) unsaved: usize,
    /// Records that it was built without, because they are damaged. Such an index is not kept on disk, where nobody could tell.
    pub(super) left_out: usize,
}

impl Built {
    /// Whether nothing was ever committed to its profile: it was deleted and erased before this was built.
    pub(super) fn is_of_nothing(&self) -> bool {
        self.sequence == 0 && self.left_out == 0
    }

    /// Messages and memories that it knows.
    pub(super) fn texts(&self) -> usize {
        self.index.message_count() + self.index.memory_count()
    }

    fn apply(&mut self, change: IndexChange) {
        (change.apply)(&mut self.index);
        self.sequence = change.sequence;
        self.unsaved = self.unsaved.saturating_add(change.texts);
    }
}

/// What a commit does to an index.
pub(super) struct IndexChange {
    /// The commit's number in its profile.
    pub(super) sequence: u64,
    /// Messages and memories that it changes.
    pub(super) texts: usize,
    pub(super) apply: Box<dyn FnOnce(&mut ProfileIndex) + Send + Sync>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.total.fetch_sub(*self.bytes.get_mut(), Ordering::Relaxed);
    }
}

impl Slot {
    pub(super) fn new(total: &Arc<AtomicUsize>) -> Self {
        total.fetch_add(BARE_SLOT_BYTES, Ordering::Relaxed);
        let (writer, builder) = Default::default();
        let (state, bytes) = (RwLock::new(State::Absent), AtomicUsize::new(BARE_SLOT_BYTES));
        Self { writer, builder, state, bytes, total: Arc::clone(total) }
    }

    /// Waits until nobody else writes to the profile.
    pub(super) fn lock_writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock()
    }

    /// Reads the index, which `build` makes from the rows as they are now when it is not there. Never waits for a writer.
    pub(super) fn read<T>(
        &self,
        build: impl FnOnce() -> Result<Built>,
        mut with: impl FnMut(&ProfileIndex) -> Result<T>,
    ) -> Result<T> {
        if let Some(answer) = self.read_if_built(&mut with) {
            return answer;
        }
        let _builder = self.builder.lock();
        // Somebody else may have built it meanwhile.
        if let Some(answer) = self.read_if_built(&mut with) {
            return answer;
        }
        let recording = Recording::start(self);
        let state = RwLockWriteGuard::downgrade(recording.finish(build()?));
        #[expect(clippy::expect_used, reason = "downgrading a lock lets nobody in between")]
        with(&state.built().expect("the lock is held since the index was put in").index)
    }

    fn read_if_built<T>(&self, with: &mut impl FnMut(&ProfileIndex) -> Result<T>) -> Option<Result<T>> {
        self.state.read().built().map(|built| with(&built.index))
    }

    /// Looks at the index if it is there. While somebody holds the writer's lock it stays as it is, and readers go on.
    pub(super) fn look<T>(&self, with: impl FnOnce(&Built) -> T) -> Option<T> {
        self.state.read().built().map(with)
    }

    /// Says that what so many texts' changes had left unsaved is on disk now, or that it is not after all.
    pub(super) fn set_unsaved(&self, change: impl FnOnce(usize) -> usize) {
        if let State::Built(built) = &mut *self.state.write() {
            built.unsaved = change(built.unsaved);
        }
    }

    /// Applies to the index what was just committed. An index that is not there will be built from the rows.
    pub(super) fn apply(&self, _writer: &MutexGuard<'_, ()>, change: IndexChange) {
        match &mut *self.state.write() {
            State::Absent => {}
            State::Building(missed) => missed.push(change),
            State::Built(built) => {
                built.apply(change);
                self.count(built.index.bytes());
            }
        }
    }

    /// Takes the index out, unless somebody uses it right now.
    pub(super) fn take_idle(&self) -> Option<Box<Built>> {
        let _writer = self.writer.try_lock()?;
        let mut state = self.state.try_write()?;
        state.built()?;
        self.count(0);
        match std::mem::replace(&mut *state, State::Absent) {
            State::Built(built) => Some(built),
            State::Absent | State::Building(_) => None,
        }
    }

    /// Its bytes, as they are counted.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether there is no index, and none is being built.
    pub(super) fn is_absent(&self) -> bool {
        self.state.try_read().is_some_and(|state| matches!(*state, State::Absent))
    }

    /// Says how large the index is now. Only who may change the state does, so that no two calls meet.
    fn count(&self, index_bytes: usize) {
        let bytes = BARE_SLOT_BYTES + index_bytes;
        self.total.fetch_add(bytes, Ordering::Relaxed);
        self.total.fetch_sub(self.bytes.swap(bytes, Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// Keeps what is committed while an index is built; ends with the build, also when that fails.
struct Recording<'a>(&'a Slot);

impl<'a> Recording<'a> {
    /// From here on every commit is either kept or in the snapshot that is read next.
    fn start(slot: &'a Slot) -> Self {
        *slot.state.write() = State::Building(Vec::new());
        Self(slot)
    }

    /// Puts the index in, with what it missed.
    fn finish(self, mut built: Built) -> RwLockWriteGuard<'a, State> {
        let (slot, sequence) = (self.0, built.sequence);
        let mut state = slot.state.write();
        if let State::Building(missed) = &mut *state {
            missed.drain(..).filter(|change| change.sequence > sequence).for_each(|change| built.apply(change));
        }
        slot.count(built.index.bytes());
        *state = State::Built(Box::new(built));
        std::mem::forget(self); // there is nothing left to undo, and the lock is held
        state
    }
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        *self.0.state.write() = State::Absent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};
    use crate::model::{Message, MessageId, Moment, Place, Role, SessionId};

    /// A change that says hello in a session of its number.
    fn change(sequence: u64) -> IndexChange {
        let place = Place { session: u32::try_from(sequence).unwrap(), position: 0 };
        let apply = Box::new(move |index: &mut ProfileIndex| index.add_message(place, &hello(), None));
        IndexChange { sequence, texts: 1, apply }
    }

    fn hello() -> Message {
        let (session, at) = (SessionId::parse("s").unwrap(), Moment::parse("2026-06-01T12:00:00Z").unwrap());
        let id = MessageId::of(&session, Role::User, "hello");
        Message { id, session, role: Role::User, content: "hello".to_owned(), at }
    }

    fn sessions(slot: &Slot, build: impl FnOnce() -> Result<Built>) -> Result<Vec<u32>> {
        slot.read(build, |index| Ok(index.places().map(|place| place.session).collect()))
    }

    #[test]
    fn what_is_committed_during_a_build_is_seen_by_who_waits_for_it_and_once() {
        let total = Arc::default();
        let slot = Slot::new(&total);
        let writer = slot.lock_writer();
        let build = || {
            slot.apply(&writer, change(2));
            // The snapshot is taken here: it has the second commit, and not the third.
            let mut index = ProfileIndex::new(8);
            (change(1).apply)(&mut index);
            slot.apply(&writer, change(3));
            Ok(Built { index, sequence: 2, unsaved: 0, left_out: 0 })
        };
        assert_eq!(sessions(&slot, build).unwrap(), [1, 3], "the second is not applied again");
        slot.apply(&writer, change(4));
        let no_build = || panic!("it is there");
        assert_eq!(sessions(&slot, no_build).unwrap(), [1, 3, 4]);
        assert_eq!(slot.look(|built| (built.sequence, built.unsaved)), Some((4, 2)), "the third and the fourth");
        assert_eq!(total.load(Ordering::Relaxed), slot.bytes());
    }

    #[test]
    fn after_a_build_that_failed_nothing_is_kept_and_the_next_one_serves() {
        let total = Arc::default();
        let slot = Slot::new(&total);
        let failing = || {
            slot.apply(&slot.lock_writer(), change(1));
            Err(Error::new(ErrorKind::Damaged, "a row is damaged"))
        };
        assert!(sessions(&slot, failing).is_err());
        assert!(slot.is_absent());
        let build = || Ok(Built { index: ProfileIndex::new(8), sequence: 1, unsaved: 0, left_out: 0 });
        assert!(sessions(&slot, build).unwrap().is_empty());
        assert_eq!(total.load(Ordering::Relaxed), slot.bytes());
    }
}
