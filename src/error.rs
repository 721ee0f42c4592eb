//! The one public error. Its kind says what the caller must do; its message says what is wrong, the value and the limit.

use std::borrow::Cow;
use std::fmt;

/// A result with the public error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the caller must do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Send other input: a field is missing, of the wrong type or out of range.
    InvalidInput,
    /// Choose another name.
    InvalidName,
    /// Present a valid token.
    Unauthenticated,
    /// Use a token that may do this.
    Forbidden,
    /// Create the namespace first.
    NamespaceNotFound,
    /// Write to the profile first.
    ProfileNotFound,
    /// Use an id that is there.
    MemoryNotFound,
    /// Use the id of a token that is there.
    TokenNotFound,
    /// Use the namespace that is there, or another name.
    NamespaceExists,
    /// Send less at once.
    TooLarge,
    /// Try again, a little later.
    Busy,
    /// Read again and retry: something changed meanwhile, and nothing was written.
    Conflict,
    /// Make room on the disk; nothing was written.
    NoSpace,
    /// Stop the other process that has the data folder open, or use its address.
    InUse,
    /// Run `mnemon reindex`, or name the model that the data was embedded with.
    OtherModel,
    /// Use a newer release: the data was written by one.
    NewerFormat,
    /// Run `mnemon check`: what is on disk is not what was written.
    Damaged,
    /// Restart: storage failed, and nothing more is written until it is opened again.
    Poisoned,
    /// Build with the assets, or name a model folder.
    AssetsMissing,
    /// Look at the file, folder or address that the message names.
    Io,
    /// Report it: this is our fault.
    Internal,
}

/// An error at the edge of the library.
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    pointer: Option<Cow<'static, str>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of that kind. `message` is lower case and names the value, the limit and its unit.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), pointer: None, source: None }
    }

    /// Invalid input in the field that the JSON pointer names.
    pub fn invalid(pointer: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: Some(pointer.into()), ..Self::new(ErrorKind::InvalidInput, message) }
    }

    /// The same error, with what caused it.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same error, its pointer behind `prefix`: `/content` in the fourth message is `/messages/3/content`.
    #[must_use]
    pub fn within(self, prefix: &str) -> Self {
        let pointer = format!("{prefix}{}", self.pointer.as_deref().unwrap_or_default());
        Self { pointer: Some(pointer.into()), ..self }
    }

    /// What the caller must do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong, in one lower-case sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The JSON pointer of the field that is wrong, when there is one.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.message)?;
        match &self.source {
            Some(source) => write!(f, " (caused by: {source})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
