//! What the fuzz targets share: an engine on a folder of its own, and an embedder that takes microseconds.

use std::path::Path;
use std::sync::Arc;

use mnemon::clock::{Clock, ManualClock};
use mnemon::embed::Embedder;
use mnemon::engine::{Engine, EngineOptions, ProfileAddress};
use mnemon::model::{
    AccountId, ModelIdentity, Moment, NamespaceName, Pooling, ProfileName, SessionId, Timestamp, UnitVector,
};

/// Progress that nobody listens to.
pub const QUIET: &dyn Fn(u64, u64) = &|_, _| {};

/// Knows letters, and nothing of meaning.
pub struct Letters(ModelIdentity);

impl Default for Letters {
    fn default() -> Self {
        Self(ModelIdentity { name: "letters".to_owned(), sha256: [7; 32], dimension: 8, pooling: Pooling::Mean })
    }
}

impl Embedder for Letters {
    fn identity(&self) -> &ModelIdentity {
        &self.0
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        let mut sums = [1.0_f32; 8];
        text.bytes().for_each(|byte| sums[usize::from(byte % 8)] += 1.0);
        Ok(UnitVector::normalise(sums.to_vec()).expect("none of its numbers is zero"))
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.embed_passage(text)
    }
}

/// A clock that stands at noon on 1 June 2026.
pub fn noon() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::from_millis(1_780_315_200_000)))
}

/// How the folder is opened.
pub fn options(data: &Path) -> EngineOptions {
    let mut options = EngineOptions::new(data, Arc::new(Letters::default()));
    options.clock = noon() as Arc<dyn Clock>;
    // Every profile is kept on disk too, and held against its rows by every check.
    options.cache_from = 1;
    options
}

/// The engine on the folder.
pub fn open(data: &Path) -> Engine {
    Engine::open(options(data)).expect("the folder opens")
}

/// A profile in the namespace `n`.
pub fn address(profile: &str) -> ProfileAddress {
    ProfileAddress {
        account: AccountId::parse("local").expect("an account"),
        namespace: NamespaceName::parse("n").expect("a namespace"),
        profile: ProfileName::parse(profile).expect("a profile"),
    }
}

/// A session.
pub fn session(name: &str) -> SessionId {
    SessionId::parse(name).expect("a session")
}

/// A time, written out.
pub fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a time")
}

/// Everything that is kept, as JSON Lines.
pub fn export(engine: &Engine) -> String {
    let mut out = Vec::new();
    engine.export(&mut out, QUIET).expect("what is whole can be exported");
    String::from_utf8(out).expect("UTF-8")
}

/// Everything agrees.
pub fn is_clean(engine: &Engine) {
    let report = engine.check(QUIET).expect("the check runs");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
