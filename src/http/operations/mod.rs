//! The calls, one file a group: take what was parsed, ask the engine, print what it says.

pub(super) mod admin;
pub(super) mod conversation;
pub(super) mod memories;
pub(super) mod namespaces;
pub(super) mod profiles;
pub(super) mod server;
pub(super) mod tokens;
