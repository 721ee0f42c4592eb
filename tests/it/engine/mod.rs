//! What the engine promises whoever embeds it.

mod deletes;
mod lists;
mod models;
mod tokens;
mod writes;
