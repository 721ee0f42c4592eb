//! `mnemon namespaces`: list and create. Deleting is `mnemon delete namespace`, where it asks first.

use clap::{Args, Subcommand};

use super::args::{Missing, Target};
use super::backend::all;
use super::failure::Failure;
use super::output::Output;
use crate::model::NamespaceName;

const EXAMPLES: &str = "\
Examples:
  mnemon namespaces list
  mnemon namespaces create support";

/// List or create namespaces
///
/// A namespace is a set of profiles, for example one application's.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Namespaces {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the account's namespaces, by name
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Create a namespace
    Create {
        /// 1 to 32 lower-case letters, digits and embedded hyphens
        #[arg(value_parser = NamespaceName::parse)]
        name: NamespaceName,
        #[command(flatten)]
        target: Target,
    },
}

impl Namespaces {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        match self.action {
            Action::List { target } => list(&target, out),
            Action::Create { name, target } => create(&target, &name, out),
        }
    }
}

fn list(target: &Target, out: &Output) -> Result<(), Failure> {
    let backend = target.open(Missing::Refuse)?;
    let namespaces = all(|cursor| backend.namespaces(&target.account, cursor))?;
    backend.close()?;
    out.result(&namespaces, |out| {
        if namespaces.is_empty() {
            out.note("no namespaces: `mnemon namespaces create NAME` makes one");
            return Ok(());
        }
        let rows: Vec<_> = namespaces.iter().map(|n| [n.name.clone(), n.id.clone(), n.created_at.clone()]).collect();
        out.table(["NAMESPACE", "ID", "CREATED"], &rows)
    })
}

fn create(target: &Target, name: &NamespaceName, out: &Output) -> Result<(), Failure> {
    let backend = target.open(Missing::Create)?;
    let namespace = backend.create_namespace(&target.account, name)?;
    backend.close()?;
    out.result(&namespace, |out| out.text(&format!("created namespace {} ({})", namespace.name, namespace.id)))
}
