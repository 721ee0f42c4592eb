//! Long-term memory for AI agents, as an embedded engine. See `ARCHITECTURE.md` for the rooms and their rules.

#![forbid(unsafe_code)]

pub mod cli;
pub mod clock;
pub mod embed;
pub mod engine;
pub mod error;
pub mod http;
pub mod index;
pub mod ingest;
pub mod model;
pub mod recall;
pub mod store;
pub mod text;
pub mod vector;

pub use error::{Error, ErrorKind, Result};
