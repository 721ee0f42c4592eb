//! Transcripts: JSON and JSON Lines files of any length, read a message at a time.
//!
//! Understood are a message `{role, content, timestamp?, sessionId?}`, a conversation `{messages, sessionId?}`, and lists of
//! them: as one JSON value, as several, or one a line. Only a conversation is ever held whole. An error names the line and
//! what is wrong with it, never the text.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::failure::Failure;
use crate::model::{Moment, NewMessage, Role, SessionId};

/// A message of a transcript.
#[derive(Debug)]
pub(super) struct Line {
    /// The session that the file says it belongs to.
    pub(super) session: Option<SessionId>,
    /// Which conversation of the file it is in: messages outside of any are in number 0.
    pub(super) conversation: usize,
    /// What was said.
    pub(super) message: NewMessage,
}

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// This line of the file is wrong, counted from 1.
    Line(usize, String),
    /// The file cannot be read.
    Read(io::Error),
    /// Whoever took the messages does not go on.
    Taker(Failure),
}

/// Whether the file says by its name that every line is a value of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// `.jsonl` or `.ndjson`.
    Lines,
    /// Anything: the first line decides.
    Unknown,
}

/// Hands every message of `input` to `take`, in order.
pub(super) fn read(
    mut input: impl BufRead,
    layout: Layout,
    take: &mut dyn FnMut(Line) -> Result<(), Failure>,
) -> Result<(), Stop> {
    let mut reader = Reader { take, line: Rc::new(Cell::new(0)), conversations: 0, stop: None };
    let mut line = Vec::new();
    let mut lines = layout == Layout::Lines;
    let mut number = 0;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(Stop::Read)? == 0 {
            return Ok(());
        }
        number += 1;
        let text = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        if text.trim_ascii().is_empty() {
            continue;
        }
        reader.line.set(number);
        // A first line that is whole makes a file of lines; otherwise values run over as many lines as they like.
        lines = lines || serde_json::from_slice::<IgnoredAny>(text).is_ok();
        if !lines {
            return reader.values(text.chain(input));
        }
        reader.one(text.trim_ascii_end())?;
    }
}

struct Reader<'a> {
    take: &'a mut dyn FnMut(Line) -> Result<(), Failure>,
    /// Where reading is, counted from 1.
    line: Rc<Cell<usize>>,
    conversations: usize,
    /// Why the visitor gave up, since its own error type only carries text.
    stop: Option<Stop>,
}

/// Why an entry was not taken.
enum Why {
    Wrong(String),
    Taker(Failure),
}

impl Reader<'_> {
    /// One value, and nothing behind it.
    fn one(&mut self, text: &[u8]) -> Result<(), Stop> {
        let mut value = serde_json::Deserializer::from_slice(text);
        let read = (&mut *self).deserialize(&mut value).and_then(|()| value.end());
        read.map_err(|error| self.stopped(error))
    }

    /// Values one after another, each over as many lines as it likes.
    fn values(&mut self, input: impl BufRead) -> Result<(), Stop> {
        let mut values = serde_json::Deserializer::from_reader(LineCount { input, line: Rc::clone(&self.line) });
        while values.end().is_err_and(|error| error.is_syntax()) {
            (&mut *self).deserialize(&mut values).map_err(|error| self.stopped(error))?;
        }
        Ok(())
    }

    /// Why the parser stopped: what we told it ourselves, or what it found.
    fn stopped(&mut self, error: serde_json::Error) -> Stop {
        let line = self.line.get();
        match self.stop.take() {
            Some(stop) => stop,
            None if error.is_io() => Stop::Read(error.into()),
            None if error.is_data() => {
                Stop::Line(line, "is no message, no conversation and no list of them".to_owned())
            }
            None if error.is_eof() => Stop::Line(line, "ends in the middle of a JSON value".to_owned()),
            None => Stop::Line(line, format!("is not valid JSON at column {}", error.column())),
        }
    }

    fn entry<E: serde::de::Error>(&mut self, mut fields: Map<String, Value>) -> Result<(), E> {
        let done = match fields.remove("messages") {
            Some(Value::Array(messages)) => self.conversation(&fields, messages),
            Some(_) => Err(Why::Wrong("has `messages` that are no list".to_owned())),
            None => self.message(fields, None, 0),
        };
        done.map_err(|why| {
            self.stop = Some(match why {
                Why::Wrong(why) => Stop::Line(self.line.get(), why),
                Why::Taker(failure) => Stop::Taker(failure),
            });
            // What is really wrong is in `stop`: this only makes the parser stop.
            E::custom("stopped")
        })
    }

    fn conversation(&mut self, fields: &Map<String, Value>, messages: Vec<Value>) -> Result<(), Why> {
        self.conversations += 1;
        let session = session(fields).map_err(Why::Wrong)?;
        let within = |n: usize, why| match why {
            Why::Wrong(why) => Why::Wrong(format!("message {n} of the conversation {why}")),
            taker @ Why::Taker(_) => taker,
        };
        for (n, message) in (1..).zip(messages) {
            let Value::Object(message) = message else {
                return Err(within(n, Why::Wrong("is no object".to_owned())));
            };
            self.message(message, session.clone(), self.conversations).map_err(|why| within(n, why))?;
        }
        Ok(())
    }

    fn message(
        &mut self,
        fields: Map<String, Value>,
        outer: Option<SessionId>,
        conversation: usize,
    ) -> Result<(), Why> {
        let session = session(&fields).map_err(Why::Wrong)?.or(outer);
        let message = message(fields).map_err(Why::Wrong)?;
        (self.take)(Line { session, conversation, message }).map_err(Why::Taker)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message, a conversation or a list of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element()? {
            let Value::Object(fields) = value else { return Err(A::Error::custom("not an object")) };
            self.entry(fields)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut fields = Map::new();
        while let Some((name, value)) = map.next_entry()? {
            fields.insert(name, value);
        }
        self.entry(fields)
    }
}

/// Counts the lines of what is read. The parser reads no further than the value it is at.
struct LineCount<R> {
    input: R,
    line: Rc<Cell<usize>>,
}

impl<R: Read> Read for LineCount<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        let breaks = buffer.iter().take(n).filter(|&&byte| byte == b'\n').count();
        self.line.set(self.line.get() + breaks);
        Ok(n)
    }
}

fn session(fields: &Map<String, Value>) -> Result<Option<SessionId>, String> {
    match text(fields, &["sessionId", "session_id"])? {
        Some(text) => SessionId::parse(text).map(Some).map_err(|e| format!("has a wrong `sessionId`: {e}")),
        None => Ok(None),
    }
}

fn message(mut fields: Map<String, Value>) -> Result<NewMessage, String> {
    let role = text(&fields, &["role"])?.ok_or("has no `role`")?;
    let role =
        Role::parse(role).ok_or_else(|| format!("has another role than {}", Role::ALL.map(Role::as_str).join(", ")))?;
    let at = match text(&fields, &["timestamp"])? {
        Some(text) => Some(Moment::parse(text).ok_or("has a `timestamp` that is not ISO 8601")?),
        None => None,
    };
    match fields.remove("content") {
        Some(Value::String(content)) => NewMessage::new(role, content, at).map_err(|e| format!("is refused: {e}")),
        Some(_) => Err("has `content` that is no text".to_owned()),
        None => Err("has no `content`".to_owned()),
    }
}

/// The text in the first of these fields that is there; null is the same as leaving it out.
fn text<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Result<Option<&'a str>, String> {
    let found = names.iter().find_map(|name| fields.get(*name).map(|value| (name, value)));
    match found {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text)),
        Some((name, _)) => Err(format!("has a `{name}` that is no text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, layout: Layout) -> (Vec<Line>, Result<(), Stop>) {
        let mut lines = Vec::new();
        let end = read(io::BufReader::with_capacity(7, text.as_bytes()), layout, &mut |line| {
            lines.push(line);
            Ok(())
        });
        (lines, end)
    }

    fn shape(lines: &[Line]) -> Vec<(usize, &str, &str)> {
        let session = |line: &Line| line.session.as_ref().map_or("-", |s| if s.as_str() == "s" { "s" } else { "t" });
        lines.iter().map(|l| (l.conversation, session(l), l.message.content.as_str())).collect()
    }

    #[test]
    fn every_layout_gives_its_messages_in_order() {
        let (a, b) = (r#"{"role":"user","content":"a"}"#, r#"{"role":"assistant","content":"b","sessionId":"t"}"#);
        let flat = vec![(0, "-", "a"), (0, "t", "b")];
        let nested = vec![(1, "s", "a"), (1, "t", "b"), (2, "-", "a")];
        let talk = format!(r#"{{"messages":[{a},{b}],"sessionId":"s"}}"#);
        for (text, wanted) in [
            (format!("{a}\n{b}\n"), &flat),
            (format!("\u{feff}{a}\r\n\n{b}"), &flat),
            (format!("[{a},{b}]"), &flat),
            (format!("[\n  {a},\n  {b}\n]\n"), &flat),
            (format!("\n\n[\n{a},{b}]"), &flat),
            (format!("{{\n{}\n{b}", &a[1..]), &flat),
            (format!("{talk}\n{{\"messages\":[{a}],\"sessionId\":null}}"), &nested),
            (format!("[{talk},\n {{\"messages\":[{a}]}}]"), &nested),
            (talk.replace("{\"m", "{\n\"m") + &format!("\n{{\"messages\":[{a}]}}"), &nested),
        ] {
            let (lines, end) = all(&text, Layout::Unknown);
            assert!(end.is_ok(), "{text}: {end:?}");
            assert_eq!(&shape(&lines), wanted, "{text}");
        }
        assert!(all("", Layout::Unknown).1.is_ok());
    }

    #[test]
    fn a_wrong_line_is_named_and_what_stood_before_it_is_handed_over() {
        let good = r#"{"role":"user","content":"secret words"}"#;
        for (bad, why) in [
            (r#"{"role":"user","content":"secret"#, "middle"),
            (r#"{"role":"user" "content":"secret"}"#, "not valid JSON at column 16"),
            (r#"{"role":"human","content":"secret"}"#, "another role than system, user, assistant"),
            (r#"{"role":"user","content":""}"#, "content is empty"),
            (r#"{"role":"user","content":["secret"]}"#, "no text"),
            (r#"{"role":"user"}"#, "no `content`"),
            (r#"{"role":"user","content":"x","timestamp":"secret"}"#, "ISO 8601"),
            (r#"{"messages":"secret"}"#, "no list"),
            (r#"{"messages":[{"role":"user","content":7}]}"#, "message 1 of the conversation has `content`"),
            (r#""secret""#, "no message"),
            (r#"["secret"]"#, "no message"),
        ] {
            let (lines, end) = all(&format!("{good}\n{good}\n{bad}\n{good}\n"), Layout::Lines);
            let Err(Stop::Line(number, said)) = end else { panic!("{bad}: {end:?}") };
            assert_eq!((number, lines.len()), (3, 2), "{bad}");
            assert!(said.contains(why) && !said.contains("secret"), "{bad}: {said}");
        }
    }

    #[test]
    fn a_wrong_message_of_a_pretty_list_is_named_by_its_line() {
        let text = "[\n{\"role\":\"user\",\"content\":\"a\"},\n{\"role\":\"user\",\n \"content\":1}\n]";
        let (lines, end) = all(text, Layout::Unknown);
        assert!(matches!(end, Err(Stop::Line(4, _))), "{end:?}");
        assert_eq!(lines.len(), 1);
    }

    #[test]
    fn a_taker_that_stops_is_asked_no_more() {
        let mut taken = 0;
        let text = "[{\"role\":\"user\",\"content\":\"a\"},\n{\"role\":\"user\",\"content\":\"a\"}]";
        let end = read(text.as_bytes(), Layout::Unknown, &mut |_| {
            taken += 1;
            Err(Failure::usage("enough"))
        });
        assert!(matches!(end, Err(Stop::Taker(_))));
        assert_eq!(taken, 1);
    }
}
