//! What is done while the disk fails: one call a step, everything that the engine writes, in an order that is always the
//! same. And what can be seen of it afterwards, without what is drawn at random.

use std::sync::Arc;

use crate::clock::{Clock, ManualClock};
use crate::embed::Embedder;
use crate::engine::catalog::CATALOG;
use crate::engine::check::subjects;
use crate::engine::reindex::Reindex;
use crate::engine::rows::ProfileRows;
use crate::engine::{Engine, EngineOptions, Grant, MemoryQuery, NewToken, ProfileAddress};
use crate::error::{ErrorKind, Result};
use crate::model::{
    AccountId, ModelIdentity, Moment, NamespaceName, NewMessage, Pooling, ProfileName, Role, SessionId, UnitVector,
};
use crate::recall::RecallQuery;
use crate::store::disk::Disk;
use crate::store::rows::{DoomedRow, ModelRow, NamespaceRow};
use crate::store::{Range, Store, StoreOptions};

/// The engine on a disk that may fail; none while it is closed.
pub(super) struct World {
    pub(super) disk: Disk,
    pub(super) engine: Option<Engine>,
    /// Bytes of pages that are kept in memory: few, where reading is to fail.
    pub(super) cache_bytes: usize,
}

type Step = fn(&mut World) -> Result<()>;

/// Each is acknowledged or not, and does one thing that can be seen, or nothing.
pub(super) const STEPS: &[Step] = &[
    |world| world.engine().create_namespace(&account(), &namespace("tests")).map(drop),
    |world| world.say("ana", "monday", &["I live in Paris. I work as a nurse.", "Please keep answers short."]),
    |world| world.say("ana", "tuesday", &["I live in Berlin now.", "I have to call the dentist by Friday."]),
    |world| world.say("ana", "tuesday", &["I live in Berlin now."]),
    |world| world.remember("bo", "Bo's staging host is hrn-stg-04.lan"),
    |world| world.remember("ana", "Ana is allergic to peanuts"),
    World::reopen,
    |world| world.remember("ana", "Ana's favourite colour is green"),
    |world| world.create_token("phone"),
    |world| world.say_much("ana", "long"),
    |world| world.delete_memory("ana", "peanuts"),
    |world| world.engine().delete_session(&at("ana"), &session("monday")),
    |world| world.engine().delete_profile(&at("bo")).map(|()| world.wait_for_eraser()),
    World::reindex,
    |world| world.say("bo", "again", &["My sister Ida is a pilot."]),
    |world| world.engine().tokens()?.first().map_or(Ok(()), |t| world.engine().revoke_token(t.id).map(drop)),
    |world| {
        world.engine().delete_namespace(&account(), &namespace("tests"))?;
        world.wait_for_eraser();
        Ok(())
    },
    |world| world.close(),
];

impl World {
    pub(super) fn new(disk: Disk, cache_bytes: usize) -> Self {
        Self { disk, engine: None, cache_bytes }
    }

    pub(super) fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("a step that needs an engine comes after one that opened it")
    }

    /// Opens what is on the disk with the model that it has, after ending a reindex that was stopped.
    pub(super) fn open(&mut self) -> Result<()> {
        self.engine = match self.open_with("words", false) {
            Err(error) if error.kind() == ErrorKind::OtherModel => {
                self.embed_anew()?;
                Some(self.open_with("other words", false)?)
            }
            opened => Some(opened?),
        };
        Ok(())
    }

    /// Holds every page against its checksum too.
    pub(super) fn pages_are_whole(&mut self, model: &str) -> Result<()> {
        self.close()?;
        self.engine = Some(self.open_with(model, true)?);
        Ok(())
    }

    fn open_with(&self, model: &str, check_pages: bool) -> Result<Engine> {
        let store = Store::on_disk(&self.disk, &StoreOptions { cache_bytes: self.cache_bytes, check_pages })?;
        let mut options = EngineOptions::new("", Arc::new(Words::named(model)));
        let noon = Moment::parse("2026-06-01T12:00:00Z").expect("a time");
        options.clock = Arc::new(ManualClock::at(noon.instant)) as Arc<dyn Clock>;
        Engine::over(store, options)
    }

    fn close(&mut self) -> Result<()> {
        self.engine.take().map_or(Ok(()), Engine::close)
    }

    fn reopen(&mut self) -> Result<()> {
        self.close()?;
        self.open()
    }

    fn reindex(&mut self) -> Result<()> {
        self.close()?;
        self.embed_anew()?;
        self.open()
    }

    fn embed_anew(&self) -> Result<()> {
        let store =
            Store::on_disk(&self.disk, &StoreOptions { cache_bytes: self.cache_bytes, ..StoreOptions::default() })?;
        Reindex::start(&store, Arc::new(Words::named("other words")))?.run(&|_, _| ())?;
        store.close()
    }

    fn say(&mut self, profile: &str, name: &str, texts: &[&str]) -> Result<()> {
        let when = Moment::parse("2026-05-04T09:00:00Z");
        let messages: Vec<_> =
            texts.iter().map(|text| NewMessage::new(Role::User, *text, when)).collect::<Result<_>>()?;
        self.engine().ingest(&at(profile), Some(&session(name)), &messages).map(drop)
    }

    /// Enough for several pages.
    fn say_much(&mut self, profile: &str, name: &str) -> Result<()> {
        let texts: Vec<String> = (0..12).map(|n| format!("I own thing {n}, {}", "a".repeat(1000))).collect();
        self.say(profile, name, &texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(super) fn remember(&mut self, profile: &str, text: &str) -> Result<()> {
        self.engine().remember(&at(profile), None, text).map(drop)
    }

    pub(super) fn create_token(&self, label: &str) -> Result<()> {
        let token = NewToken { label: label.to_owned(), grant: Grant::administrator() };
        self.engine().create_token(token).map(drop)
    }

    fn delete_memory(&mut self, profile: &str, word: &str) -> Result<()> {
        let query = MemoryQuery { per_page: 500, cursor: None, session: None, kind: None, include_superseded: false };
        let found = self.engine().memories(&at(profile), &query)?.items.into_iter().find(|m| m.content.contains(word));
        found.map_or(Ok(()), |memory| self.engine().delete_memory(&at(profile), memory.id).map(drop))
    }

    /// Until all is erased or nothing can be: after this the disk is asked for nothing that no step asked for.
    fn wait_for_eraser(&self) {
        let store = &self.engine().shared.store;
        let idle = || {
            let snapshot = store.read()?;
            Ok(snapshot.scan::<DoomedRow>(CATALOG, &Range::all())?.next().is_none()) as Result<bool>
        };
        while store.ready().is_ok() && !idle().unwrap_or(true) {
            std::thread::yield_now();
        }
    }
}

/// Everything that can be seen: what there is, what it says, and what follows from what.
pub(super) fn seen(engine: &Engine) -> Result<Vec<String>> {
    let snapshot = engine.shared.store.read()?;
    let mut all: Vec<String> = engine.tokens()?.into_iter().map(|token| format!("token {}", token.label)).collect();
    all.extend(snapshot.get::<ModelRow>(CATALOG, &())?.map(|row| format!("model {}", row.0.name)));
    for row in snapshot.scan::<NamespaceRow>(CATALOG, &Range::all())? {
        all.push(format!("namespace {}", row?.0.1));
    }
    for subject in subjects(&snapshot)? {
        let rows = ProfileRows { snapshot: &snapshot, space: subject.space };
        for one in rows.sessions()? {
            for message in rows.messages(&one?)? {
                let (_, message) = message?;
                all.push(format!("{} {} says {}", subject.name, message.session, message.content));
            }
        }
        for memory in rows.memories()? {
            let memory = memory?;
            let newer = memory.superseded_by.map(|id| rows.memory(id)).transpose()?.flatten().map(|m| m.content);
            let sources =
                memory.sources.iter().filter(|id| rows.place(**id).is_ok_and(|place| place.is_some())).count();
            let what = (memory.kind.as_str(), &memory.content, &memory.session, newer, sources);
            all.push(format!("{} keeps {what:?}", subject.name));
        }
    }
    let today = Moment::parse("2026-06-01").expect("a date");
    match engine.recall(&at("ana"), &RecallQuery::new("Where does the user live?", today)) {
        Ok(found) => all.push(format!("answers {}, with {} memories", found.answer, found.candidates.len())),
        Err(error) if matches!(error.kind(), ErrorKind::NamespaceNotFound | ErrorKind::ProfileNotFound) => {}
        Err(error) => return Err(error),
    }
    Ok(all)
}

fn account() -> AccountId {
    AccountId::parse("local").expect("an account")
}

fn namespace(name: &str) -> NamespaceName {
    NamespaceName::parse(name).expect("a namespace")
}

fn session(name: &str) -> SessionId {
    SessionId::parse(name).expect("a session")
}

fn at(profile: &str) -> ProfileAddress {
    let profile = ProfileName::parse(profile).expect("a profile");
    ProfileAddress { account: account(), namespace: namespace("tests"), profile }
}

/// Texts of the same length are near to each other. That is all it knows.
struct Words(ModelIdentity);

impl Words {
    fn named(name: &str) -> Self {
        Self(ModelIdentity { name: name.to_owned(), sha256: [7; 32], dimension: 8, pooling: Pooling::Mean })
    }
}

impl Embedder for Words {
    fn identity(&self) -> &ModelIdentity {
        &self.0
    }

    fn embed_passage(&self, text: &str) -> Result<UnitVector> {
        let mut sums = [1.0_f32; 8];
        text.bytes().for_each(|byte| sums[usize::from(byte % 8)] += 1.0);
        Ok(UnitVector::normalise(sums.to_vec()).expect("none of its numbers is zero"))
    }

    fn embed_query(&self, text: &str) -> Result<UnitVector> {
        self.embed_passage(text)
    }
}
