//! `mnemon remember`: one statement, as it is.

use std::io::{self, Read};

use clap::Args;

use super::args::{InProfile, Missing};
use super::failure::Failure;
use super::ingest::into_namespace;
use super::output::Output;
use crate::model::SessionId;
use crate::model::limits::CONTENT_BYTES;

const EXAMPLES: &str = "\
Examples:
  mnemon remember \"Ana is allergic to peanuts\" --profile ana
  git log -1 --format=%B | mnemon remember -";

/// Keep one statement as a memory
///
/// The statement is kept as it is; its type and topic are found out. Remembering the same in the same session again
/// gives the memory that is there. The namespace is made when it is missing.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Remember {
    /// The statement, 1 to 32,768 bytes; `-` reads it from standard input
    text: String,

    /// The conversation it belongs to
    #[arg(long, value_name = "ID", value_parser = SessionId::parse)]
    session: Option<SessionId>,

    #[command(flatten)]
    at: InProfile,
}

impl Remember {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let text = if self.text == "-" { from_stdin()? } else { self.text };
        let at = self.at.address();
        let backend = self.at.open(Missing::Create)?;
        let memory = into_namespace(
            backend.as_ref(),
            &at,
            |note| out.note(note),
            || backend.remember(&at, self.session.as_ref(), &text),
        )?;
        backend.close()?;
        out.result(&memory, |out| out.text(&format!("remembered as {} {}", memory.kind, memory.id)))
    }
}

fn from_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    // One byte more than allowed, so that too much is refused and not cut.
    io::stdin().lock().take(CONTENT_BYTES as u64 + 2).read_to_string(&mut text)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}
