//! Embedding everything again, with another model. Where it is stands in a row, committed with the vectors: killed, it
//! goes on there.

use std::sync::Arc;

use super::caches;
use super::catalog::CATALOG;
use super::edit::has_vector;
use super::{Engine, EngineOptions};
use crate::embed::{Embedder, embed_all};
use crate::error::Result;
use crate::model::ModelIdentity;
use crate::store::rows::{MemoryRow, MemoryVectorRow, MessageRow, MessageVectorRow, ModelRow, ReindexRow, Reindexed};
use crate::store::{Batch, Range, Snapshot, SpaceId, Store, StoreOptions};

/// Texts embedded between two commits: a second or so of work.
const TEXTS_AT_ONCE: usize = 256;

/// What a reindex did.
#[derive(Clone, Debug)]
pub struct ReindexReport {
    /// The model that the data has now.
    pub model: ModelIdentity,
    /// Vectors made in this run.
    pub embedded: u64,
    /// Whether an earlier run was gone on with.
    pub resumed: bool,
}

impl Engine {
    /// Embeds every message and memory of a data folder again, with the model of `options`. `progress` is told how many
    /// texts are done, of how many. Stopped at any moment, the next call goes on where it was.
    ///
    /// # Errors
    /// `InUse` when another process has the folder open; `Damaged`, `NoSpace`, `Io`.
    pub fn reindex(options: &EngineOptions, progress: &dyn Fn(u64, u64)) -> Result<ReindexReport> {
        let store = Store::open(&options.data, &StoreOptions::default())?;
        let report = Reindex::start(&store, Arc::clone(&options.embedder))?.run(progress)?;
        caches::drop_all(&store, &options.data)?;
        store.close()?;
        Ok(report)
    }
}

pub(super) struct Reindex<'a> {
    store: &'a Store,
    embedder: Arc<dyn Embedder>,
    /// The last text whose vector is there already.
    last: Option<Reindexed>,
    resumed: bool,
}

/// A text to embed, and where its vector goes.
struct Text {
    at: Reindexed,
    content: String,
}

impl<'a> Reindex<'a> {
    pub(super) fn start(store: &'a Store, embedder: Arc<dyn Embedder>) -> Result<Self> {
        let earlier: Option<ReindexRow> = store.read()?.get(CATALOG, &())?;
        // A run to another model than the earlier one starts over: no vector of that one is of use.
        let earlier = earlier.filter(|row| row.target == *embedder.identity());
        let (last, resumed) = (earlier.as_ref().and_then(|row| row.last), earlier.is_some());
        Ok(Self { store, embedder, last, resumed })
    }

    pub(super) fn run(mut self, progress: &dyn Fn(u64, u64)) -> Result<ReindexReport> {
        let snapshot = self.store.read()?;
        let spaces: Vec<SpaceId> =
            snapshot.spaces().filter(|space| !matches!(space, Ok(CATALOG))).collect::<Result<_>>()?;
        let (mut done, total) = self.count(&snapshot, &spaces)?;
        let already = done;
        self.commit(Batch::new())?;
        for &space in &spaces {
            let last = self.last.map(order);
            let mut left = texts(&snapshot, space)?.filter(|text| is_left(text, last)).peekable();
            while left.peek().is_some() {
                let some: Vec<Text> = left.by_ref().take(TEXTS_AT_ONCE).collect::<Result<_>>()?;
                progress(done, total);
                self.embed(&some)?;
                done += some.len() as u64;
            }
        }
        progress(done, total);
        self.finish()?;
        let model = self.embedder.identity().clone();
        Ok(ReindexReport { model, embedded: done - already, resumed: self.resumed })
    }

    /// How many texts are done already, and how many there are.
    fn count(&self, snapshot: &Snapshot, spaces: &[SpaceId]) -> Result<(u64, u64)> {
        let last = self.last.map(order);
        let (mut done, mut total) = (0, 0);
        for &space in spaces {
            for text in texts(snapshot, space)? {
                done += u64::from(!is_left(&text, last));
                total += 1;
            }
        }
        Ok((done, total))
    }

    fn embed(&mut self, texts: &[Text]) -> Result<()> {
        let contents: Vec<&str> = texts.iter().map(|text| text.content.as_str()).collect();
        let vectors = embed_all(&*self.embedder, &contents)?;
        let mut batch = Batch::new();
        for (text, vector) in texts.iter().zip(vectors) {
            match text.at {
                Reindexed::Message(space, place) => batch.put(space, &place, &MessageVectorRow(vector)),
                Reindexed::Memory(space, id) => batch.put(space, &id, &MemoryVectorRow(vector)),
            }
            self.last = Some(text.at);
        }
        self.commit(batch)
    }

    /// Commits a batch together with how far it brings the run.
    fn commit(&self, mut batch: Batch) -> Result<()> {
        let progress = ReindexRow { target: self.embedder.identity().clone(), last: self.last };
        batch.put(CATALOG, &(), &progress);
        self.store.commit(batch)
    }

    fn finish(&self) -> Result<()> {
        let mut batch = Batch::new();
        batch.put(CATALOG, &(), &ModelRow(self.embedder.identity().clone()));
        batch.delete::<ReindexRow>(CATALOG, &());
        self.store.commit(batch)
    }
}

/// Every text of a space that has a vector, in the order of [`order`].
fn texts(snapshot: &Snapshot, space: SpaceId) -> Result<impl Iterator<Item = Result<Text>>> {
    let messages = snapshot
        .scan::<MessageRow>(space, &Range::all())?
        .map(move |row| row.map(|(place, row)| Text { at: Reindexed::Message(space, place), content: row.content }));
    let memories = snapshot.scan::<MemoryRow>(space, &Range::all())?.filter_map(move |row| match row {
        Ok((id, MemoryRow(memory))) => {
            has_vector(&memory).then(|| Ok(Text { at: Reindexed::Memory(space, id), content: memory.content }))
        }
        Err(error) => Some(Err(error)),
    });
    Ok(messages.chain(memories))
}

/// What cannot be read is left: it stops the run and is named.
fn is_left(text: &Result<Text>, last: Option<(SpaceId, u8, u128)>) -> bool {
    text.as_ref().map_or(true, |text| Some(order(text.at)) > last)
}

/// Texts are embedded space by space, messages before memories, each in the order of its keys.
fn order(at: Reindexed) -> (SpaceId, u8, u128) {
    match at {
        Reindexed::Message(space, place) => (space, 0, u128::from(place.session) << 32 | u128::from(place.position)),
        Reindexed::Memory(space, id) => (space, 1, id.bits()),
    }
}
