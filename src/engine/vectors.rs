//! Which model the data is embedded with.

use super::catalog::CATALOG;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ModelIdentity, hex};
use crate::store::rows::{ModelRow, ReindexRow};
use crate::store::{Batch, Snapshot, Store};

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
