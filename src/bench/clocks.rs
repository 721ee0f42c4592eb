//! Two clocks: how long something took, and how long this thread worked on it. On a busy machine the second is the one to trust.

use std::time::{Duration, Instant};

use super::latency::Recorder;
use super::report::Worked;
use crate::error::Result;

/// A moment on both clocks.
#[derive(Clone, Copy)]
pub(super) struct Lap {
    wall: Instant,
    /// None where the system does not say.
    worked: Option<Duration>,
}

/// Time on both clocks.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub(super) wall: Duration,
    pub(super) worked: Option<Duration>,
}

impl Lap {
    pub(super) fn now() -> Self {
        Self { wall: Instant::now(), worked: worked() }
    }

    /// The time from `earlier` to this.
    pub(super) fn since(self, earlier: Self) -> Spent {
        let worked = self.worked.zip(earlier.worked).map(|(now, then)| now.saturating_sub(then));
        Spent { wall: self.wall.saturating_duration_since(earlier.wall), worked }
    }
}

impl Spent {
    pub(super) fn add(&mut self, other: Self) {
        self.wall += other.wall;
        self.worked = other.worked.map(|worked| worked + self.worked.unwrap_or_default());
    }
}

/// What this thread has worked so far.
fn worked() -> Option<Duration> {
    #[cfg(unix)]
    let worked = {
        let at = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Some(Duration::new(u64::try_from(at.tv_sec).ok()?, u32::try_from(at.tv_nsec).ok()?))
    };
    #[cfg(not(unix))]
    let worked = None;
    worked
}

/// Counts times on both clocks.
pub(super) struct Both {
    wall: Recorder,
    worked: Recorder,
}

impl Both {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { wall: Recorder::new()?, worked: Recorder::new()? })
    }

    pub(super) fn add(&mut self, spent: Spent) {
        self.wall.add(spent.wall);
        spent.worked.into_iter().for_each(|time| self.worked.add(time));
    }

    pub(super) fn worked(&self) -> Worked {
        Worked { took: self.wall.latency(), worked: self.worked.latency() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_waits_does_not_work() {
        let began = Lap::now();
        std::thread::park_timeout(Duration::from_millis(20));
        let waited = Lap::now().since(began);
        let began = Lap::now();
        while Lap::now().since(began).wall < Duration::from_millis(20) {}
        let busy = Lap::now().since(began);
        let Some((idle, worked)) = waited.worked.zip(busy.worked) else { return };
        assert!(idle < worked && worked <= busy.wall + Duration::from_millis(1), "{idle:?} {worked:?} {:?}", busy.wall);
    }
}
