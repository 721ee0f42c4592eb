//! For whoever runs the server: everything that is kept, as a stream.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::http::app::App;
use crate::http::error::Failure;
use crate::http::path::Everything;

/// Everything as it is now, as `mnemon restore` reads it. Needs a token that may do everything. One at a time.
#[utoipa::path(get, path = "/admin/backup", operation_id = "backup", tag = "Server",
    responses((status = 200, description = "A backup, with a checksum at its end: cut short, it is none.",
        body = Vec<u8>, content_type = "application/octet-stream")),
    security(("token" = [])))]
pub(in crate::http) async fn backup(State(app): State<App>, _: Everything) -> Result<impl IntoResponse, Failure> {
    let engine = Arc::clone(&app.engine);
    let body = app.streams.body(move |out| engine.backup(out, &|_, _| ()).map(drop)).await?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], body))
}

/// Everything that was said and is remembered, as JSON Lines. Needs a token that may do everything. One at a time.
#[utoipa::path(get, path = "/admin/export", operation_id = "export", tag = "Server",
    responses((status = 200, description = "JSON Lines; the last one counts the others: without it, it was cut short.",
        body = String, content_type = "application/jsonl")),
    security(("token" = [])))]
pub(in crate::http) async fn export(State(app): State<App>, _: Everything) -> Result<impl IntoResponse, Failure> {
    let engine = Arc::clone(&app.engine);
    let body = app.streams.body(move |out| engine.export(out, &|_, _| ()).map(drop)).await?;
    Ok(([(CONTENT_TYPE, "application/jsonl")], body))
}
