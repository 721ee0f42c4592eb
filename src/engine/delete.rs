//! Deletes within a profile: what is deleted is gone from every read at once.

use super::edit::{Edit, memory_not_found};
use super::rows::ProfileRows;
use super::{Engine, ProfileAddress};
use crate::error::Result;
use crate::model::{Memory, MemoryId, MessageId, SessionId};
use crate::store::rows::{SessionNameKey, SessionNameRow, SessionRow};

impl Engine {
    /// Deletes a memory and its source messages; gives the memory as it was. What it had superseded stays history.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`, `MemoryNotFound`.
    pub fn delete_memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory> {
        self.edit(at, |rows, edit| {
            let memory = rows.memory(id)?.ok_or_else(memory_not_found)?;
            for source in &memory.sources {
                edit.delete_message(*source)?;
            }
            edit.delete_memory(id);
            Ok(memory)
        })
    }

    /// Deletes a session's messages and what was remembered of it alone. A memory that was said in another session too
    /// stays with that one. No such session is no error.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn delete_session(&self, at: &ProfileAddress, name: &SessionId) -> Result<()> {
        self.edit(at, |rows, edit| {
            let gone = delete_messages(&rows, edit, name)?;
            for memory in rows.memories()? {
                detach(&rows, edit, &memory?, name, &gone)?;
            }
            Ok(())
        })
    }
}

/// Deletes a session's messages; gives their ids, sorted.
fn delete_messages(rows: &ProfileRows<'_>, edit: &mut Edit<'_>, name: &SessionId) -> Result<Vec<MessageId>> {
    let mut gone = Vec::new();
    let Some(session) = rows.session(name)? else { return Ok(gone) };
    for message in rows.messages(&session)? {
        gone.push(message?.1.id);
    }
    for id in &gone {
        edit.delete_message(*id)?;
    }
    edit.batch().delete::<SessionNameRow>(rows.space, &SessionNameKey::of(name));
    edit.batch().delete::<SessionRow>(rows.space, &session.number);
    gone.sort_unstable();
    Ok(gone)
}

/// Takes a deleted session out of a memory; a memory that has nothing else to stand on goes too.
fn detach(
    rows: &ProfileRows<'_>,
    edit: &mut Edit<'_>,
    memory: &Memory,
    session: &SessionId,
    gone: &[MessageId],
) -> Result<()> {
    let (cut, left): (Vec<MessageId>, Vec<MessageId>) =
        memory.sources.iter().partition(|source| gone.binary_search(source).is_ok());
    let was_last_said_here = memory.session.as_ref() == Some(session);
    if left.is_empty() && (was_last_said_here || !cut.is_empty()) {
        edit.delete_memory(memory.id);
    } else if was_last_said_here || !cut.is_empty() {
        let home = left.last().map(|last| session_of(rows, *last)).transpose()?.flatten();
        let memory = edit.memory(memory.id)?;
        memory.sources = left;
        if was_last_said_here {
            memory.session = home;
        }
    }
    Ok(())
}

fn session_of(rows: &ProfileRows<'_>, message: MessageId) -> Result<Option<SessionId>> {
    let Some(place) = rows.place(message)? else { return Ok(None) };
    Ok(rows.message(place)?.map(|message| message.session))
}
