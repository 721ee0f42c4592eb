//! Recall in a profile that is not in memory, while somebody writes to it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use mnemon::embed::Embedder;
use mnemon::engine::{Engine, ProfileAddress};
use mnemon::model::{ModelIdentity, UnitVector};

use super::writes::question;
use crate::support::{Bench, WordEmbedder, said, session};

const MAY: &str = "2026-05-04T09:00:00Z";

/// Holds passages or questions back for as long as it is closed, but not for ever: a test that waits in vain should fail.
struct Gate {
    words: WordEmbedder,
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Default)]
struct GateState {
    closed: bool,
    /// For questions, rather than for passages.
    for_questions: bool,
    waiting: bool,
}

impl Gate {
    fn set(&self, change: impl FnOnce(&mut GateState)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    fn new() -> Arc<Self> {
        let gate = Self { words: WordEmbedder::named("words"), state: Mutex::default(), changed: Condvar::new() };
        Arc::new(gate)
    }

    fn pass(&self, question: bool) {
        self.set(|state| state.waiting |= state.closed && state.for_questions == question);
        self.wait(|state| !state.closed || state.for_questions != question);
    }

    /// Waits until `there` says so; false when that takes too long.
    fn wait(&self, there: impl Fn(&GateState) -> bool) -> bool {
        let state = self.state.lock().unwrap();
        let patience = Duration::from_secs(20);
        !self.changed.wait_timeout_while(state, patience, |state| !there(state)).unwrap().1.timed_out()
    }
}

struct Gated(Arc<Gate>);

impl Embedder for Gated {
    fn identity(&self) -> &ModelIdentity {
        self.0.words.identity()
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.0.pass(false);
        self.0.words.embed_passage(text)
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.0.pass(true);
        self.0.words.embed_query(text)
    }
}

#[test]
fn recall_in_a_cold_profile_does_not_wait_for_an_ingest_that_goes_on_there() {
    let mut bench = Bench::with_budget(0);
    let at = bench.profile("ana");
    let other = bench.profile("ben");
    for at in [&at, &other] {
        bench.engine().ingest(at, Some(&session("s1")), &[said(MAY, "I keep herons in Oslo.")]).unwrap();
    }
    bench.close();
    let gate = Gate::new();
    let engine = Engine::open(bench.options(Gated(Arc::clone(&gate)))).unwrap();
    gate.set(|state| state.closed = true);
    thread::scope(|scope| {
        let ingest = scope.spawn(|| engine.ingest(&at, Some(&session("s2")), &[said(MAY, "I keep storks in Rome.")]));
        assert!(gate.wait(|state| state.waiting), "the ingest embeds");
        let recall = scope.spawn(|| {
            let found = engine.recall(&at, &question("herons")).unwrap();
            let still_closed = gate.state.lock().unwrap().closed;
            gate.set(|state| state.closed = false);
            (found.evidence.len(), still_closed)
        });
        assert_eq!(recall.join().unwrap(), (1, true));
        ingest.join().unwrap().unwrap();
    });
    assert_eq!(engine.recall(&at, &question("storks")).unwrap().evidence.len(), 2);
    engine.close().unwrap();
    bench.reopen();
}

#[test]
fn a_profile_that_is_deleted_during_a_recall_does_not_stay_in_memory() {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    bench.engine().ingest(&at, Some(&session("s1")), &[said(MAY, "I keep herons in Oslo.")]).unwrap();
    bench.close();
    let gate = Gate::new();
    let engine = Engine::open(bench.options(Gated(Arc::clone(&gate)))).unwrap();
    gate.set(|state| (state.closed, state.for_questions) = (true, true));
    thread::scope(|scope| {
        let recall = scope.spawn(|| engine.recall(&at, &question("herons")));
        assert!(gate.wait(|state| state.waiting), "the recall embeds its question");
        engine.delete_profile(&at).unwrap();
        gate.set(|state| state.closed = false);
        drop(recall.join().unwrap());
    });
    let patience = Instant::now() + Duration::from_secs(20);
    while engine.stats().unwrap().loaded_profiles > 0 {
        assert!(Instant::now() < patience, "the index of a profile that is gone stays");
        thread::sleep(Duration::from_millis(5));
    }
    engine.close().unwrap();
    bench.reopen();
}

/// What has been acknowledged: how many messages were written, and how many of the first of them deleted again.
#[derive(Default)]
struct Acknowledged {
    written: AtomicUsize,
    deleted: AtomicUsize,
    done: AtomicBool,
}

const WRITES: usize = 100;
/// Messages that are not deleted yet.
const KEPT: usize = 3;

/// A word of its own for each message.
fn word(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    format!("zq{}{}x{}", letter(number / 26), letter(number), letter(number / 7))
}

fn write_and_delete(engine: &Engine, (at, other): (&ProfileAddress, &ProfileAddress), told: &Acknowledged) {
    for number in 0..WRITES {
        let text = format!("The password of the {} is kept by Ida.", word(number));
        engine.ingest(at, Some(&session(&format!("s{number}"))), &[said(MAY, &text)]).unwrap();
        told.written.store(number + 1, Ordering::SeqCst);
        // With no budget, the profile used last is the only one that stays. A delete needs no index: it is what commits
        // while the readers build one.
        engine.recall(other, &question("herons")).unwrap();
        if let Some(gone) = number.checked_sub(KEPT) {
            engine.delete_session(at, &session(&format!("s{gone}"))).unwrap();
            told.deleted.store(gone + 1, Ordering::SeqCst);
        }
    }
}

/// Asks for what was acknowledged before the question, until everything is; gives how often.
fn ask(engine: &Engine, (at, other): (&ProfileAddress, &ProfileAddress), told: &Acknowledged) -> usize {
    let mut asked = 0;
    let has = |number: usize| {
        let found = engine.recall(at, &question(&format!("{} password", word(number)))).unwrap();
        found.evidence.iter().any(|e| e.message.content.contains(&word(number)))
    };
    while !told.done.load(Ordering::SeqCst) {
        // While this asks elsewhere, the profile can be dropped; the next question builds it, the one after finds it there.
        engine.recall(other, &question("herons")).unwrap();
        engine.recall(at, &question("calls")).unwrap();
        let (deleted, written) = (told.deleted.load(Ordering::SeqCst), told.written.load(Ordering::SeqCst));
        if let Some(latest) = written.checked_sub(1) {
            let is_there = has(latest) || told.deleted.load(Ordering::SeqCst) > latest;
            assert!(is_there, "message {latest} was acknowledged");
        }
        if let Some(gone) = deleted.checked_sub(1) {
            assert!(!has(gone), "message {gone} was deleted");
        }
        asked += 1;
    }
    asked
}

#[test]
fn every_acknowledged_write_is_seen_by_recalls_of_a_profile_that_comes_and_goes() {
    let bench = Bench::with_budget(0);
    let (at, other) = (bench.profile("ana"), bench.profile("ben"));
    let engine = bench.engine();
    // So many that a build takes a while, and commits come in during it.
    let chatter: Vec<_> = (0..250).map(|n| said(MAY, &format!("Hello there, this is call number {n}."))).collect();
    engine.ingest(&at, Some(&session("first")), &chatter).unwrap();
    engine.ingest(&other, Some(&session("first")), &[said(MAY, "I keep herons in Oslo.")]).unwrap();
    let told = Acknowledged::default();
    thread::scope(|scope| {
        let reader = scope.spawn(|| ask(engine, (&at, &other), &told));
        write_and_delete(engine, (&at, &other), &told);
        told.done.store(true, Ordering::SeqCst);
        assert!(reader.join().unwrap() > 0);
    });
    for number in WRITES - KEPT..WRITES {
        let found = engine.recall(&at, &question(&format!("{} password", word(number)))).unwrap();
        assert!(found.evidence.iter().any(|e| e.message.content.contains(&word(number))), "message {number}");
    }
}
