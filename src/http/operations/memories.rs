//! Memories, one by one and in lists.

use axum::extract::State;

use crate::engine::MemoryQuery;
use crate::error::{Error, Result};
use crate::http::app::App;
use crate::http::envelope::Reply;
use crate::http::error::Failure;
use crate::http::path::{InProfile, Reads, TheMemory, Writes, session};
use crate::http::query::Query;
use crate::http::wire::{Memory, MemoryEntry};
use crate::model::{MemoryId, MemoryType};

/// List a profile's memories, newest first.
#[utoipa::path(get, path = "/namespaces/{namespace}/profiles/{profile}/memories",
    operation_id = "listMemories", tag = "Memories",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
        ("per_page" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows a page; 20 when left out."),
        ("cursor" = Option<String>, Query, pattern = "^([0-7][0-9A-HJKMNP-TV-Z]{25})?$", description = "The last page's `result_info.cursor`, a ULID."),
        ("session_id" = Option<String>, Query, description = "Only those of this conversation."),
        ("type" = Option<String>, Query, pattern = "^(fact|event|instruction|task)?$", description = "Only those of this type."),
        ("include" = Option<String>, Query, pattern = "^(superseded)?$", description = "`superseded` shows history too."),
    ),
    responses((status = 200, description = "A page of memories, without their content.", body = Vec<MemoryEntry>)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Reads>,
    query: Query,
) -> Result<Reply<Vec<MemoryEntry>>, Failure> {
    let query = MemoryQuery {
        per_page: query.per_page(1..=500)?,
        cursor: query.one("cursor")?.map(cursor).transpose()?,
        session: query.one("session_id")?.map(|text| session("/session_id", text)).transpose()?,
        kind: query.choice("type", &MemoryType::ALL.map(|kind| (kind.as_str(), kind)))?,
        include_superseded: query.includes("superseded")?,
    };
    let per_page = query.per_page;
    let page = app.read(move |engine| engine.memories(&at, &query)).await?;
    Ok(Reply::page(page.items.into_iter().map(MemoryEntry::from).collect(), per_page, page.cursor))
}

fn cursor(text: &str) -> Result<MemoryId> {
    MemoryId::parse(text).ok_or_else(|| Error::invalid("/cursor", "cursor must be a ULID of 26 characters"))
}

/// Get a memory, current or superseded.
#[utoipa::path(get, path = "/namespaces/{namespace}/profiles/{profile}/memories/{memory_id}",
    operation_id = "getMemory", tag = "Memories",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
        ("memory_id" = String, Path, description = "The memory's id."),
        ("include" = Option<String>, Query, pattern = "^(sources)?$", description = "`sources` adds the messages it was made from."),
    ),
    responses((status = 200, description = "The memory.", body = Memory)))]
pub(in crate::http) async fn get(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Reads>,
    TheMemory(id): TheMemory,
    query: Query,
) -> Result<Reply<Memory>, Failure> {
    let with_sources = query.includes("sources")?;
    let memory = app.read(move |engine| {
        let memory = engine.memory(&at, id)?;
        let sources = with_sources.then(|| engine.sources(&at, &memory)).transpose()?;
        let printed = Memory::from(memory);
        Ok(match sources {
            Some(sources) => printed.with_sources(sources),
            None => printed,
        })
    });
    Ok(Reply::ok(memory.await?))
}

/// Delete a memory and the messages it was made from.
#[utoipa::path(delete, path = "/namespaces/{namespace}/profiles/{profile}/memories/{memory_id}",
    operation_id = "deleteMemory", tag = "Memories",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
        ("memory_id" = String, Path, description = "The memory's id."),
    ),
    responses((status = 200, description = "The memory as it was.", body = Memory)))]
pub(in crate::http) async fn delete(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Writes>,
    TheMemory(id): TheMemory,
) -> Result<Reply<Memory>, Failure> {
    let memory = app.write(move |engine| engine.delete_memory(&at, id)).await?;
    Ok(Reply::ok(memory.into()))
}
