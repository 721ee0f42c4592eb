//! What a caller hears when the fault is ours, or when there is too much to do; and what the log hears.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use mnemon::embed::Embedder;
use mnemon::http::{ApiOptions, Capacity};
use mnemon::model::{ModelIdentity, UnitVector};
use mnemon::{Error, ErrorKind};
use serde_json::json;

use super::access::request;
use super::isolation::{CANARY, every_operation_on_secrets};
use super::{Api, BASE, api_options, p};
use crate::support::WordEmbedder;

/// What an embedder does instead of embedding a question.
#[derive(Clone)]
enum Trick {
    Panic,
    Fail,
    Wait(Arc<Gate>),
}

/// Lets one caller wait until another opens it.
#[derive(Default)]
struct Gate {
    reached: AtomicBool,
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) {
        self.reached.store(true, Ordering::Release);
        drop(self.opened.wait_while(self.open.lock().unwrap(), |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

struct TrickEmbedder(WordEmbedder, Trick);

impl Embedder for TrickEmbedder {
    fn identity(&self) -> &ModelIdentity {
        self.0.identity()
    }

    fn embed_passage(&self, text: &str) -> mnemon::Result<UnitVector> {
        self.0.embed_passage(text)
    }

    fn embed_query(&self, text: &str) -> mnemon::Result<UnitVector> {
        match &self.1 {
            Trick::Panic => panic!("at /secret/path"),
            Trick::Fail => Err(Error::new(ErrorKind::Internal, "the model at /secret/path failed")),
            Trick::Wait(gate) => {
                gate.wait();
                self.0.embed_query(text)
            }
        }
    }
}

async fn tricked(trick: Trick, capacity: Capacity) -> Api {
    let options = |clock| ApiOptions { capacity, ..api_options(clock) };
    let api = Api::with(TrickEmbedder(WordEmbedder::named("words"), trick), options);
    api.post("/namespaces", json!({"name": "n"})).await.is(201);
    api.remember("The user plays the cello").await;
    api
}

#[tokio::test]
async fn our_faults_are_named_by_a_request_id_alone() {
    for trick in [Trick::Panic, Trick::Fail] {
        let api = tricked(trick, Capacity::default()).await;
        let answer = api.post(&p("/recall"), json!({"query": "cello"})).await;
        let message = answer.fails(500, 10500);
        assert!(message.contains(answer.headers["x-request-id"].to_str().unwrap()), "{message}");
        assert!(!answer.text.contains("secret") && !answer.text.contains("cello"), "{}", answer.text);
        assert_eq!(api.get(&p("/memories")).await.ok().as_array().unwrap().len(), 1, "and the server serves on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_server_says_when_to_come_back_and_is_still_alive() {
    let gate = Arc::new(Gate::default());
    let capacity = Capacity { reads: 1, writes: 1, waiting: 0, patience: Duration::from_mins(1) };
    let api = Arc::new(tricked(Trick::Wait(gate.clone()), capacity).await);
    let held = tokio::spawn({
        let api = api.clone();
        async move { api.post(&p("/recall"), json!({"query": "cello"})).await }
    });
    while !gate.reached.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    let refused = api.get(&p("/memories")).await;
    refused.fails(429, 10012);
    assert_eq!(refused.headers["retry-after"], "1");
    api.send(request("GET", "/healthz", None)).await.ok();
    api.send(request("GET", "/readyz", None)).await.ok();
    api.remember("The user rides a bicycle").await;
    gate.open();
    held.await.unwrap().ok();
    api.get(&p("/memories")).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_long_a_wait_is_unavailable() {
    let gate = Arc::new(Gate::default());
    let capacity = Capacity { reads: 1, writes: 1, waiting: 5, patience: Duration::from_millis(1) };
    let api = Arc::new(tricked(Trick::Wait(gate.clone()), capacity).await);
    let held = tokio::spawn({
        let api = api.clone();
        async move { api.post(&p("/recall"), json!({"query": "cello"})).await }
    });
    while !gate.reached.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    let refused = api.get(&p("/memories")).await;
    refused.fails(503, 10012);
    assert_eq!(refused.headers["retry-after"], "10");
    gate.open();
    held.await.unwrap().ok();
}

thread_local! {
    /// What this thread logged: a test's requests are served on its own thread.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Lines of any thread and any test that hold what somebody said.
static LEAKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A log whose lines can be read on the thread that wrote them. (A subscriber for one thread would be the obvious way, but
/// whether a line is logged at all is remembered for all threads.)
struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        let line = String::from_utf8_lossy(bytes);
        if ["diary", CANARY].iter().any(|word| line.to_lowercase().contains(word)) {
            LEAKED.lock().unwrap().push(line.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_shows_routes_and_never_what_was_said() {
    // The one log of this process, of everything in every crate; so no other test may start one.
    tracing_subscriber::fmt().with_env_filter("trace").with_writer(|| Log).with_ansi(false).init();
    let metrics = every_operation_on_secrets().await;
    assert!(metrics.contains("mnemon_http_requests_total") && !metrics.contains(CANARY), "{metrics}");
    LOGGED.take();
    let api = tricked(Trick::Fail, Capacity::default()).await;
    let body = json!({"messages": [{"role": "user", "content": "my diary"}], "sessionId": "my diary"});
    api.post(&p("/ingest"), body).await.ok();
    api.delete(&p("/sessions/my%20diary")).await.ok();
    api.get(&p("/memories?session_id=my%20diary")).await.ok();
    api.post(&p("/remember"), json!({"content": ["my diary"]})).await.points_to("/content");
    api.get("/my%20diary").await.fails(404, 10003);
    api.send(request("GET", &format!("{BASE}/namespaces"), Some("my diary"))).await.fails(401, 10000);
    let failed = api.post(&p("/recall"), json!({"query": "my diary"})).await;
    let id = failed.headers["x-request-id"].to_str().unwrap();
    let text = String::from_utf8(LOGGED.take()).unwrap();
    assert!(!text.contains("diary"), "{text}");
    let leaked = LEAKED.lock().unwrap();
    assert!(leaked.is_empty(), "somebody's words are in the log: {leaked:#?}");
    for wanted in [
        "{account_id}/agent-memory/namespaces/{namespace}/profiles/{profile}/ingest",
        "status=200",
        "method=\"DELETE\"",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    assert!(
        text.lines().any(|line| line.contains(id) && line.contains("/secret/path")),
        "the cause is in the log: {text}"
    );
}
