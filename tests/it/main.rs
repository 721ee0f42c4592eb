//! Tests of the whole, from outside.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod cli;
mod engine;
mod http;
mod rooms;
mod support;
