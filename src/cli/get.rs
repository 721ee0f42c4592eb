//! `mnemon get`: one memory, whole.

use clap::Args;

use super::args::{InProfile, Missing};
use super::backend::Memory;
use super::failure::Failure;
use super::output::Output;
use crate::error::{Error, ErrorKind};
use crate::model::MemoryId;

const EXAMPLES: &str = "\
Example:
  mnemon get 01KB3V5W7ZJ8M4Q2N6T9R1XCFH --sources --profile ana";

/// Show one memory, whole
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Get {
    /// The memory's id; `mnemon memories` lists them
    id: String,

    /// Show the messages it was made from, too
    #[arg(long)]
    sources: bool,

    #[command(flatten)]
    at: InProfile,
}

impl Get {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let id = memory_id(&self.id)?;
        let backend = self.at.open(Missing::Refuse)?;
        let memory = backend.memory(&self.at.address(), id, self.sources)?;
        backend.close()?;
        out.result(&memory, |out| show(&memory, out))
    }
}

/// Text that is no id names nothing: the same answer as for an id that is not there.
pub(super) fn memory_id(text: &str) -> Result<MemoryId, Failure> {
    MemoryId::parse(text).ok_or_else(|| Error::new(ErrorKind::MemoryNotFound, "memory not found").into())
}

fn show(memory: &Memory, out: &Output) -> Result<(), Failure> {
    let mut fields = vec![("id", memory.id.as_str()), ("type", memory.kind.as_str())];
    fields.extend(memory.session_id.as_deref().map(|session| ("session", session)));
    fields.extend([("created", memory.created_at.as_str()), ("updated", memory.updated_at.as_str())]);
    fields.extend(memory.superseded_by.as_deref().map(|newer| ("superseded by", newer)));
    for (name, value) in fields {
        out.text(&format!("{name:<14} {value}"))?;
    }
    out.text(&format!("\n{}", memory.content.as_deref().unwrap_or(&memory.summary)))?;
    let Some(sources) = &memory.sources else { return Ok(()) };
    out.text("")?;
    out.heading(if sources.is_empty() { "NO SOURCE MESSAGES" } else { "SOURCE MESSAGES" })?;
    sources.iter().try_for_each(|source| {
        out.text(&format!("{} {} {}\n  {}", source.timestamp, source.session_id, source.role, source.content))
    })
}
