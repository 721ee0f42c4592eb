//! Tests of the whole, from outside.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]
#![allow(clippy::cast_possible_truncation, unreachable_pub, reason = "one binary; small numbers")]

mod cli;
mod engine;
mod http;
mod rooms;
mod support;
