//! A few sessions of one model, opened when they are first needed, lent to one caller at a time.
//!
//! Whoever asks a question goes first: a waiting query gets the next free session, before any waiting passage.

use std::ops::{Deref, DerefMut};

use parking_lot::{Condvar, Mutex};

/// Who is asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Query,
    Passage,
}

/// At most `limit` values of `T`, made by `open`.
pub(super) struct Pool<T, E> {
    open: Box<dyn Fn() -> Result<T, E> + Send + Sync>,
    limit: usize,
    state: Mutex<State<T>>,
    freed: Condvar,
}

struct State<T> {
    idle: Vec<T>,
    /// Opened or being opened, lent or idle.
    opened: usize,
    queries_waiting: usize,
}

impl<T, E> Pool<T, E> {
    /// A pool with one session open.
    pub(super) fn new(limit: usize, open: impl Fn() -> Result<T, E> + Send + Sync + 'static) -> Result<Self, E> {
        let idle = vec![open()?];
        let state = Mutex::new(State { idle, opened: 1, queries_waiting: 0 });
        Ok(Self { open: Box::new(open), limit: limit.max(1), state, freed: Condvar::new() })
    }

    /// Waits for a free session, or opens one when there may be one more.
    pub(super) fn take(&self, lane: Lane) -> Result<Lent<'_, T, E>, E> {
        let mut state = self.state.lock();
        loop {
            if lane == Lane::Query || state.queries_waiting == 0 {
                if let Some(session) = state.idle.pop() {
                    // A passage that stood back for this query may find another session idle.
                    if lane == Lane::Query {
                        self.freed.notify_all();
                    }
                    return Ok(Lent { pool: self, session: Some(session) });
                }
                if state.opened < self.limit {
                    state.opened += 1;
                    drop(state);
                    return self.open_one();
                }
            }
            let waiting = usize::from(lane == Lane::Query);
            state.queries_waiting += waiting;
            self.freed.wait(&mut state);
            state.queries_waiting -= waiting;
        }
    }

    fn open_one(&self) -> Result<Lent<'_, T, E>, E> {
        let place = Place(self);
        let session = (self.open)()?;
        std::mem::forget(place);
        Ok(Lent { pool: self, session: Some(session) })
    }
}

/// A session's place in the pool, given back when opening it fails or panics.
struct Place<'a, T, E>(&'a Pool<T, E>);

impl<T, E> Drop for Place<'_, T, E> {
    fn drop(&mut self) {
        self.0.state.lock().opened -= 1;
        self.0.freed.notify_all();
    }
}

/// A session on loan; it goes back when this is dropped, also by a panic.
pub(super) struct Lent<'a, T, E> {
    pool: &'a Pool<T, E>,
    session: Option<T>,
}

impl<T, E> Deref for Lent<'_, T, E> {
    type Target = T;

    fn deref(&self) -> &T {
        self.session.as_ref().expect("a lent session is there until it is dropped")
    }
}

impl<T, E> DerefMut for Lent<'_, T, E> {
    fn deref_mut(&mut self) -> &mut T {
        self.session.as_mut().expect("a lent session is there until it is dropped")
    }
}

impl<T, E> Drop for Lent<'_, T, E> {
    fn drop(&mut self) {
        self.pool.state.lock().idle.extend(self.session.take());
        // All, not one: the one might be a passage that has to let a query go first.
        self.pool.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn sessions_are_opened_when_needed_and_no_more_than_the_limit() {
        let opened = std::sync::Arc::new(AtomicUsize::new(0));
        let counter = std::sync::Arc::clone(&opened);
        let pool = Pool::<_, Infallible>::new(2, move || Ok(counter.fetch_add(1, Ordering::SeqCst))).unwrap();
        drop(pool.take(Lane::Passage).unwrap());
        drop(pool.take(Lane::Query).unwrap());
        assert_eq!(opened.load(Ordering::SeqCst), 1);
        let (first, second) = (pool.take(Lane::Passage).unwrap(), pool.take(Lane::Passage).unwrap());
        assert_ne!(*first, *second);
        thread::scope(|scope| {
            let third = scope.spawn(|| *pool.take(Lane::Passage).unwrap());
            drop(first);
            assert_eq!(third.join().unwrap(), 0);
        });
        assert_eq!(opened.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn waiting_query_goes_before_waiting_passages() {
        let pool = Pool::<_, Infallible>::new(1, || Ok(())).unwrap();
        let held = pool.take(Lane::Passage).unwrap();
        let (done, order) = mpsc::channel();
        thread::scope(|scope| {
            for lane in [Lane::Passage, Lane::Passage, Lane::Query] {
                let (pool, done) = (&pool, done.clone());
                scope.spawn(move || {
                    let _session = pool.take(lane).unwrap();
                    done.send(lane).unwrap();
                });
            }
            while pool.state.lock().queries_waiting == 0 {
                thread::yield_now();
            }
            drop(held);
        });
        assert_eq!(order.iter().next(), Some(Lane::Query));
    }

    #[test]
    fn place_of_a_session_that_did_not_open_is_given_back() {
        let attempts = AtomicUsize::new(0);
        let open = move || if attempts.fetch_add(1, Ordering::SeqCst) == 1 { Err("no memory") } else { Ok(()) };
        let pool = Pool::new(2, open).unwrap();
        let _first = pool.take(Lane::Query).unwrap();
        assert_eq!(pool.take(Lane::Query).err(), Some("no memory"));
        assert!(pool.take(Lane::Query).is_ok());
    }
}
