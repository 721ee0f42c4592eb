//! How the server is.

use serde::Serialize;
use utoipa::ToSchema;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Health {
    /// `ok`.
    status: &'static str,
}

impl Health {
    /// It is well.
    pub(in crate::http) fn ok() -> Self {
        Self { status: "ok" }
    }
}

/// Whether the server can serve, and what it is still busy with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Readiness {
    /// `ok`.
    status: &'static str,
    /// Profiles whose index is being built from their rows right now: recalls in these wait, others do not.
    indexes_being_built: usize,
}

impl Readiness {
    /// It can.
    pub(in crate::http) fn ok(indexes_being_built: usize) -> Self {
        Self { status: "ok", indexes_being_built }
    }
}
