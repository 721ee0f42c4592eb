//! Around every request: its id, its line in the log, its place in the metrics.
//!
//! Never logs the URI, which holds session ids and queries, nor a body.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::app::App;
use crate::model::{Timestamp, Ulid};

/// The header that repeats the request id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: Ulid;
}

/// The id of the request that this task serves; all zeros outside of one.
pub(super) fn request_id() -> Ulid {
    CURRENT.try_with(|id| *id).unwrap_or(Ulid::from_bits(0))
}

/// Gives the request an id, serves it, logs and counts it.
pub(super) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = next_id(app.clock.now());
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let mut response = CURRENT.scope(id, next.run(request)).await;
    let took = begun.elapsed();
    let (route, status) = (route.as_ref().map_or("unknown", MatchedPath::as_str), response.status().as_u16());
    app.metrics.record(method, route, status, took);
    let ms = took.as_micros() as f64 / 1e3;
    tracing::debug!(request = %id, method, route, status, ms, "served");
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Time first, like every ULID, then a count instead of randomness: unique within the process is enough to find a line.
fn next_id(now: Timestamp) -> Ulid {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let millis = u128::from(now.millis().unsigned_abs());
    Ulid::from_bits(millis << 80 | u128::from(COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// The method as a word of a small set: callers may invent methods, and each would be a series of its own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}
