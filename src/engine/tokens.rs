//! Tokens: who may do what. Only hashes are kept.
//!
//! When a token was used last is known in memory and kept every ten minutes and at the end: no call waits for it, and a
//! crash loses some minutes of it, no more.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::catalog::CATALOG;
use super::ids::random_bytes;
use super::{Engine, Shared};
use crate::error::{Error, Result};
use crate::model::{AccountId, NamespaceName, Scope, Timestamp, Ulid, hex};
use crate::store::rows::TokenRow;
use crate::store::{Batch, Range};

/// Characters of a label.
const LABEL_CHARS: usize = 100;
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
    /// When it was used last; nothing when it never was.
    pub last_used_at: Option<Timestamp>,
}

/// How long uses are known in memory only.
const KEEP_USES_EVERY: Duration = Duration::from_mins(10);

/// Uses of tokens that are not kept yet.
pub(super) struct Uses(Mutex<Unkept>);

struct Unkept {
    last: HashMap<Ulid, Timestamp>,
    kept_at: Timestamp,
}

impl Uses {
    /// None so far.
    pub(super) fn since(now: Timestamp) -> Self {
        Self(Mutex::new(Unkept { last: HashMap::new(), kept_at: now }))
    }

    /// Says whether it is time to keep them.
    fn note(&self, id: Ulid, now: Timestamp) -> bool {
        let mut unkept = self.0.lock();
        unkept.last.insert(id, now);
        let due = i128::from(now.millis() - unkept.kept_at.millis()).unsigned_abs() >= KEEP_USES_EVERY.as_millis();
        if due {
            unkept.kept_at = now;
        }
        due
    }

    fn of(&self, id: Ulid) -> Option<Timestamp> {
        self.0.lock().last.get(&id).copied()
    }
}

impl Shared {
    /// Keeps when tokens were used. What fails is tried again the next time.
    pub(super) fn keep_uses(&self) -> Result<()> {
        let last = self.uses.0.lock().last.clone();
        if last.is_empty() {
            return Ok(());
        }
        let (snapshot, mut batch) = (self.store.read()?, Batch::new());
        for (id, at) in &last {
            // One that was revoked stays so: the batch holds only if every row is as it was.
            if let Some(row) = snapshot.get::<TokenRow>(CATALOG, id)? {
                batch.require_equal(CATALOG, id, &row);
                batch.put(CATALOG, id, &TokenRow { last_used: Some(*at), ..row });
            }
        }
        if !batch.is_empty() {
            self.store.commit(batch)?;
        }
        self.uses.0.lock().last.retain(|id, at| last.get(id) != Some(at));
        Ok(())
    }
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
    ///
    /// # Errors
    /// `InvalidInput` when the label is too long.
    pub fn create_token(&self, token: NewToken) -> Result<(Token, TokenSecret)> {
        let length = token.label.chars().count();
        if length > LABEL_CHARS {
            return Err(Error::invalid("/label", format!("label has {length} characters, the limit is {LABEL_CHARS}")));
        }
        let created_at = self.shared.clock.now();
        let id = self.shared.ids.next(created_at)?;
        let secret = TokenSecret::random(id)?;
        let Grant { account, namespace, scope } = token.grant.clone();
        let hash = hash_of(secret.reveal());
        let (label, created) = (token.label.clone(), created_at);
        let row = TokenRow { hash, label, account, namespace, scope, created, last_used: None };
        let mut batch = Batch::new();
        batch.put(CATALOG, &id, &row);
        self.shared.store.commit(batch)?;
        Ok((Token { id, label: token.label, grant: token.grant, created_at, last_used_at: None }, secret))
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
        let with_last_use = |(id, row)| {
            let kept = token(id, row);
            Token { last_used_at: self.shared.uses.of(id).or(kept.last_used_at), ..kept }
        };
        rows.map(|row| row.map(with_last_use)).collect()
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
        // Hashed and compared whether or not there is a token of that id.
        let (kept, sent) = (row.as_ref().map_or([0; 32], |row| row.hash), hash_of(secret));
        let Some(row) = row.filter(|_| bool::from(kept.ct_eq(&sent))) else { return Ok(None) };
        if self.shared.uses.note(id, self.shared.clock.now()) {
            self.eraser.wake();
        }
        Ok(Some(token(id, row).grant))
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
    Token { id, label: row.label, grant, created_at: row.created, last_used_at: row.last_used }
}

fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
