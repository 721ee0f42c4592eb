//! What an agent does while it talks: tell, ask, sum up, forget a conversation.

use axum::extract::State;

use crate::http::app::App;
use crate::http::body::Parsed;
use crate::http::envelope::Reply;
use crate::http::error::Failure;
use crate::http::path::{InProfile, Reads, TheSession, Writes};
use crate::http::wire::{Ingest, Memory, Recall, Recalled, Remember, Summarise, Summary};
use crate::model::Moment;

/// Keep a conversation, and make memories of what matters in it.
#[utoipa::path(post, path = "/namespaces/{namespace}/profiles/{profile}/ingest",
    operation_id = "ingest", tag = "Conversations",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name; the first write creates it."),
    ),
    request_body = Ingest,
    responses((status = 200, description = "It is kept, and what was made of it can be found.")))]
pub(in crate::http) async fn ingest(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Writes>,
    body: Parsed<Ingest>,
) -> Result<Reply<()>, Failure> {
    let Parsed { value: Ingest { messages, session_id }, loan } = body;
    app.write(move |engine| {
        let _held_to_the_end = loan;
        engine.ingest(&at, session_id.as_ref(), &messages)
    })
    .await?;
    Ok(Reply::nothing())
}

/// Keep one statement as a memory.
#[utoipa::path(post, path = "/namespaces/{namespace}/profiles/{profile}/remember",
    operation_id = "remember", tag = "Conversations",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name; the first write creates it."),
    ),
    request_body = Remember,
    responses((status = 200, description = "The memory: new, or the one that was there.", body = Memory)))]
pub(in crate::http) async fn remember(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Writes>,
    body: Parsed<Remember>,
) -> Result<Reply<Memory>, Failure> {
    let Remember { content, session_id } = body.value;
    let memory = app.write(move |engine| engine.remember(&at, session_id.as_ref(), &content)).await?;
    Ok(Reply::ok(memory.into()))
}

/// Answer a question from what is kept.
#[utoipa::path(post, path = "/namespaces/{namespace}/profiles/{profile}/recall",
    operation_id = "recall", tag = "Conversations",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
    ),
    request_body = Recall,
    responses((status = 200, description = "What was found.", body = Recalled)))]
pub(in crate::http) async fn recall(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Reads>,
    body: Parsed<Recall>,
) -> Result<Reply<Recalled>, Failure> {
    let query = body.value.asked(Moment::utc(app.clock.now()));
    let with_evidence = query.evidence_limit > 0;
    let found = app.read(move |engine| engine.recall(&at, &query)).await?;
    Ok(Reply::ok(Recalled::of(found, with_evidence)))
}

/// Sum up what is known, as Markdown for a prompt.
#[utoipa::path(post, path = "/namespaces/{namespace}/profiles/{profile}/summary",
    operation_id = "summarise", tag = "Conversations",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
    ),
    request_body = Summarise,
    responses((status = 200, description = "The summary.", body = Summary)))]
pub(in crate::http) async fn summarise(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Reads>,
    body: Parsed<Summarise>,
) -> Result<Reply<Summary>, Failure> {
    let session = body.value.session_id;
    let summary = app.read(move |engine| engine.summary(&at, session.as_ref())).await?;
    Ok(Reply::ok(Summary { summary }))
}

/// Delete a conversation and the memories made in it; no such conversation is no error.
#[utoipa::path(delete, path = "/namespaces/{namespace}/profiles/{profile}/sessions/{session_id}",
    operation_id = "deleteSession", tag = "Conversations",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
        ("session_id" = String, Path, description = "The conversation's name, percent-encoded."),
    ),
    responses((status = 200, description = "It is gone.")))]
pub(in crate::http) async fn delete_session(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Writes>,
    TheSession(session): TheSession,
) -> Result<Reply<()>, Failure> {
    app.write(move |engine| engine.delete_session(&at, &session)).await?;
    Ok(Reply::nothing())
}
