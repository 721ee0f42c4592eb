//! `mnemon token`: who may use the server. Works on the data folder alone: the HTTP API has no call for it.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::args::{Folder, Missing};
use super::failure::{Exit, Failure};
use super::output::Output;
use crate::engine::{self, Engine, Grant, NewToken, Scope};
use crate::model::{AccountId, NamespaceName, Ulid};

const EXAMPLES: &str = "\
Examples:
  mnemon token create --label laptop
  mnemon token create --label dashboard --account local --namespace support --scope read
  mnemon token list
  mnemon token revoke 01KB3V5W7ZJ8M4Q2N6T9R1XCFH

Tokens are kept in the data folder, as hashes. Stop the server first: one
process at a time has the folder open.";

/// Create, list and revoke the tokens that the server accepts
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Token {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Create a token; its secret is shown this once
    Create(Create),
    /// List tokens, oldest first
    List {
        #[command(flatten)]
        folder: Folder,
    },
    /// Revoke a token
    Revoke {
        /// The token's id; `mnemon token list` shows it
        id: String,
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Args)]
struct Create {
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,

    /// Only this account [default: every account]
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: Option<AccountId>,

    /// Only this namespace of the account [default: every namespace]
    #[arg(long, value_name = "NAME", value_parser = NamespaceName::parse, requires = "account")]
    namespace: Option<NamespaceName>,

    /// What it may do there
    #[arg(long, value_enum, default_value_t = Allowed::Write)]
    scope: Allowed,

    #[command(flatten)]
    folder: Folder,
}

#[derive(Clone, Copy, ValueEnum)]
enum Allowed {
    /// Read, recall and summarise
    Read,
    /// Everything
    Write,
}

impl Token {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        match self.action {
            Action::Create(create) => create.run(out),
            Action::List { folder } => list(&folder, out),
            Action::Revoke { id, folder } => revoke(&id, &folder, out),
        }
    }
}

impl Create {
    fn run(self, out: &Output) -> Result<(), Failure> {
        let engine = Engine::open(self.folder.options(Missing::Create)?)?;
        let scope = match self.scope {
            Allowed::Read => Scope::Read,
            Allowed::Write => Scope::Write,
        };
        let grant = Grant { account: self.account, namespace: self.namespace, scope };
        let (token, secret) = engine.create_token(NewToken { label: self.label, grant })?;
        engine.close()?;
        let mut value = shape(&token);
        if let Value::Object(fields) = &mut value {
            fields.insert("secret".to_owned(), secret.reveal().into());
        }
        out.result(&value, |out| {
            out.note("shown this once; only its hash is kept:");
            out.text(secret.reveal())
        })
    }
}

fn list(folder: &Folder, out: &Output) -> Result<(), Failure> {
    let engine = Engine::open(folder.options(Missing::Refuse)?)?;
    let tokens = engine.tokens()?;
    engine.close()?;
    let values: Vec<_> = tokens.iter().map(shape).collect();
    out.result(&values, |out| {
        if tokens.is_empty() {
            out.note("no tokens: the first `mnemon serve` or `mnemon token create` makes one");
            return Ok(());
        }
        let rows: Vec<_> = tokens.iter().map(row).collect();
        out.table(["ID", "CREATED", "SCOPE", "REACHES", "LABEL"], &rows)
    })
}

fn revoke(id: &str, folder: &Folder, out: &Output) -> Result<(), Failure> {
    let unknown = || {
        Failure::said("token_not_found", Exit::NotFound, "there is no such token").hint("`mnemon token list` lists ids")
    };
    let id = Ulid::parse(id).ok_or_else(unknown)?;
    let engine = Engine::open(folder.options(Missing::Refuse)?)?;
    let was_there = engine.revoke_token(id)?;
    engine.close()?;
    if !was_there {
        return Err(unknown());
    }
    out.result(&json!({ "revoked": id.to_string() }), |out| out.text(&format!("revoked {id}")))
}

fn shape(token: &engine::Token) -> Value {
    json!({
        "id": token.id.to_string(),
        "label": token.label,
        "account": token.grant.account.as_ref().map(AccountId::as_str),
        "namespace": token.grant.namespace.as_ref().map(NamespaceName::as_str),
        "scope": scope(token.grant.scope),
        "createdAt": token.created_at.to_string(),
    })
}

fn row(token: &engine::Token) -> [String; 5] {
    let reaches = match (&token.grant.account, &token.grant.namespace) {
        (None, _) => "everything".to_owned(),
        (Some(account), None) => account.to_string(),
        (Some(account), Some(namespace)) => format!("{account}/{namespace}"),
    };
    let grant = scope(token.grant.scope).to_owned();
    [token.id.to_string(), token.created_at.to_string(), grant, reaches, token.label.clone()]
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Write => "write",
    }
}
