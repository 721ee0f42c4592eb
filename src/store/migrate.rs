//! Layouts: a new file gets the newest one, an older one is brought up to it, a newer one is refused.
//!
//! Each step is one transaction together with the version it leads to, so that a crash between steps loses nothing. A
//! step works on bytes: it must not use today's rows, which go on changing. Steps are never removed.

use redb::{Database, ReadableTable, ReadableTableMetadata, Table};

use super::ROWS;
use super::failure::Failure;
use super::key::{SpaceId, row_key};
use super::rows::{FormatRow, Row};
use super::writer::begin;
use crate::error::ErrorKind;

/// The table that a step rewrites.
pub(super) type Rows<'a> = Table<'a, &'static [u8], &'static [u8]>;

/// Brings a layout of one version to the next.
pub(super) type Step = fn(&mut Rows<'_>) -> Result<(), Failure>;

/// `STEPS[n]` leads from version `n + 1` to `n + 2`: the newest version is one more than there are steps.
pub(super) const STEPS: &[Step] = &[];

/// Leaves the database in the newest version that `steps` lead to, its table there.
pub(super) fn migrate(database: &Database, steps: &[Step]) -> Result<(), Failure> {
    let newest = newest_of(steps);
    let mut version = match stored_version(database)? {
        None => return initialise(database, newest),
        Some(version) if version > newest => return Err(newer(version, newest)),
        Some(version) => version,
    };
    let done = usize::try_from(version.saturating_sub(1)).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        let transaction = begin(database)?;
        let mut rows = transaction.open_table(ROWS)?;
        step(&mut rows)?;
        version = version.saturating_add(1);
        put_version(&mut rows, version)?;
        drop(rows);
        transaction.commit()?;
        tracing::info!(version, "migrated the data to a newer layout");
    }
    Ok(())
}

/// The newest version that this release knows.
pub(super) fn newest() -> u32 {
    newest_of(STEPS)
}

fn newest_of(steps: &[Step]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// The version of the layout; nothing when the database is new.
fn stored_version(database: &Database) -> Result<Option<u32>, Failure> {
    // A write transaction, since a table cannot be opened for reading before it was made; nothing is committed.
    let transaction = database.begin_write()?;
    let others = transaction.list_tables()?.any(|table| redb::TableHandle::name(&table) != "rows");
    let rows = transaction.open_table(ROWS)?;
    let key = row_key(SpaceId::CATALOG, FormatRow::KIND, &());
    let format = rows.get(key.as_slice())?.map(|value| FormatRow::decode(value.value()));
    match format {
        Some(Ok(FormatRow { version })) if version > 0 => Ok(Some(version)),
        Some(Ok(_)) => Err(not_ours("its format version is 0")),
        Some(Err(error)) => Err(not_ours(&format!("its format version is damaged: {error}"))),
        None if others || !rows.is_empty()? => Err(not_ours("it has no format version")),
        None => Ok(None),
    }
}

fn initialise(database: &Database, version: u32) -> Result<(), Failure> {
    let transaction = begin(database)?;
    let mut rows = transaction.open_table(ROWS)?;
    put_version(&mut rows, version)?;
    drop(rows);
    Ok(transaction.commit()?)
}

fn put_version(rows: &mut Rows<'_>, version: u32) -> Result<(), Failure> {
    let value = FormatRow { version }.encode().map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))?;
    rows.insert(row_key(SpaceId::CATALOG, FormatRow::KIND, &()).as_slice(), value.as_slice())?;
    Ok(())
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
