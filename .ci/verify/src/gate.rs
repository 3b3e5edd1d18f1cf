//! What the shape of the repository promises.

use crate::run::{Failed, cargo, read, root};

/// What may stand at the top, besides dot-files.
const TOP: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "app",
    "examples",
    "planner",
    "resources",
    "stack",
    "state",
];

/// Nothing stands at the top that does not belong there.
pub(crate) fn layout() -> Result<(), Failed> {
    let files = read(
        std::process::Command::new("git")
            .args(["ls-files"])
            .current_dir(root()),
    )?;
    let mut top: Vec<&str> = files.lines().filter_map(|f| f.split('/').next()).collect();
    top.sort_unstable();
    top.dedup();
    let odd: Vec<&str> = top
        .into_iter()
        .filter(|t| !t.starts_with('.') && !TOP.contains(t))
        .collect();
    if odd.is_empty() {
        Ok(())
    } else {
        Err(Failed(format!(
            "these do not belong at the top: {}",
            odd.join(", ")
        )))
    }
}

/// The packages that must reach no SDK crate: with one in the tree, building takes minutes instead of seconds, and the
/// planner could call AWS behind the executor's back.
const FREE: [(&str, &[&str]); 5] = [
    ("tenon-planner", &[]),
    ("tenon-state", &[]),
    ("tenon-resources", &[]),
    ("tenon", &["--no-default-features"]),
    ("shop", &["--no-default-features"]),
];

/// Planner, state and resources reach no SDK crate.
pub(crate) fn sdk() -> Result<(), Failed> {
    for (package, flags) in FREE {
        let mut tree = cargo(&[
            "tree",
            "--package",
            package,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
        ]);
        let tree = read(tree.args(flags))?;
        if let Some(reached) = tree
            .lines()
            .find(|l| l.starts_with("aws-sdk-") || l.starts_with("aws-config"))
        {
            return Err(Failed(format!(
                "`{package}` reaches {reached}; `cargo tree -p {package} -i aws-config` shows how"
            )));
        }
    }
    Ok(())
}
