//! What a command says when it cannot do its work, and the exit code that programs see.

use std::borrow::Cow;
use std::io;
use std::process::ExitCode;

use crate::error::{Error, ErrorKind};

/// How the process ends. The numbers are part of the command line's contract: README.md lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The command did what it was asked.
    Done,
    /// It did not, for a reason outside the command line and the data.
    Failed,
    /// The arguments or the input are wrong.
    Usage,
    /// What it was asked about is not there.
    NotFound,
    /// The data is damaged, or was embedded or written by something else.
    DataNeedsAttention,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::NotFound => 3,
            Exit::DataNeedsAttention => 4,
        })
    }
}

/// What clap wants printed instead of running a command.
pub struct Usage(clap::Error);

impl Usage {
    /// Prints it: help and version to standard output, mistakes to standard error.
    #[must_use]
    pub fn print(&self) -> Exit {
        // A reader that has gone away is no reason to fail.
        let _ = self.0.print();
        if self.0.use_stderr() { Exit::Usage } else { Exit::Done }
    }
}

impl From<clap::Error> for Usage {
    fn from(error: clap::Error) -> Self {
        Self(error)
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The reader of our output has gone away, as `head` does: nothing to say.
    OutputClosed,
    /// Everything has been said already; only the exit code is left.
    Told(Exit),
    /// To be said.
    Said {
        /// What happened, for programs.
        kind: &'static str,
        /// How the process ends.
        exit: Exit,
        /// What is wrong, lower case.
        message: String,
        /// What to do about it.
        hint: Option<Cow<'static, str>>,
    },
}

impl Failure {
    /// Wrong arguments or input.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::said("usage", Exit::Usage, message)
    }

    pub(crate) fn said(kind: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self::Said { kind, exit, message: message.into(), hint: None }
    }

    /// The same failure with another hint.
    pub(crate) fn hint(self, text: impl Into<Cow<'static, str>>) -> Self {
        match self {
            Self::Said { kind, exit, message, .. } => Self::Said { kind, exit, message, hint: Some(text.into()) },
            other => other,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::OutputClosed => Exit::Done,
            Self::Told(exit) | Self::Said { exit, .. } => *exit,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = match error.pointer() {
            // The pointer names a field of the request; on a command line only its end means anything.
            Some(pointer) if !error.message().contains(field(pointer)) => {
                format!("{}: {}", field(pointer), error.message())
            }
            _ => error.message().to_owned(),
        };
        let (kind, exit) = meaning(error.kind());
        Self::Said { kind, exit, message, hint: advice(error.kind()).map(Cow::Borrowed) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::said("io", Exit::Failed, error.to_string()),
        }
    }
}

fn field(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or(pointer)
}

/// A kind's name for programs, and the exit code.
fn meaning(kind: ErrorKind) -> (&'static str, Exit) {
    match kind {
        ErrorKind::InvalidInput => ("invalid_input", Exit::Usage),
        ErrorKind::InvalidName => ("invalid_name", Exit::Usage),
        ErrorKind::TooLarge => ("too_large", Exit::Usage),
        ErrorKind::NamespaceNotFound => ("namespace_not_found", Exit::NotFound),
        ErrorKind::ProfileNotFound => ("profile_not_found", Exit::NotFound),
        ErrorKind::MemoryNotFound => ("memory_not_found", Exit::NotFound),
        ErrorKind::TokenNotFound => ("token_not_found", Exit::NotFound),
        ErrorKind::OtherModel => ("other_model", Exit::DataNeedsAttention),
        ErrorKind::NewerFormat => ("newer_format", Exit::DataNeedsAttention),
        ErrorKind::Damaged => ("damaged", Exit::DataNeedsAttention),
        ErrorKind::Unauthenticated => ("unauthenticated", Exit::Failed),
        ErrorKind::Forbidden => ("forbidden", Exit::Failed),
        ErrorKind::NamespaceExists => ("namespace_exists", Exit::Failed),
        ErrorKind::Busy => ("busy", Exit::Failed),
        ErrorKind::Conflict => ("conflict", Exit::Failed),
        ErrorKind::NoSpace => ("no_space", Exit::Failed),
        ErrorKind::InUse => ("in_use", Exit::Failed),
        ErrorKind::Poisoned => ("poisoned", Exit::Failed),
        ErrorKind::AssetsMissing => ("assets_missing", Exit::Failed),
        ErrorKind::Io => ("io", Exit::Failed),
        ErrorKind::Internal => ("internal", Exit::Failed),
    }
}

/// What a person can do about a kind of error on a command line, where the message alone does not say.
fn advice(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NamespaceNotFound => {
            "`mnemon namespaces list` shows those that are there, `mnemon namespaces create NAME` makes one"
        }
        ErrorKind::ProfileNotFound => {
            "`mnemon profiles` shows those that are there; the first `ingest` or `remember` makes one"
        }
        ErrorKind::MemoryNotFound => "`mnemon memories` shows ids",
        ErrorKind::TokenNotFound => "`mnemon token list` lists ids",
        ErrorKind::Unauthenticated => {
            "put the server's token into MNEMON_API_TOKEN; `mnemon token create` on its data folder makes one"
        }
        ErrorKind::Forbidden => {
            "use a token that reaches further: `mnemon token list` on the server's data folder shows them"
        }
        ErrorKind::Busy | ErrorKind::Conflict => "nothing was written; run the command again in a moment",
        ErrorKind::NoSpace => "nothing was written; make room on the disk and run the command again",
        ErrorKind::InUse => {
            "ask the server that has it open: add `--url http://127.0.0.1:8787`, with its token in MNEMON_API_TOKEN"
        }
        ErrorKind::OtherModel => {
            "name the model of the data with `--model-dir DIR`, or embed everything with this one: `mnemon reindex`"
        }
        ErrorKind::NewerFormat => "use a newer release of Mnemon; nothing was changed",
        ErrorKind::Damaged => "`mnemon check` says what is wrong, `mnemon repair` mends what can be mended",
        ErrorKind::AssetsMissing => "run `make assets` and build again, or name a model folder: `--model-dir DIR`",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let gone = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(gone.exit(), Exit::Done);
    }

    #[test]
    fn exit_codes_say_what_a_script_must_know() {
        for (kind, exit) in [
            (ErrorKind::InvalidName, Exit::Usage),
            (ErrorKind::ProfileNotFound, Exit::NotFound),
            (ErrorKind::OtherModel, Exit::DataNeedsAttention),
            (ErrorKind::InUse, Exit::Failed),
        ] {
            assert_eq!(Failure::from(Error::new(kind, "x")).exit(), exit, "{kind:?}");
        }
    }

    #[test]
    fn a_pointer_is_named_unless_the_message_does() {
        let said = |error: Error| match Failure::from(error) {
            Failure::Said { message, .. } => message,
            other => panic!("{other:?}"),
        };
        assert_eq!(said(Error::invalid("/query", "has 0 bytes")), "query: has 0 bytes");
        assert_eq!(said(Error::invalid("/query", "query has 0 bytes")), "query has 0 bytes");
    }
}
