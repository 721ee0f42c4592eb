//! The `mnemon` command: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    return_large_blocks();
    match mnemon::cli::parse() {
        Ok(command) => command.run().into(),
        Err(usage) => usage.print().into(),
    }
}

/// Makes glibc give every freed block of 128 KiB and more back to the system. By default the threshold grows with the
/// largest block ever freed, which for a model's weights is 23 MB, and each thread then keeps tens of MiB for good.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe face to the allocator's settings")]
fn return_large_blocks() {
    // SAFETY: mallopt sets a number in the allocator; no other thread runs yet.
    let _set = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, 128 << 10) };
}
