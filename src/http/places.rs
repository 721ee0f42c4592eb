//! Places for connections: a bounded number, and whoever idles the longest makes room for who comes.
//!
//! A connection is idle until the head of a request is there, and again when the answer has been sent. One that is at
//! work is never asked to leave. So ten thousand connections that do nothing cost ten thousand times nothing, and a
//! client that has something to ask is served beside them.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The places of one server.
pub(super) struct Places {
    free: Arc<Semaphore>,
    /// How many are asked to leave at once: one by one, a crowd at the door would wait for each in turn.
    at_once: usize,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// Who idles, longest first, and how to ask them to leave.
    since: BTreeMap<u64, Arc<Notify>>,
    next: u64,
    /// How many wait for somebody to become idle.
    wanted: usize,
}

impl Places {
    /// So many places, all free.
    pub(super) fn new(count: usize) -> Arc<Self> {
        let (count, idle) = (count.max(1), Mutex::default());
        Arc::new(Self { free: Arc::new(Semaphore::new(count)), at_once: (count / 32).max(1), idle })
    }

    /// A place, when need be that of the connection that idles the longest, or the first that comes to idle.
    pub(super) async fn take(self: &Arc<Self>) -> Place {
        let held = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(held) => Some(held),
            Err(_) => self.taken_over().await,
        };
        let place =
            Place { places: Arc::clone(self), leave: Arc::new(Notify::new()), idle: Mutex::new(None), _held: held };
        place.idles();
        place
    }

    /// The place of another, when it has left.
    async fn taken_over(&self) -> Option<OwnedSemaphorePermit> {
        self.make_room();
        // The semaphore is never closed.
        let held = Arc::clone(&self.free).acquire_owned().await.ok();
        // Whoever left may have done so unasked.
        let mut idle = self.idle.lock();
        idle.wanted = idle.wanted.saturating_sub(1);
        held
    }

    /// Asks those that idle the longest to leave, or else whoever is the next to idle.
    pub(super) fn make_room(&self) {
        let mut idle = self.idle.lock();
        if idle.since.is_empty() {
            idle.wanted += 1;
        }
        for _ in 0..self.at_once {
            let Some((_, longest)) = idle.since.pop_first() else { return };
            longest.notify_one();
        }
    }
}

/// One connection's place; given back when it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    leave: Arc<Notify>,
    /// Under which number it stands among the idle.
    idle: Mutex<Option<u64>>,
    _held: Option<OwnedSemaphorePermit>,
}

impl Place {
    /// Ends when the place is wanted for another.
    pub(super) async fn wanted(&self) {
        self.leave.notified().await;
    }

    /// Not idle until what this gives is dropped.
    pub(super) fn works(self: &Arc<Self>) -> Working {
        self.forget();
        Working(Arc::clone(self))
    }

    fn idles(&self) {
        let mut idle = self.places.idle.lock();
        if idle.wanted > 0 {
            idle.wanted -= 1;
            self.leave.notify_one();
            return;
        }
        let number = idle.next;
        idle.next += 1;
        idle.since.insert(number, Arc::clone(&self.leave));
        *self.idle.lock() = Some(number);
    }

    fn forget(&self) {
        if let Some(number) = self.idle.lock().take() {
            self.places.idle.lock().since.remove(&number);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.forget();
    }
}

/// A connection is at work.
pub(super) struct Working(Arc<Place>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.idles();
    }
}

/// The body of an answer; its connection is at work until it has been sent.
pub(super) struct Sending {
    pub(super) body: Body,
    pub(super) _working: Working,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn is_wanted(place: &Place) -> bool {
        timeout(Duration::ZERO, place.wanted()).await.is_ok()
    }

    #[tokio::test]
    async fn whoever_idles_the_longest_makes_room() {
        let places = Places::new(2);
        let (first, second) = (Arc::new(places.take().await), Arc::new(places.take().await));
        drop(first.works());
        assert!(timeout(Duration::ZERO, places.take()).await.is_err(), "there is no place yet");
        assert!(is_wanted(&second).await && !is_wanted(&first).await);
        drop(second);
        let third = places.take().await;
        assert!(!is_wanted(&third).await && !is_wanted(&first).await);
    }

    #[tokio::test]
    async fn nobody_at_work_is_asked_to_leave_before_the_work_is_done() {
        let places = Places::new(1);
        let only = Arc::new(places.take().await);
        let working = only.works();
        let mut next = Box::pin(places.take());
        assert!(timeout(Duration::ZERO, next.as_mut()).await.is_err());
        assert!(!is_wanted(&only).await);
        drop(working);
        assert!(is_wanted(&only).await);
        drop(only);
        next.await;
    }

    #[tokio::test]
    async fn ten_thousand_come_and_go_and_nothing_is_left_of_them() {
        let places = Places::new(100);
        for _ in 0..10_000 {
            let place = Arc::new(places.take().await);
            drop(place.works());
        }
        let idle = places.idle.lock();
        assert_eq!((idle.since.len(), idle.wanted, places.free.available_permits()), (0, 0, 100));
    }
}
