//! `mnemon profiles`: the profiles of a namespace.

use clap::Args;

use super::args::{InNamespace, Missing};
use super::backend::all;
use super::failure::Failure;
use super::output::Output;

const EXAMPLES: &str = "\
Examples:
  mnemon profiles
  mnemon profiles --namespace support --json | jq -r '.[].name'";

/// List a namespace's profiles
///
/// A profile is one isolated memory. Its first `ingest` or `remember` makes it; `mnemon delete profile` deletes it.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Profiles {
    #[command(flatten)]
    within: InNamespace,
}

impl Profiles {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let backend = self.within.target.open(Missing::Refuse)?;
        let (account, namespace) = (&self.within.target.account, &self.within.namespace);
        let profiles = all(|cursor| backend.profiles(account, namespace, cursor))?;
        backend.close()?;
        out.result(&profiles, |out| {
            if profiles.is_empty() {
                out.note("no profiles: the first `ingest` or `remember` makes one");
                return Ok(());
            }
            let rows: Vec<_> = profiles.iter().map(|p| [p.name.clone(), p.created_at.clone()]).collect();
            out.table(["PROFILE", "CREATED"], &rows)
        })
    }
}
