//! `mnemon ingest`: a transcript of any length, a batch at a time.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::args::{InProfile, LocalSecrets};
use super::backend::Backend;
use super::batches::{self, Source};
use super::failure::Failure;
use super::output::{Output, counted};
use super::progress::Progress;
use crate::engine::ProfileAddress;
use crate::error::{ErrorKind, Result as EngineResult};
use crate::model::{NewMessage, SessionId};

const EXAMPLES: &str = "\
Examples:
  mnemon ingest chat.jsonl --profile ana
  mnemon ingest export.json --session chat-17 --url http://127.0.0.1:8787
  zcat logs.jsonl.gz | mnemon ingest - --profile ana

A file holds messages, conversations, or lists of them, as JSON or one a line:
  {\"role\": \"user\", \"content\": \"…\", \"timestamp\": \"2026-05-01T10:00:00Z\", \"sessionId\": \"chat-17\"}
  {\"sessionId\": \"chat-17\", \"messages\": [{\"role\": \"user\", \"content\": \"…\"}]}
`role` is system, user or assistant. `timestamp` and `sessionId` may be left out.";

/// Keep a transcript and make memories of what matters in it
///
/// Ingesting the same transcript again, or a longer version of it, adds only what is new: when a run is stopped or a line
/// is wrong, mend it and run the same command again. The namespace is made when it is missing.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Ingest {
    /// The transcript, JSON or JSON Lines; `-` is standard input
    file: PathBuf,

    /// The conversation that all messages belong to, whatever the file says [default: what the file says, else
    /// derived from the first message]
    #[arg(long, value_name = "ID", value_parser = SessionId::parse)]
    session: Option<SessionId>,

    #[command(flatten)]
    secrets: LocalSecrets,

    #[command(flatten)]
    at: InProfile,
}

impl Ingest {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let source = Source::open(&self.file)?;
        let backend = self.at.open_to_ingest(&self.secrets)?;
        let progress = Progress::of_bytes(out, "ingesting", source.bytes);
        let at = self.at.address();
        let mut sender = Sender { backend: backend.as_ref(), at, out, progress: &progress, tally: Tally::default() };
        let (input, layout) = (progress.reading(source.input), source.layout);
        let read = batches::read(input, layout, self.session, &mut |session, batch| sender.send(session, &batch));
        let tally = sender.tally;
        progress.finish();
        let closed = backend.close();
        read.map_err(|stop| batches::stopped(stop, &source.name, again(tally.messages)))?;
        closed?;
        out.result(&tally, |out| out.text(&tally.to_string()))
    }
}

/// What to do after a transcript that could not be read to its end.
fn again(kept: usize) -> String {
    let kept = counted(kept as u64, "message", "messages");
    format!("{kept} before it kept; run the same command again, nothing is added twice")
}

/// Does `write`, and when the namespace is missing makes it, says so, and does it again.
pub(super) fn into_namespace<T>(
    backend: &dyn Backend,
    at: &ProfileAddress,
    say: impl FnOnce(&str),
    mut write: impl FnMut() -> EngineResult<T>,
) -> EngineResult<T> {
    match write() {
        Err(error) if error.kind() == ErrorKind::NamespaceNotFound => {
            backend.create_namespace(&at.account, &at.namespace)?;
            say(&format!("created namespace {}", at.namespace));
            write()
        }
        done => done,
    }
}

/// What was done. A server does not say what came of the messages: then only they are counted.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Tally {
    messages: usize,
    #[serde(flatten)]
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    messages_added: usize,
    memories_added: usize,
    memories_confirmed: usize,
    memories_superseded: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let messages = counted(self.messages as u64, "message", "messages");
        let Some(o) = self.outcome else { return write!(f, "{messages} ingested") };
        write!(f, "{messages} read, {} of them new; memories: ", o.messages_added)?;
        write!(f, "{} new, {} confirmed, {} superseded", o.memories_added, o.memories_confirmed, o.memories_superseded)
    }
}

/// Sends batches, and counts what came of them.
struct Sender<'a> {
    backend: &'a dyn Backend,
    at: ProfileAddress,
    out: &'a Output,
    progress: &'a Progress,
    tally: Tally,
}

impl Sender<'_> {
    fn send(&mut self, session: &SessionId, batch: &[NewMessage]) -> Result<(), Failure> {
        let send = || self.backend.ingest(&self.at, session, batch);
        let say = |note: &str| self.progress.beside(|| self.out.note(note));
        let report = into_namespace(self.backend, &self.at, say, send)?;
        self.tally.messages += batch.len();
        if let Some(report) = report {
            let outcome = self.tally.outcome.get_or_insert_default();
            outcome.messages_added += report.messages_added;
            outcome.memories_added += report.memories_added;
            outcome.memories_confirmed += report.memories_confirmed;
            outcome.memories_superseded += report.memories_superseded;
        }
        self.progress.caught_up(counted(self.tally.messages as u64, "message", "messages"));
        Ok(())
    }
}
