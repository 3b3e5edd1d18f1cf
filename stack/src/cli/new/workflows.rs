//! Workflows of GitHub Actions for a stack: what they decide is in `tenon ci`, and what they may do is in them.

use crate::{error::CliError, ui::Ui};
use std::{fs, path::Path};
use tenon_resources::declaration::ENGINE;

/// The workflows: file, and text with the places that differ from repository to repository.
const WORKFLOWS: &[(&str, &str)] = &[
    ("declare.yml", include_str!("template/workflows/declare.yml")),
    ("review.yml", include_str!("template/workflows/review.yml")),
    ("apply.yml", include_str!("template/workflows/apply.yml")),
    ("drift.yml", include_str!("template/workflows/drift.yml")),
    ("sweep.yml", include_str!("template/workflows/sweep.yml")),
    ("preview.yml", include_str!("template/workflows/preview.yml")),
    ("command.yml", include_str!("template/workflows/command.yml")),
];

/// The places in which workflows differ from repository to repository.
struct Places<'a> {
    /// The command that makes the tool.
    install: &'a str,
    /// The tool.
    tool: &'a str,
    /// The folder of the program's sources.
    sources: &'a str,
}

impl Places<'_> {
    fn fill(&self, text: &str) -> String {
        text.replace("{install}", self.install)
            .replace("{tool}", self.tool)
            .replace("{sources}", self.sources)
    }
}

/// Writes the workflows into the repository at `folder`; those that are there and differ are left as they are.
///
/// # Errors
/// A file cannot be written.
pub(super) fn write(ui: &Ui, folder: &Path, source: Option<&str>) -> Result<(), CliError> {
    let git = source.filter(|s| s.contains("://") || s.starts_with("git@"));
    let install = match git.map(|git| git.split_once('#').map_or((git, None), |(url, r)| (url, Some(r)))) {
        Some((url, Some(revision))) => {
            format!("cargo install --locked --git {url} --rev {revision} tenon tenon-policy")
        }
        Some((url, None)) => format!("cargo install --locked --git {url} tenon tenon-policy"),
        None => format!("cargo install --locked tenon@={ENGINE} tenon-policy@={ENGINE}"),
    };
    let places = Places {
        install: &install,
        tool: "tenon",
        sources: "src",
    };
    let into = folder.join(".github/workflows");
    let mut written = vec![];
    for (name, text) in WORKFLOWS {
        let (path, text) = (into.join(name), places.fill(text));
        match fs::read_to_string(&path) {
            Ok(there) if there == text => {}
            Ok(_) => ui.warn(&format!(
                "{} is there and differs: it is left as it is",
                path.display()
            )),
            Err(_) => {
                super::write(&path, &text).map_err(|e| CliError::file("write", &path, e))?;
                written.push(*name);
            }
        }
    }
    ui.note(&match written.as_slice() {
        [] => "no workflow was missing".to_owned(),
        some => format!("{} in {}", some.join(", "), into.display()),
    });
    ui.talk(
        "  set the repository variables TENON_ENVIRONMENTS, TENON_STACK, TENON_REGION and the roles that each file names; `bootstrap github` makes the roles",
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The workflows of Tenon's own repository, which plan the shop.
    #[test]
    fn the_workflows_of_this_repository_are_those_that_users_get() {
        let places = Places {
            install: "cargo build --quiet --locked --release -p shop && cargo build --quiet --locked --release -p tenon-policy",
            tool: "target/release/shop",
            sources: "examples/shop/src",
        };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
        for (name, text) in WORKFLOWS {
            let path = folder.join(name);
            let want = places.fill(text);
            if std::env::var_os("TENON_WRITE_WORKFLOWS").is_some() {
                fs::write(&path, &want).expect("a writable file");
            }
            let there = fs::read_to_string(&path).unwrap_or_default();
            assert!(there == want, "{name} differs: TENON_WRITE_WORKFLOWS=1 writes it");
        }
    }

    #[test]
    fn every_action_is_pinned_to_a_commit_with_its_version_beside_it() {
        let mut uses = 0;
        for (name, text) in WORKFLOWS {
            for line in text
                .lines()
                .filter_map(|l| l.trim().trim_start_matches("- ").strip_prefix("uses: "))
            {
                let (_, commit) = line.split_once('@').expect("an action and its commit");
                let (commit, version) = commit.split_once(" # v").expect("a version beside the commit");
                let hex = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
                assert!(hex && !version.is_empty(), "{name}: {line}");
                uses += 1;
            }
            assert!(
                text.contains("\npermissions: {}\n"),
                "{name} gives no job more than it asks for"
            );
            assert!(!text.contains("secrets."), "{name} uses no stored secret");
        }
        assert!(uses > 10, "{uses}");
    }
}
