//! The backend suite on a real `PostgreSQL` server, which the test makes and starts itself; encrypted connections; a
//! server that goes away and comes back.
//!
//! The server's programs are looked for in `TENON_TEST_PG_BIN`, else in `/usr/lib/postgresql/*/bin`. Without them these
//! tests fail, as a test that did not run has shown nothing.

use std::{
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use tenon_state::{Backend, Error, Postgres, Store};

use crate::{
    backends::{Place, suite},
    support::{call, holder, identity, intent},
};

/// The account that the server runs under when the tests run as root, which it refuses.
const NOBODY: u32 = 65534;

struct Server {
    bin: PathBuf,
    folder: tempfile::TempDir,
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
    fn start(with_tls: bool) -> Self {
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

    fn stop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            // Quit: it ends at once and recovers when it is started again, as after a crash.
            let pid = rustix::process::Pid::from_child(&self.process);
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
            let _ = self.process.wait();
        }
    }

    fn restart(&mut self) {
        self.stop();
        self.process = Self::run(&self.bin, self.folder.path(), self.port);
        self.wait();
    }

    fn url(&self, host: &str) -> String {
        format!("postgresql://tenon@{host}:{}/postgres", self.port)
    }
}

struct InDatabase(Server);

impl Place for InDatabase {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(Postgres::new(&self.0.url("127.0.0.1"), "shop/test", None).unwrap())
    }

    fn outlives(&self) -> bool {
        true
    }
}

async fn open(backend: Postgres) -> Result<Store, Error> {
    Store::open(Arc::new(backend), holder(), identity()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    suite(InDatabase(Server::start(false))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes_and_comes_back_loses_nothing() {
    let mut server = Server::start(false);
    let backend = || Postgres::new(&server.url("127.0.0.1"), "shop/test", None).unwrap();
    let (first, second) = (backend(), backend());
    let store = open(first).await.unwrap();
    call(&store, 1).await.unwrap();
    store.begin(intent(2)).await.unwrap();
    server.restart();
    call(&store, 3).await.unwrap();
    server.restart();
    store.checkpoint().await.unwrap();
    server.restart();
    store.close().await.unwrap();
    server.restart();
    let store = open(second).await.unwrap();
    assert_eq!(store.open_intents(), [intent(2)]);
    assert_eq!(store.state().records.len(), 2);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_stops_everything_and_is_named() {
    let mut server = Server::start(false);
    let store = open(Postgres::new(&server.url("127.0.0.1"), "shop/test", None).unwrap())
        .await
        .unwrap();
    server.stop();
    let error = store.begin(intent(1)).await.unwrap_err();
    assert!(matches!(error, Error::Stopped { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("shop/test in the PostgreSQL database 127.0.0.1/postgres"),
        "{error}"
    );
    assert!(matches!(store.begin(intent(2)).await, Err(Error::Stopped { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stacks_in_one_database_do_not_touch_each_other() {
    let server = Server::start(false);
    let one = open(Postgres::new(&server.url("127.0.0.1"), "shop/test", None).unwrap())
        .await
        .unwrap();
    let two = open(Postgres::new(&server.url("127.0.0.1"), "shop/other", None).unwrap())
        .await
        .unwrap();
    call(&one, 1).await.unwrap();
    two.begin(intent(1)).await.unwrap();
    one.close().await.unwrap();
    assert_eq!(two.open_intents(), [intent(1)]);
    two.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_certificate_is_checked() {
    let server = Server::start(true);
    let roots = server.folder.path().join("data/server.crt");
    let trusted = format!("{}?sslmode=require", server.url("localhost"));
    let store = open(Postgres::new(&trusted, "shop/test", Some(roots.clone())).unwrap())
        .await
        .unwrap();
    call(&store, 1).await.unwrap();
    store.close().await.unwrap();
    // Not signed by anyone that the system trusts.
    let stranger = open(Postgres::new(&trusted, "shop/test", None).unwrap()).await;
    assert!(matches!(stranger, Err(Error::Backend { .. })));
    // Signed, and for another name.
    let other = format!("{}?sslmode=require", server.url("127.0.0.1"));
    let other = open(Postgres::new(&other, "shop/test", Some(roots)).unwrap()).await;
    assert!(matches!(other, Err(Error::Backend { .. })));
}
