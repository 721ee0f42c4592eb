//! The limits of the HTTP contract, in one place, each with its unit.

/// Messages in one ingest.
pub const MESSAGES_PER_INGEST: usize = 500;
/// Bytes of a message's or a memory's content.
pub const CONTENT_BYTES: usize = 32_768;
/// Bytes of a recall query.
pub const QUERY_BYTES: usize = 1_024;
/// Characters of a session id.
pub const SESSION_ID_CHARS: usize = 64;
/// Characters of an account id.
pub const ACCOUNT_ID_CHARS: usize = 64;
/// Characters of a namespace name.
pub const NAMESPACE_NAME_CHARS: usize = 32;
/// Characters of a profile name.
pub const PROFILE_NAME_CHARS: usize = 100;
/// Source messages one recall may return.
pub const EVIDENCE: usize = 100;
