//! The tokens of a data folder or of a server, in the shape of the HTTP API.

use serde_json::{Value, json};

use super::transport::{Method, Transport, segment};
use crate::engine::{self, Engine, EngineOptions, Grant, NewToken, Scope};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AccountId, NamespaceName, Ulid};

const PATH: &str = "/admin/tokens";

/// Where tokens are kept.
pub(crate) enum Tokens {
    /// A data folder.
    Local(Box<Engine>),
    /// A server, which needs a token that may do everything.
    Remote(Transport),
}

impl Tokens {
    /// Those of a data folder.
    pub(crate) fn local(options: EngineOptions) -> Result<Self> {
        Ok(Self::Local(Box::new(Engine::open(options)?)))
    }

    /// Those of a server.
    pub(crate) fn remote(url: &str, token: Option<String>) -> Result<Self> {
        Transport::new(url, token).map(Self::Remote)
    }

    /// Makes one; its secret is in the answer.
    pub(crate) fn create(&self, token: NewToken) -> Result<Value> {
        match self {
            Self::Local(engine) => {
                let (token, secret) = engine.create_token(token)?;
                let mut value = shape(&token);
                if let Value::Object(fields) = &mut value {
                    fields.insert("secret".to_owned(), secret.reveal().into());
                }
                Ok(value)
            }
            Self::Remote(server) => {
                let Grant { account, namespace, scope } = &token.grant;
                let body = json!({
                    "label": token.label,
                    "account": account.as_ref().map(AccountId::as_str),
                    "namespace": namespace.as_ref().map(NamespaceName::as_str),
                    "scope": word(*scope),
                });
                server.call(Method::Post, PATH, Some(body.to_string().as_bytes()))?.result()
            }
        }
    }

    /// All, oldest first.
    pub(crate) fn list(&self) -> Result<Vec<Value>> {
        match self {
            Self::Local(engine) => Ok(engine.tokens()?.iter().map(shape).collect()),
            Self::Remote(server) => server.call(Method::Get, PATH, None)?.result(),
        }
    }

    /// # Errors
    /// `TokenNotFound`.
    pub(crate) fn revoke(&self, id: &str) -> Result<()> {
        match self {
            Self::Local(engine) => match Ulid::parse(id) {
                Some(id) if engine.revoke_token(id)? => Ok(()),
                _ => Err(Error::new(ErrorKind::TokenNotFound, "there is no such token")),
            },
            Self::Remote(server) => server.call(Method::Delete, &format!("{PATH}/{}", segment(id)), None)?.result(),
        }
    }

    /// Finishes; says what went wrong last.
    pub(crate) fn close(self) -> Result<()> {
        match self {
            Self::Local(engine) => engine.close(),
            Self::Remote(_) => Ok(()),
        }
    }
}

fn shape(token: &engine::Token) -> Value {
    json!({
        "id": token.id.to_string(),
        "label": token.label,
        "account": token.grant.account.as_ref().map(AccountId::as_str),
        "namespace": token.grant.namespace.as_ref().map(NamespaceName::as_str),
        "scope": word(token.grant.scope),
        "createdAt": token.created_at.to_string(),
        "lastUsedAt": token.last_used_at.map(|at| at.to_string()),
    })
}

fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Write => "write",
    }
}
