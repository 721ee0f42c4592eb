//! Names that callers choose, parsed at the door.

use std::fmt;
use std::sync::Arc;

use super::Role;
use super::id::{hash128, hex};
use super::limits::{ACCOUNT_ID_CHARS, NAMESPACE_NAME_CHARS, PROFILE_NAME_CHARS, SESSION_ID_CHARS};

use crate::error::{Error, ErrorKind, Result};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
    };
}

name! {
    /// Scopes namespaces: 1 to 64 characters of `A-Z a-z 0-9 _ -`.
    AccountId
}
name! {
    /// A namespace's name: 1 to 32 lower-case letters, digits and embedded hyphens.
    NamespaceName
}
name! {
    /// A profile's name: 1 to 100 lower-case letters, digits and embedded hyphens.
    ProfileName
}
name! {
    /// A conversation's name, chosen by the caller: 1 to 64 characters of any kind.
    SessionId
}

impl AccountId {
    /// # Errors
    /// [`ErrorKind::InvalidName`] when `text` is empty, too long or has another character.
    pub fn parse(text: &str) -> Result<Self> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if text.is_empty() || !text.chars().all(allowed) {
            return Err(Error::new(
                ErrorKind::InvalidName,
                "account id must be letters, digits, hyphens and underscores",
            ));
        }
        at_most("account id", text, ACCOUNT_ID_CHARS).map(Self)
    }
}

impl NamespaceName {
    /// # Errors
    /// [`ErrorKind::InvalidName`] with the rule that `text` breaks.
    pub fn parse(text: &str) -> Result<Self> {
        hyphenated(text).and_then(|()| at_most("namespace name", text, NAMESPACE_NAME_CHARS)).map(Self)
    }
}

impl ProfileName {
    /// # Errors
    /// [`ErrorKind::InvalidName`] with the rule that `text` breaks.
    pub fn parse(text: &str) -> Result<Self> {
        hyphenated(text).and_then(|()| at_most("profile name", text, PROFILE_NAME_CHARS)).map(Self)
    }
}

impl SessionId {
    /// The session of a conversation that was sent without one, from its first message.
    #[must_use]
    pub fn derived(role: Role, content: &str) -> Self {
        let hash = hash128(b"conversation", &[role.as_str().as_bytes(), content.as_bytes()]);
        Self(format!("auto-{}", hex(&hash)).into())
    }

    /// # Errors
    /// [`ErrorKind::InvalidInput`] when `text` is empty or too long.
    pub fn parse(text: &str) -> Result<Self> {
        match text.chars().count() {
            1..=SESSION_ID_CHARS => Ok(Self(text.into())),
            n => Err(Error::invalid(
                "/sessionId",
                format!("session id has {n} characters, it must have 1 to {SESSION_ID_CHARS}"),
            )),
        }
    }
}

fn hyphenated(text: &str) -> Result<()> {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let embedded = !text.is_empty() && !text.starts_with('-') && !text.ends_with('-');
    if embedded && text.bytes().all(inner) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidName,
        "name must only contain lowercase alphanumeric characters and embedded hyphens",
    ))
}

fn at_most(what: &str, text: &str, limit: usize) -> Result<Arc<str>> {
    match text.chars().count() {
        n if n <= limit => Ok(text.into()),
        n => Err(Error::new(ErrorKind::InvalidName, format!("{what} has {n} characters, the limit is {limit}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_contract() {
        for good in ["a", "0", "a-b", "a--b", "support-agent-2", &"a".repeat(32)] {
            assert!(NamespaceName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-", "-a", "a-", "A", "a_b", "a b", "ä", "a/b", &"a".repeat(33)] {
            assert!(NamespaceName::parse(bad).is_err(), "{bad}");
        }
        assert!(ProfileName::parse(&"a".repeat(100)).is_ok());
        assert!(ProfileName::parse(&"a".repeat(101)).is_err());
    }

    #[test]
    fn session_ids_count_characters() {
        assert!(SessionId::parse(&"ä".repeat(64)).is_ok());
        assert!(SessionId::parse(&"ä".repeat(65)).is_err());
        assert!(SessionId::parse("").is_err());
        assert!(SessionId::parse("a/b:c d").is_ok());
    }

    #[test]
    fn account_ids_are_opaque_but_safe() {
        assert!(AccountId::parse("local").is_ok());
        assert!(AccountId::parse(&"f".repeat(64)).is_ok());
        for bad in ["", "a/b", "a b", "é", &"f".repeat(65)] {
            assert!(AccountId::parse(bad).is_err(), "{bad}");
        }
    }
}
