//! What a registry would have of each package: metadata, a licence, and every dependency by version.
//!
//! Whether the archives build by themselves is `cargo verify package`, which takes minutes.

use super::repository;
use std::{path::Path, process::Command};

/// Packages of a stack of one's own, of the tool and of its policies.
const PACKAGES: [&str; 9] = [
    "tenon-cfn",
    "tenon-resources-derive",
    "tenon-resources",
    "tenon-state",
    "tenon-planner",
    "tenon-language",
    "tenon-review",
    "tenon",
    "tenon-policy",
];

#[test]
fn every_package_can_be_published() {
    let folder = tempfile::tempdir().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(repository())
        .args([
            "package",
            "--offline",
            "--no-verify",
            "--allow-dirty",
            "--target-dir",
        ])
        .arg(folder.path());
    for package in PACKAGES {
        cargo.args(["-p", package]);
    }
    let output = cargo.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for package in PACKAGES {
        let archive = format!("{package}-{}", env!("CARGO_PKG_VERSION"));
        let file = folder.path().join("package").join(format!("{archive}.crate"));
        let read = |args: &[&str]| {
            let output = Command::new("tar").args(args).arg(&file).output().unwrap();
            assert!(output.status.success(), "{args:?} {}", file.display());
            output.stdout
        };
        let list = read(&["-tzf"]);
        let list = String::from_utf8_lossy(&list).into_owned();
        let has = |name: &str| {
            list.lines()
                .any(|line| Path::new(line) == Path::new(&archive).join(name))
        };
        assert!(has("LICENSE") && has("src/lib.rs"), "{package}: {list}");
        // The registry's form of the manifest has versions alone.
        let output = Command::new("tar")
            .args(["-xzOf"])
            .arg(&file)
            .arg(format!("{archive}/Cargo.toml"))
            .output()
            .unwrap();
        let manifest = String::from_utf8_lossy(&output.stdout).into_owned();
        for wanted in ["license = \"MIT\"", "description = ", "rust-version = "] {
            assert!(manifest.contains(wanted), "{package}: {wanted}");
        }
        for line in manifest.lines().filter(|line| line.starts_with("path = ")) {
            // Targets of the package, which are files of it.
            assert!(!line.contains(".."), "{package}: {line}");
        }
    }
}
