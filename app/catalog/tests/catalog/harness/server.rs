//! A PostgreSQL for the run of the test binary, and a fresh database for each test, copied from a template that
//! has the schema.
//!
//! Making a cluster takes a second, so one is kept between runs and copied; the copy runs without fsync. Runners that
//! start a process per test thus still start quickly, and nothing is shared between processes that run.

use catalog::command;
use catalog::local::{Cluster, Installation};
use catalog::settings::Database;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const TEMPLATE: &str = "template_catalog";
const FAST: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
];

/// A database with the schema and nothing in it.
pub(crate) async fn database() -> Database {
    database_from(TEMPLATE).await
}

/// A database with nothing at all.
pub(crate) async fn empty_database() -> Database {
    database_from("template0").await
}

async fn database_from(template: &str) -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let cluster = cluster();
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let client = client(&cluster.database("postgres")).await;
    client
        .batch_execute(&format!("create database {name} template {template}"))
        .await
        .unwrap();
    let mut database = cluster.database(&name);
    database.pool = 4;
    database
}

/// A connection to a database, past the catalogue.
pub(crate) async fn client(database: &Database) -> tokio_postgres::Client {
    catalog::database::Connector::new(database)
        .unwrap()
        .connect()
        .await
        .unwrap()
}

/// The environment variables that reach `database`.
pub(crate) fn environment(database: &Database) -> Vec<(String, String)> {
    let settings = cluster().settings(&database.name);
    settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    // A test's own runtime cannot be blocked on from within, so the server is started on another thread.
    CLUSTER.get_or_init(|| std::thread::spawn(start).join().unwrap())
}

fn start() -> Cluster {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = std::env::temp_dir().join("catalog-tests");
    fs::create_dir_all(&folder).unwrap();
    let installation = Installation::find(&folder)
        .unwrap()
        .expect("PostgreSQL on this machine, or APP_PG_BIN");
    let made = made(&runtime, &folder, &installation);
    let copy = folder.join(format!("run-{}", std::process::id()));
    forget_the_dead(&folder);
    let copied = Command::new("cp")
        .arg("-a")
        .arg(&made)
        .arg(&copy)
        .status()
        .unwrap();
    assert!(copied.success(), "cp -a {} {}", made.display(), copy.display());
    runtime
        .block_on(Cluster::start_with(&installation, &copy, FAST))
        .unwrap()
}

/// The cluster that is kept, made by the first process that needs it.
fn made(runtime: &tokio::runtime::Runtime, folder: &Path, installation: &Installation) -> PathBuf {
    let schema: Vec<u8> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"))
        .unwrap()
        .flat_map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    let tag = service::http::etag::content_tag(&schema);
    let tag = tag.to_str().unwrap().trim_matches('"').to_owned();
    let made = folder.join(format!("made-{}-{tag}", installation.major()));
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    if !made.join("ready").is_file() {
        let _ = fs::remove_dir_all(&made);
        runtime.block_on(async {
            let cluster = Cluster::start_with(installation, &made, FAST).await.unwrap();
            cluster.create_database(TEMPLATE).await.unwrap();
            command::migrate(&cluster.database(TEMPLATE)).await.unwrap();
            cluster.stop();
        });
        fs::write(made.join("ready"), "").unwrap();
    }
    made
}

/// Removes the copies of processes that are gone.
fn forget_the_dead(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let Some(pid) = name.strip_prefix("run-") else {
            continue;
        };
        if !Path::new("/proc").join(pid).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
