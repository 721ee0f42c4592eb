//! Ingest and remember: who writes, and again when the profile was created or deleted under their hands.

use super::edit::Edit;
use super::rows::ProfileRows;
use super::writer::{Home, Writer};
use super::{Engine, IngestReport, ProfileAddress};
use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::MESSAGES_PER_INGEST;
use crate::model::{Memory, NewMessage, SessionId, check_content};

/// How often a write is tried.
const ATTEMPTS: usize = 4;

impl Engine {
    /// Keeps a conversation and makes memories of what matters in it. Creates the profile. Without a session, one is
    /// derived from the first message: see [`derived_session`].
    ///
    /// # Errors
    /// `NamespaceNotFound`; `InvalidInput` for none or too many messages.
    pub fn ingest(
        &self,
        at: &ProfileAddress,
        session: Option<&SessionId>,
        messages: &[NewMessage],
    ) -> Result<IngestReport> {
        let Some(first) = messages.first() else {
            return Err(Error::invalid(
                "/messages",
                format!("there are 0 messages, one ingest takes 1 to {MESSAGES_PER_INGEST}"),
            ));
        };
        if messages.len() > MESSAGES_PER_INGEST {
            let message = format!("there are {} messages, one ingest takes 1 to {MESSAGES_PER_INGEST}", messages.len());
            return Err(Error::invalid("/messages", message));
        }
        let session = session.cloned().unwrap_or_else(|| derived_session(first));
        self.write(at, Home::find_or_new, |writer| writer.ingest(&session, messages))
    }

    /// Keeps one statement as a memory, as it is. Creates the profile. The same content in the same session gives the
    /// memory that is there.
    ///
    /// # Errors
    /// `NamespaceNotFound`; `InvalidInput` for empty or too long content.
    pub fn remember(&self, at: &ProfileAddress, session: Option<&SessionId>, content: &str) -> Result<Memory> {
        check_content("/content", content)?;
        self.write(at, Home::find_or_new, |writer| writer.remember(session, content))
    }

    /// Lets `change` edit the rows of a profile that is there.
    pub(super) fn edit<T>(
        &self,
        at: &ProfileAddress,
        change: impl Fn(ProfileRows<'_>, &mut Edit<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write(at, Home::find, |writer| writer.edit(&change))
    }

    /// Lets `act` write to the profile that `find` finds, alone.
    fn write<T>(
        &self,
        at: &ProfileAddress,
        find: impl Fn(&super::Shared, &ProfileAddress) -> Result<Home>,
        act: impl Fn(&Writer<'_>) -> Result<T>,
    ) -> Result<T> {
        let shared = &*self.shared;
        for _ in 0..ATTEMPTS {
            let home = find(shared, at)?;
            let slot = shared.loaded.slot(home.space);
            let done = {
                let lock = slot.lock_writer();
                Writer::new(shared, &home, &slot, &lock).and_then(|writer| act(&writer))
            };
            if done.is_err() && home.is_new() {
                shared.loaded.forget(home.space);
            }
            shared.caches.notice(home.space, &slot);
            shared.trim();
            match done {
                Err(e) if e.kind() == ErrorKind::Conflict => {}
                done => return done,
            }
        }
        let message = format!("the profile was created or deleted {ATTEMPTS} times while this was written; try again");
        Err(Error::new(ErrorKind::Busy, message))
    }
}

/// The session of a conversation that was sent without one: the same for every longer version of it, because only the
/// first message counts.
#[must_use]
pub fn derived_session(first: &NewMessage) -> SessionId {
    SessionId::derived(first.role, &first.content)
}
