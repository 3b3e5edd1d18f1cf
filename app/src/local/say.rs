//! The lines at the terminal while the machine is set up.

#[expect(clippy::print_stderr, reason = "what a person at the terminal is told")]
pub(crate) fn say(line: &str) {
    eprintln!("catalog: {line}");
}
