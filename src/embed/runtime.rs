//! The one ONNX Runtime of the process: taken from the binary, loaded once, silent, without telemetry.
//!
//! Nothing else may call ort before [`environment`]: it would look for a library of its own, and panic without one.

use std::io;
use std::path::{Path, PathBuf};

use ort::environment::Environment;
use parking_lot::Mutex;

use super::builtin;
use super::error::EmbedError;
use super::section;

/// The runtime's environment, loading the runtime first when that was not done yet. A failure is not remembered.
pub(super) fn environment() -> Result<Environment, EmbedError> {
    // Never dropped: sessions may outlive whoever opened the first one, and a process has only one environment.
    static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);
    let mut environment = ENVIRONMENT.lock();
    if let Some(environment) = &*environment {
        return Ok(environment.clone());
    }
    let library = LibraryFile::of(builtin::assets()?.runtime).map_err(EmbedError::RuntimeFile)?;
    let builder = ort::init_from(library.path()).map_err(|error| load_error(loader_complaint(&error)))?;
    let started = builder.with_name("mnemon").with_telemetry(false).build().map_err(EmbedError::RuntimeStart)?;
    Ok(environment.insert(started).clone())
}

/// What the system's loader says, which the error keeps as its own error's source.
fn loader_complaint(error: &ort::LoadDynamicError) -> String {
    let loader = match error {
        ort::LoadDynamicError::Dlopen { error, .. } => std::error::Error::source(error),
        _ => None,
    };
    loader.map_or_else(|| error.to_string(), ToString::to_string)
}

fn load_error(reason: String) -> EmbedError {
    let advice = if reason.contains("libstdc++") {
        "it needs the GNU C++ library: install libstdc++6 on Debian and Ubuntu, libstdc++ on Fedora and its kin"
    } else if reason.contains("GLIBC_") || reason.contains("musl") || reason.contains("ld-linux") {
        "it needs the GNU C library, version 2.28 or newer"
    } else {
        "the system's loader refused it"
    };
    EmbedError::RuntimeLoad { reason, advice }
}

/// The library's bytes under a path that the system's loader can open, for as long as this value lives.
enum LibraryFile {
    #[cfg(target_os = "linux")]
    Memory {
        path: PathBuf,
        _file: fs_err::File,
    },
    Disk {
        folder: PathBuf,
        path: PathBuf,
    },
}

impl LibraryFile {
    fn of(bytes: &'static [u8]) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Ok(file) = Self::in_memory(bytes) {
            return Ok(file);
        }
        Self::on_disk(bytes)
    }

    /// A file without a name: nothing to clean up, nobody else can write to it. Needs /proc.
    #[cfg(target_os = "linux")]
    fn in_memory(bytes: &'static [u8]) -> io::Result<Self> {
        use std::os::fd::AsRawFd;

        let descriptor = rustix::fs::memfd_create("libonnxruntime", rustix::fs::MemfdFlags::CLOEXEC)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", descriptor.as_raw_fd()));
        let mut file = fs_err::File::from_parts(descriptor.into(), &path);
        io::copy(&mut section::reader(bytes), &mut file)?;
        fs_err::metadata(&path)?;
        Ok(Self::Memory { path, _file: file })
    }

    /// A file in a new folder that only this user can enter.
    fn on_disk(bytes: &'static [u8]) -> io::Result<Self> {
        let folder = private_folder()?;
        let path = folder.join(format!("libonnxruntime{}", std::env::consts::DLL_SUFFIX));
        let file = Self::Disk { path, folder };
        io::copy(&mut section::reader(bytes), &mut fs_err::File::create(file.path())?)?;
        Ok(file)
    }

    fn path(&self) -> &Path {
        match self {
            #[cfg(target_os = "linux")]
            Self::Memory { path, .. } => path,
            Self::Disk { path, .. } => path,
        }
    }
}

impl Drop for LibraryFile {
    /// A loaded library stays loaded without its file.
    fn drop(&mut self) {
        if let Self::Disk { folder, .. } = self {
            let _ = fs_err::remove_dir_all(folder);
        }
    }
}

/// A folder that did not exist before: making it fails when somebody else was there first.
fn private_folder() -> io::Result<PathBuf> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let base = std::env::temp_dir();
    let process = std::process::id();
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..100 {
        let folder = base.join(format!("mnemon-{process}-{attempt}"));
        match builder.create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_on_disk_is_private_and_leaves_nothing() {
        let file = LibraryFile::on_disk(b"not a library").unwrap();
        let folder = file.path().parent().unwrap().to_owned();
        assert_eq!(fs_err::read(file.path()).unwrap(), b"not a library");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs_err::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
        drop(file);
        assert!(!folder.exists());
    }

    #[test]
    fn loader_complaints_become_advice() {
        let cases = [
            ("libstdc++.so.6: cannot open shared object file: No such file or directory", "GNU C++ library"),
            ("/lib/libc.so.6: version `GLIBC_2.28' not found", "2.28"),
            ("invalid ELF header", "refused"),
        ];
        for (complaint, advice) in cases {
            let error = load_error(complaint.to_owned()).to_string();
            assert!(error.contains(advice), "{error}");
        }
    }
}
