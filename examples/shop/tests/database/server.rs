//! A real `PostgreSQL` server, which the test makes and starts itself. Its programs are looked for in `TENON_TEST_PG_BIN`,
//! else in `/usr/lib/postgresql/*/bin`; without them the test fails, as one that did not run has shown nothing.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt as _},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

/// The account that the server runs under when the tests run as root, which it refuses.
const NOBODY: u32 = 65534;

pub(crate) struct Server {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn program(name: &str) -> Command {
    let bin = env::var_os("TENON_TEST_PG_BIN").map_or_else(newest, PathBuf::from);
    let mut command = Command::new(bin.join(name));
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/").stdin(Stdio::null());
    command
}

fn newest() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL's server, or TENON_TEST_PG_BIN");
    let newest = versions.flatten().map(|v| v.path().join("bin")).max();
    newest.expect("PostgreSQL's server")
}

impl Server {
    /// A server whose user `tenon` has the password `canary-password`.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let owner = rustix::process::geteuid().is_root().then_some(NOBODY);
        fs::write(folder.path().join("password"), "canary-password").unwrap();
        for path in [folder.path().to_owned(), folder.path().join("password")] {
            chown(path, owner, owner).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut server = Self {
            folder,
            port,
            process: None,
        };
        let made = program("initdb")
            .args([
                "--auth=scram-sha-256",
                "--username=tenon",
                "--encoding=UTF8",
                "--locale=C",
            ])
            .arg("--pwfile")
            .arg(server.folder.path().join("password"))
            .arg("-D")
            .arg(server.folder.path().join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let process = program("postgres")
            .arg("-D")
            .arg(server.folder.path().join("data"))
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-p",
            ])
            .arg(port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        server.process = Some(process.unwrap());
        for _ in 0..400 {
            if server.query("SELECT 1").status.success() {
                return server;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("the server did not start");
    }

    /// Where it is, without the password.
    pub(crate) fn url(&self) -> String {
        format!("postgres://tenon@127.0.0.1:{}/postgres", self.port)
    }

    /// What the server says to a query.
    pub(crate) fn query(&self, query: &str) -> Output {
        program("psql")
            .args(["-At", "-d", &self.url(), "-c", query])
            .env("PGPASSWORD", "canary-password")
            .output()
            .unwrap()
    }
}
