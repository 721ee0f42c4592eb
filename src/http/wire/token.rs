//! Tokens, without their secrets but once.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Fields, FromJson};
use crate::engine::{self, Grant, NewToken, Scope};
use crate::error::Result;
use crate::model::{AccountId, NamespaceName};

/// The account of a namespace when none is named.
const ACCOUNT: &str = "local";
const SCOPES: [(&str, Scope); 2] = [("read", Scope::Read), ("write", Scope::Write)];

/// A token to be made.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::http) struct CreateToken {
    /// What it is for.
    #[schema(value_type = Option<String>, max_length = 100)]
    label: String,
    /// Only this account; every one when left out, or `local` when a namespace is given.
    #[schema(value_type = Option<String>, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    account: Option<AccountId>,
    /// Only this namespace of the account; every one when left out.
    #[schema(value_type = Option<String>, max_length = 32, pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    namespace: Option<NamespaceName>,
    /// `read`, or `write`, which is everything; `write` when left out.
    #[schema(value_type = Option<String>, pattern = "^(read|write)$")]
    scope: Scope,
}

impl FromJson for CreateToken {
    fn from_json(value: Value) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        let label = fields.text("label")?.unwrap_or_default();
        let account =
            fields.text("account")?.map(|id| AccountId::parse(&id)).transpose().map_err(|e| e.within("/account"))?;
        let namespace = fields
            .text("namespace")?
            .map(|name| NamespaceName::parse(&name))
            .transpose()
            .map_err(|e| e.within("/namespace"))?;
        let account = match &namespace {
            Some(_) if account.is_none() => Some(AccountId::parse(ACCOUNT)?),
            _ => account,
        };
        let scope = fields.choice("scope", &SCOPES)?.unwrap_or(Scope::Write);
        Ok(Self { label, account, namespace, scope })
    }
}

impl From<CreateToken> for NewToken {
    fn from(CreateToken { label, account, namespace, scope }: CreateToken) -> Self {
        Self { label, grant: Grant { account, namespace, scope } }
    }
}

/// Who may do what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Token {
    /// Names it, for revoking.
    id: String,
    /// What it is for.
    label: String,
    /// Only this account.
    account: Option<String>,
    /// Only this namespace of the account.
    namespace: Option<String>,
    /// `read` or `write`.
    scope: &'static str,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was used last.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// What to send as a bearer token; shown when it is made and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    secret: Option<String>,
}

impl Token {
    /// The same, with its secret.
    pub(in crate::http) fn with_secret(self, secret: &engine::TokenSecret) -> Self {
        Self { secret: Some(secret.reveal().to_owned()), ..self }
    }
}

impl From<engine::Token> for Token {
    fn from(token: engine::Token) -> Self {
        let Grant { account, namespace, scope } = token.grant;
        Self {
            id: token.id.to_string(),
            label: token.label,
            account: account.map(|id| id.to_string()),
            namespace: namespace.map(|name| name.to_string()),
            scope: match scope {
                Scope::Read => "read",
                Scope::Write => "write",
            },
            created_at: token.created_at.to_string(),
            last_used_at: token.last_used_at.map(|at| at.to_string()),
            secret: None,
        }
    }
}
