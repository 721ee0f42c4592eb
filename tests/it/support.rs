//! What the tests share: engines on temporary folders, a clock that stands still, a small embedder.

use std::sync::Arc;

use mnemon::clock::ManualClock;
use mnemon::embed::Embedder;
use mnemon::engine::{Engine, EngineOptions, ProfileAddress};
use mnemon::model::{
    AccountId, ModelIdentity, Moment, NamespaceName, NewMessage, Pooling, ProfileName, Role, SessionId, Timestamp,
    UnitVector,
};
use tempfile::TempDir;

/// Texts with the same words have near vectors. Knows nothing of meaning, takes microseconds.
pub struct WordEmbedder {
    identity: ModelIdentity,
}

impl WordEmbedder {
    pub fn named(name: &str) -> Self {
        Self::with_dimension(name, 64)
    }

    pub fn with_dimension(name: &str, dimension: usize) -> Self {
        let sha256 = [name.len() as u8; 32];
        Self { identity: ModelIdentity { name: name.to_owned(), sha256, dimension, pooling: Pooling::Mean } }
    }
}

impl Embedder for WordEmbedder {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        let mut sums = vec![0.0_f32; self.identity.dimension];
        sums[0] = 0.1;
        for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2) {
            let hash =
                word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
            sums[(hash % self.identity.dimension as u64) as usize] += 1.0;
        }
        Ok(UnitVector::normalise(sums).expect("its first number is not zero"))
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.embed_passage(text)
    }
}

/// An engine on a folder of its own. When it is dropped, rows and indexes must agree.
pub struct Bench {
    pub folder: TempDir,
    pub clock: Arc<ManualClock>,
    engine: Option<Engine>,
    pub index_budget_bytes: usize,
    /// Every profile is kept on disk too, so that every test holds its cache against its rows in the end.
    pub cache_from: usize,
}

impl Bench {
    pub fn new() -> Self {
        Self::with_budget(64 << 20)
    }

    pub fn without_caches() -> Self {
        let mut bench = Self::new();
        bench.cache_from = usize::MAX;
        bench.reopen();
        bench
    }

    pub fn with_budget(index_budget_bytes: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(ManualClock::at(instant("2026-06-01T12:00:00Z")));
        let mut bench = Self { folder, clock, engine: None, index_budget_bytes, cache_from: 1 };
        bench.reopen();
        bench
    }

    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("an open engine")
    }

    /// Closes the engine and opens the folder again.
    pub fn reopen(&mut self) {
        self.close();
        self.engine = Some(Engine::open(self.options(WordEmbedder::named("words"))).expect("the folder opens"));
    }

    pub fn close(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.close().expect("the engine closes");
        }
    }

    /// Everything that is kept, as JSON Lines.
    pub fn export(&self) -> String {
        let mut bytes = Vec::new();
        self.engine().export(&mut bytes, &|_, _| ()).expect("what is whole can be exported");
        String::from_utf8(bytes).expect("UTF-8")
    }

    pub fn options(&self, embedder: impl Embedder + 'static) -> EngineOptions {
        let mut options = EngineOptions::new(self.folder.path(), Arc::new(embedder));
        options.clock = self.clock.clone();
        options.index_budget_bytes = self.index_budget_bytes;
        options.cache_from = self.cache_from;
        options
    }

    /// The address of a profile in the namespace `tests`, which is created when it is not there.
    pub fn profile(&self, name: &str) -> ProfileAddress {
        let at = address("local", "tests", name);
        let _ = self.engine().create_namespace(&at.account, &at.namespace);
        at
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(engine) = self.engine.take().filter(|_| !std::thread::panicking()) {
            let report = engine.check(&|_, _| ()).expect("the check runs");
            assert!(report.findings.is_empty(), "{:?}", report.findings);
        }
    }
}

pub fn address(account: &str, namespace: &str, profile: &str) -> ProfileAddress {
    ProfileAddress {
        account: AccountId::parse(account).expect("an account"),
        namespace: NamespaceName::parse(namespace).expect("a namespace"),
        profile: ProfileName::parse(profile).expect("a profile"),
    }
}

pub fn instant(text: &str) -> Timestamp {
    Moment::parse(text).expect("a time").instant
}

pub fn session(name: &str) -> SessionId {
    SessionId::parse(name).expect("a session")
}

/// A user's message at a time.
pub fn said(at: &str, content: &str) -> NewMessage {
    NewMessage::new(Role::User, content, Moment::parse(at)).expect("a message")
}
