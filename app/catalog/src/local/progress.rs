//! Progress messages on standard error.

#[expect(clippy::print_stderr, reason = "progress is shown at the terminal")]
pub(crate) fn report(line: &str) {
    eprintln!("catalog: {line}");
}
