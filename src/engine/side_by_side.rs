//! Two halves of a profile, read on a thread each.

use std::thread;

use crate::error::{Error, ErrorKind, Result};

/// Does one thing on this thread and another on one of that name, and waits for both.
///
/// # Errors
/// Whatever either fails with; `Busy` when no thread can be started.
pub(super) fn side_by_side<A, B: Send>(
    here: impl FnOnce() -> Result<A>,
    (name, there): (&'static str, impl FnOnce() -> Result<B> + Send),
) -> Result<(A, B)> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(name.into()).spawn_scoped(scope, there);
        let there = thread.map_err(|e| Error::new(ErrorKind::Busy, format!("the thread {name} cannot start: {e}")))?;
        let here = here()?;
        let panicked = |_| Error::new(ErrorKind::Internal, format!("the thread {name} panicked"));
        Ok((here, there.join().map_err(panicked)??))
    })
}
