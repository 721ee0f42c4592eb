//! The HTTP face: Cloudflare's Agent Memory API over an [`Engine`](crate::engine::Engine).
//!
//! The only room that names axum, hyper, tokio, rustls, tower and utoipa. It parses requests into `model` types, asks the engine, and
//! prints what comes back; it decides nothing about memories. It must never log or print a path's last segments, a
//! query string, a body or a token, must never let more work in than it can hold, and must never answer anything but the
//! envelope, whatever happens.
//!
//! Read [`routes`](router) for what there is, `operations/` for what each call does, `error.rs` for what a caller is told.

mod app;
mod auth;
mod body;
mod envelope;
mod error;
mod lanes;
mod metrics;
mod observe;
mod openapi;
mod operations;
mod path;
mod patient;
mod places;
mod query;
mod rates;
mod routes;
mod serve;
mod streaming;
mod tls;
mod wire;

pub use app::ApiOptions;
pub use body::BODY_BYTES;
pub use lanes::Capacity;
pub use openapi::document;
pub use rates::Rates;
pub use routes::router;
pub use serve::{Patience, Server, Stopper};
pub use tls::{Tls, use_ring};
