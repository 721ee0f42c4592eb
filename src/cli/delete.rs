//! `mnemon delete`: a memory, a session, a profile or a namespace, for good.

use clap::{Args, Subcommand};
use serde_json::json;

use super::args::{InNamespace, InProfile, Missing, Target};
use super::backend::Backend;
use super::failure::{Exit, Failure};
use super::get::memory_id;
use super::output::Output;
use crate::error::Result as EngineResult;
use crate::model::{NamespaceName, ProfileName, SessionId};

const EXAMPLES: &str = "\
Examples:
  mnemon delete memory 01KB3V5W7ZJ8M4Q2N6T9R1XCFH --profile ana
  mnemon delete session chat-17 --profile ana --yes
  mnemon delete profile ana
  mnemon delete namespace old-project --yes";

/// Delete a memory, a session, a profile or a namespace
///
/// Deleted data is hidden at once and cannot be brought back; its space is given back in the background.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Delete {
    #[command(subcommand)]
    what: What,

    /// Do not ask first
    #[arg(short, long, global = true)]
    yes: bool,
}

#[derive(Subcommand)]
enum What {
    /// One memory and the messages it was made from
    Memory {
        /// The memory's id
        id: String,
        #[command(flatten)]
        at: InProfile,
    },
    /// One conversation: its messages and the memories made in it
    Session {
        /// The session's id
        #[arg(value_parser = SessionId::parse)]
        session: SessionId,
        #[command(flatten)]
        at: InProfile,
    },
    /// One profile with everything in it
    Profile {
        /// The profile's name
        #[arg(value_parser = ProfileName::parse)]
        name: ProfileName,
        #[command(flatten)]
        within: InNamespace,
    },
    /// One namespace with every profile in it
    Namespace {
        /// The namespace's name
        #[arg(value_parser = NamespaceName::parse)]
        name: NamespaceName,
        #[command(flatten)]
        target: Target,
    },
}

impl Delete {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let asked = Asked { yes: self.yes, out };
        match self.what {
            What::Memory { id, at } => {
                let (id, address) = (memory_id(&id)?, at.address());
                let what = format!("memory {id} of {address:?} and its source messages");
                asked.delete(&at.within.target, &what, |backend| backend.delete_memory(&address, id).map(drop))
            }
            What::Session { session, at } => {
                let address = at.address();
                let what = format!("session {session} of {address:?}");
                asked.delete(&at.within.target, &what, |backend| backend.delete_session(&address, &session))
            }
            What::Profile { name, within } => {
                let address = within.address(name);
                let what = format!("profile {address:?} with everything in it");
                asked.delete(&within.target, &what, |backend| backend.delete_profile(&address))
            }
            What::Namespace { name, target } => {
                let what = format!("namespace {}/{name} with every profile in it", target.account);
                asked.delete(&target, &what, |backend| backend.delete_namespace(&target.account, &name))
            }
        }
    }
}

struct Asked<'a> {
    yes: bool,
    out: &'a Output,
}

impl Asked<'_> {
    fn delete(
        &self,
        target: &Target,
        what: &str,
        delete: impl FnOnce(&dyn Backend) -> EngineResult<()>,
    ) -> Result<(), Failure> {
        if !self.yes && !self.out.confirm(&format!("delete {what}?"))? {
            self.out.note("nothing was deleted");
            return Err(Failure::Told(Exit::Failed));
        }
        let backend = target.open(Missing::Refuse)?;
        delete(backend.as_ref())?;
        backend.close()?;
        self.out.result(&json!({ "deleted": what }), |out| out.text(&format!("deleted {what}")))
    }
}
