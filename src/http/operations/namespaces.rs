//! Namespaces: created and deleted explicitly.

use axum::extract::State;

use crate::engine::{Direction, NamespaceOrder, NamespaceQuery};
use crate::http::app::App;
use crate::http::body::Parsed;
use crate::http::envelope::Reply;
use crate::http::error::Failure;
use crate::http::path::{InAccount, InNamespace, Reads, TheNamespace, Writes};
use crate::http::query::Query;
use crate::http::wire::{CreateNamespace, Namespace};

const ORDERS: [(&str, NamespaceOrder); 2] = [("id", NamespaceOrder::Id), ("name", NamespaceOrder::Name)];
const DIRECTIONS: [(&str, Direction); 2] = [("asc", Direction::Ascending), ("desc", Direction::Descending)];

/// List the account's namespaces.
#[utoipa::path(get, path = "/namespaces", operation_id = "listNamespaces", tag = "Namespaces",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("per_page" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows a page; 20 when left out."),
        ("order" = Option<String>, Query, pattern = "^(id|name)?$", description = "By what; by id when left out."),
        ("direction" = Option<String>, Query, pattern = "^(asc|desc)?$", description = "Ascending when left out."),
        ("cursor" = Option<String>, Query, description = "The last page's `result_info.cursor`."),
    ),
    responses((status = 200, description = "A page of namespaces.", body = Vec<Namespace>)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    InAccount { account, .. }: InAccount<Reads>,
    query: Query,
) -> Result<Reply<Vec<Namespace>>, Failure> {
    let query = NamespaceQuery {
        per_page: query.per_page(1..=1000)?,
        order: query.choice("order", &ORDERS)?.unwrap_or_default(),
        direction: query.choice("direction", &DIRECTIONS)?.unwrap_or_default(),
        cursor: query.one("cursor")?.map(str::to_owned),
    };
    let (per_page, of) = (query.per_page, account.clone());
    let page = app.read(move |engine| engine.namespaces(&account, &query)).await?;
    let rows = page.items.iter().map(|namespace| Namespace::of(&of, namespace)).collect();
    Ok(Reply::page(rows, per_page, page.cursor))
}

/// Create a namespace.
#[utoipa::path(post, path = "/namespaces", operation_id = "createNamespace", tag = "Namespaces",
    params(("account_id" = String, Path, description = "The account.")),
    request_body = CreateNamespace,
    responses((status = 201, description = "The new namespace.", body = Namespace)))]
pub(in crate::http) async fn create(
    State(app): State<App>,
    InAccount { account, .. }: InAccount<Writes>,
    body: Parsed<CreateNamespace>,
) -> Result<Reply<Namespace>, Failure> {
    let (name, of) = (body.value.name, account.clone());
    let namespace = app.write(move |engine| engine.create_namespace(&account, &name)).await?;
    Ok(Reply::ok(Namespace::of(&of, &namespace)).created())
}

/// Get a namespace.
#[utoipa::path(get, path = "/namespaces/{namespace}", operation_id = "getNamespace", tag = "Namespaces",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
    ),
    responses((status = 200, description = "The namespace.", body = Namespace)))]
pub(in crate::http) async fn get(
    State(app): State<App>,
    InNamespace { account, namespace: name, .. }: InNamespace<Reads>,
) -> Result<Reply<Namespace>, Failure> {
    let of = account.clone();
    let namespace = app.read(move |engine| engine.namespace(&account, &name)).await?;
    Ok(Reply::ok(Namespace::of(&of, &namespace)))
}

/// Delete a namespace with everything in it; its name is free again at once.
#[utoipa::path(delete, path = "/namespaces/{namespace}", operation_id = "deleteNamespace", tag = "Namespaces",
    params(
        ("account_id" = String, Path, description = "The account."),
        ("namespace" = String, Path, description = "The namespace's name."),
    ),
    responses((status = 200, description = "It is gone.")))]
pub(in crate::http) async fn delete(
    State(app): State<App>,
    InAccount { account, .. }: InAccount<Writes>,
    TheNamespace(name): TheNamespace,
) -> Result<Reply<()>, Failure> {
    app.write(move |engine| engine.delete_namespace(&account, &name)).await?;
    Ok(Reply::nothing())
}
