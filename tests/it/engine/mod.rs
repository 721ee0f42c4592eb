//! What the engine promises whoever embeds it.

mod cold;
mod deletes;
mod duplicates;
mod lists;
mod models;
mod pieces;
mod tokens;
mod writes;
