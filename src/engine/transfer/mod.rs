//! Export and import: everything that was said and is remembered, as JSON Lines that people and other programs can read.
//!
//! `EXPORT.md` describes the lines. An export is the same bytes for the same data, so that two can be compared. What can
//! be made again is left out (vectors, indexes), and so are tokens: their hashes are of use to this folder only, and a
//! file that is passed around should not carry them. `mnemon backup` has everything.
//!
//! - `lines.rs`: what a line is, and back. `reading.rs`: a file of them, in order, nothing believed.
//! - `export.rs` writes, `import.rs` reads: once to see whether all of it can be taken, once to take it.

mod export;
mod import;
mod lines;
mod reading;

use std::io::{BufRead, Seek, Write};
use std::path::Path;

pub use import::{Existing, ImportReport};
pub use lines::ExportCounts;

use super::vectors::claim;
use super::{Engine, EngineOptions};
use crate::error::Result;
use crate::store::{Store, StoreOptions};

impl Engine {
    /// Writes everything as it is now as JSON Lines, while reads and writes go on. `progress` is told about how many rows
    /// are done, of how many.
    ///
    /// # Errors
    /// `Damaged` when a record cannot be read; `Io` or `NoSpace` when `out` fails.
    pub fn export(&self, out: &mut dyn Write, progress: &dyn Fn(u64, u64)) -> Result<ExportCounts> {
        export::export(&self.shared.store.read()?, out, progress)
    }

    /// The same of a data folder that nobody has open. No model is needed.
    ///
    /// # Errors
    /// `InUse` when another process has it open, and as [`Engine::export`].
    pub fn export_folder(data: &Path, out: &mut dyn Write, progress: &dyn Fn(u64, u64)) -> Result<ExportCounts> {
        let store = Store::open(data, &StoreOptions::default())?;
        let counts = export::export(&store.read()?, out, progress)?;
        store.close()?;
        Ok(counts)
    }

    /// Reads an export to its end; what is in it. Changes nothing.
    ///
    /// # Errors
    /// `InvalidInput`, naming the line, when it is not an export or not whole; `NewerFormat` when it is a newer one.
    pub fn verify_export(input: impl BufRead) -> Result<ExportCounts> {
        reading::verify(input)
    }

    /// Takes an export into the data folder of `options`, which is created when it is missing. All of it is read and held
    /// against what is there before anything is written. A profile is taken whole or not at all: stopped at any moment,
    /// the next run finds the profiles that were taken and goes on with the others. One that is there already with the
    /// very same content is left as it is, so that importing twice changes nothing; what happens to one with other
    /// content, `existing` says. `progress` is told how many texts are embedded, of how many.
    ///
    /// # Errors
    /// `InvalidInput`, naming the line, when it is no export or not whole; `Conflict` when a profile is there with other
    /// content; `NewerFormat`, `InUse`, `OtherModel`, `Damaged`, `NoSpace`, `Io`.
    pub fn import(
        options: &EngineOptions,
        input: &mut (impl BufRead + Seek),
        existing: Existing,
        progress: &dyn Fn(u64, u64),
    ) -> Result<ImportReport> {
        let store = Store::open(&options.data, &StoreOptions::default())?;
        claim(&store, options.embedder.identity())?;
        let report = import::import(&store, options, input, existing, progress)?;
        store.close()?;
        Ok(report)
    }
}
