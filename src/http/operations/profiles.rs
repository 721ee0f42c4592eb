//! Profiles: created by their first write, deleted explicitly.

use axum::extract::State;

use crate::engine::ProfileQuery;
use crate::http::app::App;
use crate::http::envelope::Reply;
use crate::http::error::Failure;
use crate::http::path::{InNamespace, InProfile, Reads, Writes};
use crate::http::query::Query;
use crate::http::wire::Profile;

/// List a namespace's profiles by name.
#[utoipa::path(get, path = "/namespaces/{namespace}/profiles", operation_id = "listProfiles", tag = "Profiles",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("per_page" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows a page; 20 when left out."),
        ("cursor" = Option<String>, Query, max_length = 100, pattern = "^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$", description = "The last page's `result_info.cursor`."),
    ),
    responses((status = 200, description = "A page of profiles.", body = Vec<Profile>)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    InNamespace { account, namespace, .. }: InNamespace<Reads>,
    query: Query,
) -> Result<Reply<Vec<Profile>>, Failure> {
    let query = ProfileQuery { per_page: query.per_page(1..=500)?, cursor: query.one("cursor")?.map(str::to_owned) };
    let per_page = query.per_page;
    let page = app.read(move |engine| engine.profiles(&account, &namespace, &query)).await?;
    Ok(Reply::page(page.items.into_iter().map(Profile::from).collect(), per_page, page.cursor))
}

/// Delete a profile with everything in it.
#[utoipa::path(delete, path = "/namespaces/{namespace}/profiles/{profile}",
    operation_id = "deleteProfile", tag = "Profiles",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
        ("profile" = String, Path, description = "The profile's name."),
    ),
    responses((status = 200, description = "It is gone.")))]
pub(in crate::http) async fn delete(
    State(app): State<App>,
    InProfile { at, .. }: InProfile<Writes>,
) -> Result<Reply<()>, Failure> {
    app.write(move |engine| engine.delete_profile(&at)).await?;
    Ok(Reply::nothing())
}
