//! Layouts: a new file gets the newest one, an older one is brought up to it, a newer one is refused.
//!
//! A step sees a row at a time, and works on bytes: it must not use today's rows, which go on changing. Steps are never
//! removed. Some rows are one transaction together with how far they are, so that a step needs little memory and room, and
//! one that was cut off goes on where it was. The version of the layout is the new one from the first transaction on, so
//! that no older release reads a file half of which it would not understand.

use std::ops::Bound;

use redb::{Database, ReadableTable, ReadableTableMetadata};

use super::ROWS;
use super::checksum;
use super::failure::Failure;
use super::key::{SpaceId, row_key};
use super::rows::{self, FormatRow, Kind, MigratingRow, Row};
use super::writer::begin;
use crate::error::ErrorKind;

/// The value of a row in the next version; nothing when it stays as it is. Sees every row but the layout's own two.
pub(super) type Step = fn(&[u8], &[u8]) -> Result<Option<Vec<u8>>, Failure>;

/// `steps[n]` leads from version `n + 1` to `n + 2`: the newest version is one more than there are steps.
#[derive(Clone, Copy)]
pub(super) struct Layouts<'a> {
    pub(super) steps: &'a [Step],
    /// Bytes of rows in one transaction.
    pub(super) bytes_at_once: usize,
}

/// What this release knows.
pub(super) const LAYOUTS: Layouts<'static> = Layouts { steps: &[add_checksum], bytes_at_once: 8 << 20 };

/// 2: every record but the format's is followed by a checksum.
#[expect(clippy::unnecessary_wraps, reason = "what a step answers: another may meet a row that it cannot change")]
fn add_checksum(key: &[u8], record: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    Ok(Some(checksum::seal(key, record.to_vec())))
}

/// Leaves the database in the newest version that there is, its table there.
pub(super) fn migrate(database: &mut Database, layouts: Layouts<'_>) -> Result<(), Failure> {
    let newest = layouts.newest();
    let (mut version, mut last) = match stored(database)? {
        None => return initialise(database, newest),
        Some(found) if found.version > newest => return Err(newer(found.version, newest)),
        Some(Found { version, last }) => (version, last),
    };
    if version == newest && last.is_none() {
        return Ok(());
    }
    // A step may vouch for what it reads from then on: only for what was written.
    database.check_integrity()?;
    tracing::info!(
        from = version,
        to = newest,
        "changing the layout of the data; killed, it goes on at the next start"
    );
    while version < newest || last.is_some() {
        if last.is_none() {
            version += 1;
        }
        last = layouts.some_rows(database, version, last.as_deref())?;
    }
    tracing::info!(version, "the data has its new layout");
    Ok(())
}

/// The newest version that this release knows.
pub(super) fn newest() -> u32 {
    LAYOUTS.newest()
}

/// The version of a layout whose own record is lost, by whether checksums were found that agree: there are two.
pub(super) fn version_by_checksums(agree: bool) -> u32 {
    if agree { newest() } else { 1 }
}

/// Whether it is the key of the record of how far a change of layout is.
pub(super) fn is_progress(key: &[u8]) -> bool {
    key == own_key(Kind::Migrating)
}

/// Makes a row of an older layout one of the newest.
pub(super) fn lift(from: u32, key: &[u8], value: &mut Vec<u8>) -> Result<(), Failure> {
    if key == own_key(Kind::Format) {
        *value = format(newest())?.1;
        return Ok(());
    }
    for step in LAYOUTS.steps.iter().skip(done(from)) {
        if let Some(new) = step(key, value)? {
            *value = new;
        }
    }
    Ok(())
}

impl Layouts<'_> {
    fn newest(self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Brings the rows after `last` to that version, as many as go into one transaction; the last of them when there are
    /// more.
    fn some_rows(self, database: &Database, version: u32, last: Option<&[u8]>) -> Result<Option<Vec<u8>>, Failure> {
        let step = self.steps.get(done(version).saturating_sub(1));
        let transaction = begin(database)?;
        let mut rows = transaction.open_table(ROWS)?;
        let (mut bytes, mut changed, mut more) = (0, Vec::new(), None);
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        let mut last = None;
        for row in rows.range::<&[u8]>((from, Bound::Unbounded))? {
            let (key, value) = row?;
            let (key, value) = (key.value(), value.value());
            if [Kind::Format, Kind::Migrating].map(own_key).iter().any(|own| own == key) {
                continue;
            }
            if bytes >= self.bytes_at_once {
                more = last.take();
                break;
            }
            bytes += key.len() + value.len();
            last = Some(key.to_vec());
            if let Some(new) = step.map(|step| step(key, value)).transpose()?.flatten() {
                changed.push((key.to_vec(), new));
            }
        }
        let (key, value) = format(version)?;
        changed.push((key, value));
        for (key, value) in &changed {
            rows.insert(key.as_slice(), value.as_slice())?;
        }
        match &more {
            Some(last) => {
                let (key, value) = own(&MigratingRow { last: last.clone() })?;
                rows.insert(key.as_slice(), value.as_slice())?;
            }
            None => drop(rows.remove(own_key(Kind::Migrating).as_slice())?),
        }
        drop(rows);
        transaction.commit()?;
        Ok(more)
    }
}

/// The steps that led to a version.
fn done(version: u32) -> usize {
    usize::try_from(version.saturating_sub(1)).unwrap_or(usize::MAX)
}

/// The layout of a database.
struct Found {
    version: u32,
    /// While the change to it is not finished, the last row that is changed.
    last: Option<Vec<u8>>,
}

/// The layout that is there; nothing when the database is new.
fn stored(database: &Database) -> Result<Option<Found>, Failure> {
    // A write transaction, since a table cannot be opened for reading before it was made; nothing is committed.
    let transaction = database.begin_write()?;
    let others = transaction.list_tables()?.any(|table| redb::TableHandle::name(&table) != "rows");
    let rows = transaction.open_table(ROWS)?;
    let format = rows.get(own_key(Kind::Format).as_slice())?.map(|value| FormatRow::decode(value.value()));
    let version = match format {
        Some(Ok(FormatRow { version })) if version > 0 => version,
        Some(Ok(_)) => return Err(not_ours("its format version is 0")),
        Some(Err(error)) => return Err(not_ours(&format!("its format version is damaged: {error}"))),
        None if others || !rows.is_empty()? => return Err(not_ours("it has no format version")),
        None => return Ok(None),
    };
    let key = own_key(Kind::Migrating);
    let progress = rows.get(key.as_slice())?.map(|value| rows::read(&key, &(), value.value())).transpose();
    match progress {
        Ok(progress) => Ok(Some(Found { version, last: progress.map(|MigratingRow { last }| last) })),
        Err(_) => Err(Failure::new(
            ErrorKind::Damaged,
            format!(
                "the data's change to format {version} was cut off, and how far it is cannot be read: restore a backup"
            ),
        )),
    }
}

fn initialise(database: &Database, version: u32) -> Result<(), Failure> {
    let transaction = begin(database)?;
    let mut rows = transaction.open_table(ROWS)?;
    let (key, value) = format(version)?;
    rows.insert(key.as_slice(), value.as_slice())?;
    drop(rows);
    Ok(transaction.commit()?)
}

fn format(version: u32) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    own(&FormatRow { version })
}

/// A row of the layout's own, as it is stored.
fn own<R: Row<Key = ()>>(row: &R) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    rows::stored(SpaceId::CATALOG, &(), row).map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))
}

fn own_key(kind: Kind) -> Vec<u8> {
    row_key(SpaceId::CATALOG, kind, &())
}

/// The refusal of a version beyond the newest one.
pub(super) fn newer(version: u32, newest: u32) -> Failure {
    let message = format!(
        "the data has format version {version}, this release knows versions up to {newest}: use the release that wrote it, or a newer one"
    );
    Failure::new(ErrorKind::NewerFormat, message)
}

fn not_ours(reason: &str) -> Failure {
    Failure::new(ErrorKind::Damaged, format!("the data file is not one of Mnemon's, or it is damaged: {reason}"))
}
