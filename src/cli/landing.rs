//! A file that is there when it is whole, and not before: written under another name, synced, read back, renamed.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::failure::{Exit, Failure};

/// What the unfinished file of a folder is called. Killed half-way, it stays; the next run takes it over.
const ENDING: &str = ".part";

/// A file on its way.
pub(crate) struct Landing {
    file: fs_err::File,
    part: PathBuf,
    target: PathBuf,
    landed: bool,
}

impl Landing {
    /// On the way to `target`, under the name `part` and an ending of its own; readable by its owner only.
    ///
    /// # Errors
    /// When `target` is there and may not be replaced, when another process writes there, or when the folder is not.
    pub(crate) fn towards(target: &Path, part: &Path, replace: bool) -> Result<Self, Failure> {
        if target.exists() && !replace {
            let message = format!("`{}` is there already", target.display());
            return Err(Failure::said("exists", Exit::Failed, message).hint("name another file, or add `--replace`"));
        }
        let part = PathBuf::from(format!("{}{ENDING}", part.display()));
        let mut options = fs_err::OpenOptions::new();
        options.read(true).write(true).create(true);
        #[cfg(unix)]
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part)?;
        if file.file().try_lock().is_err() {
            let message = format!("another process is writing `{}`", part.display());
            return Err(Failure::said("in_use", Exit::Failed, message));
        }
        file.set_len(0)?;
        Ok(Self { file, part, target: target.to_owned(), landed: false })
    }

    /// Syncs what was written, reads it back with `verify`, and gives it its name.
    pub(crate) fn land<T>(mut self, verify: impl FnOnce(&mut dyn Read) -> Result<T, Failure>) -> Result<T, Failure> {
        self.file.sync_all()?;
        let mut written = io::BufReader::with_capacity(256 << 10, fs_err::File::open(&self.part)?);
        let verified = verify(&mut written)?;
        fs_err::rename(&self.part, &self.target)?;
        self.landed = true;
        sync_folder_of(&self.target)?;
        Ok(verified)
    }
}

impl Write for Landing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Takes a file away that did not land.
impl Drop for Landing {
    fn drop(&mut self) {
        if !self.landed {
            let _gone = fs_err::remove_file(&self.part);
        }
    }
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { fs_err::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Reads, and writes what it has read: what comes in is verified while it is written.
pub(crate) struct Tee<R, W> {
    pub(crate) input: R,
    pub(crate) copy: W,
}

impl<R: Read, W: Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.copy.write_all(buffer.get(..n).unwrap_or_default())?;
        Ok(n)
    }
}
