//! Whether ingest keeps the cores busy, and what recall costs meanwhile: `cargo bench --bench load`.
//!
//! Conversations are made up with a fixed seed, 20 messages an ingest, with the built-in model. Two rows for each round:
//! - The texts that an ingest embeds a second, messages and memories, and how many the model alone embeds of the very same
//!   texts on as many threads as it has sessions.
//! - Recalls one after another, with nothing else going on and while as many clients ingest as the server lets in at once
//!   on two cores.
//!
//! An ingest embeds behind everything else on the machine, and so does the model alone here.
//!
//! Compare within a round; machines are noisy.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark reports to whoever runs it")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use mnemon::embed::{Embedder, LocalModel, LocalOptions};
use mnemon::engine::{Engine, EngineOptions, ProfileAddress};
use mnemon::model::{
    AccountId, ModelIdentity, Moment, NamespaceName, NewMessage, ProfileName, Role, SessionId, UnitVector,
};
use mnemon::recall::RecallQuery;

const ROUNDS: usize = 5;
const INGESTS: usize = 16;
const MESSAGES: usize = 20;
const QUESTIONS: usize = 300;
const CLIENTS: usize = 4;
const BUSY_CLIENTS: usize = 2;

const PEOPLE: &[&str] = &["my sister Ida", "Wojtek from work", "our neighbour", "the dentist", "my son", "Priya"];
const ACTS: &[&str] = &["bought", "repaired", "lost", "painted", "ordered", "moved", "sold", "measured"];
const THINGS: &[&str] =
    &["the red bicycle", "a greenhouse", "the espresso machine", "two concert tickets", "the boiler"];
const ENDS: &[&str] = &["last Friday", "for 140 euros", "in Bergen", "before the holidays", "on 3 March", "yesterday"];

fn main() {
    let model = Arc::new(Recording::new());
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineOptions::new(folder.path(), Arc::clone(&model) as Arc<dyn Embedder>)).unwrap();
    engine.create_namespace(&address("one").account, &address("one").namespace).unwrap();
    let mut dice = Dice(7);
    for round in 0..ROUNDS {
        for clients in [1, CLIENTS] {
            throughput(&engine, &model, (round, clients), &mut dice);
        }
        latency(&engine, round, &mut dice);
    }
    engine.close().unwrap();
}

/// Texts embedded a second by ingests of some clients, and by the model alone.
fn throughput(engine: &Engine, model: &Recording, (round, clients): (usize, usize), dice: &mut Dice) {
    let batches: Vec<Vec<Vec<NewMessage>>> =
        (0..clients).map(|_| (0..INGESTS / clients).map(|_| messages(dice)).collect()).collect();
    model.texts.lock().unwrap().clear();
    let begun = Instant::now();
    thread::scope(|scope| {
        for (client, batches) in batches.iter().enumerate() {
            let at = address(&format!("r{round}c{clients}n{client}"));
            scope.spawn(move || {
                for (number, batch) in batches.iter().enumerate() {
                    let session = SessionId::parse(&format!("s{number}")).unwrap();
                    engine.ingest(&at, Some(&session), batch).unwrap();
                }
            });
        }
    });
    let texts = std::mem::take(&mut *model.texts.lock().unwrap());
    let ingest = texts.len() as f64 / begun.elapsed().as_secs_f64();
    let bare = alone(&model.model, &texts);
    println!(
        "round {round}: {clients} ingesting: {} texts, {ingest:5.0} /s; the model alone {bare:5.0} /s: {:3.0} %",
        texts.len(),
        100.0 * ingest / bare
    );
}

fn alone(model: &LocalModel, texts: &[String]) -> f64 {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..LocalOptions::default().passages.get() {
            scope.spawn(|| {
                #[cfg(target_os = "linux")]
                rustix::process::setpriority_process(None, 10).unwrap();
                while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    drop(model.embed_passage(text).unwrap());
                }
            });
        }
    });
    texts.len() as f64 / begun.elapsed().as_secs_f64()
}

fn latency(engine: &Engine, round: usize, dice: &mut Dice) {
    let at = address("r0c1n0");
    let idle = ask(engine, &at, dice);
    let stop = AtomicBool::new(false);
    let busy = thread::scope(|scope| {
        for client in 0..BUSY_CLIENTS {
            let (stop, mut dice) = (&stop, Dice(round as u64 * 100 + client as u64));
            let at = address(&format!("busy-{client}"));
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    engine.ingest(&at, None, &messages(&mut dice)).unwrap();
                }
            });
        }
        let busy = ask(engine, &at, dice);
        stop.store(true, Ordering::Relaxed);
        busy
    });
    let times = |share: usize| share_of(&busy, share) / share_of(&idle, share);
    println!(
        "round {round}: recall idle p50 {:.1} p99 {:.1} ms; under ingest p50 {:.1} p99 {:.1} ms: {:.1} and {:.1} times",
        share_of(&idle, 50),
        share_of(&idle, 99),
        share_of(&busy, 50),
        share_of(&busy, 99),
        times(50),
        times(99)
    );
}

/// Milliseconds of recalls, ascending; no question is asked twice.
fn ask(engine: &Engine, at: &ProfileAddress, dice: &mut Dice) -> Vec<f64> {
    let mut millis: Vec<f64> = (0..QUESTIONS)
        .map(|_| {
            let question = format!("When did {} see {} number {}?", dice.pick(PEOPLE), dice.pick(THINGS), dice.next());
            let begun = Instant::now();
            drop(engine.recall(at, &RecallQuery::new(&question, today())).unwrap());
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    millis.sort_by(f64::total_cmp);
    millis
}

fn share_of(sorted: &[f64], share: usize) -> f64 {
    *sorted.get(sorted.len() * share / 100).unwrap()
}

fn messages(dice: &mut Dice) -> Vec<NewMessage> {
    (0..MESSAGES).map(|_| NewMessage::new(Role::User, said(dice), Some(today())).unwrap()).collect()
}

fn said(dice: &mut Dice) -> String {
    let (who, act, what, end) = (dice.pick(PEOPLE), dice.pick(ACTS), dice.pick(THINGS), dice.pick(ENDS));
    format!("Call {}: {who} {act} {what} {end}. I will tell you more when I know more.", dice.next())
}

fn today() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

fn address(profile: &str) -> ProfileAddress {
    ProfileAddress {
        account: AccountId::parse("local").unwrap(),
        namespace: NamespaceName::parse("bench").unwrap(),
        profile: ProfileName::parse(profile).unwrap(),
    }
}

/// The built-in model; it keeps the passages that it is given.
struct Recording {
    model: Arc<LocalModel>,
    texts: Mutex<Vec<String>>,
}

impl Recording {
    fn new() -> Self {
        let model = Arc::new(LocalModel::built_in(LocalOptions::default()).unwrap());
        Self { model, texts: Mutex::default() }
    }
}

impl Embedder for Recording {
    fn identity(&self) -> &ModelIdentity {
        self.model.identity()
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.texts.lock().unwrap().push(text.to_owned());
        self.model.embed_passage(text)
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.model.embed_query(text)
    }
}

/// A linear congruential generator: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.next() % from.len()).copied().unwrap_or_default()
    }
}
