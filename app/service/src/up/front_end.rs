//! The build of the front end in a source tree.

use super::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

/// The place of a front end in a source tree.
#[derive(Clone, Copy, Debug)]
pub struct FrontEnd {
    /// The npm workspace, whose packages are installed.
    pub workspace: &'static str,
    /// The front end in it.
    pub source: &'static str,
}

/// Builds the front end of the source tree that `root` belongs to, unless it is built; `announce` is called before.
///
/// # Errors
/// [`Error::Program`] when npm cannot be started or fails.
pub fn build(front_end: FrontEnd, root: &Path, announce: impl FnOnce()) -> Result<(), Error> {
    let (workspace, source) = (Path::new(front_end.workspace), Path::new(front_end.source));
    if !root.join("index.html").is_file() && root.starts_with(source) && source.join("package.json").is_file()
    {
        announce();
        npm(workspace, &["ci", "--no-audit", "--no-fund"])?;
        npm(source, &["run", "build"])?;
    }
    Ok(())
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<(), Error> {
    let program = format!("npm {} in {}", arguments.join(" "), folder.display());
    let output = Command::new("npm")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    let failed = |reason: String| Error::Program {
        program: program.clone(),
        reason,
    };
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    Err(failed(
        text.lines()
            .rev()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_owned(),
    ))
}
