//! What a recall costs, end to end and what part of it is embedding the question: `cargo bench --bench recall`.
//!
//! One thread asks 1,000 questions, one after another, of a profile of 700 messages in 35 sessions, made up with a fixed
//! seed; 100 more come first and do not count. On one core: `taskset -c 0 cargo bench --bench recall`. The figures are
//! milliseconds; compare ratios within one run, machines are noisy.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark reports to whoever runs it")]

use std::sync::Arc;
use std::time::Instant;

use mnemon::embed::{Embedder, LocalModel, LocalOptions};
use mnemon::engine::{Engine, EngineOptions, ProfileAddress};
use mnemon::model::{AccountId, Moment, NamespaceName, NewMessage, ProfileName, Role, SessionId};
use mnemon::recall::{RecallQuery, ThinkingLevel};

const MESSAGES: usize = 700;
const SESSIONS: usize = 35;
const QUESTIONS: usize = 1_000;
const WARM_UP: usize = 100;

const PEOPLE: &[&str] = &["my sister Ida", "Wojtek from work", "our neighbour", "the dentist", "my son", "Priya"];
const ACTS: &[&str] = &["bought", "repaired", "lost", "painted", "ordered", "moved", "sold", "measured"];
const THINGS: &[&str] =
    &["the red bicycle", "a greenhouse", "the espresso machine", "two concert tickets", "the boiler"];
const ENDS: &[&str] = &["last Friday", "for 140 euros", "in Bergen", "before the holidays", "on 3 March", "yesterday"];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let embedder: Arc<dyn Embedder> = Arc::new(LocalModel::built_in(LocalOptions::default()).unwrap());
    let engine = Engine::open(EngineOptions::new(folder.path(), Arc::clone(&embedder))).unwrap();
    let at = profile(&engine);
    let mut dice = Dice(7);
    fill(&engine, &at, &mut dice);

    let embedding = timed(&mut dice, |question| drop(embedder.embed_query(question).unwrap()));
    report("embedding the question alone", &embedding, None);
    for thinking in [ThinkingLevel::Low, ThinkingLevel::Medium, ThinkingLevel::High] {
        let whole = timed(&mut dice, |question| {
            let query = RecallQuery { thinking, evidence_limit: 10, ..RecallQuery::new(question, today()) };
            drop(engine.recall(&at, &query).unwrap());
        });
        report(&format!("recall, {thinking:?}, 10 evidence"), &whole, Some(&embedding));
    }
}

fn profile(engine: &Engine) -> ProfileAddress {
    let at = ProfileAddress {
        account: AccountId::parse("local").unwrap(),
        namespace: NamespaceName::parse("bench").unwrap(),
        profile: ProfileName::parse("one").unwrap(),
    };
    engine.create_namespace(&at.account, &at.namespace).unwrap();
    at
}

fn fill(engine: &Engine, at: &ProfileAddress, dice: &mut Dice) {
    for session in 0..SESSIONS {
        let id = SessionId::parse(&format!("session-{session}")).unwrap();
        let message = |n| {
            let text = format!("Message {n}: {}.", sentence(dice));
            NewMessage::new(Role::User, text, Some(today())).unwrap()
        };
        let messages: Vec<NewMessage> = (0..MESSAGES / SESSIONS).map(message).collect();
        engine.ingest(at, Some(&id), &messages).unwrap();
    }
}

fn sentence(dice: &mut Dice) -> String {
    let (who, act, what, end) = (dice.pick(PEOPLE), dice.pick(ACTS), dice.pick(THINGS), dice.pick(ENDS));
    format!("{who} {act} {what} {end}")
}

/// Milliseconds of each call, ascending.
fn timed(dice: &mut Dice, mut ask: impl FnMut(&str)) -> Vec<f64> {
    let mut millis = Vec::with_capacity(QUESTIONS);
    for n in 0..WARM_UP + QUESTIONS {
        let question = format!("When did {} do something about {}?", dice.pick(PEOPLE), dice.pick(THINGS));
        let start = Instant::now();
        ask(&question);
        if n >= WARM_UP {
            millis.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    millis.sort_by(f64::total_cmp);
    millis
}

fn report(what: &str, millis: &[f64], embedding: Option<&[f64]>) {
    let at = |millis: &[f64], share: usize| *millis.get(millis.len() * share / 100).unwrap();
    let (p50, p99) = (at(millis, 50), at(millis, 99));
    let part = embedding.map_or(String::new(), |e| format!("   embedding is {:.0} % of p50", 100.0 * at(e, 50) / p50));
    println!("{what:32} p50 {p50:6.2} ms   p99 {p99:6.2} ms{part}");
}

fn today() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

/// A linear congruential generator: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(self.0 >> 33).unwrap_or(0) % from.len();
        from.get(index).copied().unwrap_or_default()
    }
}
