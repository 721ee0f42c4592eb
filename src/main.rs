//! The `mnemon` command: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    settle_allocator();
    match mnemon::cli::parse() {
        Ok(command) => command.run().into(),
        Err(usage) => usage.print().into(),
    }
}

/// Makes glibc give every freed block of 128 KiB and more back to the system, and share two arenas a core among threads. By default the
/// threshold grows with the largest block ever freed, which for a model's weights is 23 MB, and each thread then keeps tens of MiB for
/// good. Eight arenas a core hold 6 to 8 MiB more under load and calls are no quicker; with one for all, reads take half as long again.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe face to the allocator's settings")]
fn settle_allocator() {
    let arenas = std::thread::available_parallelism().map_or(2, |cores| 2 * cores.get());
    // SAFETY: mallopt sets a number in the allocator; no other thread runs yet.
    unsafe {
        let _set = libc::mallopt(libc::M_MMAP_THRESHOLD, 128 << 10);
        let _set = libc::mallopt(libc::M_ARENA_MAX, arenas.try_into().unwrap_or(i32::MAX));
    }
}
