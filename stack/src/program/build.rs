//! Building a stack's program with cargo.

use super::{
    confine::Confinement,
    package::{Package, no_cargo},
};
use crate::error::CliError;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Builds the program of `package`, and returns its executable. Cargo's progress and the compiler's errors are shown as they
/// are, on standard error.
///
/// # Errors
/// It does not compile, or cargo cannot be started.
pub(super) fn build(package: &Package, scratch: &Path) -> Result<PathBuf, CliError> {
    let mut command = Command::new("cargo");
    command
        .args(["build", "--message-format", "json-render-diagnostics"])
        .args(["--package", &package.name, "--bin", &package.binary])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let manifest = package.folder.join("Cargo.toml");
    let mut child = Confinement::to_build(&manifest, Some(package), scratch)
        .spawn(command, &package.folder)
        .map_err(no_cargo)?;
    let mut executable = None;
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
    {
        let message = line
            .ok()
            .and_then(|line| serde_json::from_str::<Value>(&line).ok());
        let Some(message) = message else { continue };
        let of_program = message["reason"] == "compiler-artifact"
            && message["target"]["name"] == *package.binary
            && message["target"]["kind"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|k| k == "bin"));
        if of_program {
            executable = message["executable"].as_str().map(PathBuf::from).or(executable);
        }
    }
    let status = child.wait().map_err(no_cargo)?;
    match executable {
        Some(executable) if status.success() => Ok(executable),
        _ => Err(CliError::usage(format!(
            "the stack's program, package `{}`, was not built",
            package.name
        ))
        .hint("the compiler says above why; nothing was read or changed")),
    }
}
