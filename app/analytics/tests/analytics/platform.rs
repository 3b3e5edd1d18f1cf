//! The whole platform on this machine, with a real mongod: posts go in while its processes are killed, and every accepted
//! event counts once.

use analytics::settings::Mongo;
use analytics::store::Store;
use serde_json::{Value, json};
use service::settings::Secret;
use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

struct Platform {
    up: Child,
    port: u16,
    data: tempfile::TempDir,
}

impl Platform {
    fn start() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        // Seven ports in a row; the first one was free a moment ago.
        let port = service::up::free_port().unwrap();
        let up = Command::new(env!("CARGO_BIN_EXE_analytics"))
            .args(["up", "--demo", "0", "--port", &port.to_string(), "--data"])
            .arg(data.path())
            .env_remove("MONGODB_URI")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let platform = Self { up, port, data };
        platform.wait("the figures", Duration::from_secs(240), || {
            platform.get(1, "/ready").is_some_and(|(status, _)| status == 200)
                && platform.get(0, "/ready").is_some()
        });
        platform
    }

    fn wait(&self, what: &str, most: Duration, done: impl Fn() -> bool) {
        let begun = Instant::now();
        while !done() {
            assert!(
                begun.elapsed() < most,
                "{what} after {most:?}; logs: {}",
                self.logs()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn logs(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.data.path().join(name)).unwrap_or_default();
        ["logs/collect.log", "logs/consume-1.log", "logs/query.log"]
            .map(read)
            .join("\n")
    }

    fn call(&self, offset: u16, request: &[u8]) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port + offset)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        stream.write_all(request).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.get(9..12)?.parse().ok()?, body.to_owned()))
    }

    fn get(&self, offset: u16, path: &str) -> Option<(u16, String)> {
        self.call(
            offset,
            format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes(),
        )
    }

    fn post(&self, body: &str) -> Option<(u16, String)> {
        let head = format!(
            "POST /e HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (X11; Linux) Firefox/133.0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        self.call(0, &[head.as_bytes(), body.as_bytes()].concat())
    }

    fn figure(&self, metric: &str) -> Option<u64> {
        let (_, body) = self.get(1, "/api/sites/shop/overview?period=last_7_days")?;
        let body: Value = serde_json::from_str(&body).ok()?;
        let card = body["data"]["cards"]
            .as_array()?
            .iter()
            .find(|card| card["metric"] == metric)?;
        card["value"].as_str()?.parse().ok()
    }

    /// Kills the processes of a subcommand without warning.
    fn kill(&self, subcommand: &str) -> usize {
        let mut killed = 0;
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let read = |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
            let parent = read("stat")
                .rsplit(')')
                .next()
                .and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
            if parent == Some(self.up.id()) && read("cmdline").split('\0').nth(1) == Some(subcommand) {
                let id = entry.file_name().into_string().unwrap();
                killed += usize::from(Command::new("kill").args(["-9", &id]).status().unwrap().success());
            }
        }
        killed
    }

    fn mongo_uri(&self) -> String {
        let log = std::fs::read_to_string(self.data.path().join("mongod.log")).unwrap();
        let ports = log
            .split("\"Waiting for connections\",\"attr\":{\"port\":")
            .nth(1)
            .unwrap();
        format!(
            "mongodb://127.0.0.1:{}/?directConnection=true",
            ports.split(',').next().unwrap()
        )
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let id = self.up.id().to_string();
        let _ = Command::new("kill").args(["-INT", &id]).status();
        let _ = self.up.wait();
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Sends batches of 20 page views until `stop`; an answer that is lost, or thrown away, has the batch sent again.
fn sender(platform: &Platform, stop: &AtomicBool, acknowledged: &Mutex<HashSet<String>>, number: u64) {
    let mut random = fastrand::Rng::with_seed(number);
    while !stop.load(Ordering::Relaxed) {
        let made = now();
        let ids: Vec<String> = (0..20)
            .map(|_| analytics::event::Id::at(made, random.u128(..)).to_string())
            .collect();
        let events: Vec<Value> = ids
            .iter()
            .map(|id| json!({"id": id, "t": made, "type": "page_view", "page": "/"}))
            .collect();
        let who =
            json!({"s": format!("session-{number}-{}", random.u8(..)), "v": format!("visitor-{number}")});
        let body = json!({"v": 1, "site": "shop", "at": made, "who": who, "events": events}).to_string();
        loop {
            let answer = platform.post(&body);
            let lost = random.u8(..50) == 0;
            if let Some((202, _)) = answer
                && !lost
            {
                acknowledged.lock().unwrap().extend(ids);
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn killing_every_process_loses_no_event_and_counts_none_twice() {
    let platform = Platform::start();
    let (stop, acknowledged) = (AtomicBool::new(false), Arc::new(Mutex::new(HashSet::new())));
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (platform, stop, acknowledged) = (&platform, &stop, &acknowledged);
            scope.spawn(move || sender(platform, stop, acknowledged, number));
        }
        for part in [
            "consume", "queue", "consume", "collect", "query", "consume", "queue", "collect", "consume",
        ] {
            std::thread::sleep(Duration::from_millis(1100));
            assert!(platform.kill(part) > 0, "{part} runs");
        }
        std::thread::sleep(Duration::from_secs(1));
        stop.store(true, Ordering::Relaxed);
    });
    let acknowledged = acknowledged.lock().unwrap().clone();
    let count = u64::try_from(acknowledged.len()).unwrap();
    assert!(count > 1000, "only {count} events were accepted");
    platform.wait("all events counted", Duration::from_secs(90), || {
        platform.figure("page_views") == Some(count)
    });
    let uri = Secret::new(platform.mongo_uri());
    let mongo = Mongo {
        uri,
        database: "analytics".to_owned(),
        ca: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stored: Vec<String> = runtime.block_on(async {
        let store = Store::connect(&mongo).await.unwrap();
        store
            .identifiers("shop")
            .await
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    });
    let lost = acknowledged.iter().filter(|id| !stored.contains(id)).count();
    // A batch whose last answer was lost is stored too: nothing else is.
    let extra = stored.iter().filter(|id| !acknowledged.contains(*id)).count();
    assert_eq!(
        (lost, extra),
        (0, 0),
        "of {count} accepted and {} stored",
        stored.len()
    );
}
