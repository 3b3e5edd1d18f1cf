//! The built-in stack: the e-commerce platform, and the command line for it.

use std::process::ExitCode;

fn main() -> ExitCode {
    tenon::run("ecommerce", tenon::ecommerce::stack)
}
