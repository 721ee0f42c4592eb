//! Where engine calls wait and run: they block, so they run on threads of their own, a bounded number at once.
//!
//! Reads and writes have a lane each: a recall never waits behind long ingests.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::error::Failure;
use crate::error::{Error, ErrorKind, Result};

/// How much work is let in at once.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    /// Reads and recalls that run at once.
    pub reads: usize,
    /// Writes that run at once; those of one profile still go one after another.
    pub writes: usize,
    /// Calls of each kind that may wait for their turn; more are told to come back.
    pub waiting: usize,
    /// How long a call may wait for its turn.
    pub patience: Duration,
}

impl Default for Capacity {
    /// Twice the cores for reads, which often wait for the disk; the cores for writes, which mostly embed.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { reads: 2 * cores, writes: cores.max(2), waiting: 256, patience: Duration::from_secs(30) }
    }
}

/// The two lanes.
pub(super) struct Lanes {
    /// For calls that change nothing.
    pub(super) reads: Lane,
    /// For calls that change something.
    pub(super) writes: Lane,
}

impl Lanes {
    /// Lanes of that capacity.
    pub(super) fn new(capacity: Capacity) -> Self {
        Self { reads: Lane::new(capacity.reads, capacity), writes: Lane::new(capacity.writes, capacity) }
    }
}

/// A bounded queue before a bounded number of blocking calls.
pub(super) struct Lane {
    /// One permit for each call that waits or runs.
    admitted: Arc<Semaphore>,
    /// One permit for each call that runs.
    running: Arc<Semaphore>,
    waiting: usize,
    patience: Duration,
}

impl Lane {
    fn new(running: usize, capacity: Capacity) -> Self {
        let running = running.max(1);
        Self {
            admitted: Arc::new(Semaphore::new(running + capacity.waiting)),
            running: Arc::new(Semaphore::new(running)),
            waiting: capacity.waiting,
            patience: capacity.patience,
        }
    }

    /// Runs `call` when it is its turn. Dropping the future gives the place in the queue back, but a call that has begun
    /// keeps its permits and runs to its end.
    ///
    /// # Errors
    /// `Busy` when the queue is full, `Overloaded` when the wait was too long, and whatever `call` answers.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let Ok(admitted) = Arc::clone(&self.admitted).try_acquire_owned() else {
            let message = format!("busy: {} calls are waiting already, that is the limit", self.waiting);
            return Err(Error::new(ErrorKind::Busy, message).into());
        };
        let Ok(Ok(running)) = timeout(self.patience, Arc::clone(&self.running).acquire_owned()).await else {
            return Err(Failure::Overloaded { waited: self.patience });
        };
        let outcome = spawn_blocking(move || {
            let _held = (admitted, running);
            call()
        });
        match outcome.await {
            Ok(result) => result.map_err(Failure::from),
            Err(panicked) => Err(Error::new(ErrorKind::Internal, "a call panicked").caused_by(panicked).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn lane(running: usize, waiting: usize, patience: Duration) -> Arc<Lane> {
        Arc::new(Lane::new(running, Capacity { reads: 0, writes: 0, waiting, patience }))
    }

    fn hold(lane: &Arc<Lane>) -> (mpsc::Receiver<()>, mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), Failure>>) {
        let ((began, begins), (end, ends)) = (mpsc::channel(), mpsc::channel());
        let lane = Arc::clone(lane);
        let call = async move {
            lane.run(move || {
                began.send(()).unwrap();
                ends.recv().unwrap();
                Ok(())
            })
            .await
        };
        (begins, end, tokio::spawn(call))
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_queue_answers_busy_at_once() {
        let lane = lane(1, 0, Duration::from_mins(1));
        let (begins, end, held) = hold(&lane);
        begins.recv().unwrap();
        let refused = lane.run(|| Ok(())).await;
        assert!(matches!(refused, Err(Failure::Refused(error)) if error.kind() == ErrorKind::Busy));
        end.send(()).unwrap();
        assert!(held.await.unwrap().is_ok());
        assert!(lane.run(|| Ok(())).await.is_ok());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_long_wait_ends_and_gives_its_place_back() {
        let lane = lane(1, 1, Duration::ZERO);
        let (begins, end, held) = hold(&lane);
        begins.recv().unwrap();
        for _ in 0..3 {
            assert!(matches!(lane.run(|| Ok(())).await, Err(Failure::Overloaded { .. })));
        }
        end.send(()).unwrap();
        assert!(held.await.unwrap().is_ok());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_call_that_began_ends_though_nobody_waits() {
        let lane = lane(1, 0, Duration::from_mins(1));
        let (begins, end, held) = hold(&lane);
        begins.recv().unwrap();
        held.abort();
        assert!(held.await.unwrap_err().is_cancelled());
        end.send(()).expect("the call still runs");
    }

    #[tokio::test]
    async fn a_panicking_call_is_our_fault_and_frees_its_place() {
        let lane = lane(1, 0, Duration::from_mins(1));
        let failed = lane.run::<()>(|| panic!("for the test")).await;
        assert!(matches!(failed, Err(Failure::Refused(error)) if error.kind() == ErrorKind::Internal));
        assert!(lane.run(|| Ok(())).await.is_ok());
    }
}
