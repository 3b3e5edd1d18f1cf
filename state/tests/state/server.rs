//! A real `PostgreSQL` server, which the tests make, start and stop themselves.
//!
//! Its programs are looked for in `TENON_TEST_PG_BIN`, else in `/usr/lib/postgresql/*/bin`. Without them these tests fail,
//! as a test that did not run has shown nothing.

use std::{
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The account that the server runs under when the tests run as root, which it refuses.
const NOBODY: u32 = 65534;

pub(crate) struct Server {
    bin: PathBuf,
    pub(crate) folder: tempfile::TempDir,
    port: u16,
    process: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn programs() -> PathBuf {
    if let Some(bin) = std::env::var_os("TENON_TEST_PG_BIN") {
        return bin.into();
    }
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL's server, or TENON_TEST_PG_BIN");
    let mut versions: Vec<PathBuf> = versions
        .map(|version| version.unwrap().path().join("bin"))
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL's server")
}

fn program(bin: &Path, name: &str) -> Command {
    let mut command = Command::new(bin.join(name));
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Server {
    pub(crate) fn start(with_tls: bool) -> Self {
        let bin = programs();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let owner = if rustix::process::geteuid().is_root() {
            Some(NOBODY)
        } else {
            None
        };
        chown(folder.path(), owner, owner).unwrap();
        let made = program(&bin, "initdb")
            .args([
                "--auth=trust",
                "--username=tenon",
                "--encoding=UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(&data)
            .status()
            .unwrap();
        assert!(made.success(), "initdb: {made}");
        if with_tls {
            let rcgen::CertifiedKey { cert, signing_key } =
                rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            for (name, pem) in [
                ("server.crt", cert.pem()),
                ("server.key", signing_key.serialize_pem()),
            ] {
                let path = data.join(name);
                std::fs::write(&path, pem).unwrap();
                std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
                chown(&path, owner, owner).unwrap();
            }
            std::fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n").unwrap();
            let settings = std::fs::read_to_string(data.join("postgresql.conf")).unwrap();
            std::fs::write(data.join("postgresql.conf"), format!("{settings}\nssl = on\n")).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = Self::run(&bin, folder.path(), port);
        let mut server = Self {
            bin,
            folder,
            port,
            process,
        };
        server.wait();
        server
    }

    fn run(bin: &Path, folder: &Path, port: u16) -> Child {
        program(bin, "postgres")
            .arg("-D")
            .arg(folder.join("data"))
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-p",
            ])
            .arg(port.to_string())
            .spawn()
            .unwrap()
    }

    fn wait(&mut self) {
        for _ in 0..200 {
            assert!(self.process.try_wait().unwrap().is_none(), "the server ended");
            let port = self.port.to_string();
            let ready = program(&self.bin, "pg_isready")
                .args(["-h", "127.0.0.1", "-p", &port])
                .status()
                .unwrap();
            if ready.success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server did not start");
    }

    pub(crate) fn stop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            // Quit: it ends at once and recovers when it is started again, as after a crash.
            let pid = rustix::process::Pid::from_child(&self.process);
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
            let _ = self.process.wait();
        }
    }

    pub(crate) fn restart(&mut self) {
        self.stop();
        self.process = Self::run(&self.bin, self.folder.path(), self.port);
        self.wait();
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("postgresql://tenon@{host}:{}/postgres", self.port)
    }
}
