//! Namespaces and profiles.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Fields, FromJson, required};
use crate::error::Result;
use crate::model::{self, AccountId, NamespaceName};

/// A namespace to be created.
#[derive(ToSchema)]
pub(in crate::http) struct CreateNamespace {
    /// 1 to 32 lower-case letters, digits and embedded hyphens.
    #[schema(value_type = String, max_length = 32, pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    pub(in crate::http) name: NamespaceName,
}

impl FromJson for CreateNamespace {
    fn from_json(value: Value) -> Result<Self> {
        let name = required("name", Fields::of(value)?.text("name")?)?;
        NamespaceName::parse(&name).map(|name| Self { name }).map_err(|error| error.within("/name"))
    }
}

/// A set of profiles.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Namespace {
    /// A ULID; never reused, not even when the name is.
    id: String,
    /// Unique within the account.
    name: String,
    /// The account it belongs to.
    account_id: String,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl Namespace {
    /// A namespace of `account`.
    pub(in crate::http) fn of(account: &AccountId, namespace: &model::Namespace) -> Self {
        Self {
            id: namespace.id.to_string(),
            name: namespace.name.to_string(),
            account_id: account.to_string(),
            created_at: namespace.created_at.to_string(),
            updated_at: namespace.updated_at.to_string(),
        }
    }
}

/// One isolated set of memories.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Profile {
    /// Unique within the namespace.
    name: String,
    /// When its first write was accepted.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<model::Profile> for Profile {
    fn from(profile: model::Profile) -> Self {
        Self { name: profile.name.to_string(), created_at: profile.created_at.to_string() }
    }
}
