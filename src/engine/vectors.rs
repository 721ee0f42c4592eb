//! Which model the data is embedded with, and embedding many texts at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::catalog::CATALOG;
use crate::embed::{Embedder, stand_back};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ModelIdentity, UnitVector, hex};
use crate::store::rows::{ModelRow, ReindexRow};
use crate::store::{Batch, Snapshot, Store};

/// Texts for which a further thread is worth starting: a few milliseconds of work.
const TEXTS_PER_THREAD: usize = 4;

/// Holds the data's model against `model`; an empty data folder becomes that model's.
///
/// # Errors
/// `OtherModel`, naming both models and `mnemon reindex`; `Damaged` when there is data and nothing says of which model.
pub(super) fn claim(store: &Store, model: &ModelIdentity) -> Result<()> {
    let snapshot = store.read()?;
    if let Some(ReindexRow { target, .. }) = snapshot.get(CATALOG, &())? {
        let name = target.name;
        let message = format!("a reindex to model {name} was stopped half-way: `mnemon reindex` goes on where it was");
        return Err(Error::new(ErrorKind::OtherModel, message));
    }
    match snapshot.get::<ModelRow>(CATALOG, &())? {
        Some(ModelRow(own)) if own == *model => Ok(()),
        Some(ModelRow(own)) => Err(other_model(&own, model)),
        None if has_data(&snapshot)? => {
            let message = "the record of the model that made the vectors is gone: run `mnemon repair`";
            Err(Error::new(ErrorKind::Damaged, message))
        }
        None => {
            let mut batch = Batch::new();
            batch.require_absent::<ModelRow>(CATALOG, &());
            batch.put(CATALOG, &(), &ModelRow(model.clone()));
            store.commit(batch)
        }
    }
}

/// Whether any profile has rows.
fn has_data(snapshot: &Snapshot) -> Result<bool> {
    for space in snapshot.spaces() {
        if space? != CATALOG {
            return Ok(true);
        }
    }
    Ok(false)
}

fn other_model(own: &ModelIdentity, model: &ModelIdentity) -> Error {
    let (own, model) = (describe(own), describe(model));
    let message = format!(
        "the data was embedded with {own}, this is {model}: name that model with --model-dir, or run `mnemon reindex` \
         to embed everything again"
    );
    Error::new(ErrorKind::OtherModel, message)
}

/// For example `all-MiniLM-L6-v2 (384 numbers, mean pooling, file 1a2b3c4d…)`.
fn describe(model: &ModelIdentity) -> String {
    let pooling = format!("{:?}", model.pooling).to_lowercase();
    let file = hex(&model.sha256);
    format!("{} ({} numbers, {pooling} pooling, file {file:.8}…)", model.name, model.dimension)
}

/// Embeds `texts`, one a call, on as many threads as pay. The vectors are in the order of the texts.
pub(super) fn embed_all(embedder: &dyn Embedder, texts: &[&str]) -> Result<Vec<UnitVector>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = texts.len().div_ceil(TEXTS_PER_THREAD).min(cores);
    if threads <= 1 {
        return texts.iter().map(|text| embedder.embed_passage(text)).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, UnitVector)>> {
        stand_back();
        let mut made = Vec::new();
        while let Some((index, text)) = take_next(&next, texts) {
            made.push((index, embedder.embed_passage(text)?));
        }
        Ok(made)
    };
    let mut made = thread::scope(|scope| -> Result<Vec<(usize, UnitVector)>> {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::with_capacity(texts.len());
        for worker in workers {
            all.extend(worker.join().map_err(|_| Error::new(ErrorKind::Internal, "embedding panicked"))??);
        }
        Ok(all)
    })?;
    made.sort_unstable_by_key(|(index, _)| *index);
    Ok(made.into_iter().map(|(_, vector)| vector).collect())
}

fn take_next<'a>(next: &AtomicUsize, texts: &[&'a str]) -> Option<(usize, &'a str)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    texts.get(index).map(|text| (index, *text))
}
