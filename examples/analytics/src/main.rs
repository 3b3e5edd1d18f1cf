//! The command line of the stack `analytics`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tenon::run("analytics", analytics_stack::stack)
}
