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
}

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
        self.write(format!("{}\n", painted(self.colour, HEADER, text)).as_bytes())
    }

    /// Rows under aligned headings. The last column is as long as it is.
    pub(crate) fn table<const N: usize>(&self, header: [&str; N], rows: &[[String; N]]) -> Result<(), Failure> {
        let (first, rest) = aligned(header, rows);
        self.heading(&first)?;
        rest.iter().try_for_each(|row| self.text(row))
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

fn aligned<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> (String, Vec<String>) {
    let mut widths = header.map(|cell| cell.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[&str]| {
        let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let body = rows.iter().map(|row| line(&row.each_ref().map(String::as_str))).collect();
    (line(&header), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["a".to_owned(), "x y".to_owned()], ["longer".to_owned(), String::new()]];
        let (header, body) = aligned(["ID", "SUMMARY"], &rows);
        assert_eq!(header, "ID      SUMMARY");
        assert_eq!(body, ["a       x y", "longer"]);
    }

    #[test]
    fn stored_text_cannot_drive_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\nc\td"), "a\u{fffd}[31mb\u{fffd}\nc\td");
        assert_eq!(one_line("two\nlines  and more"), "two lines and more");
    }
}
