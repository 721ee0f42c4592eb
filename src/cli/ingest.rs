//! `mnemon ingest`: a transcript of any length, a batch at a time.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::args::{InProfile, Missing};
use super::backend::Backend;
use super::failure::{Exit, Failure};
use super::output::{Output, counted};
use super::progress::Progress;
use super::transcript::{self, Layout, Line, Stop};
use crate::engine::{ProfileAddress, derived_session};
use crate::error::{ErrorKind, Result as EngineResult};
use crate::model::limits::MESSAGES_PER_INGEST;
use crate::model::{NewMessage, SessionId};

/// Bytes of content that one batch gathers before it is sent: far below what a server takes in one request.
const BATCH_BYTES: usize = 4 << 20;

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
    at: InProfile,
}

impl Ingest {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let source = Source::open(&self.file)?;
        let backend = self.at.open(Missing::Create)?;
        let progress = Progress::of_bytes(out, "ingesting", source.bytes);
        let mut batcher = Batcher {
            backend: backend.as_ref(),
            at: self.at.address(),
            out,
            progress: &progress,
            forced: self.session,
            derived: None,
            batch: Vec::new(),
            batch_bytes: 0,
            session: None,
            tally: Tally::default(),
        };
        let input = BufReader::new(progress.reading(source.input));
        let read = transcript::read(input, source.layout, &mut |line| batcher.add(line));
        // What stands before a wrong line is kept: a second run only adds what follows.
        let flushed = if matches!(read, Err(Stop::Taker(_))) { Ok(()) } else { batcher.flush() };
        let tally = batcher.tally;
        progress.finish();
        flushed?;
        backend.close()?;
        read.map_err(|stop| stopped(stop, &source.name, tally.messages))?;
        out.result(&tally, |out| out.text(&tally.to_string()))
    }
}

fn stopped(stop: Stop, name: &str, kept: usize) -> Failure {
    let again = format!(
        "{} before it kept; run the same command again, nothing is added twice",
        counted(kept as u64, "message", "messages")
    );
    match stop {
        Stop::Line(line, why) => {
            Failure::said("invalid_input", Exit::Usage, format!("{name}: line {line} {why}")).hint(again)
        }
        Stop::Read(error) => Failure::said("io", Exit::Failed, format!("{name}: {error}")).hint(again),
        Stop::Taker(failure) => failure,
    }
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

/// Where a transcript comes from.
struct Source {
    name: String,
    input: Box<dyn Read>,
    bytes: Option<u64>,
    layout: Layout,
}

impl Source {
    fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            let input = Box::new(io::stdin().lock());
            return Ok(Self { name: "standard input".to_owned(), input, bytes: None, layout: Layout::Unknown });
        }
        let file = fs_err::File::open(path)?;
        let about = file.metadata()?;
        let lines =
            path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jsonl") || e.eq_ignore_ascii_case("ndjson"));
        Ok(Self {
            name: path.display().to_string(),
            input: Box::new(file),
            bytes: about.is_file().then_some(about.len()),
            layout: if lines { Layout::Lines } else { Layout::Unknown },
        })
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

/// Gathers messages of one session and sends them when there are enough.
struct Batcher<'a> {
    backend: &'a dyn Backend,
    at: ProfileAddress,
    out: &'a Output,
    progress: &'a Progress,
    /// The session that the command line names.
    forced: Option<SessionId>,
    /// The session derived for messages of a conversation that names none, and the conversation's number.
    derived: Option<(usize, SessionId)>,
    batch: Vec<NewMessage>,
    batch_bytes: usize,
    /// The session of `batch`.
    session: Option<SessionId>,
    tally: Tally,
}

impl Batcher<'_> {
    fn add(&mut self, line: Line) -> Result<(), Failure> {
        let session = self.session_of(&line);
        let full = self.batch.len() == MESSAGES_PER_INGEST || self.batch_bytes >= BATCH_BYTES;
        if full || self.session.as_ref() != Some(&session) {
            self.flush()?;
            self.session = Some(session);
        }
        self.batch_bytes += line.message.content.len();
        self.batch.push(line.message);
        Ok(())
    }

    /// The command line's, else the file's, else the one that the conversation's first message gives: all batches of a
    /// conversation must go to the same.
    fn session_of(&mut self, line: &Line) -> SessionId {
        if let Some(session) = self.forced.as_ref().or(line.session.as_ref()) {
            return session.clone();
        }
        match &self.derived {
            Some((conversation, session)) if *conversation == line.conversation => session.clone(),
            _ => {
                let session = derived_session(&line.message);
                self.derived = Some((line.conversation, session.clone()));
                session
            }
        }
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        let (Some(session), false) = (&self.session, batch.is_empty()) else { return Ok(()) };
        let count = batch.len();
        let send = || self.backend.ingest(&self.at, session, &batch);
        let say = |note: &str| self.progress.beside(|| self.out.note(note));
        let report = into_namespace(self.backend, &self.at, say, send)?;
        self.tally.messages += count;
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
