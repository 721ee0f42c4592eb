//! `mnemon memories`: what is kept, newest first.

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use super::args::{InProfile, Missing};
use super::backend::{Backend, Memory};
use super::failure::Failure;
use super::output::{Output, one_line};
use crate::engine::{MemoryQuery, ProfileAddress};
use crate::error::Result;
use crate::model::{MemoryId, MemoryType, SessionId};

const ROWS_A_PAGE: usize = 500;
const EXAMPLES: &str = "\
Examples:
  mnemon memories --profile ana
  mnemon memories --type task --all
  mnemon memories --superseded --json | jq '.[] | select(.supersededBy)'";

/// List memories, newest first
///
/// History, that is memories replaced by newer ones on the same topic, is shown with `--superseded`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Memories {
    /// Only those of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = memory_type())]
    kind: Option<MemoryType>,

    /// Only those of this conversation
    #[arg(long, value_name = "ID", value_parser = SessionId::parse)]
    session: Option<SessionId>,

    /// History too
    #[arg(long)]
    superseded: bool,

    /// How many
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
    limit: usize,

    /// Every one
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    at: InProfile,
}

impl Memories {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let backend = self.at.open(Missing::Refuse)?;
        let at = self.at.address();
        let wanted = if self.all { usize::MAX } else { self.limit };
        let query = MemoryQuery {
            per_page: wanted.clamp(1, ROWS_A_PAGE),
            cursor: None,
            session: self.session,
            kind: self.kind,
            include_superseded: self.superseded,
        };
        let (rows, more) = newest(backend.as_ref(), &at, query, wanted)?;
        backend.close()?;
        out.result(&rows, |out| show(&rows, self.superseded, out))?;
        if more {
            out.note(&format!("\nthe newest {}; `--all` lists the rest too", rows.len()));
        }
        Ok(())
    }
}

/// The newest `wanted` memories, and whether there are more.
fn newest(
    backend: &dyn Backend,
    at: &ProfileAddress,
    mut query: MemoryQuery,
    wanted: usize,
) -> Result<(Vec<Memory>, bool)> {
    let mut rows = Vec::new();
    loop {
        let page = backend.memories(at, &query)?;
        rows.extend(page.items);
        query.cursor = page.cursor.as_deref().and_then(MemoryId::parse);
        if rows.len() >= wanted || query.cursor.is_none() {
            let more = rows.len() > wanted || query.cursor.is_some();
            rows.truncate(wanted);
            return Ok((rows, more));
        }
    }
}

fn show(rows: &[Memory], history: bool, out: &Output) -> Result<(), Failure> {
    if rows.is_empty() {
        out.note("no memories");
        return Ok(());
    }
    let summary = |memory: &Memory| match &memory.superseded_by {
        Some(newer) if history => format!("{} (superseded by {newer})", one_line(&memory.summary)),
        _ => one_line(&memory.summary),
    };
    let rows: Vec<_> = rows.iter().map(|m| [m.id.clone(), m.kind.clone(), m.created_at.clone(), summary(m)]).collect();
    out.table(["ID", "TYPE", "CREATED", "SUMMARY"], &rows)
}

fn memory_type() -> impl TypedValueParser<Value = MemoryType> {
    PossibleValuesParser::new(MemoryType::ALL.map(MemoryType::as_str))
        .try_map(|name| MemoryType::parse(&name).ok_or("unknown type"))
}
