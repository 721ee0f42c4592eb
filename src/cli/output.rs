//! What reaches the terminal: the only place that writes to standard output and standard error.
//!
//! Data goes to standard output; notes, questions and errors go to standard error and, but for errors, only to people.
//! Colour is for terminals only and never the only carrier of a meaning. Stored text is shown with its control characters
//! replaced, so that a memory cannot drive the terminal.

use std::io::{self, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::json;

use super::failure::Failure;

/// Who reads the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Someone at a terminal.
    People,
    /// A program: one JSON value.
    Json,
}

/// Where a command puts what it has to say.
pub(crate) struct Output {
    format: Format,
    colour: bool,
    colour_errors: bool,
    /// Columns of the terminal that standard output is, if it is one.
    columns: Option<usize>,
}

/// How an entry looks where there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Its word stands out.
    Strong,
    /// It stands back.
    Quiet,
}

/// A word in a column of its own, and text beside it that is folded at the terminal's edge.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// Where the word starts, in columns from 0.
    pub(crate) indent: usize,
    pub(crate) word: &'a str,
    /// Where the text starts, in columns from 0.
    pub(crate) column: usize,
    pub(crate) text: &'a str,
    pub(crate) tone: Tone,
}

/// The least columns that text is folded into: a narrower terminal folds it itself.
const LEAST_FOLD: usize = 24;
const STRONG: Style = AnsiColor::Green.on_default().bold();
const QUIET: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const HEADER: Style = Style::new().bold();

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        let wanted = colour_wanted();
        Self {
            format,
            colour: wanted && io::stdout().is_terminal(),
            colour_errors: wanted && io::stderr().is_terminal(),
            columns: terminal_columns(),
        }
    }

    /// Whether a program reads.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// The result: `value` for a program, what `people` says for people.
    pub(crate) fn result<T: Serialize>(
        &self,
        value: &T,
        people: impl FnOnce(&Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if !self.is_json() {
            return people(self);
        }
        let mut line = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
        line.push('\n');
        self.write(line.as_bytes())
    }

    /// One line or more, for people.
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        self.write(format!("{}\n", harmless(text)).as_bytes())
    }

    /// A heading above what follows.
    pub(crate) fn heading(&self, text: &str) -> Result<(), Failure> {
        self.write(format!("{}\n", painted(self.colour, HEADER, &harmless(text))).as_bytes())
    }

    /// Rows under aligned headings. The last column is as long as it is.
    pub(crate) fn table<const N: usize>(&self, header: [&str; N], rows: &[[String; N]]) -> Result<(), Failure> {
        self.grid(&header, rows)
    }

    /// A table whose columns are known only when it is shown.
    pub(crate) fn grid<R: AsRef<[String]>>(&self, header: &[&str], rows: &[R]) -> Result<(), Failure> {
        let (first, rest) = aligned(header, rows);
        self.heading(&first)?;
        rest.iter().try_for_each(|row| self.text(row))
    }

    /// A word and the text beside it.
    pub(crate) fn entry(&self, entry: &Entry<'_>) -> Result<(), Failure> {
        let room = self.columns.map_or(usize::MAX, |columns| columns.saturating_sub(entry.column).max(LEAST_FOLD));
        let text = harmless(&one_line(entry.text));
        let width = entry.column.saturating_sub(entry.indent);
        let line = |(n, text): (usize, &String)| {
            let word = format!("{:width$}", if n == 0 { entry.word } else { "" });
            let (word, text) = match entry.tone {
                Tone::Strong => (painted(self.colour, STRONG, &word), text.clone()),
                Tone::Quiet => (painted(self.colour, QUIET, &word), painted(self.colour, QUIET, text)),
            };
            format!("{:indent$}{word}{text}\n", "", indent = entry.indent)
        };
        self.write(fold(&text, room).iter().enumerate().map(line).collect::<String>().as_bytes())
    }

    /// A list for a program that is written an item at a time.
    pub(crate) fn list(&self) -> List<'_> {
        List { out: self, items: 0 }
    }

    /// Bytes as they are: completion scripts.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.write(bytes)
    }

    /// Something worth knowing beside the result; people only.
    pub(crate) fn note(&self, text: &str) {
        if !self.is_json() {
            self.say(&harmless(text));
        }
    }

    /// Why the command stopped.
    pub(crate) fn failure(&self, failure: &Failure) {
        let Failure::Said { kind, message, hint, .. } = failure else { return };
        if self.is_json() {
            let error = json!({ "kind": kind, "message": message, "hint": hint });
            return self.say(&json!({ "error": error }).to_string());
        }
        self.say(&format!("{} {}", painted(self.colour_errors, ERROR, "error:"), harmless(message)));
        if let Some(hint) = hint {
            self.say(&format!("\n{} {hint}", painted(self.colour_errors, HINT, "hint:")));
        }
    }

    /// Asks a person before something is lost for good.
    ///
    /// # Errors
    /// A usage failure when nobody is there to answer.
    pub(crate) fn confirm(&self, question: &str) -> Result<bool, Failure> {
        if self.is_json() || !io::stdin().is_terminal() {
            return Err(
                Failure::usage("nobody is there to confirm this").hint("add `--yes` to go ahead without asking")
            );
        }
        let mut stderr = io::stderr().lock();
        write!(stderr, "{question} [y/N] ")?;
        stderr.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    #[expect(clippy::unused_self, reason = "the one way to standard output goes through an Output")]
    fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        Ok(stdout.flush()?)
    }

    #[expect(clippy::unused_self, reason = "the one way to standard error goes through an Output")]
    fn say(&self, text: &str) {
        // When even standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// One JSON list, an item a line. It is whole also when reading stopped early: finish it in any case.
pub(crate) struct List<'a> {
    out: &'a Output,
    items: usize,
}

impl List<'_> {
    pub(crate) fn push(&mut self, item: &impl Serialize) -> Result<(), Failure> {
        let item = serde_json::to_string(item).map_err(io::Error::from)?;
        let before = if self.items == 0 { "[\n" } else { ",\n" };
        self.items += 1;
        self.out.write(format!("{before}  {item}").as_bytes())
    }

    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.out.write(if self.items == 0 { b"[]\n" } else { b"\n]\n" })
    }
}

/// How wide standard output is, if it is a terminal that says so.
fn terminal_columns() -> Option<usize> {
    #[cfg(unix)]
    let columns = rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_col));
    #[cfg(not(unix))]
    let columns = 0;
    (columns > 0).then_some(columns)
}

/// Whether the environment lets us use colour at all.
pub(crate) fn colour_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn painted(colour: bool, style: Style, text: &str) -> String {
    if colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// `text` without what a terminal would obey; line breaks and tabs stay.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// `text` on one line, for a cell.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "1 message", "2 messages".
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// "730 bytes", "12.3 kB", "1.4 MB".
pub(crate) fn sized(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `text` in lines of at most `room` characters, broken between words; a longer word has a line of its own.
fn fold(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut taken = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if taken > 0 && taken + 1 + width > room {
            lines.push(String::new());
            taken = 0;
        }
        if let Some(line) = lines.last_mut() {
            let gap = if taken > 0 { " " } else { "" };
            line.push_str(gap);
            line.push_str(word);
            taken += gap.len() + width;
        }
    }
    lines
}

fn aligned<R: AsRef<[String]>>(header: &[&str], rows: &[R]) -> (String, Vec<String>) {
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row.as_ref()) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[&str]| {
        let padded: Vec<_> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}", width = *width)).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let cells = rows.iter().map(|row| row.as_ref().iter().map(String::as_str).collect::<Vec<_>>());
    let body = cells.map(|row| line(&row)).collect();
    (line(header), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["a".to_owned(), "x y".to_owned()], ["longer".to_owned(), String::new()]];
        let (header, body) = aligned(&["ID", "SUMMARY"], &rows);
        assert_eq!(header, "ID      SUMMARY");
        assert_eq!(body, ["a       x y", "longer"]);
    }

    #[test]
    fn text_is_folded_between_words() {
        for (text, lines) in [
            ("", vec![""]),
            ("one two three", vec!["one two", "three"]),
            ("seventeen-letters no", vec!["seventeen-letters", "no"]),
            ("a øøøøøø b", vec!["a øøøøøø", "b"]),
        ] {
            assert_eq!(fold(text, 8), lines, "{text}");
        }
        assert_eq!(fold("one two three", usize::MAX), ["one two three"]);
    }

    #[test]
    fn stored_text_cannot_drive_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\nc\td"), "a\u{fffd}[31mb\u{fffd}\nc\td");
        assert_eq!(one_line("two\nlines  and more"), "two lines and more");
    }
}
