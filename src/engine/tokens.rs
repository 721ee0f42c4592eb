//! Tokens: who may do what. Only hashes are kept.

use std::fmt;

use crate::model::{AccountId, NamespaceName, Timestamp, Ulid};

/// What a token may do with what it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read, recall and summarise.
    Read,
    /// Everything.
    Write,
}

/// What a call needs of a token.
#[derive(Clone, Copy, Debug)]
pub enum Access<'a> {
    /// Operations on a whole account: creating, deleting and listing namespaces.
    Account(&'a AccountId, Scope),
    /// Operations within one namespace.
    Namespace(&'a AccountId, &'a NamespaceName, Scope),
    /// Operations on the whole server, for example its metrics.
    Server,
}

/// What the bearer of a token may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Only this account, or every one.
    pub account: Option<AccountId>,
    /// Only this namespace, or every one of the account.
    pub namespace: Option<NamespaceName>,
    /// Read, or write too.
    pub scope: Scope,
}

impl Grant {
    /// Everything: what `MNEMON_API_TOKEN` grants.
    #[must_use]
    pub fn administrator() -> Self {
        Self { account: None, namespace: None, scope: Scope::Write }
    }

    /// Whether this is enough for `access`.
    #[must_use]
    pub fn allows(&self, access: Access<'_>) -> bool {
        let account_is = |id| self.account.as_ref().is_none_or(|own| own == id);
        match access {
            Access::Account(id, scope) => account_is(id) && self.namespace.is_none() && scope <= self.scope,
            Access::Namespace(id, name, scope) => {
                account_is(id) && self.namespace.as_ref().is_none_or(|own| own == name) && scope <= self.scope
            }
            Access::Server => self.account.is_none() && self.namespace.is_none(),
        }
    }
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, for people.
    pub label: String,
    /// What it grants.
    pub grant: Grant,
}

/// A token as it is listed: everything but its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Names it, for revoking.
    pub id: Ulid,
    /// What it is for, for people.
    pub label: String,
    /// What it grants.
    pub grant: Grant,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A token's secret, to be shown once. Debug output hides it.
pub struct TokenSecret(String);

impl TokenSecret {
    /// The text to send as a bearer token.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}
