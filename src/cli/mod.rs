//! The command line: one file a command, on a data folder directly or on a running server with `--url`.
//!
//! A command parses its arguments into `model` types, asks a [`backend::Backend`], and hands what comes back to
//! [`output::Output`]. Data goes to standard output, everything else to standard error. No other room knows this one,
//! and nothing but `output.rs` writes to the terminal.

mod args;
mod backend;
mod backup;
mod batches;
mod bench;
mod check;
mod compact;
mod completions;
mod delete;
mod eval;
mod explanation;
mod export;
mod extract;
mod failure;
mod get;
mod import;
mod ingest;
mod landing;
mod memories;
mod namespaces;
mod output;
mod panics;
mod profiles;
mod progress;
mod recall;
mod reindex;
mod remember;
mod repair;
mod restore;
mod serve;
mod summary;
mod token;
mod train_types;
mod train_worth;
mod transcript;

use clap::{Parser, Subcommand};

use failure::Failure;
pub use failure::{Exit, Usage};
use output::{Format, Output};

const AFTER_HELP: &str = "\
Where the data is:
  Commands open the data folder themselves (`--data`, else MNEMON_DATA, else
  `mnemon-data` in the current folder), or ask a running server (`--url
  http://127.0.0.1:8787`, with its token in MNEMON_API_TOKEN). One process at a
  time has a data folder open: while a server does, use `--url`.

Exit codes:
  0  done
  1  failed
  2  wrong usage or wrong input
  3  not there: the namespace, profile, memory or data folder
  4  the data needs attention: `mnemon check` or `mnemon reindex`

Examples:
  mnemon serve
  mnemon extract chat.jsonl --explain
  mnemon ingest chat.jsonl --profile ana
  mnemon recall \"Where does Ana live?\" --profile ana --evidence 3
  mnemon memories --profile ana --json | jq -r '.[].summary'";

/// Long-term memory for AI agents: a database and server in one file
#[derive(Parser)]
#[command(name = "mnemon", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// Write JSON: the result to standard output, an error to standard error
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Ingest(ingest::Ingest),
    Extract(extract::Extract),
    Remember(remember::Remember),
    Recall(recall::Recall),
    Memories(memories::Memories),
    Get(get::Get),
    Delete(delete::Delete),
    Summary(summary::Summary),
    Profiles(profiles::Profiles),
    Namespaces(namespaces::Namespaces),
    Token(token::Token),
    Check(check::Check),
    Eval(eval::Eval),
    Bench(bench::Bench),
    Reindex(reindex::Reindex),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Repair(repair::Repair),
    Compact(compact::Compact),
    Export(export::Export),
    Import(import::Import),
    Completions(completions::Completions),
    TrainTypes(train_types::TrainTypes),
    TrainWorth(train_worth::TrainWorth),
}

/// Reads the command line of this process.
///
/// # Errors
/// What to print instead of running a command: a mistake in the arguments, or the help that was asked for.
pub fn parse() -> Result<Cli, Usage> {
    Cli::try_parse().map_err(Usage::from)
}

impl Cli {
    /// Runs the command; everything that went wrong has been said when it returns.
    #[must_use]
    pub fn run(self) -> Exit {
        let out = Output::new(if self.json { Format::Json } else { Format::People });
        match self.command.run(&out) {
            Ok(()) => Exit::Done,
            Err(failure) => {
                out.failure(&failure);
                failure.exit()
            }
        }
    }
}

impl Command {
    fn run(self, out: &Output) -> Result<(), Failure> {
        match self {
            Self::Serve(command) => command.run(out),
            Self::Ingest(command) => command.run(out),
            Self::Extract(command) => command.run(out),
            Self::Remember(command) => command.run(out),
            Self::Recall(command) => command.run(out),
            Self::Memories(command) => command.run(out),
            Self::Get(command) => command.run(out),
            Self::Delete(command) => command.run(out),
            Self::Summary(command) => command.run(out),
            Self::Profiles(command) => command.run(out),
            Self::Namespaces(command) => command.run(out),
            Self::Token(command) => command.run(out),
            Self::Check(command) => command.run(out),
            Self::Eval(command) => command.run(out),
            Self::Bench(command) => command.run(out),
            Self::Reindex(command) => command.run(out),
            Self::Backup(command) => command.run(out),
            Self::Restore(command) => command.run(out),
            Self::Repair(command) => command.run(out),
            Self::Compact(command) => command.run(out),
            Self::Export(command) => command.run(out),
            Self::Import(command) => command.run(out),
            Self::Completions(command) => command.run(out),
            Self::TrainTypes(command) => command.run(out),
            Self::TrainWorth(command) => command.run(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_argument_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            let more = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(more.contains("Example"), "{} shows no example", command.get_name());
        }
    }
}
