//! Tokens: who may do what. Only hashes are kept.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Engine;
use super::catalog::CATALOG;
use super::ids::random_bytes;
use crate::error::Result;
use crate::model::{AccountId, NamespaceName, Scope, Timestamp, Ulid, hex};
use crate::store::rows::TokenRow;
use crate::store::{Batch, Range};

/// What every token's text starts with, so that people and secret scanners know it.
const PREFIX: &str = "mnemon_";

/// What a call needs of a token.
#[derive(Clone, Copy, Debug)]
pub enum Access<'a> {
    /// Operations on a whole account: creating, deleting and listing namespaces.
    Account(&'a AccountId, Scope),
    /// Operations within one namespace.
    Namespace(&'a AccountId, &'a NamespaceName, Scope),
    /// Operations on the whole server, for example its metrics.
    Server,
    /// Everything that is kept, of every account, tokens' hashes included.
    Everything,
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
            Access::Everything => *self == Self::administrator(),
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

impl Engine {
    /// Creates a token. Its secret is shown this once; only a hash is kept.
    pub fn create_token(&self, token: NewToken) -> Result<(Token, TokenSecret)> {
        let created_at = self.shared.clock.now();
        let id = self.shared.ids.next(created_at)?;
        let secret = TokenSecret::random(id)?;
        let Grant { account, namespace, scope } = token.grant.clone();
        let hash = hash_of(secret.reveal());
        let row = TokenRow { hash, label: token.label.clone(), account, namespace, scope, created: created_at };
        let mut batch = Batch::new();
        batch.put(CATALOG, &id, &row);
        self.shared.store.commit(batch)?;
        Ok((Token { id, label: token.label, grant: token.grant, created_at }, secret))
    }

    /// An administrator's token when there is no token at all, and nothing otherwise: for a first start.
    pub fn ensure_first_token(&self) -> Result<Option<TokenSecret>> {
        if !self.tokens()?.is_empty() {
            return Ok(None);
        }
        let first = NewToken { label: "first start".to_owned(), grant: Grant::administrator() };
        Ok(Some(self.create_token(first)?.1))
    }

    /// Every token, oldest first.
    pub fn tokens(&self) -> Result<Vec<Token>> {
        let rows = self.shared.store.read()?.scan::<TokenRow>(CATALOG, &Range::all())?;
        rows.map(|row| row.map(|(id, row)| token(id, row))).collect()
    }

    /// Revokes a token at once; says whether it was there.
    pub fn revoke_token(&self, id: Ulid) -> Result<bool> {
        let there = self.shared.store.read()?.get::<TokenRow>(CATALOG, &id)?.is_some();
        if there {
            let mut batch = Batch::new();
            batch.delete::<TokenRow>(CATALOG, &id);
            self.shared.store.commit(batch)?;
        }
        Ok(there)
    }

    /// What the bearer of `secret` may do, or nothing. The comparison takes the same time whatever is wrong with it.
    pub fn authenticate(&self, secret: &str) -> Result<Option<Grant>> {
        let id = secret.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).and_then(|(id, _)| Ulid::parse(id));
        let Some(id) = id else { return Ok(None) };
        let row = self.shared.store.read()?.get::<TokenRow>(CATALOG, &id)?;
        let same = |row: &TokenRow| bool::from(row.hash.ct_eq(&hash_of(secret)));
        Ok(row.filter(same).map(|row| token(id, row).grant))
    }
}

impl TokenSecret {
    /// 256 random bits behind the token's id, by which its row is found.
    fn random(id: Ulid) -> Result<Self> {
        let mut bits = [0; 32];
        random_bytes(&mut bits)?;
        Ok(Self(format!("{PREFIX}{id}_{}", hex(&bits))))
    }
}

fn token(id: Ulid, row: TokenRow) -> Token {
    let grant = Grant { account: row.account, namespace: row.namespace, scope: row.scope };
    Token { id, label: row.label, grant, created_at: row.created }
}

fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
