//! The `mnemon` command: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    match mnemon::cli::parse() {
        Ok(command) => command.run().into(),
        Err(usage) => usage.print().into(),
    }
}
