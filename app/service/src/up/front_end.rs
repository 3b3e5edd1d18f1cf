//! The build of the front end in a source tree.

use super::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// The place of a front end in a source tree. Paths are relative to the root of the tree.
#[derive(Clone, Copy, Debug)]
pub struct FrontEnd {
    /// The npm workspace, whose packages are installed.
    pub workspace: &'static str,
    /// The front end in it.
    pub source: &'static str,
    /// The packages of the workspace that the front end imports.
    pub shared: &'static [&'static str],
}

/// Folders that a build does not read.
const NOT_READ: [&str; 4] = ["node_modules", "dist", "tests", "screenshots"];

impl FrontEnd {
    /// The root of the source tree: the present folder or one above it, else one above the running program.
    pub fn tree(self) -> Option<PathBuf> {
        let places = [std::env::current_dir(), std::env::current_exe()];
        let mut folders = places.iter().flatten().flat_map(|place| place.ancestors());
        folders
            .find(|folder| folder.join(self.source).join("package.json").is_file())
            .map(Path::to_path_buf)
    }

    /// The folder `root` as it is, if it is absolute or there; else in the source tree.
    pub fn resolve(self, root: &Path) -> PathBuf {
        if root.is_absolute() || root.join("index.html").is_file() {
            return root.to_path_buf();
        }
        self.tree()
            .map_or_else(|| root.to_path_buf(), |tree| tree.join(root))
    }
}

/// Builds the front end into `root`, when `root` is in its source tree and is not built or older than the source;
/// `announce` is called with what is done.
///
/// # Errors
/// [`Error::NoNpm`] without npm, unless there is an older build, and [`Error::Program`] when npm fails.
pub fn build(front_end: FrontEnd, root: &Path, announce: impl Fn(&str)) -> Result<(), Error> {
    let Some(tree) = front_end.tree() else {
        return Ok(());
    };
    let (workspace, source) = (tree.join(front_end.workspace), tree.join(front_end.source));
    let root = std::path::absolute(root).map_err(Error::file("find the folder", root))?;
    if !root.starts_with(&source) {
        return Ok(());
    }
    let built = modified(&root.join("build.json")).filter(|_| root.join("index.html").is_file());
    let shared = front_end.shared.iter().map(|package| workspace.join(package));
    let newest = shared
        .chain([source.clone()])
        .filter_map(|folder| newest(&folder))
        .max();
    match (built, newest) {
        (Some(built), Some(newest)) if newest > built => {
            announce("the front end is older than its source; building it anew (10 to 30 s)");
        }
        (Some(_), _) => return Ok(()),
        (None, _) => announce("building the front end, the first time with its packages (20 to 60 s)"),
    }
    match npm_build(&workspace, &source) {
        Err(Error::NoNpm { .. }) if built.is_some() => {
            announce("there is no npm to build it with; serving the older build");
            Ok(())
        }
        outcome => outcome,
    }
}

fn npm_build(workspace: &Path, source: &Path) -> Result<(), Error> {
    let lock = modified(&workspace.join("package-lock.json"));
    // npm writes this file when it has installed all packages.
    let installed = modified(&workspace.join("node_modules/.package-lock.json"));
    if installed.is_none() || lock > installed {
        npm(workspace, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(source, &["run", "build"])
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// The time of the newest file under `folder` that a build reads.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let times = entries.filter_map(|entry| {
        let kind = entry.file_type().ok()?;
        if !kind.is_dir() {
            return modified(&entry.path());
        }
        let read = !NOT_READ.iter().any(|name| entry.file_name() == *name);
        read.then(|| newest(&entry.path())).flatten()
    });
    times.max()
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
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::NoNpm {
            folder: folder.to_path_buf(),
        },
        _ => failed(error.to_string()),
    })?;
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
