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
