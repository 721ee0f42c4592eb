//! How the server is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::IndexLoads;

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
    /// Profiles whose index is being built from their rows right now: recalls in large ones find what is near their question by meaning.
    indexes_being_built: usize,
    /// Profiles that were found to have damaged records, and are served without these: `mnemon check` tells which.
    damaged_profiles: usize,
}

impl Readiness {
    /// It can.
    pub(in crate::http) fn ok(loads: IndexLoads) -> Self {
        Self { status: "ok", indexes_being_built: loads.being_built, damaged_profiles: loads.damaged_profiles }
    }
}
