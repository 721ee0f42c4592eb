//! The API contract, call by call, over a real engine: every answer is held to the envelope, whatever else is tested.

mod access;
mod admin;
mod answers;
mod documents;
mod failures;
mod hostile;
mod isolation;
mod memories;
mod namespaces;
mod paging;
mod profiles;
mod rates;
mod sockets;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use mnemon::clock::ManualClock;
use mnemon::embed::Embedder;
use mnemon::engine::{Engine, EngineOptions};
use mnemon::http::{ApiOptions, Capacity, Rates, router};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::support::{WordEmbedder, instant};

pub(crate) const TOKEN: &str = "an administrator's token";
pub(crate) const BASE: &str = "/client/v4/accounts/local/agent-memory";

/// The API over an engine on a folder of its own. When it is dropped, rows and indexes must agree.
pub(crate) struct Api {
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<ManualClock>,
    router: Router,
    _folder: TempDir,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::with(WordEmbedder::named("words"), api_options)
    }

    pub(crate) fn with(
        embedder: impl Embedder + 'static,
        options: impl FnOnce(Arc<ManualClock>) -> ApiOptions,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(ManualClock::at(instant("2026-06-01T12:00:00Z")));
        let mut engine_options = EngineOptions::new(folder.path(), Arc::new(embedder));
        engine_options.clock = clock.clone();
        let engine = Arc::new(Engine::open(engine_options).expect("the folder opens"));
        let router = router(Arc::clone(&engine), options(clock.clone()));
        Self { engine, clock, router, _folder: folder }
    }

    /// An API with the namespace `n`.
    pub(crate) async fn with_namespace() -> Self {
        let api = Self::new();
        api.post("/namespaces", json!({"name": "n"})).await.is(201);
        api
    }

    /// An API with the profile `n/p`, in which one thing is remembered.
    pub(crate) async fn with_profile() -> Self {
        let api = Self::with_namespace().await;
        api.remember("The user plays the cello").await;
        api
    }

    /// Remembers in `n/p`; gives the memory.
    pub(crate) async fn remember(&self, content: &str) -> Value {
        self.post(&p("/remember"), json!({"content": content})).await.ok()
    }

    /// Ingests into `n/p`.
    pub(crate) async fn ingest(&self, session: &str, messages: &[&str]) {
        let messages: Vec<_> = messages.iter().map(|content| json!({"role": "user", "content": content})).collect();
        let body = json!({"messages": messages, "sessionId": session});
        assert_eq!(self.post(&p("/ingest"), body).await.ok(), Value::Null);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Body::from(body.to_string())).await
    }

    /// A call on a path under the account, with the administrator's token.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Body) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("{BASE}{path}"))
            .header(AUTHORIZATION, format!("Bearer {TOKEN}"))
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .expect("a request");
        self.send(request).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.raw(request).await;
        answer.hold_to_the_envelope();
        answer
    }

    /// Sends without holding the answer to the envelope: the documents and the metrics have none.
    pub(crate) async fn raw(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: head.status, headers: head.headers, json, text: String::from_utf8_lossy(&bytes).into() }
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let report = self.engine.check(&|_, _| ()).expect("the check runs");
            assert!(report.findings.is_empty(), "{:?}", report.findings);
        }
    }
}

pub(crate) fn api_options(clock: Arc<ManualClock>) -> ApiOptions {
    // Tests guess more tokens than people do.
    let rates = Rates { failed_logins: None, ..Rates::default() };
    ApiOptions { admin_token: Some(TOKEN.to_owned()), clock, capacity: Capacity::default(), rates }
}

/// A path in the profile `n/p`.
pub(crate) fn p(rest: &str) -> String {
    format!("/namespaces/n/profiles/p{rest}")
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
    pub(crate) text: String,
}

impl Answer {
    fn hold_to_the_envelope(&self) {
        let text = &self.text;
        assert_eq!(self.headers[CONTENT_TYPE], "application/json", "{text}");
        assert_eq!(self.headers["x-request-id"].len(), 26);
        let fields: Vec<&str> = self.json.as_object().expect(text).keys().map(String::as_str).collect();
        let succeeded = self.status.is_success();
        match fields.as_slice() {
            ["errors", "messages", "result", "success"] => {}
            ["errors", "messages", "result", "result_info", "success"] => self.hold_to_a_page(),
            other => panic!("{other:?} in {text}"),
        }
        assert_eq!(self.json["success"], json!(succeeded), "{text}");
        assert!(self.json["messages"].is_array(), "{text}");
        assert_eq!(self.json["errors"].as_array().expect(text).is_empty(), succeeded, "{text}");
        assert!(succeeded || self.json["result"].is_null(), "{text}");
    }

    fn hold_to_a_page(&self) {
        let info = &self.json["result_info"];
        assert_eq!(info["count"], json!(self.json["result"].as_array().expect("a list").len()));
        assert!(info["per_page"].is_u64());
        let cursor = info.get("cursor");
        assert!(cursor.is_none_or(|cursor| cursor.as_str().is_some_and(|text| !text.is_empty())), "{info}");
    }

    /// Holds the status; gives the result.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json["result"].clone()
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        self.is(200)
    }

    /// Holds status and code; gives the message.
    #[track_caller]
    pub(crate) fn fails(&self, status: u16, code: u32) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let error = &self.json["errors"][0];
        assert_eq!(error["code"], json!(code), "{}", self.text);
        let message = error["message"].as_str().expect("a message");
        assert!(!message.is_empty());
        message.to_owned()
    }

    /// Holds status 400, code 10001 and the pointer; gives the message.
    #[track_caller]
    pub(crate) fn points_to(&self, pointer: &str) -> String {
        let message = self.fails(400, 10001);
        assert_eq!(self.json["errors"][0]["source"]["pointer"], json!(pointer), "{}", self.text);
        message
    }

    pub(crate) fn cursor(&self) -> Option<String> {
        self.json["result_info"]["cursor"].as_str().map(str::to_owned)
    }

    /// One field of each row.
    #[track_caller]
    pub(crate) fn column(&self, field: &str) -> Vec<String> {
        let rows = self.json["result"].as_array().expect(&self.text);
        rows.iter().map(|row| row[field].as_str().expect(field).to_owned()).collect()
    }
}

/// The names of an object's fields, in order.
#[track_caller]
pub(crate) fn fields(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[track_caller]
pub(crate) fn assert_ulid(value: &Value) {
    let text = value.as_str().expect("a string");
    let allowed = |b: u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(&b));
    assert!(text.len() == 26 && text.bytes().all(allowed), "{text}");
}

#[track_caller]
pub(crate) fn assert_timestamp(value: &Value) {
    let text = value.as_str().expect("a string");
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000Z");
}
