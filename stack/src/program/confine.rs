//! The confinement of a stack's program, its build scripts and its macros while they run.
//!
//! Everywhere: no variable of the tool's environment but those that [building](BUILD) needs, and an empty home. On Linux
//! with Landlock also: no file outside of the workspace, the packages it depends on, the toolchain and the system's libraries;
//! no connection but to HTTPS ports while building, and none while the program runs. The tool's own memory and variables, which
//! another process of the same user could read in `/proc`, are out of reach either way.

use super::package::Package;
use std::{
    collections::BTreeSet,
    env, fs, io,
    path::{Path, PathBuf},
    process::{Child, Command},
};

/// Variables that cargo, the compiler and a linker read, and that hold no credentials.
const BUILD: &[&str] = &[
    "AR",
    "CARGO_BUILD_JOBS",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_HOME",
    "CARGO_HTTP_CAINFO",
    "CARGO_INCREMENTAL",
    "CARGO_NET_OFFLINE",
    "CARGO_PROFILE_DEV_DEBUG",
    "CARGO_TARGET_DIR",
    "CARGO_TERM_COLOR",
    "CC",
    "CFLAGS",
    "CXX",
    "CXXFLAGS",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "LIBRARY_PATH",
    "NO_COLOR",
    "NO_PROXY",
    "PATH",
    "RUSTFLAGS",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "SDKROOT",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TERM",
    "https_proxy",
    "http_proxy",
    "no_proxy",
];

/// Variables that a program may read while it declares a stack.
const RUN: &[&str] = &["LANG", "LC_ALL", "RUST_BACKTRACE", "TERM", "TZ"];

/// The files that a process may see.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "Landlock is Linux's"))]
pub(super) struct Confinement {
    variables: Vec<(String, std::ffi::OsString)>,
    home: PathBuf,
    /// Files and folders to read and to execute.
    read: Vec<PathBuf>,
    /// Files and folders to read, execute and write.
    write: Vec<PathBuf>,
    /// The ports to which it may connect.
    ports: Vec<u16>,
}

impl Confinement {
    /// For cargo in the workspace of `manifest`; `package` is known once cargo was asked for it. `scratch` becomes its home.
    pub(super) fn to_build(manifest: &Path, package: Option<&Package>, scratch: &Path) -> Self {
        let mut confinement = Self::bare(BUILD, scratch);
        let real_home = env::var_os("HOME").map(PathBuf::from);
        let folder = |variable: &str, default: &str| {
            env::var_os(variable)
                .map(PathBuf::from)
                .or_else(|| Some(real_home.as_ref()?.join(default)))
        };
        if let Some(cargo) = folder("CARGO_HOME", ".cargo") {
            confinement.cargo_home(&cargo);
        }
        if let Some(rustup) = folder("RUSTUP_HOME", ".rustup") {
            confinement.set("RUSTUP_HOME", &rustup);
            confinement.read.push(rustup);
        }
        let path = env::var_os("PATH").unwrap_or_default();
        confinement
            .read
            .extend(env::split_paths(&path).filter(|p| p.is_absolute()));
        confinement
            .read
            .extend(["/usr", "/opt", "/nix/store"].map(PathBuf::from));
        let mut packages = BTreeSet::new();
        packages_at(manifest.parent().unwrap_or(manifest), &mut packages);
        confinement.read.extend(packages);
        let root = package.map_or_else(
            || root_of(manifest.parent().unwrap_or(manifest)),
            |p| p.workspace.clone(),
        );
        let lock = root.join("Cargo.lock");
        // Cargo writes its lock file in place; where there is none yet, it creates one.
        confinement
            .write
            .push(if lock.exists() { lock } else { root.clone() });
        confinement.read.push(root.clone());
        let targets = [
            package.map(|p| p.target.clone()),
            env::var_os("CARGO_TARGET_DIR").map(PathBuf::from),
            Some(root.join("target")),
        ];
        for target in targets.into_iter().flatten() {
            let _ = fs::create_dir_all(&target);
            confinement.write.push(target);
        }
        confinement.ports = vec![443];
        for proxy in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
            let port = env::var(proxy)
                .ok()
                .and_then(|url| url.trim_end_matches('/').rsplit_once(':')?.1.parse::<u16>().ok());
            confinement.ports.extend(port);
        }
        confinement
    }

    /// For the program of `package` itself: its own folder to read, `scratch` to write, and no connection.
    pub(super) fn to_run(package: &Package, executable: &Path, scratch: &Path) -> Self {
        let mut confinement = Self::bare(RUN, scratch);
        confinement
            .read
            .extend([package.folder.clone(), executable.to_owned()]);
        confinement
    }

    fn bare(variables: &[&str], scratch: &Path) -> Self {
        let mut confinement = Self {
            variables: vec![],
            home: scratch.to_owned(),
            read: SYSTEM.iter().map(PathBuf::from).collect(),
            write: vec![scratch.to_owned()],
            ports: vec![],
        };
        confinement.write.extend(DEVICES.iter().map(PathBuf::from));
        let kept = variables
            .iter()
            .filter_map(|&name| Some((name.to_owned(), env::var_os(name)?)));
        confinement.variables.extend(kept);
        confinement
    }

    /// Cargo's home without its `credentials.toml`.
    fn cargo_home(&mut self, cargo: &Path) {
        self.set("CARGO_HOME", cargo);
        for folder in ["registry", "git"] {
            let _ = fs::create_dir_all(cargo.join(folder));
            self.write.push(cargo.join(folder));
        }
        for file in [".package-cache", ".package-cache-mutate", ".global-cache"] {
            let file = cargo.join(file);
            let _ = fs::OpenOptions::new().create(true).append(true).open(&file);
            self.write.push(file);
        }
        let read = ["bin", "config", "config.toml", "env"];
        self.read.extend(read.map(|name| cargo.join(name)));
    }

    fn set(&mut self, variable: &str, value: &Path) {
        self.variables.retain(|(name, _)| name != variable);
        self.variables.push((variable.to_owned(), value.into()));
    }

    /// Starts `command` in `folder`, with nothing but this in sight.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn spawn(&self, mut command: Command, folder: &Path) -> io::Result<Child> {
        command
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("HOME", &self.home)
            .env("TMPDIR", &self.home)
            .current_dir(folder);
        self.start(command)
    }

    #[cfg(not(target_os = "linux"))]
    fn start(&self, mut command: Command) -> io::Result<Child> {
        command.spawn()
    }

    /// Landlock binds a thread and what it starts from then on, so a thread is made for it.
    #[cfg(target_os = "linux")]
    fn start(&self, mut command: Command) -> io::Result<Child> {
        std::thread::scope(|threads| {
            let child = threads.spawn(|| {
                self.restrict().map_err(io::Error::other)?;
                command.spawn()
            });
            child
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("the thread that starts it panicked")))
        })
    }

    /// Restricts this thread, as far as the kernel can.
    #[cfg(target_os = "linux")]
    fn restrict(&self) -> Result<(), landlock::RulesetError> {
        use landlock::{
            ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, NetPort, Ruleset, RulesetAttr,
            RulesetCreatedAttr, Scope, path_beneath_rules,
        };
        let abi = ABI::V6;
        let ports = self
            .ports
            .iter()
            .map(|&port| Ok::<_, landlock::RulesetError>(NetPort::new(port, AccessNet::ConnectTcp)));
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(&self.read, AccessFs::from_read(abi)))?
            .add_rules(path_beneath_rules(&self.write, AccessFs::from_all(abi)))?
            .add_rules(ports)?
            .restrict_self()?;
        Ok(())
    }
}

/// Files of the system that every program reads, and no credentials.
const SYSTEM: &[&str] = &[
    "/bin",
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/pki",
    "/etc/resolv.conf",
    "/etc/ssl",
    "/lib",
    "/lib32",
    "/lib64",
    "/run/systemd/resolve",
    "/sbin",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/share",
];

/// Devices that every program may use.
const DEVICES: &[&str] = &[
    "/dev/full",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
];

/// The folder of the workspace that the package in `folder` belongs to: the nearest above with a `[workspace]`.
fn root_of(folder: &Path) -> PathBuf {
    let is_root = |f: &&Path| {
        fs::read_to_string(f.join("Cargo.toml"))
            .is_ok_and(|text| text.lines().any(|l| l.trim().starts_with("[workspace")))
    };
    folder.ancestors().find(is_root).unwrap_or(folder).to_owned()
}

/// Adds the folder of every package that is reached from `folder` by `path = "…"`, with the root of its workspace.
fn packages_at(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    let Ok(folder) = folder.canonicalize() else { return };
    if !folder.join("Cargo.toml").exists() || !found.insert(folder.clone()) {
        return;
    }
    packages_at(&root_of(&folder), found);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    for rest in manifest.split("path").skip(1) {
        let quoted = rest.trim_start().strip_prefix('=').map(str::trim_start);
        let quoted = quoted
            .and_then(|q| q.strip_prefix('"'))
            .and_then(|q| q.split_once('"'));
        if let Some((path, _)) = quoted {
            packages_at(&folder.join(path), found);
        }
    }
}
