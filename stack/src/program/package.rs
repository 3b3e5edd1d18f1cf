//! Finding the crate of a stack's program.

use super::confine::Confinement;
use crate::error::CliError;
use serde_json::Value;
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A package with the program of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// The package's name.
    pub(super) name: String,
    /// The binary that is the program.
    pub(super) binary: String,
    /// The folder of the package's `Cargo.toml`.
    pub(super) folder: PathBuf,
    /// The folder of the workspace's `Cargo.toml`.
    pub(super) workspace: PathBuf,
    /// The folder that cargo builds in.
    pub(super) target: PathBuf,
}

impl Package {
    /// The package called `wanted`, or the one of the current folder.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub(super) fn find(wanted: Option<&str>, scratch: &Path) -> Result<Self, CliError> {
        let here =
            env::current_dir().map_err(|e| CliError::failed("there is no current folder").because(e))?;
        let manifest = here
            .ancestors()
            .map(|f| f.join("Cargo.toml"))
            .find(|m| m.exists());
        let Some(manifest) = manifest else {
            return Err(CliError::usage(format!(
                "there is no Cargo.toml in {} or above it, and so no stack",
                here.display()
            ))
            .hint(
                "`tenon new NAME` makes the crate of a stack; `--declared FILE` takes a declaration instead",
            ));
        };
        let mut command = Command::new("cargo");
        command
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let output = Confinement::to_build(&manifest, None, scratch)
            .spawn(command, &here)
            .and_then(std::process::Child::wait_with_output)
            .map_err(no_cargo)?;
        if !output.status.success() {
            return Err(CliError::usage("cargo cannot read this crate").hint("cargo says above why"));
        }
        let metadata = serde_json::from_slice(&output.stdout)
            .map_err(|e| CliError::failed("cargo's metadata could not be read").because(e))?;
        choose(&metadata, wanted, &here)
    }
}

/// The error when cargo cannot be started.
pub(super) fn no_cargo(error: std::io::Error) -> CliError {
    CliError::failed("could not run cargo, which builds the stack's program")
        .because(error)
        .hint("https://rustup.rs installs it; `--declared FILE` needs none")
}

/// The package that `cargo metadata` has for `wanted`, or for the folder `here`.
// Long: the ways to name a program, in the order in which they count.
fn choose(metadata: &Value, wanted: Option<&str>, here: &Path) -> Result<Package, CliError> {
    let path = |value: &Value| PathBuf::from(value.as_str().unwrap_or_default());
    let (workspace, target) = (
        path(&metadata["workspace_root"]),
        path(&metadata["target_directory"]),
    );
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let folder = |package: &Value| {
        path(&package["manifest_path"])
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default()
    };
    let with_program: Vec<&Value> = packages.iter().filter(|p| !binaries(p).is_empty()).collect();
    let named = |name: &str| with_program.iter().find(|p| p["name"] == *name).copied();
    let names = || {
        let names: Vec<String> = with_program
            .iter()
            .map(|p| format!("`{}`", p["name"].as_str().unwrap_or_default()))
            .collect();
        names.join(", ")
    };
    let nearest = with_program
        .iter()
        .filter(|p| here.starts_with(folder(p)))
        .max_by_key(|p| folder(p).as_os_str().len());
    let marked: Vec<&Value> = with_program
        .iter()
        .filter(|p| !p["metadata"]["tenon"].is_null())
        .copied()
        .collect();
    let default = metadata["metadata"]["tenon"]["program"].as_str();
    let package = match (wanted.or(default), nearest) {
        (Some(name), _) if wanted.is_some() || nearest.is_none_or(|n| folder(n) == workspace) => named(name)
            .ok_or_else(|| {
                CliError::usage(format!(
                    "the workspace has no package `{name}` with a binary; it has {}",
                    names()
                ))
            })?,
        (_, Some(nearest)) => nearest,
        _ => match (marked.as_slice(), with_program.as_slice()) {
            ([only], _) | ([], [only]) => only,
            (_, []) => {
                return Err(CliError::usage("this crate has no binary, and so no program of a stack")
                    .hint("a stack's `src/main.rs` ends with `tenon::run(STACK, program)`; `tenon new NAME` makes one"));
            }
            _ => {
                return Err(CliError::usage(format!("which program? the workspace has {}", names())).hint(
                    "go into its folder, name it with `--program NAME`, or put `[workspace.metadata.tenon]` with `program = \"NAME\"` into the workspace's Cargo.toml",
                ));
            }
        },
    };
    let name = package["name"].as_str().unwrap_or_default().to_owned();
    let all = binaries(package);
    let said = package["metadata"]["tenon"]["bin"]
        .as_str()
        .or(package["default_run"].as_str());
    let binary = match (said, all.as_slice()) {
        (Some(said), _) => said.to_owned(),
        (None, [only]) => (*only).to_owned(),
        (None, all) if all.contains(&name.as_str()) => name.clone(),
        (None, all) => {
            return Err(
                CliError::usage(format!("which binary of `{name}`? it has `{}`", all.join("`, `")))
                    .hint("put `default-run = \"BINARY\"` into its Cargo.toml"),
            );
        }
    };
    Ok(Package {
        folder: folder(package),
        name,
        binary,
        workspace,
        target,
    })
}

/// The names of a package's binaries.
fn binaries(package: &Value) -> Vec<&str> {
    let targets = package["targets"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let is_binary = |t: &&Value| {
        t["kind"]
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|k| k == "bin"))
    };
    targets
        .iter()
        .filter(is_binary)
        .filter_map(|t| t["name"].as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, bins: &[&str], metadata: &Value) -> Value {
        let targets: Vec<Value> = bins.iter().map(|b| json!({"name": b, "kind": ["bin"]})).collect();
        json!({"name": name, "manifest_path": format!("/w/{name}/Cargo.toml"), "targets": targets, "metadata": metadata})
    }

    fn workspace(metadata: &Value, packages: &[Value]) -> Value {
        json!({"workspace_root": "/w", "target_directory": "/w/target", "metadata": metadata, "packages": packages})
    }

    fn chosen(metadata: &Value, wanted: Option<&str>, here: &str) -> Result<String, String> {
        let found = choose(metadata, wanted, Path::new(here)).map_err(|e| e.message())?;
        Ok(format!("{}/{}", found.name, found.binary))
    }

    #[test]
    fn the_program_is_the_folders_or_the_one_that_is_named() {
        let two = workspace(
            &Value::Null,
            &[
                package("shop", &["shop"], &Value::Null),
                package("mail", &["send", "mail"], &Value::Null),
                package("lib", &[], &Value::Null),
            ],
        );
        assert_eq!(chosen(&two, None, "/w/shop/src").unwrap(), "shop/shop");
        assert_eq!(chosen(&two, Some("mail"), "/w/shop").unwrap(), "mail/mail");
        assert_eq!(
            chosen(&two, None, "/w").unwrap_err(),
            "which program? the workspace has `shop`, `mail`"
        );
        assert!(
            chosen(&two, Some("lib"), "/w")
                .unwrap_err()
                .contains("no package `lib` with a binary")
        );
        let said = workspace(
            &json!({"tenon": {"program": "shop"}}),
            &[
                package("shop", &["shop"], &Value::Null),
                package("mail", &["mail"], &Value::Null),
            ],
        );
        assert_eq!(chosen(&said, None, "/w").unwrap(), "shop/shop");
        assert_eq!(chosen(&said, None, "/w/mail").unwrap(), "mail/mail");
        let marked = workspace(
            &Value::Null,
            &[
                package("shop", &["a", "b"], &json!({"tenon": {"bin": "b"}})),
                package("mail", &["mail"], &Value::Null),
            ],
        );
        assert_eq!(chosen(&marked, None, "/w").unwrap(), "shop/b");
    }
}
