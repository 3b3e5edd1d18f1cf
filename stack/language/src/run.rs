//! The entry point of a stack's program.

use crate::{Environment, Scope, protocol};
use std::{
    io::{self, Write},
    panic::Location,
    process::ExitCode,
};

/// The exit code of an invalid command line, as the tool has it.
const USAGE: u8 = 3;

/// Declares a stack when the installed tool `tenon` asks for it, which does everything else: `tenon plan`, `tenon apply`.
///
/// ```no_run
/// use tenon_language::prelude::*;
///
/// fn hello(s: &mut Scope<'_, Anywhere>) {
///     s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
/// }
///
/// fn main() -> ExitCode {
///     tenon_language::run("hello", hello)
/// }
/// ```
#[track_caller]
pub fn run<E: Environment>(stack: &'static str, program: impl Fn(&mut Scope<'_, E>)) -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let why = match protocol::answer(Location::caller(), stack, program, &args) {
        Some(Ok(())) => return ExitCode::SUCCESS,
        Some(Err(error)) => format!("error: the stack `{stack}` could not be declared: {error}"),
        None => format!(
            "error: this program declares the stack `{stack}`, and the tool `tenon` does the rest\n  \
             hint: run `tenon plan` in the folder of its crate; `cargo install tenon` installs the tool"
        ),
    };
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "{why}");
    ExitCode::from(USAGE)
}
