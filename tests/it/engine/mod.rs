//! What the engine promises whoever embeds it.

mod deletes;
mod lists;
mod models;
mod pieces;
mod tokens;
mod writes;
