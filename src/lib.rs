//! Long-term memory for AI agents, as an embedded engine.
//!
//! An agent sends its conversations. Mnemon keeps every message verbatim, makes typed memories of what matters, replaces
//! what is outdated, and answers questions from what it keeps: on one machine, without a network, without a language
//! model. The `mnemon` binary serves it over HTTP; this library is the same engine in your own process.
//!
//! ```
//! use std::sync::Arc;
//!
//! use mnemon::embed::{LocalModel, LocalOptions};
//! use mnemon::engine::{Engine, EngineOptions, ProfileAddress};
//! use mnemon::model::{AccountId, Moment, NamespaceName, NewMessage, ProfileName, Role};
//! use mnemon::recall::RecallQuery;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path().join("data");
//! let model = LocalModel::built_in(LocalOptions::default())?;
//! let engine = Engine::open(EngineOptions::new(folder, Arc::new(model)))?;
//!
//! let ana = ProfileAddress {
//!     account: AccountId::parse("local")?,
//!     namespace: NamespaceName::parse("support")?,
//!     profile: ProfileName::parse("ana")?,
//! };
//! engine.create_namespace(&ana.account, &ana.namespace)?;
//!
//! let said = Moment::parse("2026-04-21T09:00:00Z");
//! engine.ingest(&ana, None, &[NewMessage::new(Role::User, "I moved to Oslo yesterday.", said)?])?;
//!
//! let today = Moment::parse("2026-05-01").expect("a date");
//! let found = engine.recall(&ana, &RecallQuery::new("When did the user move to Oslo?", today))?;
//! assert!(found.answer.contains("2026-04-20"), "{}", found.answer);
//! engine.close()?;
//! # Ok::<(), mnemon::Error>(())
//! ```
//!
//! Start at [`engine::Engine`]. `ARCHITECTURE.md` has the rooms and the rules between them.

// What may panic is counted: each place that may says why it does not.
#![cfg_attr(not(test), warn(clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod bench;
pub mod cli;
pub mod clock;
mod dates;
pub mod embed;
pub mod engine;
pub mod error;
pub mod eval;
mod grammar;
pub mod http;
pub mod index;
pub mod ingest;
pub mod model;
pub mod recall;
pub mod store;
pub mod text;
pub mod vector;

pub use error::{Error, ErrorKind, Result};
