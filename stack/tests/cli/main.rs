//! Transcripts of whole commands, run on the sandbox: what is said, on which stream, and the exit code.
//!
//! The program under test is this binary itself, under another name: a stack's binary is its program plus
//! [`tenon::run`], and so the transcripts need nothing else built. Each file of them has a folder of its own.

mod fixture;
mod signals;
mod specimen;

use regex::{NoExpand, Regex};
use std::{
    env, fs,
    io::{self, Write},
    os::unix::fs::symlink,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};
use tempfile::TempDir;

/// The folder that a transcript's commands run in.
const FOLDER: &str = "TENON_TEST_FOLDER";

fn main() -> ExitCode {
    let name = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let called =
        |part: Option<&std::ffi::OsStr>| part.and_then(|p| p.to_str()).unwrap_or_default().to_owned();
    let (folder, name) = (
        called(name.parent().and_then(Path::file_name)),
        called(name.file_name()),
    );
    match (env::var_os(FOLDER), folder.as_str(), name.as_str()) {
        (Some(folder), "filtered", name) => filtered(Path::new(&folder), name),
        (Some(_), "bare", "specimen") => specimen::main(),
        (Some(_), "bare", "fixture") => fixture::main(),
        _ => all(),
    }
}

/// Runs every transcript.
fn all() -> ExitCode {
    // There is no harness, so the arguments of one are ours: a filter that means something else runs nothing.
    let filters: Vec<String> = env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |part: &str| filters.is_empty() || filters.iter().any(|f| part.contains(f));
    if env::args().any(|a| a == "--list") {
        return ExitCode::SUCCESS;
    }
    let transcripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/transcripts");
    let mut files: Vec<PathBuf> = fs::read_dir(transcripts)
        .expect("transcripts")
        .flatten()
        .map(|e| e.path())
        .collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "trycmd"));
    // With the SDK, this one would ask AWS.
    files.retain(|f| !cfg!(feature = "aws") || !f.ends_with("aws.trycmd"));
    // This one says what is missing.
    let whole = cfg!(any(feature = "postgres", feature = "s3", feature = "encryption"));
    files.retain(|f| !whole || !f.ends_with("without.trycmd"));
    // This one encrypts.
    files.retain(|f| cfg!(feature = "encryption") || !f.ends_with("rekey.trycmd"));
    files.sort();
    assert!(files.len() > 5, "the transcripts are beside this file");
    files.retain(|_| wanted("transcripts"));
    let mut failed = files
        .iter()
        .filter(|file| catch_unwind(AssertUnwindSafe(|| transcript(file))).is_err())
        .count();
    for test in signals::ALL.into_iter().filter(|_| wanted("signals")) {
        failed += usize::from(catch_unwind(test).is_err());
    }
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A folder to work in, and this binary under each of its names.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("work")).expect("a folder to work in");
    for kind in ["filtered", "bare"] {
        fs::create_dir(folder.path().join(kind)).expect("a folder for binaries");
        for name in ["specimen", "fixture"] {
            let binary = folder.path().join(kind).join(name);
            symlink(env::current_exe().expect("this binary"), binary).expect("a name for the binary");
        }
    }
    folder
}

fn transcript(file: &Path) {
    let folder = folder();
    let cases = trycmd::TestCases::new();
    for name in ["specimen", "fixture"] {
        cases.register_bin(name, folder.path().join("filtered").join(name));
    }
    cases.env(FOLDER, folder.path().to_str().expect("a plain path"));
    cases
        .env("TENON_SANDBOX_SPEED", "inf")
        .env(
            "XDG_STATE_HOME",
            folder.path().join("seen").to_str().expect("a plain path"),
        )
        .env("NO_COLOR", "1")
        .env("USER", "ada");
    cases.case(file);
}

/// Runs the binary called `name`, and takes out of what it says whatever differs from run to run.
fn filtered(folder: &Path, name: &str) -> ExitCode {
    let mut command = Command::new(folder.join("bare").join(name));
    let output = command
        .args(env::args_os().skip(1))
        .current_dir(folder.join("work"))
        .env_remove("GITHUB_SHA")
        .env_remove("GITHUB_ACTOR")
        .env_remove("CI_COMMIT_SHA")
        .stdin(Stdio::null())
        .output();
    let output = output.expect("the binary runs");
    io::stdout()
        .write_all(stable(&output.stdout).as_bytes())
        .expect("standard output");
    io::stderr()
        .write_all(stable(&output.stderr).as_bytes())
        .expect("standard error");
    ExitCode::from(u8::try_from(output.status.code().unwrap_or(1)).unwrap_or(1))
}

/// Calls that run at once end in any order: lines of progress that follow each other are sorted, and lose their number.
fn in_order(text: &str) -> String {
    let number = Regex::new(r"^\[ *\d+/(\d+)\]").expect("a pattern");
    let moving = |line: &str| number.is_match(line) || line.starts_with("{\"event\":");
    let mut lines: Vec<String> = text
        .lines()
        .map(|l| number.replace(l, "[N/$1]").into_owned())
        .collect();
    // How often something is looked at is a matter of time.
    lines.retain(|l| !l.starts_with("{\"event\":\"waiting\""));
    let moving: Vec<bool> = lines.iter().map(|l| moving(l) || l.starts_with("[N/")).collect();
    let mut start = 0;
    while start < lines.len() {
        let end = (start..lines.len())
            .find(|&i| moving[i] != moving[start])
            .unwrap_or(lines.len());
        if moving[start] {
            lines[start..end].sort();
        }
        start = end;
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Times, lineages, digests, and where this was compiled.
fn stable(text: &[u8]) -> String {
    let filters = [
        (r"\b\d+\.\d s\b", "[TIME]"),
        (r#""ms":\d+"#, r#""ms":[TIME]"#),
        (r#""lasted_ms":\d+"#, r#""lasted_ms":[TIME]"#),
        (r"\b[0-9a-f]{64}\b", "[DIGEST]"),
        (r"\b[0-9a-f]{32}\b", "[LINEAGE]"),
        (r"[\w/.-]*specimen\.rs:\d+(:\d+)?", "specimen.rs:[LINE]"),
        (r"process \d+", "process [PID]"),
        // The state names this machine.
        (r"ends after \d+ bytes", "ends after [N] bytes"),
        (r"\b\d{13}-[0-9a-f]{8}\b", "[ASIDE]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "[WHEN]"),
        (r#"_ms": \d{13}"#, r#"_ms": [WHEN]"#),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "[WHEN]"),
        // A fence of Markdown would end the transcript's own.
        ("```", "'''"),
    ];
    let here = Command::new("uname")
        .arg("-n")
        .output()
        .expect("the name of this machine");
    let here = format!("ada@{}", String::from_utf8_lossy(&here.stdout).trim());
    let text = in_order(&String::from_utf8_lossy(text)).replace(&here, "ada@[HOST]");
    filters.into_iter().fold(text, |text, (pattern, to)| {
        Regex::new(pattern)
            .expect("a pattern")
            .replace_all(&text, NoExpand(to))
            .into_owned()
    })
}
