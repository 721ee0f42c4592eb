//! A transcript as commands take it: a file or standard input, cut into batches of one session each.
//!
//! Extraction reads a batch as a whole, so commands that must see the same cut it here.

use std::io::{self, BufReader, Read};
use std::path::Path;

use super::failure::{Exit, Failure};
use super::transcript::{self, Layout, Line, Stop};
use crate::engine::derived_session;
use crate::model::limits::MESSAGES_PER_INGEST;
use crate::model::{NewMessage, SessionId};

/// Bytes of content that one batch gathers before it is handed on: far below what a server takes in one request.
const BATCH_BYTES: usize = 4 << 20;

/// Where a transcript comes from.
pub(super) struct Source {
    /// What errors call it.
    pub(super) name: String,
    pub(super) input: Box<dyn Read>,
    /// How long it is, when that is known.
    pub(super) bytes: Option<u64>,
    pub(super) layout: Layout,
}

impl Source {
    /// The file at `path`; `-` is standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
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

/// Takes the messages of one batch.
pub(super) type Take<'a> = dyn FnMut(&SessionId, Vec<NewMessage>) -> Result<(), Failure> + 'a;

/// Hands `input` to `take`, in order, a batch of one session at a time; also what stands before a wrong line. `forced` is
/// the session of all messages, whatever the file says.
pub(super) fn read(
    input: impl Read,
    layout: Layout,
    forced: Option<SessionId>,
    take: &mut Take<'_>,
) -> Result<(), Stop> {
    let mut batcher = Batcher { take, forced, derived: None, batch: Vec::new(), batch_bytes: 0, session: None };
    match transcript::read(BufReader::new(input), layout, &mut |line| batcher.add(line)) {
        Err(Stop::Taker(failure)) => Err(Stop::Taker(failure)),
        read => batcher.flush().map_err(Stop::Taker).and(read),
    }
}

/// What to say when reading stopped; `hint` is what to do when the transcript is at fault.
pub(super) fn stopped(stop: Stop, name: &str, hint: String) -> Failure {
    match stop {
        Stop::Line(line, why) => {
            Failure::said("invalid_input", Exit::Usage, format!("{name}: line {line} {why}")).hint(hint)
        }
        Stop::Read(error) => Failure::said("io", Exit::Failed, format!("{name}: {error}")).hint(hint),
        Stop::Taker(failure) => failure,
    }
}

/// Gathers messages of one session and hands them on when there are enough.
struct Batcher<'a, 't> {
    take: &'a mut Take<'t>,
    /// The session that the command line names.
    forced: Option<SessionId>,
    /// The session derived for messages of a conversation that names none, and the conversation's number.
    derived: Option<(usize, SessionId)>,
    batch: Vec<NewMessage>,
    batch_bytes: usize,
    /// The session of `batch`.
    session: Option<SessionId>,
}

impl Batcher<'_, '_> {
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
        match &self.session {
            Some(session) if !batch.is_empty() => (self.take)(session, batch),
            _ => Ok(()),
        }
    }
}
