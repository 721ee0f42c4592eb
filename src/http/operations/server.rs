//! The server itself: whether it lives, whether it can serve, what it offers, what it has served.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::engine::Access;
use crate::http::app::App;
use crate::http::auth::Caller;
use crate::http::envelope::Reply;
use crate::http::error::Failure;
use crate::http::wire::{Health, Readiness};

/// Whether the process answers at all.
#[utoipa::path(get, path = "/healthz", operation_id = "health", tag = "Server",
    responses((status = 200, description = "It does.", body = Health)))]
pub(in crate::http) async fn health() -> Reply<Health> {
    Reply::ok(Health::ok())
}

/// Whether the server can serve: its data is open, and storage takes writes.
#[utoipa::path(get, path = "/readyz", operation_id = "readiness", tag = "Server",
    responses((status = 200, description = "It can.", body = Readiness)))]
pub(in crate::http) async fn ready(State(app): State<App>) -> Result<Reply<Readiness>, Failure> {
    app.engine.ready()?;
    Ok(Reply::ok(Readiness::ok(app.engine.index_loads())))
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", tag = "Server",
    responses((status = 200, description = "An OpenAPI document.", content_type = "application/json")))]
pub(in crate::http) async fn openapi(State(app): State<App>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], app.openapi.clone())
}

/// What has been served, for Prometheus. Needs a token that is not bound to an account.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "Server",
    responses((status = 200, description = "Prometheus' text format.", body = String, content_type = "text/plain")),
    security(("token" = [])))]
pub(in crate::http) async fn metrics(State(app): State<App>, caller: Caller) -> Result<impl IntoResponse, Failure> {
    caller.may(Access::Server)?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.print()))
}
