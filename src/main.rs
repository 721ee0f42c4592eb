//! The `mnemon` command: parse, run, exit code.

fn main() {}
