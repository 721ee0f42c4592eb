//! A few sessions of one model, opened when they are needed, each lent to one caller at a time.
//!
//! Questions are short and somebody waits for their answer; passages come in bulk. So one session more than passages may
//! use is kept for questions, and until it is open a question gets the next session that is free. While questions are
//! embedded, fewer passages start, so that all sessions at work together are no more than passages may use; but one goes on.

use std::ops::{Deref, DerefMut};

use parking_lot::{Condvar, Mutex};

/// Who is asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Query,
    Passage,
}

/// Sessions of type `T`, made by `open`: one when the pool is made, more when they are waited for.
pub(super) struct Pool<T, E> {
    open: Box<dyn Fn() -> Result<T, E> + Send + Sync>,
    /// Passages at the same time.
    passages: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    idle: Vec<T>,
    /// Sessions opened or being opened, lent or idle.
    opened: usize,
    /// Sessions lent to passages.
    passages: usize,
    /// Sessions lent to queries.
    queries: usize,
    queries_waiting: usize,
    /// A query had to wait while there might have been one session more.
    one_more: bool,
}

impl<T> State<T> {
    fn has_place_for_passage(&self, most: usize) -> bool {
        self.passages == 0 || self.passages + self.queries < most
    }
}

impl<T, E> Pool<T, E> {
    /// A pool with one session open.
    pub(super) fn new(passages: usize, open: impl Fn() -> Result<T, E> + Send + Sync + 'static) -> Result<Self, E> {
        let idle = vec![open()?];
        let state = State { idle, opened: 1, passages: 0, queries: 0, queries_waiting: 0, one_more: false };
        Ok(Self { open: Box::new(open), passages, state: Mutex::new(state), changed: Condvar::new() })
    }

    /// Waits for a session.
    pub(super) fn take(&self, lane: Lane) -> Result<Lent<'_, T, E>, E> {
        match lane {
            Lane::Query => Ok(self.take_for_query()),
            Lane::Passage => self.take_for_passage(),
        }
    }

    /// Never opens a session: that takes longer than waiting for the end of a passage. The next passage opens it.
    fn take_for_query(&self) -> Lent<'_, T, E> {
        let mut state = self.state.lock();
        loop {
            if let Some(session) = state.idle.pop() {
                state.queries += 1;
                // A passage that stood back for this query may go on now.
                self.changed.notify_all();
                return Lent { pool: self, lane: Lane::Query, session: Some(session) };
            }
            state.one_more |= state.opened <= self.passages;
            state.queries_waiting += 1;
            self.changed.wait(&mut state);
            state.queries_waiting -= 1;
        }
    }

    fn take_for_passage(&self) -> Result<Lent<'_, T, E>, E> {
        let mut state = self.state.lock();
        loop {
            if state.has_place_for_passage(self.passages) {
                let stand_back = state.queries_waiting > 0 || state.one_more;
                if let Some(session) = state.idle.pop_if(|_| !stand_back) {
                    state.passages += 1;
                    return Ok(Lent { pool: self, lane: Lane::Passage, session: Some(session) });
                }
                if state.opened <= self.passages {
                    state.opened += 1;
                    state.passages += 1;
                    state.one_more = false;
                    drop(state);
                    return self.open_for_passage();
                }
            }
            self.changed.wait(&mut state);
        }
    }

    fn open_for_passage(&self) -> Result<Lent<'_, T, E>, E> {
        let mut lent = Lent { pool: self, lane: Lane::Passage, session: None };
        lent.session = Some((self.open)()?);
        Ok(lent)
    }
}

/// A session on loan; it goes back when this is dropped, also by a panic.
pub(super) struct Lent<'a, T, E> {
    pool: &'a Pool<T, E>,
    lane: Lane,
    /// None while it is being opened, and when that failed.
    session: Option<T>,
}

const LENT: &str = "a session was put in before it was lent";

#[expect(clippy::expect_used, reason = "a loan is handed out only with a session in it")]
impl<T, E> Deref for Lent<'_, T, E> {
    type Target = T;

    fn deref(&self) -> &T {
        self.session.as_ref().expect(LENT)
    }
}

#[expect(clippy::expect_used, reason = "a loan is handed out only with a session in it")]
impl<T, E> DerefMut for Lent<'_, T, E> {
    fn deref_mut(&mut self) -> &mut T {
        self.session.as_mut().expect(LENT)
    }
}

impl<T, E> Drop for Lent<'_, T, E> {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock();
        match self.lane {
            Lane::Passage => state.passages -= 1,
            Lane::Query => state.queries -= 1,
        }
        match self.session.take() {
            Some(session) => state.idle.push(session),
            None => state.opened -= 1,
        }
        // All, not one: the one might be a passage that has to let a query go first.
        self.pool.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    /// A pool whose sessions are numbered.
    fn numbered(passages: usize) -> Pool<usize, Infallible> {
        let opened = AtomicUsize::new(0);
        Pool::new(passages, move || Ok(opened.fetch_add(1, Ordering::SeqCst))).unwrap()
    }

    fn opened<T, E>(pool: &Pool<T, E>) -> usize {
        pool.state.lock().opened
    }

    #[test]
    fn one_session_is_enough_for_one_caller_at_a_time() {
        let pool = numbered(2);
        for lane in [Lane::Passage, Lane::Query, Lane::Passage] {
            assert_eq!(*pool.take(lane).unwrap(), 0);
        }
        assert_eq!(opened(&pool), 1);
    }

    #[test]
    fn no_more_passages_at_a_time_than_allowed() {
        let pool = numbered(2);
        let (first, second) = (pool.take(Lane::Passage).unwrap(), pool.take(Lane::Passage).unwrap());
        assert_eq!((*first, *second), (0, 1));
        thread::scope(|scope| {
            let third = scope.spawn(|| *pool.take(Lane::Passage).unwrap());
            drop(first);
            assert_eq!(third.join().unwrap(), 0);
        });
        drop(second);
        assert_eq!(opened(&pool), 2);
    }

    /// Holds the only session until a query waits for it, and lets `others` wait as well.
    fn make_a_query_wait(pool: &Pool<usize, Infallible>, others: &[Lane]) -> Vec<Lane> {
        let held = pool.take(Lane::Passage).unwrap();
        let (done, order) = mpsc::channel();
        thread::scope(|scope| {
            for &lane in others.iter().chain(&[Lane::Query]) {
                let done = done.clone();
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
        drop(done);
        order.into_iter().collect()
    }

    #[test]
    fn waiting_query_goes_before_waiting_passages() {
        let pool = numbered(1);
        // With the query's own session open, nothing is opened any more and the order is decided by waiting alone.
        make_a_query_wait(&pool, &[]);
        drop(pool.take(Lane::Passage).unwrap());
        let query = pool.take(Lane::Query).unwrap();
        let order = make_a_query_wait(&pool, &[Lane::Passage, Lane::Passage]);
        assert_eq!((order.first(), order.len()), (Some(&Lane::Query), 3));
        drop(query);
    }

    #[test]
    fn passage_after_a_query_that_waited_leaves_a_session_for_queries() {
        let pool = numbered(1);
        make_a_query_wait(&pool, &[]);
        assert_eq!(opened(&pool), 1);
        let passage = pool.take(Lane::Passage).unwrap();
        assert_eq!((*passage, opened(&pool)), (1, 2));
        assert_eq!(*pool.take(Lane::Query).unwrap(), 0);
    }

    #[test]
    fn while_a_query_is_embedded_one_passage_goes_on_and_the_next_waits() {
        let pool = numbered(2);
        let starts = || pool.state.lock().has_place_for_passage(pool.passages);
        let query = pool.take(Lane::Query).unwrap();
        assert!(starts());
        let passage = pool.take(Lane::Passage).unwrap();
        assert!(!starts());
        drop(query);
        assert!(starts());
        let second = pool.take(Lane::Passage).unwrap();
        assert!(!starts());
        drop((passage, second));
        let state = pool.state.lock();
        assert_eq!((state.passages, state.queries), (0, 0));
    }

    #[test]
    fn place_of_a_session_that_did_not_open_is_given_back() {
        let attempts = AtomicUsize::new(0);
        let open = move || if attempts.fetch_add(1, Ordering::SeqCst) == 1 { Err("no memory") } else { Ok(()) };
        let pool = Pool::new(2, open).unwrap();
        let first = pool.take(Lane::Passage).unwrap();
        assert_eq!(pool.take(Lane::Passage).err(), Some("no memory"));
        assert!(pool.take(Lane::Passage).is_ok());
        drop(first);
        assert_eq!((opened(&pool), pool.state.lock().passages), (2, 0));
    }
}
