//! Identities: ULIDs for what we name ourselves, content hashes for what the caller names by saying it.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{Role, SessionId};

/// A 128-bit, time-ordered identity, printed as 26 characters of Crockford's base 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ulid(u128);

impl Ulid {
    /// The number of bytes of its binary form.
    pub const BYTES: usize = 16;

    /// An identity from its 128 bits.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The 128 bits, most significant first being the time.
    #[must_use]
    pub fn bits(self) -> u128 {
        self.0
    }

    /// Parses the canonical form only: upper case, 26 characters, no overflow.
    ///
    /// ```
    /// use mnemon::model::Ulid;
    /// let id = Ulid::parse("01JSGCEXAMPP1E000000000000").unwrap();
    /// assert_eq!(id.to_string(), "01JSGCEXAMPP1E000000000000");
    /// assert!(Ulid::parse("01jsgcexampp1e000000000000").is_none(), "lower case is not canonical");
    /// assert!(Ulid::parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ").is_none(), "more than 128 bits");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parsed = ulid::Ulid::from_string(text).ok()?;
        // The crate accepts lower case and lets high digits overflow; printing again shows both.
        (parsed.to_string() == text).then_some(Self(parsed.0))
    }
}

impl fmt::Display for Ulid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ulid::Ulid(self.0).fmt(f)
    }
}

impl fmt::Debug for Ulid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names a memory.
pub type MemoryId = Ulid;
/// Names a namespace.
pub type NamespaceId = Ulid;

/// A message's identity: what was said, by which role, in which session. When it was said is not part of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub [u8; 16]);

impl MessageId {
    /// The first 128 bits of SHA-256 over the three parts, each behind its length as eight bytes, big-endian.
    #[must_use]
    pub fn of(session: &SessionId, role: Role, content: &str) -> Self {
        Self(hash128(b"message", &[session.as_str().as_bytes(), role.as_str().as_bytes(), content.as_bytes()]))
    }
}

/// What a fact or an instruction is about: memories with the same key are about the same thing, and the newest holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicKey(pub [u8; 16]);

impl TopicKey {
    /// The key of a topic given as normalised text, for example `user|live-in`.
    #[must_use]
    pub fn of(topic: &str) -> Self {
        Self(hash128(b"topic", &[topic.as_bytes()]))
    }
}

macro_rules! print_as_hex {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )+};
}
print_as_hex!(MessageId, TopicKey);

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

/// The first 128 bits of SHA-256 over `domain` and `parts`, each part behind its length so that no two lists collide.
pub(crate) fn hash128(domain: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in std::iter::once(&domain).chain(parts) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(digest.split_at(16).0);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_identity_is_unambiguous() {
        let session = |s: &str| SessionId::parse(s).unwrap();
        let a = MessageId::of(&session("a"), Role::User, "bc");
        assert_eq!(a, MessageId::of(&session("a"), Role::User, "bc"));
        assert_ne!(a, MessageId::of(&session("ab"), Role::User, "c"));
        assert_ne!(a, MessageId::of(&session("a"), Role::Assistant, "bc"));
    }

    #[test]
    fn message_identity_is_stable_across_releases() {
        let id = MessageId::of(&SessionId::parse("s1").unwrap(), Role::User, "hello");
        assert_eq!(id.to_string().len(), 32);
        assert_eq!(id.to_string(), "44ee32c04b9810fe277c0b33294ac87b");
    }
}
