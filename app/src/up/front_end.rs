//! The front end of a source tree: built when it is not built yet.

use super::{UpError, say};
use crate::command::Failure;
use crate::settings::{Reader, Settings};
use crate::web::Site;
use std::path::Path;
use std::process::{Command, Stdio};

/// Loads the built front end; builds it first when there is only its source.
pub(crate) fn load() -> Result<Site, Failure> {
    let root = Settings::from_env(Reader::Web)?.web.root;
    let source = Path::new("app/web");
    if !root.join("index.html").is_file() && root.starts_with(source) && source.join("package.json").is_file()
    {
        say("building the front end (once)");
        npm(source, &["ci", "--no-audit", "--no-fund"])?;
        npm(source, &["run", "build"])?;
    }
    Ok(Site::load(&root)?)
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<(), UpError> {
    let program = format!("npm {} in {}", arguments.join(" "), folder.display());
    let output = Command::new("npm")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    let failed = |reason: String| UpError::Program {
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
