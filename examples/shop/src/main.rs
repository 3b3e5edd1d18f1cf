//! The command line of the stack `ecommerce`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tenon::run("ecommerce", shop::stack)
}
