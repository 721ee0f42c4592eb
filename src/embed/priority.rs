//! Which thread goes first when there are more than cores.

/// How much less than others a thread gets that stands back: about a tenth of a core that somebody else wants.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lets the calling thread, which embeds in bulk and then ends, go behind all others of the process: somebody waits for
/// their answers. It cannot come forward again, so it must not be lent by a pool. Does nothing where priorities belong to
/// whole processes.
pub(crate) fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "embedding in bulk cannot stand back");
    }
}
