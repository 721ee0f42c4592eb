//! What the engine promises whoever embeds it.

mod caches;
mod clock;
mod cold;
mod damage;
mod deletes;
mod duplicates;
mod formats;
mod lists;
mod models;
mod pieces;
mod repair;
mod scans;
mod tokens;
mod transfer;
mod writes;
