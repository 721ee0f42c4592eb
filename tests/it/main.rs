//! Mnemon's promises, tested from outside. One binary, so that it is linked once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a panic is a failed test"
)]
#![allow(unreachable_pub, reason = "modules of one binary")]

mod engine;
mod rooms;
mod support;
