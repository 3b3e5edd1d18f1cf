//! `analytics up`: everything on this machine with one command: mongod, queue, collector, two consumers, archive, the API of
//! the figures and, when it is built, the dashboard. Each is a process of its own that is started again when it dies; Ctrl-C
//! ends all.

use super::failure::Failure;
use super::mongod::Mongod;
use super::seed::{SeedOptions, follow, tell};
use crate::event::Currency;
use crate::queue::Queue;
use crate::settings::Mongo;
use crate::store::Store;
use clap::Args;
use service::serve::Drain;
use service::settings::Secret;
use service::up::{FrontEnd, data_folder, report};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// The place of the dashboard in a source tree.
const FRONT_END: FrontEnd = FrontEnd {
    workspace: "app/web",
    source: "app/web/analytics",
    shared: &["kit", "tracker"],
};

/// The options of `analytics up`.
#[derive(Args, Clone, Debug)]
pub struct UpOptions {
    /// First of the ports on 127.0.0.1: collector, API, dashboard, queue and the others' status
    #[arg(long, default_value_t = 4000)]
    pub port: u16,
    /// Folder of all data; by default one in the user's own data folder
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// URI of a MongoDB to use instead of one of its own
    #[arg(long, env = "MONGODB_URI", hide_env_values = true)]
    pub mongodb_uri: Option<String>,
    /// Made-up shoppers of an average day: three months of them, and as many each hour from now on; 0 for none
    #[arg(long, default_value_t = 200)]
    pub demo: u32,
    /// The archive: a folder or `s3://bucket/prefix`, instead of one in the data folder
    #[arg(long)]
    pub archive: Option<String>,
}

struct Part {
    name: &'static str,
    arguments: &'static str,
    variables: Vec<(&'static str, String)>,
}

/// Runs everything until SIGINT or SIGTERM.
///
/// # Errors
/// [`Failure`] when a part cannot start.
// Long: the order of one start.
pub async fn up(options: UpOptions) -> Result<(), Failure> {
    let drain = Drain::default();
    drain
        .on_signals()
        .map_err(Failure::system("listening for signals"))?;
    let data = options
        .data
        .clone()
        .unwrap_or_else(|| data_folder("tenon-analytics"));
    let logs = data.join("logs");
    std::fs::create_dir_all(&logs).map_err(service::up::Error::file("make the folder", &logs))?;
    let data = data
        .canonicalize()
        .map_err(service::up::Error::file("find the folder", &data))?;
    let mut own = None;
    let uri = if let Some(uri) = &options.mongodb_uri {
        uri.clone()
    } else {
        let started = Mongod::start(&data)?;
        report(
            "analytics",
            &format!(
                "mongod (process {}), log {}",
                started.process(),
                data.join("mongod.log").display()
            ),
        );
        own.insert(started).uri.clone()
    };
    build_dashboard();
    if options.demo > 0 {
        tell_the_past(&uri, options.demo).await?;
    }
    let parts = parts(&options, &data, &uri);
    let mut running = Vec::new();
    for part in parts {
        let (drain, logs) = (drain.clone(), logs.clone());
        if part.name == "collect" {
            // The queue's server runs already; its queues are made before anybody asks for them.
            create_queues(options.port + 3).await?;
        }
        running.push(tokio::spawn(async move { supervise(&part, &logs, &drain).await }));
    }
    report(
        "analytics",
        &format!("events: http://127.0.0.1:{}/e", options.port),
    );
    report(
        "analytics",
        &format!("figures: http://127.0.0.1:{}/api/docs", options.port + 1),
    );
    report("analytics", &format!("logs: {}; Ctrl-C ends", logs.display()));
    if options.demo > 0 {
        let collector = format!("http://127.0.0.1:{}/e", options.port);
        running.push(tokio::spawn(follow(collector, options.demo, drain.clone())));
    }
    if let Some(mongod) = &mut own {
        watch(mongod, &drain).await;
    }
    for part in running {
        // A supervisor that panicked has said so.
        let _ = part.await;
    }
    // The store ends last.
    drop(own);
    Ok(())
}

/// Starts mongod again whenever it has ended, until the shutdown.
async fn watch(mongod: &mut Mongod, drain: &Drain) {
    while !drain.has_begun() {
        match mongod.revive() {
            Ok(false) => {}
            Ok(true) => report("analytics", "mongod ended; started again"),
            Err(error) => {
                let why = service::error::chain(&error);
                report("analytics", &format!("mongod does not start again: {why}"));
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
            () = drain.wait() => {}
        }
    }
}

/// The folder of the built dashboard.
fn web_root() -> PathBuf {
    std::env::var_os("WEB_ROOT").map_or_else(|| PathBuf::from(FRONT_END.source).join("dist"), PathBuf::from)
}

/// Builds the dashboard, when this is its source tree and it is not built. Without npm the figures are served nevertheless.
fn build_dashboard() {
    let announce = |what: &str| report("analytics", what);
    if let Err(error) = service::up::build_front_end(FRONT_END, &web_root(), announce) {
        let why = service::error::chain(&error);
        report("analytics", &format!("no dashboard: {why}"));
    }
}

/// Stores three months of synthetic shoppers, or the days since the newest event.
async fn tell_the_past(uri: &str, shoppers: u32) -> Result<(), Failure> {
    let mongo = Mongo {
        uri: Secret::new(uri),
        database: "analytics".to_owned(),
        ca: None,
    };
    let store = Store::connect(&mongo).await?;
    store.prepare(Duration::from_secs(60)).await?;
    let options = SeedOptions {
        shoppers,
        days: 90,
        site: "shop".to_owned(),
    };
    let currency = Currency::parse("EUR").ok_or(Failure::Missing("CURRENCY"))?;
    let stored = tell(&store, &options, currency).await?;
    report(
        "analytics",
        &format!("{stored} events of made-up shoppers stored"),
    );
    Ok(())
}

async fn create_queues(port: u16) -> Result<(), Failure> {
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut outcome = Queue::create(&endpoint, "events").await;
    for _ in 0..100 {
        if outcome.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        outcome = Queue::create(&endpoint, "events").await;
    }
    outcome?;
    Ok(())
}

/// The processes, in the order of their starts, with the variables of each.
fn parts(options: &UpOptions, data: &Path, uri: &str) -> Vec<Part> {
    let port = options.port;
    let queue = format!("http://127.0.0.1:{}", port + 3);
    let archive = options
        .archive
        .clone()
        .unwrap_or_else(|| data.join("archive").display().to_string());
    let common = |port: u16| {
        let mut variables = vec![
            ("PORT", port.to_string()),
            ("QUEUE_ENDPOINT", queue.clone()),
            ("QUEUE_URL", format!("{queue}/000000000000/events")),
            ("QUEUE_DEAD_URL", format!("{queue}/000000000000/events-dead")),
            ("QUEUE_DATA", data.join("queue").display().to_string()),
            ("MONGODB_URI", uri.to_owned()),
            ("ARCHIVE", archive.clone()),
            ("API_URL", format!("http://127.0.0.1:{}", options.port + 1)),
        ];
        for (name, value) in [
            ("DRAIN_SECONDS", "0"),
            ("SHUTDOWN_SECONDS", "3"),
            ("RATE_LIMIT", "0"),
        ] {
            if std::env::var_os(name).is_none() {
                variables.push((name, value.to_owned()));
            }
        }
        variables
    };
    let part = |name, arguments, port| Part {
        name,
        arguments,
        variables: common(port),
    };
    let mut parts = vec![
        part("queue", "queue", port + 3),
        part("collect", "collect", port),
        part("consume-1", "consume", port + 4),
        part("consume-2", "consume", port + 5),
        part("archive", "archive", port + 6),
        part("query", "query", port + 1),
    ];
    if web_root().join("index.html").is_file() {
        report("analytics", &format!("dashboard: http://127.0.0.1:{}", port + 2));
        parts.push(part("web", "web", port + 2));
    }
    parts
}

/// Keeps a process running until the shutdown, and waits for its end then.
async fn supervise(part: &Part, logs: &Path, drain: &Drain) {
    let mut wait = Duration::from_millis(100);
    while !drain.has_begun() {
        let started = tokio::time::Instant::now();
        match start(part, logs) {
            Ok(mut child) => {
                tokio::select! {
                    status = child.wait() => {
                        report("analytics", &format!("{} ended ({status:?}); starting it again", part.name));
                    }
                    () = drain.wait() => return stop(child).await,
                }
            }
            Err(error) => report("analytics", &format!("{} does not start: {error}", part.name)),
        }
        // One that ran for a while is started again at once; one that does not live waits longer each time.
        wait = if started.elapsed() > Duration::from_secs(10) {
            Duration::from_millis(100)
        } else {
            (wait * 2).min(Duration::from_secs(5))
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = drain.wait() => {}
        }
    }
}

fn start(part: &Part, logs: &Path) -> std::io::Result<Child> {
    let log = logs.join(format!("{}.log", part.name));
    let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
    Command::new(std::env::current_exe()?)
        .arg(part.arguments)
        .envs(part.variables.iter().cloned())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn stop(mut child: Child) {
    if let Some(id) = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw)
    {
        // It may have ended a moment ago.
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
    // What does not end in time is killed when it is dropped.
    let _ = tokio::time::timeout(Duration::from_secs(10), child.wait()).await;
}
