//! `mnemon token`: who may use the server, on its data folder or while it serves.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::args::{Missing, Site};
use super::failure::Failure;
use super::output::Output;
use crate::engine::{Grant, NewToken, Scope};
use crate::model::{AccountId, NamespaceName};

const EXAMPLES: &str = "\
Examples:
  mnemon token create --label laptop
  mnemon token create --label dashboard --account local --namespace support --scope read
  mnemon token list
  mnemon token revoke 01KB3V5W7ZJ8M4Q2N6T9R1XCFH

  mnemon token revoke 01KB3V5W7ZJ8M4Q2N6T9R1XCFH --url http://127.0.0.1:8787

Tokens are kept in the data folder, as hashes. A running server has the folder
open: name it with --url, and put a token that may do everything into
MNEMON_API_TOKEN. A token that is revoked is refused from the next call on.";

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
        site: Site,
    },
    /// Revoke a token
    Revoke {
        /// The token's id; `mnemon token list` shows it
        id: String,
        #[command(flatten)]
        site: Site,
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
    site: Site,
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
            Action::List { site } => list(&site, out),
            Action::Revoke { id, site } => revoke(&id, &site, out),
        }
    }
}

impl Create {
    fn run(self, out: &Output) -> Result<(), Failure> {
        let scope = match self.scope {
            Allowed::Read => Scope::Read,
            Allowed::Write => Scope::Write,
        };
        let grant = Grant { account: self.account, namespace: self.namespace, scope };
        let tokens = self.site.tokens(Missing::Create)?;
        let token = tokens.create(NewToken { label: self.label, grant })?;
        tokens.close()?;
        out.result(&token, |out| {
            out.note("shown this once; only its hash is kept:");
            out.text(text(&token, "secret"))
        })
    }
}

fn list(site: &Site, out: &Output) -> Result<(), Failure> {
    let kept = site.tokens(Missing::Refuse)?;
    let tokens = kept.list()?;
    kept.close()?;
    out.result(&tokens, |out| {
        if tokens.is_empty() {
            out.note("no tokens: the first `mnemon serve` or `mnemon token create` makes one");
            return Ok(());
        }
        let rows: Vec<_> = tokens.iter().map(row).collect();
        out.table(["ID", "CREATED", "LAST USED", "SCOPE", "REACHES", "LABEL"], &rows)
    })
}

fn revoke(id: &str, site: &Site, out: &Output) -> Result<(), Failure> {
    let tokens = site.tokens(Missing::Refuse)?;
    let revoked = tokens.revoke(id);
    tokens.close()?;
    revoked?;
    out.result(&json!({ "revoked": id }), |out| out.text(&format!("revoked {id}")))
}

fn row(token: &Value) -> [String; 6] {
    let reaches = match (text(token, "account"), text(token, "namespace")) {
        ("", _) => "everything".to_owned(),
        (account, "") => account.to_owned(),
        (account, namespace) => format!("{account}/{namespace}"),
    };
    let [id, created, used, scope, label] =
        ["id", "createdAt", "lastUsedAt", "scope", "label"].map(|field| text(token, field).to_owned());
    let used = if used.is_empty() { "never".to_owned() } else { used };
    [id, created, used, scope, reaches, label]
}

/// A field's text; nothing when it has none.
fn text<'a>(token: &'a Value, field: &str) -> &'a str {
    token.get(field).and_then(Value::as_str).unwrap_or_default()
}
