//! `mnemon completions`: a script that teaches a shell our commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::failure::Failure;
use super::output::Output;

const EXAMPLES: &str = "\
Examples:
  mnemon completions bash > ~/.local/share/bash-completion/completions/mnemon
  mnemon completions zsh > ~/.zfunc/_mnemon
  mnemon completions fish > ~/.config/fish/completions/mnemon.fish";

/// Print a completion script for a shell
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "mnemon", &mut script);
        out.raw(&script)
    }
}
