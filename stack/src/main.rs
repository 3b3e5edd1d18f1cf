//! The installed tool: `tenon plan` in the folder of a stack's crate builds it, takes its declaration, and plans that.

use std::process::ExitCode;

fn main() -> ExitCode {
    tenon::tool()
}
