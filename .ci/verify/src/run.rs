//! Running commands from the workspace's root.

use std::{ffi::OsStr, path::PathBuf, process::Command};

/// Why a step does not hold.
pub(crate) struct Failed(pub(crate) String);

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or(here.clone(), PathBuf::from)
}

/// Where everything that is made goes.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A cargo command.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root())
        .args(arguments)
        .env("TENON_EMULATORS", target().join("emulators"));
    command
}

/// A program of the repository, run in one of its folders.
pub(crate) fn in_folder(folder: &str, program: &str, arguments: &[&str]) -> Command {
    let folder = root().join(folder);
    let mut command = Command::new(folder.join(program));
    command.current_dir(folder).args(arguments);
    command
}

/// Runs a command, with its output shown.
pub(crate) fn check(command: &mut Command) -> Result<(), Failed> {
    let text = words(command);
    let status = command
        .status()
        .map_err(|e| Failed(format!("`{text}` could not be started: {e}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failed(format!("`{text}` ended with {status}")))
    }
}

/// Runs a command; returns what it printed.
pub(crate) fn read(command: &mut Command) -> Result<String, Failed> {
    let text = words(command);
    let output = command
        .output()
        .map_err(|e| Failed(format!("`{text}` could not be started: {e}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failed(format!(
        "`{text}` ended with {}:\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    )))
}

fn words(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args().map(OsStr::to_string_lossy) {
        text.push(' ');
        text.push_str(&argument);
    }
    text
}
