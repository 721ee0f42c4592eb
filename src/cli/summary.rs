//! `mnemon summary`: what is known, as Markdown for a prompt.

use clap::Args;
use serde_json::json;

use super::args::{InProfile, Missing};
use super::failure::Failure;
use super::output::Output;
use crate::model::SessionId;

const EXAMPLES: &str = "\
Examples:
  mnemon summary --profile ana
  mnemon summary --session chat-17 > context.md";

/// Summarise what is known, as Markdown for a prompt
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Summary {
    /// The conversation to summarise as the last one
    #[arg(long, value_name = "ID", value_parser = SessionId::parse)]
    session: Option<SessionId>,

    #[command(flatten)]
    at: InProfile,
}

impl Summary {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let backend = self.at.open(Missing::Refuse)?;
        let summary = backend.summary(&self.at.address(), self.session.as_ref())?;
        backend.close()?;
        out.result(&json!({ "summary": summary }), |out| match summary.trim_end() {
            "" => {
                out.note("nothing is known yet");
                Ok(())
            }
            text => out.text(text),
        })
    }
}
