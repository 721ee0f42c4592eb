//! `mnemon reindex`: every vector anew, by another model.

use clap::Args;
use serde_json::json;

use super::args::{Folder, Missing};
use super::failure::Failure;
use super::output::{Output, counted};
use super::progress::Progress;
use crate::engine::Engine;

const EXAMPLES: &str = "\
Examples:
  mnemon reindex
  mnemon reindex --data /srv/mnemon --model-dir /srv/models/bge-small";

/// Embed everything again, with the built-in model or the one in `--model-dir`
///
/// Needed when the data was embedded by another model. Can be stopped at any time: run again, it goes on where it was.
/// Until it has finished, nothing else opens the data.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Reindex {
    #[command(flatten)]
    folder: Folder,
}

impl Reindex {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let options = self.folder.options(Missing::Refuse)?;
        let model = options.embedder.identity().name.clone();
        let progress = Progress::of_items(out, "embedding");
        let report = Engine::reindex(&options, &|done, total| progress.at(done, total));
        progress.finish();
        let embedded = report?.embedded;
        out.result(&json!({ "model": model, "embedded": embedded }), |out| {
            out.text(&format!("embedded {} with {model}", counted(embedded, "text", "texts")))
        })
    }
}
