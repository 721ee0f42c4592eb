//! A backup: every row of a snapshot as a stream of bytes, with a checksum at its end.
//!
//! ```text
//! mnemon-backup 1 format F rows N\n
//! N times: key length (2 bytes, big-endian, never 0) · value length (4) · key · value
//! 0 (2 bytes) · SHA-256 of everything before it (32)
//! ```
//! `F` is the data's own format, so that a release knows before it starts whether it can read it. Keys ascend. The rows
//! are the bytes of the data file, and those of an older format take the steps that such a file takes (`migrate.rs`).
//!
//! Reading never trusts what it reads: lengths are bounded, and nothing is believed before the checksum has agreed.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::checksum;
use super::codec::VALUE_BYTES;
use super::key::{Range, split_row_key};
use super::migrate::{is_progress, lift, newer, newest};
use super::rows::{CacheRow, ChangeRow, FormatRow, Kind};
use super::snapshot::{RowReport, Snapshot, Take};
use super::{SpaceId, failure};
use crate::error::{Error, ErrorKind, Result};

/// The first words of every backup; the number is the version of the stream itself.
const MAGIC: &str = "mnemon-backup";
const VERSION: u32 = 1;
/// Longer than any first line; a file without a line break is not read into memory.
const HEADER_BYTES: usize = 100;
/// Longer than any key.
const KEY_BYTES: usize = 1 << 10;
/// As long as the longest value.
const STORED_BYTES: usize = VALUE_BYTES + checksum::BYTES;

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackupSummary {
    /// Rows.
    pub rows: u64,
    /// Rows that are no records of this release: they are kept as they are, for `check` to name.
    pub damaged: u64,
    /// Bytes of the stream.
    pub bytes: u64,
}

impl Snapshot {
    /// Writes everything as a backup. `progress` is told how many rows are done, of how many.
    ///
    /// # Errors
    /// `Io` when `out` fails; `Damaged` when the data file cannot be read to its end.
    pub fn write_backup(&self, out: impl Write, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
        let FormatRow { version } = self.get(SpaceId::CATALOG, &())?.ok_or_else(|| damaged("it has no format"))?;
        let total = self.row_count()?.saturating_sub(self.rows_about_caches()?);
        let mut out = Hashing::new(out);
        out.put(format!("{MAGIC} {VERSION} format {version} rows {total}\n").as_bytes())?;
        let (mut done, mut broken) = (0, 0);
        self.visit_raw(&mut |key, value| {
            if is_about_a_cache(key) {
                return Ok(());
            }
            broken += u64::from(RowReport::of(key, value).problem.is_some());
            out.row(key, value)?;
            done += 1;
            progress(done, total);
            Ok(())
        })?;
        if done != total {
            return Err(damaged("the data file has another number of rows than it says"));
        }
        let bytes = out.finish()?;
        Ok(BackupSummary { rows: done, damaged: broken, bytes })
    }

    /// Caches are left out of backups, and so is what is said of them.
    fn rows_about_caches(&self) -> Result<u64> {
        let mut rows = 0;
        for space in self.spaces() {
            let space = space?;
            rows += self.scan::<CacheRow>(space, &Range::all())?.count() as u64;
            rows += self.scan::<ChangeRow>(space, &Range::all())?.count() as u64;
        }
        Ok(rows)
    }
}

/// Reads a backup to its end and holds it against its checksum. `progress` is told how many rows are done, of how many.
///
/// # Errors
/// `Damaged` when it is not what was written, `NewerFormat` when a newer release wrote it, `Io` when it cannot be read.
pub fn verify_backup(input: impl Read, progress: &dyn Fn(u64, u64)) -> Result<BackupSummary> {
    read_backup(input, progress, &mut |_, _| Ok(()))
}

/// The same, handing each row on as the newest format has it. What was handed on may be believed only when this has
/// returned.
pub(super) fn read_backup(input: impl Read, progress: &dyn Fn(u64, u64), take: Take<'_>) -> Result<BackupSummary> {
    let mut input = Hashed { input, hash: Sha256::new(), bytes: 0 };
    let (format, total) = header(&mut input)?;
    let (mut rows, mut broken, mut last) = (0, 0, Vec::new());
    let (mut key, mut value) = (Vec::new(), Vec::new());
    while let Some(lengths) = input.lengths()? {
        input.fill(&mut key, lengths.0)?;
        input.fill(&mut value, lengths.1)?;
        if rows > 0 && key <= last {
            return Err(damaged("its rows are not in order"));
        }
        if is_progress(&key) {
            return Err(damaged("it was made within a change of format"));
        }
        lift(format, &key, &mut value)?;
        broken += u64::from(RowReport::of(&key, &value).problem.is_some());
        take(&key, &value)?;
        rows += 1;
        last.clone_from(&key);
        progress(rows, total);
    }
    let bytes = input.end()?;
    if rows != total {
        return Err(damaged(&format!("it says {total} rows and has {rows}")));
    }
    Ok(BackupSummary { rows, damaged: broken, bytes })
}

/// The format and the number of rows that the first line promises.
fn header(input: &mut Hashed<impl Read>) -> Result<(u32, u64)> {
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        if line.len() == HEADER_BYTES {
            return Err(not_a_backup());
        }
        let mut byte = [0];
        input.exact(&mut byte)?;
        line.extend(byte);
        if !MAGIC.as_bytes().starts_with(&line) && !line.starts_with(MAGIC.as_bytes()) {
            return Err(not_a_backup());
        }
    }
    let line = String::from_utf8(line).map_err(|_| not_a_backup())?;
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let number = |text: &str| text.parse::<u64>().map_err(|_| not_a_backup());
    let [MAGIC, version, rest @ ..] = &*words else { return Err(not_a_backup()) };
    if number(version)? != u64::from(VERSION) {
        let message = format!(
            "the backup has version {version}, this release knows {VERSION}: use the release that wrote it, or a newer one"
        );
        return Err(Error::new(ErrorKind::NewerFormat, message));
    }
    let ["format", format, "rows", rows] = rest else { return Err(not_a_backup()) };
    let format = u32::try_from(number(format)?).map_err(|_| not_a_backup())?;
    match format {
        0 => Err(not_a_backup()),
        _ if format > newest() => Err(newer(format, newest()).into()),
        _ => Ok((format, number(rows)?)),
    }
}

fn is_about_a_cache(key: &[u8]) -> bool {
    let kind = split_row_key(key).and_then(|(_, kind, _)| Kind::from_number(kind));
    kind.is_some_and(|kind| !kind.is_counted())
}

/// Writes and hashes.
struct Hashing<W: Write> {
    out: io::BufWriter<W>,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    fn new(out: W) -> Self {
        Self { out: io::BufWriter::with_capacity(256 << 10, out), hash: Sha256::new(), bytes: 0 }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).map_err(cannot_write)
    }

    fn row(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let (Ok(key_bytes), Ok(value_bytes)) = (u16::try_from(key.len()), u32::try_from(value.len())) else {
            return Err(damaged("a row of the data file is longer than rows can be"));
        };
        self.put(&key_bytes.to_be_bytes())?;
        self.put(&value_bytes.to_be_bytes())?;
        self.put(key)?;
        self.put(value)
    }

    fn finish(mut self) -> Result<u64> {
        self.put(&[0, 0])?;
        let sum = self.hash.finalize();
        self.out.write_all(&sum).and_then(|()| self.out.flush()).map_err(cannot_write)?;
        Ok(self.bytes + sum.len() as u64)
    }
}

/// Reads and hashes.
struct Hashed<R> {
    input: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    fn exact(&mut self, into: &mut [u8]) -> Result<()> {
        self.input.read_exact(into).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                damaged(&format!("it ends after {} bytes, in the middle: it was not written to its end", self.bytes))
            }
            _ => Error::new(ErrorKind::Io, format!("the backup cannot be read: {error}")),
        })?;
        self.hash.update(&*into);
        self.bytes += into.len() as u64;
        Ok(())
    }

    fn fill(&mut self, into: &mut Vec<u8>, length: usize) -> Result<()> {
        into.resize(length, 0);
        self.exact(into)
    }

    /// How long the next key and value are; nothing after the last row.
    fn lengths(&mut self) -> Result<Option<(usize, usize)>> {
        let mut key = [0; 2];
        self.exact(&mut key)?;
        let key = usize::from(u16::from_be_bytes(key));
        if key == 0 {
            return Ok(None);
        }
        let mut value = [0; 4];
        self.exact(&mut value)?;
        let value = usize::try_from(u32::from_be_bytes(value)).unwrap_or(usize::MAX);
        if key > KEY_BYTES || value > STORED_BYTES {
            return Err(damaged(&format!("a row at byte {} cannot be as long as it says", self.bytes)));
        }
        Ok(Some((key, value)))
    }

    /// Holds the checksum against what was read; nothing may follow it. Gives the bytes of the whole.
    fn end(mut self) -> Result<u64> {
        let wanted = self.hash.clone().finalize();
        let mut sum = [0; 32];
        self.exact(&mut sum)?;
        if wanted.as_slice() != sum {
            return Err(damaged("its checksum does not agree"));
        }
        let mut more = [0];
        match self.input.read(&mut more) {
            Ok(0) => Ok(self.bytes),
            Ok(_) => Err(damaged("something follows its end")),
            Err(error) => Err(Error::new(ErrorKind::Io, format!("the backup cannot be read: {error}"))),
        }
    }
}

fn cannot_write(error: io::Error) -> Error {
    let kind = if failure::is_full(error.kind()) { ErrorKind::NoSpace } else { ErrorKind::Io };
    Error::new(kind, format!("the backup cannot be written: {error}")).caused_by(error)
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the backup is damaged: {what}"))
}

fn not_a_backup() -> Error {
    Error::new(ErrorKind::Damaged, "this is no backup that `mnemon backup` wrote")
}
