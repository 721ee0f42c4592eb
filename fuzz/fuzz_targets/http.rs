//! Requests of any path and body, on an API that keeps what earlier ones wrote: each is answered in the contract's shape,
//! and none is our fault. An input is `METHOD PATH`, a line break, and the body; `~` begins a path under the account, `^` one
//! in a profile.

#![no_main]

use std::cell::RefCell;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use libfuzzer_sys::fuzz_target;
use mnemon::clock::Clock;
use mnemon::engine::Engine;
use mnemon::http::{ApiOptions, Capacity, Rates, router};
use mnemon_fuzz::{noon, open};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// Requests that one folder sees.
const REQUESTS: usize = 2_000;
const TOKEN: &str = "t";

struct Api {
    runtime: Runtime,
    engine: Arc<Engine>,
    router: Router,
    left: usize,
    _folder: TempDir,
}

impl Api {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let engine = Arc::new(open(folder.path()));
        let clock = noon() as Arc<dyn Clock>;
        let rates = Rates { token: None, address: None, failed_logins: None };
        let (admin_token, capacity) = (Some(TOKEN.to_owned()), Capacity::default());
        let options = ApiOptions { admin_token, clock, capacity, rates };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let router = router(Arc::clone(&engine), options);
        let api = Self { runtime, engine, router, left: REQUESTS, _folder: folder };
        api.ask(b"POST ~/namespaces\n{\"name\":\"n\"}");
        api
    }

    fn ask(&self, input: &[u8]) {
        let (head, body) = match input.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&input[..end], &input[end + 1..]),
            None => (input, &[][..]),
        };
        let (method, path) = match head.iter().position(|byte| *byte == b' ') {
            Some(end) => (&head[..end], &head[end + 1..]),
            None => (&b"GET"[..], head),
        };
        const BASE: &[u8] = b"/client/v4/accounts/local/agent-memory";
        let path = match path {
            [b'~', rest @ ..] => [BASE, rest].concat(),
            [b'^', rest @ ..] => [BASE, b"/namespaces/n/profiles/p", rest].concat(),
            path => path.to_vec(),
        };
        let request = Request::builder()
            .method(method)
            .uri(path.as_slice())
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_vec()));
        // What is no request does not come as far as this.
        let Ok(request) = request else { return };
        let is_ours = request.uri().path().starts_with("/client/");
        let (status, bytes) = self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router never fails");
            let status = response.status();
            (status, response.into_body().collect().await.expect("a body").to_bytes())
        });
        assert!(!status.is_server_error(), "{status}: {}", String::from_utf8_lossy(&bytes));
        if is_ours {
            let answer: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
            assert_eq!(answer["success"], status.is_success(), "{answer}");
            assert_eq!(answer["errors"].as_array().map(Vec::is_empty), Some(status.is_success()), "{answer}");
        }
    }
}

thread_local! {
    static API: RefCell<Option<Api>> = const { RefCell::new(None) };
}

fuzz_target!(|input: &[u8]| {
    API.with_borrow_mut(|kept| {
        let api = kept.get_or_insert_with(Api::new);
        api.ask(input);
        api.left -= 1;
        if api.left == 0 {
            mnemon_fuzz::is_clean(&api.engine);
            *kept = None;
        }
    });
});
