//! Whether others on this machine can reach the data: told, not forbidden, since only its owner knows what is meant.

use std::path::Path;

/// Warns of a folder or a file of data that is open to more than its owner.
pub(super) fn warn_of_others(dir: &Path, file: &Path) {
    for (path, private) in [(dir, "700"), (file, "600")] {
        if let Some(mode) = wider(path) {
            tracing::warn!(
                "others on this machine can reach `{}` (its mode is {mode:o}): `chmod {private}` it",
                path.display()
            );
        }
    }
}

/// The mode of what more than its owner can reach.
#[cfg(unix)]
fn wider(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs_err::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Elsewhere, permissions are inherited from the folder above.
#[cfg(not(unix))]
fn wider(_: &Path) -> Option<u32> {
    None
}
