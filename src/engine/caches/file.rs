//! One cache as a file.
//!
//! ```text
//! mnemon-cache · format (4) · stamp (32) · model (32) · space (8) · sequence (8)
//! for each of the six parts: bytes (8) · SHA-256 (32)
//! the parts
//! ```
//! Numbers are little-endian. The hash of the head, which has the hashes of all parts, is what a row of the data names; the file's
//! own name has the first half of it. Without that row a file means nothing, so one that was cut short is never looked at.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};
use crate::index::{Part, ProfileIndex};
use crate::model::{Malformed, Packer, Unpacker, hex};
use crate::store::SpaceId;

const MAGIC: &[u8; 12] = b"mnemon-cache";
/// Of the head. The parts are told apart by the stamp, which is of what this release makes of a sample.
const FORMAT: u32 = 1;
const PARTS: usize = Part::ALL.len();
const HEAD_BYTES: usize = MAGIC.len() + 4 + 32 + 32 + 8 + 8 + PARTS * (8 + 32);
const ENDING: &str = "cache";
/// What a file is called until it is whole.
const UNFINISHED: &str = "part";

type Hash = [u8; 32];

/// What a cache is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// What this release makes of a sample.
    pub(super) stamp: Hash,
    pub(super) model: Hash,
    pub(super) space: SpaceId,
    pub(super) sequence: u64,
}

/// The hash that a row names, as a type of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeadHash(pub(super) Hash);

/// A file's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) space: SpaceId,
    /// Nothing of one that was not finished.
    hash: Option<String>,
}

impl Name {
    pub(super) fn of(space: SpaceId, head: HeadHash) -> Self {
        let half = head.0.split_at(16).0;
        Self { space, hash: Some(hex(half)) }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        let (stem, ending) = name.rsplit_once('.')?;
        let (space, hash) = match (stem.split_once('-'), ending) {
            (Some((space, hash)), ENDING) => (space, Some(hash.to_owned())),
            (None, UNFINISHED) => (stem, None),
            _ => return None,
        };
        Some(Self { space: SpaceId::from_number(space.parse().ok()?), hash })
    }

    pub(super) fn is_unfinished(&self) -> bool {
        self.hash.is_none()
    }

    pub(super) fn path(&self, folder: &Path) -> PathBuf {
        let space = self.space;
        folder.join(match &self.hash {
            Some(hash) => format!("{space}-{hash}.{ENDING}"),
            None => format!("{space}.{UNFINISHED}"),
        })
    }
}

/// A file whose parts are written and that nobody knows of yet.
pub(super) struct Draft {
    path: PathBuf,
    file: fs_err::File,
    head: [u8; HEAD_BYTES],
    space: SpaceId,
}

impl Draft {
    /// Writes an index down. `go_on` is asked now and then, and stops it.
    pub(super) fn write(
        folder: &Path,
        subject: &Subject,
        index: &ProfileIndex,
        go_on: &dyn Fn() -> bool,
    ) -> io::Result<Self> {
        let path = Name { space: subject.space, hash: None }.path(folder);
        let file = create(&path)?;
        let mut draft = Self { path, file, head: [0; HEAD_BYTES], space: subject.space };
        draft.file.write_all(&draft.head)?;
        let mut parts = [(0, [0; 32]); PARTS];
        for (part, known) in Part::ALL.into_iter().zip(&mut parts) {
            *known = draft.part(index, part, go_on)?;
        }
        draft.head = head(subject, &parts);
        draft.file.seek(SeekFrom::Start(0))?;
        draft.file.write_all(&draft.head)?;
        Ok(draft)
    }

    fn part(&mut self, index: &ProfileIndex, part: Part, go_on: &dyn Fn() -> bool) -> io::Result<(u64, Hash)> {
        let (mut hash, mut bytes, mut written) = (Sha256::new(), 0, Ok(()));
        let mut take = |some: &[u8]| {
            if written.is_ok() {
                hash.update(some);
                bytes += some.len() as u64;
                written = if go_on() { self.file.write_all(some) } else { Err(io::ErrorKind::Interrupted.into()) };
            }
        };
        index.pack(part, &mut Packer::new(&mut take));
        written.map(|()| (bytes, hash.finalize().into()))
    }

    /// Makes it durable and gives it its name. Gives the hash to name it by, and its bytes.
    pub(super) fn keep(self) -> io::Result<(HeadHash, u64)> {
        self.file.sync_all()?;
        let bytes = self.file.metadata()?.len();
        let hash = HeadHash(Sha256::digest(self.head).into());
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs_err::rename(&self.path, Name::of(self.space, hash).path(folder))?;
        if cfg!(unix) {
            fs_err::File::open(folder)?.sync_all()?;
        }
        Ok((hash, bytes))
    }
}

fn head(subject: &Subject, parts: &[(u64, Hash); PARTS]) -> [u8; HEAD_BYTES] {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(&FORMAT.to_le_bytes());
    head.extend_from_slice(&subject.stamp);
    head.extend_from_slice(&subject.model);
    head.extend_from_slice(&subject.space.number().to_le_bytes());
    head.extend_from_slice(&subject.sequence.to_le_bytes());
    for (bytes, hash) in parts {
        head.extend_from_slice(&bytes.to_le_bytes());
        head.extend_from_slice(hash);
    }
    head.try_into().unwrap_or([0; HEAD_BYTES])
}

/// A new file for its owner's eyes only, in a folder that is made when it is missing.
fn create(path: &Path) -> io::Result<fs_err::File> {
    let mut folder = std::fs::DirBuilder::new();
    let mut file = fs_err::OpenOptions::new();
    file.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    if let Some(parent) = path.parent() {
        folder.recursive(true).create(parent)?;
    }
    file.open(path)
}

/// What became of opening a file.
pub(super) enum Opened {
    Gone,
    /// Why it is not to be believed though it is what was written.
    Outdated(&'static str),
    Whole(Box<CacheFile>),
}

/// A file that is the one that was asked for, as far as its head says.
pub(super) struct CacheFile {
    file: fs_err::File,
    parts: [(u64, Hash); PARTS],
}

impl CacheFile {
    /// The file of that hash.
    ///
    /// # Errors
    /// `Damaged` when it is another than the data names; `Io`.
    pub(super) fn open(folder: &Path, subject: &Subject, hash: HeadHash) -> Result<Opened> {
        let path = Name::of(subject.space, hash).path(folder);
        let mut file = match fs_err::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Opened::Gone),
            Err(error) => return Err(io_error(&error)),
        };
        let mut head = [0; HEAD_BYTES];
        file.read_exact(&mut head).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Malformed("it ends early").into(),
            _ => io_error(&error),
        })?;
        if <Hash>::from(Sha256::digest(head)) != hash.0 {
            return Err(Malformed("its head is not what was written").into());
        }
        let (said, parts) = read_head(&head)?;
        if said.stamp != subject.stamp {
            return Ok(Opened::Outdated("another release wrote it"));
        }
        if said != *subject {
            return Ok(Opened::Outdated("it is of another model or of other data"));
        }
        let length = file.metadata().map_err(|error| io_error(&error))?.len();
        let said = parts.iter().try_fold(HEAD_BYTES as u64, |sum, (bytes, _)| sum.checked_add(*bytes));
        if said == Some(length) {
            Ok(Opened::Whole(Box::new(Self { file, parts })))
        } else {
            Err(Malformed("it has another length").into())
        }
    }

    /// The bytes of a part, which are what was written.
    pub(super) fn part(&mut self, part: Part) -> Result<Vec<u8>> {
        let at = Part::ALL.iter().position(|other| *other == part).unwrap_or_default();
        let before: u64 = self.parts.iter().take(at).map(|(bytes, _)| bytes).sum();
        let (length, hash) = self.parts.get(at).copied().unwrap_or_default();
        // The lengths of all parts were held against the file's.
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let start = self.file.seek(SeekFrom::Start(HEAD_BYTES as u64 + before));
        let read = start.and_then(|_| (&mut self.file).take(length).read_to_end(&mut bytes));
        read.map_err(|error| io_error(&error))?;
        if <Hash>::from(Sha256::digest(&bytes)) == hash {
            Ok(bytes)
        } else {
            Err(Malformed("a part of it is not what was written").into())
        }
    }
}

fn read_head(head: &[u8; HEAD_BYTES]) -> Result<(Subject, [(u64, Hash); PARTS]), Malformed> {
    let mut from = Unpacker::new(head);
    if from.array::<12>()? != *MAGIC || from.u32()? != FORMAT {
        return Err(Malformed("it is no cache of this release"));
    }
    let (stamp, model) = (from.array()?, from.array()?);
    let space = SpaceId::from_number(u64::from_le_bytes(from.array()?));
    let sequence = u64::from_le_bytes(from.array()?);
    let mut parts = [(0, [0; 32]); PARTS];
    for part in &mut parts {
        *part = (u64::from_le_bytes(from.array()?), from.array()?);
    }
    from.end()?;
    Ok((Subject { stamp, model, space, sequence }, parts))
}

fn io_error(error: &io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string())
}
