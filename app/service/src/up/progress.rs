//! Progress messages on standard error.

/// Prints a message of `program`.
#[expect(clippy::print_stderr, reason = "progress is shown at the terminal")]
pub fn report(program: &str, line: &str) {
    eprintln!("{program}: {line}");
}
