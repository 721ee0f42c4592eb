//! Which model the data is embedded with, and whether a check sees what is wrong.

use std::sync::atomic::{AtomicUsize, Ordering};

use mnemon::embed::Embedder;
use mnemon::engine::Engine;
use mnemon::model::{MemoryId, ModelIdentity, UnitVector};
use mnemon::store::rows::{MemoryVectorRow, ProfileRow};
use mnemon::store::{Batch, Range, SpaceId, Store, StoreOptions};
use mnemon::{Error, ErrorKind};

use super::writes::{all, question};
use crate::support::{Bench, WordEmbedder, said, session};

#[test]
fn a_second_engine_on_the_same_folder_is_refused() {
    let bench = Bench::new();
    let error = Engine::open(bench.options(WordEmbedder::named("words"))).err().expect("a refusal");
    assert_eq!(error.kind(), ErrorKind::InUse, "{error}");
}

#[test]
fn another_model_is_refused_until_reindex() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    bench.engine().ingest(&at, Some(&session("s1")), &[said("2026-05-04", "My bicycle is a Surly.")]).unwrap();
    let before = all(&bench, "ana");
    bench.close();
    let error = Engine::open(bench.options(WordEmbedder::named("other"))).err().expect("a refusal");
    assert_eq!(error.kind(), ErrorKind::OtherModel);
    assert!(error.message().contains("mnemon reindex") && error.message().contains("words"), "{error}");

    let wider = WordEmbedder::with_dimension("wider", 96);
    let report = Engine::reindex(&bench.options(wider), &|_, _| ()).unwrap();
    assert_eq!((report.embedded, report.resumed), (1 + before.len() as u64, false));
    let engine = Engine::open(bench.options(WordEmbedder::with_dimension("wider", 96))).unwrap();
    assert!(engine.check(&|_, _| ()).unwrap().findings.is_empty());
    let found = engine.recall(&at, &question("Which bicycle?")).unwrap();
    assert_eq!(found.candidates.first().map(|c| c.id), before.first().map(|m| m.id));
}

#[test]
fn a_reindex_that_was_stopped_goes_on_where_it_was() {
    let mut bench = Bench::new();
    for name in ["ana", "ben"] {
        let at = bench.profile(name);
        for n in 0..300 {
            bench.engine().remember(&at, None, &format!("{name} has stamp number {n} of series {}.", n % 7)).unwrap();
        }
    }
    bench.close();
    let failing = Failing { model: WordEmbedder::named("other"), left: AtomicUsize::new(400) };
    assert!(Engine::reindex(&bench.options(failing), &|_, _| ()).is_err());
    let error = Engine::open(bench.options(WordEmbedder::named("words"))).err().expect("a refusal: half is done");
    assert!(error.message().contains("mnemon reindex"), "{error}");

    let report = Engine::reindex(&bench.options(WordEmbedder::named("other")), &|_, _| ()).unwrap();
    assert!(report.resumed && report.embedded < 400, "{report:?}");
    let engine = Engine::open(bench.options(WordEmbedder::named("other"))).unwrap();
    assert!(engine.check(&|_, _| ()).unwrap().findings.is_empty());
}

#[test]
fn a_check_names_a_memory_that_lost_its_vector() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    let memory = bench.engine().remember(&at, None, "The cellar key hangs behind the door.").unwrap();
    bench.close();
    drop_vector(&bench, memory.id);
    let engine = Engine::open(bench.options(WordEmbedder::named("words"))).unwrap();
    let report = engine.check(&|_, _| ()).unwrap();
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    assert_eq!(report.findings[0].place, "local/tests/ana");
    assert!(report.findings[0].what.contains(&memory.id.to_string()));
}

fn drop_vector(bench: &Bench, id: MemoryId) {
    let store = Store::open(bench.folder.path(), &StoreOptions::default()).unwrap();
    let profiles = store.read().unwrap().scan::<ProfileRow>(SpaceId::CATALOG, &Range::all()).unwrap();
    let space = profiles.last().unwrap().unwrap().1.space;
    let mut batch = Batch::new();
    batch.delete::<MemoryVectorRow>(space, &id);
    store.commit(batch).unwrap();
    store.close().unwrap();
}

/// Fails after some texts, like a process that is killed.
struct Failing {
    model: WordEmbedder,
    left: AtomicUsize,
}

impl Embedder for Failing {
    fn identity(&self) -> &ModelIdentity {
        self.model.identity()
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            self.left.store(0, Ordering::Relaxed);
            return Err(Error::new(ErrorKind::Internal, "the power went"));
        }
        self.model.embed_passage(text)
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.embed_passage(text)
    }
}
