//! The dependencies that the engine's packages may not have.

use crate::run::{Failed, cargo, read};

/// The packages that must reach no SDK crate: with one in the tree, building takes minutes instead of seconds, and the
/// planner could call AWS behind the executor's back.
const FREE: [(&str, &[&str]); 7] = [
    ("tenon-language", &["--features", "trial"]),
    ("tenon-planner", &[]),
    ("tenon-state", &[]),
    ("tenon-resources", &[]),
    ("tenon", &["--no-default-features"]),
    ("shop", &["--no-default-features"]),
    ("analytics-stack", &["--no-default-features"]),
];

/// Language, planner, state and resources reach no SDK crate.
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
