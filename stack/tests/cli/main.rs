//! Transcripts of whole commands, run on the sandbox: what is said, on which stream, and the exit code.
//!
//! The program under test is this binary itself, under another name: a stack's binary is its program plus
//! [`tenon::run`], and so the transcripts need nothing else built.

mod specimen;

use std::{env, os::unix::fs::symlink, process::ExitCode};

/// Set in the transcripts: be the stack's binary.
const SPECIMEN: &str = "TENON_TEST_SPECIMEN";

fn main() -> ExitCode {
    if env::var_os(SPECIMEN).is_some() {
        return specimen::main();
    }
    // There is no harness, so the arguments of one are ours: a filter that means something else runs nothing.
    let mut filters = env::args().skip(1).filter(|a| !a.starts_with('-')).peekable();
    if env::args().any(|a| a == "--list") || (filters.peek().is_some() && !filters.any(|f| "cli transcripts".contains(&f))) {
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().expect("a folder for the binary");
    let specimen = folder.path().join("specimen");
    symlink(env::current_exe().expect("this binary"), &specimen).expect("a name for the binary");
    let cases = trycmd::TestCases::new();
    cases.register_bin("specimen", &specimen);
    cases.env(SPECIMEN, "1").env("TENON_SANDBOX_SPEED", "inf").env("NO_COLOR", "1").env("USER", "ada");
    cases.insert_var("[VERSION]", env!("CARGO_PKG_VERSION")).expect("a variable");
    cases.case("tests/cli/*.trycmd");
    drop(cases);
    ExitCode::SUCCESS
}
