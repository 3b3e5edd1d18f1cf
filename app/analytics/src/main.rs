//! The `analytics` binary: the command line and the exit code.

fn main() {}
