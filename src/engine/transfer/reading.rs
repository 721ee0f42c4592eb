//! A file of lines, in order, nothing believed: every error names its line, and none shows what a line says.

use std::collections::HashSet;
use std::io::{BufRead, Read};

use serde_json::error::Category;

use super::lines::{ExportCounts, FORMAT, Header, Line, Record, VERSION};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AccountId, MemoryId, MessageId, NamespaceName, ProfileName, SessionId};

/// Bytes of a line: the longest content with every character escaped, and thousands of sources.
const LINE_BYTES: u64 = 8 << 20;

/// The records of an export, in an order in which nothing can come twice.
pub(super) struct Reading<R> {
    input: R,
    line: Vec<u8>,
    /// The number of the last line that was read, from 1.
    number: u64,
    counts: ExportCounts,
    at: At,
    ended: bool,
}

/// Where in the file it is: what the last records were.
#[derive(Default)]
struct At {
    namespace: Option<(AccountId, NamespaceName)>,
    profile: Option<ProfileName>,
    /// Its number, name and next position.
    session: Option<(u32, SessionId, u32)>,
    names: HashSet<SessionId>,
    position: Option<u32>,
    messages: HashSet<MessageId>,
    memory: Option<MemoryId>,
}

/// Reads an export to its end.
pub(super) fn verify(input: impl BufRead) -> Result<ExportCounts> {
    let mut reading = Reading::start(input)?;
    while reading.next()?.is_some() {}
    Ok(reading.counts)
}

impl<R: BufRead> Reading<R> {
    /// # Errors
    /// `InvalidInput` when the first line is not an export's, `NewerFormat` when it is a newer one's.
    pub(super) fn start(input: R) -> Result<Self> {
        let counts = ExportCounts::default();
        let mut reading = Self { input, line: Vec::new(), number: 0, counts, at: At::default(), ended: false };
        let no_export = || {
            let message = format!("line 1: this is no export: it does not start with {{\"format\":\"{FORMAT}\"");
            Error::new(ErrorKind::InvalidInput, message)
        };
        if !reading.read_line()? {
            return Err(no_export());
        }
        let header: Header = serde_json::from_slice(&reading.line).map_err(|_| no_export())?;
        match header {
            Header { format, .. } if format != FORMAT => Err(no_export()),
            Header { version, .. } if version > VERSION => {
                let message = format!(
                    "the export has version {version}, this release knows versions up to {VERSION}: use a newer release"
                );
                Err(Error::new(ErrorKind::NewerFormat, message))
            }
            Header { version: 0, .. } => Err(no_export()),
            Header { .. } => Ok(reading),
        }
    }

    /// The next record; nothing after the last.
    ///
    /// # Errors
    /// `InvalidInput`, naming the line.
    pub(super) fn next(&mut self) -> Result<Option<Record>> {
        if !self.read_line()? {
            if self.ended {
                return Ok(None);
            }
            return Err(self.wrong("the export ends here without its last line: it was not written to its end"));
        }
        if self.ended {
            return Err(self.wrong("something follows the end of the export"));
        }
        let line: Line = serde_json::from_slice(&self.line).map_err(|error| self.wrong(&no_record(&error)))?;
        let record = line.parse().map_err(|error| self.wrong(error.message()))?;
        self.at.take(&record).map_err(|why| self.wrong(why))?;
        self.count(&record)?;
        Ok(Some(record))
    }

    /// An error about the line that was read last.
    pub(super) fn wrong(&self, what: &str) -> Error {
        Error::new(ErrorKind::InvalidInput, format!("line {}: {what}", self.number))
    }

    /// The session that the last message belongs to.
    pub(super) fn session(&self) -> Option<u32> {
        self.at.session.as_ref().map(|(number, ..)| *number)
    }

    /// The number of the last line.
    pub(super) fn line_number(&self) -> u64 {
        self.number
    }

    fn count(&mut self, record: &Record) -> Result<()> {
        match record {
            Record::Namespace { .. } => self.counts.namespaces += 1,
            Record::Profile { .. } => self.counts.profiles += 1,
            Record::Session { .. } => self.counts.sessions += 1,
            Record::Message { .. } => self.counts.messages += 1,
            Record::Memory(_) => self.counts.memories += 1,
            Record::End(counts) if *counts == self.counts => self.ended = true,
            Record::End(_) => return Err(self.wrong("the last line counts other records than there are")),
        }
        Ok(())
    }

    /// Whether there was one.
    fn read_line(&mut self) -> Result<bool> {
        self.line.clear();
        self.number += 1;
        let read = (&mut self.input).take(LINE_BYTES).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| Error::new(ErrorKind::Io, format!("the export cannot be read: {error}")))?;
        if read as u64 == LINE_BYTES && self.line.last() != Some(&b'\n') {
            return Err(self.wrong(&format!("longer than {LINE_BYTES} bytes")));
        }
        Ok(read > 0)
    }
}

impl At {
    /// Holds a record against those before it.
    fn take(&mut self, record: &Record) -> Result<(), &'static str> {
        match record {
            Record::Namespace { key, .. } => {
                ascending(self.namespace.as_ref(), key, "namespaces are not in the order of account and name")?;
                *self = Self { namespace: Some(key.clone()), ..Self::default() };
            }
            Record::Profile { namespace, name, .. } => {
                if self.namespace.as_ref() != Some(namespace) {
                    return Err("a profile stands behind the line of another namespace than its own");
                }
                ascending(self.profile.as_ref(), name, "profiles are not in the order of their names")?;
                let namespace = self.namespace.take();
                *self = Self { namespace, profile: Some(name.clone()), ..Self::default() };
            }
            Record::Session { number, row } => {
                if self.profile.is_none() || self.memory.is_some() {
                    return Err("a session stands elsewhere than between its profile and the memories");
                }
                let last = self.session.as_ref().map(|(number, ..)| number);
                ascending(last, number, "sessions are not in the order of their numbers")?;
                if !self.names.insert(row.name.clone()) {
                    return Err("a session of that name is there already");
                }
                self.session = Some((*number, row.name.clone(), row.next_position));
                self.position = None;
                self.messages.clear();
            }
            Record::Message { position, row } => {
                let Some((_, session, next)) = self.session.as_ref().filter(|_| self.memory.is_none()) else {
                    return Err("a message stands elsewhere than behind its session");
                };
                ascending(self.position.as_ref(), position, "messages are not in the order of their positions")?;
                if position >= next {
                    return Err("a message's position is not below its session's `nextPosition`");
                }
                if MessageId::of(session, row.role, &row.content) != row.id {
                    return Err("a message's id is not made from its session, role and content");
                }
                if !self.messages.insert(row.id) {
                    return Err("a message is there twice");
                }
                self.position = Some(*position);
            }
            Record::Memory(memory) => {
                if self.profile.is_none() {
                    return Err("a memory stands before any profile");
                }
                ascending(self.memory.as_ref(), &memory.id, "memories are not in the order of their ids")?;
                self.memory = Some(memory.id);
            }
            Record::End(_) => {}
        }
        Ok(())
    }
}

fn ascending<T: Ord>(last: Option<&T>, next: &T, why: &'static str) -> Result<(), &'static str> {
    if last.is_some_and(|last| last >= next) { Err(why) } else { Ok(()) }
}

/// serde's own words may quote the line; those about our fields may not.
fn no_record(error: &serde_json::Error) -> String {
    let words = error.to_string();
    match error.classify() {
        Category::Data if words.starts_with("missing field") => {
            format!("not a record: {}", words.split(" at line").next().unwrap_or("a field is missing"))
        }
        Category::Data => format!("not a record of an export of version {VERSION}, at column {}", error.column()),
        _ => format!("not JSON, at column {}", error.column()),
    }
}
