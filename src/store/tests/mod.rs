//! What the store promises, held against it through its face.

mod archive;
mod damage;
mod faults;
mod golden;
mod layout;
mod promises;
mod ranges;

use super::rows::{MessageRow, SessionNameRow, SessionRow};
use super::{Batch, ROWS, Range, Snapshot, SpaceId, Store};
use crate::ErrorKind;
use crate::model::{Message, MessageId, Moment, Place, Role, SessionId, Timestamp};

fn session_name(text: &str) -> SessionId {
    SessionId::parse(text).unwrap()
}

fn message(content: &str) -> MessageRow {
    let session = session_name("s");
    let id = MessageId::of(&session, Role::User, content);
    let at = Moment::utc(Timestamp::from_millis(1_750_000_000_000));
    Message { id, session, role: Role::User, content: content.to_owned(), at }.into()
}

/// Puts bytes in the file of a store that is not open.
fn put_raw(dir: &tempfile::TempDir, key: &[u8], value: &[u8]) {
    let database = redb::Database::open(dir.path().join("mnemon.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(ROWS).unwrap().insert(key, value).unwrap();
    transaction.commit().unwrap();
}

fn place(session: u32, position: u32) -> Place {
    Place { session, position }
}

fn put_message(space: SpaceId, at: Place, content: &str) -> Batch {
    let mut batch = Batch::new();
    batch.put(space, &at, &message(content));
    batch
}

/// What is said in a range, in the order of the scan.
fn contents(snapshot: &Snapshot, space: SpaceId, range: &Range<Place>) -> Vec<String> {
    snapshot.scan::<MessageRow>(space, range).unwrap().map(|row| row.unwrap().1.content).collect()
}

fn kind_of<T: std::fmt::Debug>(result: crate::Result<T>) -> ErrorKind {
    result.unwrap_err().kind()
}
