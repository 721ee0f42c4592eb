//! `mnemon extract`: what would be remembered of a transcript, and why. Needs no data folder.

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::args::{Model, Secrets};
use super::batches::{self, Source};
use super::explanation::{Explanation, Reading, Said};
use super::failure::Failure;
use super::output::Output;
use super::recall::moment;
use super::transcript::Stop;
use crate::clock::{Clock, SystemClock};
use crate::embed::Embedder;
use crate::ingest::{CONTEXT_TURNS, ExtractOptions, Turn, extract, speakers};
use crate::model::{MessageId, Moment, NewMessage, SessionId};

/// Conversations whose last messages are at hand, for files that mix them. A longer gap begins a conversation anew.
const SESSIONS_AT_HAND: usize = 256;

const EXAMPLES: &str = "\
Examples:
  mnemon extract chat.jsonl
  mnemon extract chat.jsonl --explain | less -R
  mnemon extract chat.jsonl --json | jq -r '.[] | select(.type == \"task\").content'
  mnemon extract chat.jsonl --explain --json | jq -r '.[] | select(.kept | not) | .why' | sort | uniq -c
  echo '{\"role\": \"user\", \"content\": \"I moved to Oslo yesterday\"}' | mnemon extract - --explain

FILE is a transcript as `mnemon ingest` takes it.";

/// Show what would be remembered of a transcript, without keeping anything
///
/// Prints the memories that `mnemon ingest` would make and, with `--explain`, every sentence, what became of it and why.
/// Needs no data folder and no server. What is said again or outdated is found by what is kept: here, both are shown.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Extract {
    /// The transcript, JSON or JSON Lines; `-` is standard input
    file: PathBuf,

    /// Every sentence, what became of it and why
    #[arg(long)]
    explain: bool,

    /// When messages without a timestamp were written: ISO 8601, a date alone will do [default: now]
    #[arg(long, value_name = "DATE", value_parser = moment)]
    date: Option<Moment>,

    #[command(flatten)]
    model: Model,

    #[command(flatten)]
    secrets: Secrets,
}

impl Extract {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let source = Source::open(&self.file)?;
        let model = self.model.open()?;
        let undated = self.date.unwrap_or_else(|| Moment::utc(SystemClock.now()));
        let options = self.secrets.extract();
        let mut listener = Listener { model, undated, options, messages: 0, sessions: VecDeque::new() };
        let mut explanation = Explanation::new(out, self.explain);
        let read = batches::read(source.input, source.layout, None, &mut |session, batch| {
            listener.hear(session, batch, &mut |reading| explanation.add(reading))
        });
        // What stands before a wrong line is shown, and a list is whole.
        let finished = if matches!(read, Err(Stop::Taker(_))) { Ok(()) } else { explanation.finish() };
        read.map_err(|stop| batches::stopped(stop, &source.name, "what stands before it is shown".to_owned()))?;
        finished
    }
}

/// Reads batches as `ingest` does: messages that were there before are left out, and the last ones go with the next.
struct Listener {
    /// Types depend on meaning, too.
    model: Arc<dyn Embedder>,
    /// When messages that do not say it were written.
    undated: Moment,
    options: ExtractOptions,
    /// Read so far.
    messages: usize,
    /// The one heard last stands last.
    sessions: VecDeque<Session>,
}

/// A conversation so far.
struct Session {
    id: SessionId,
    known: HashSet<MessageId>,
    last: Vec<Said>,
}

impl Listener {
    fn hear(
        &mut self,
        id: &SessionId,
        batch: Vec<NewMessage>,
        tell: &mut dyn FnMut(&Reading<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut session = self.session(id);
        let (context, sent) = (session.last.len(), batch.len());
        for message in batch {
            self.messages += 1;
            if session.known.insert(MessageId::of(id, message.role, &message.content)) {
                let at = message.at.unwrap_or(self.undated);
                session.last.push(Said { number: self.messages, role: message.role, content: message.content, at });
            }
        }
        let turns: Vec<Turn<'_>> = session
            .last
            .iter()
            .enumerate()
            .map(|(n, said)| Turn { role: said.role, content: &said.content, at: said.at, is_new: n >= context })
            .collect();
        let mut extraction = extract(&turns, &self.options);
        let vectors = extraction.texts().map(|text| self.model.embed_passage(text));
        let vectors: Vec<_> = vectors.collect::<Result<_, _>>()?;
        let _ = extraction.settle(vectors, self.model.identity());
        let repeated = sent - (turns.len() - context);
        let (said, speakers) = (session.last.as_slice(), speakers(&turns));
        tell(&Reading { session: id, said, context, repeated, speakers, extraction })?;
        session.last.drain(..session.last.len().saturating_sub(CONTEXT_TURNS));
        self.sessions.push_back(session);
        self.sessions.drain(..self.sessions.len().saturating_sub(SESSIONS_AT_HAND));
        Ok(())
    }

    fn session(&mut self, id: &SessionId) -> Session {
        let known = self.sessions.iter().rposition(|session| session.id == *id);
        known.and_then(|at| self.sessions.remove(at)).unwrap_or_else(|| Session {
            id: id.clone(),
            known: HashSet::new(),
            last: Vec::new(),
        })
    }
}
