//! A database that goes away for a moment, as in a failover: reads wait, writes say so at once, and the log counts.

use crate::harness::{Api, process, server};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A relay to the database that can be cut: its address is that of the database before and after the failover.
struct Relay {
    address: SocketAddr,
    database: SocketAddr,
    task: Option<JoinHandle<()>>,
}

impl Relay {
    async fn new(database: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = Some(tokio::spawn(relay(listener, database)));
        Self {
            address,
            database,
            task,
        }
    }

    /// Breaks all connections and refuses new ones.
    fn cut(&mut self) {
        self.task.take().unwrap().abort();
    }

    fn mend(&mut self) {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.address).unwrap();
        self.task = Some(tokio::spawn(relay(socket.listen(64).unwrap(), self.database)));
    }
}

async fn relay(listener: TcpListener, database: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        let (mut near, _) = listener.accept().await.unwrap();
        connections.spawn(async move {
            let mut far = TcpStream::connect(database).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        });
    }
}

#[tokio::test]
async fn a_failover_of_two_seconds_fails_no_read() {
    let mut database = server::database().await;
    let mut relay = Relay::new(SocketAddr::from(([127, 0, 0, 1], database.port))).await;
    database.port = relay.address.port();
    for cache in ["0", "32"] {
        let api = Arc::new(Api::on(database.clone(), &[("CACHE_MB", cache)]));
        api.create(&json!({"name": "mug", "price": 1})).await;
        let paths = [
            "/api/products",
            "/api/products/1",
            "/api/categories",
            "/api/products/1/history",
        ];
        for path in paths {
            api.get(path).await.expect(200);
        }
        relay.cut();
        let begun = Instant::now();
        let mut reads = JoinSet::new();
        for path in paths.repeat(5) {
            let api = Arc::clone(&api);
            reads.spawn(async move { (path, api.get(path).await.status.as_u16()) });
        }
        let write = api
            .post("/api/products", &json!({"name": "tray", "price": 1}))
            .await
            .expect(503);
        assert_eq!(write.code(), "unavailable");
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "a write says so at once"
        );
        tokio::time::sleep(Duration::from_secs(2)).await;
        relay.mend();
        for (path, status) in reads.join_all().await {
            assert_eq!(status, 200, "{path} with CACHE_MB={cache}");
        }
    }
}

#[tokio::test]
async fn an_outage_does_not_hold_a_read_for_longer_than_a_failover_takes() {
    let mut database = server::database().await;
    let mut relay = Relay::new(SocketAddr::from(([127, 0, 0, 1], database.port))).await;
    database.port = relay.address.port();
    let api = Arc::new(Api::on(database, &[("CACHE_MB", "0")]));
    api.get("/api/products").await.expect(200);
    relay.cut();
    let begun = Instant::now();
    let mut reads = JoinSet::new();
    for _ in 0..40 {
        let api = Arc::clone(&api);
        reads.spawn(async move { api.get("/api/products").await.status.as_u16() });
    }
    assert!(reads.join_all().await.iter().all(|status| *status == 503));
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

// Long: one process, and one line of its log after the other.
#[tokio::test]
async fn the_log_never_leaves_open_who_called_from_where_about_what() {
    let database = server::database().await;
    let mut environment = server::environment(&database);
    let extra = [
        ("HOST", "127.0.0.1"),
        ("PORT", "0"),
        ("DRAIN_SECONDS", "0"),
        ("API_TOKENS", "ann:editor:a-token-of-sixteen"),
        ("METRICS_NAMESPACE", "Shop"),
        ("TRUSTED_PROXIES", "1"),
    ];
    environment.extend(extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let child = process::command(&["api"], &environment)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut child = process::Guarded(child);
    let (lines, received) = std::sync::mpsc::channel::<serde_json::Value>();
    let out = child.0.stdout.take().unwrap();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            // Each line is JSON, those of the metrics, too.
            let _ = lines.send(serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}")));
        }
    });
    let next = |what: &str| loop {
        let line = received
            .recv_timeout(Duration::from_secs(20))
            .unwrap_or_else(|_| panic!("no line with {what}"));
        if line.to_string().contains(what) {
            break line;
        }
    };
    let listening = next("listening");
    let address = listening["address"].as_str().unwrap().to_owned();
    let call = |text: String| {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let head = "Host: localhost\r\nConnection: close\r\nUser-Agent: tester/1\r\nX-Forwarded-For: 203.0.113.9\r\n\
        Authorization: Bearer a-token-of-sixteen\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
    let body = r#"{"name":"mug","price":"1"}"#;
    let post = format!(
        "POST /api/products HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(call(post).starts_with("HTTP/1.1 201"));
    let line = next("POST");
    for (field, value) in [
        ("caller", "ann"),
        ("address", "203.0.113.9"),
        ("id", "1"),
        ("agent", "tester/1"),
        ("trace", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("route", "/api/products"),
    ] {
        assert_eq!(line[field], value, "{field} in {line}");
    }
    assert!(line["bytes"].as_u64().is_some_and(|bytes| bytes > 100), "{line}");
    assert!(call(format!("DELETE /api/products/1 HTTP/1.1\r\n{head}\r\n")).starts_with("HTTP/1.1 200"));
    let line = next("DELETE");
    assert_eq!(
        (&line["caller"], &line["id"]),
        (&json!("ann"), &json!("1")),
        "{line}"
    );
    let denied = call(format!(
        "DELETE /api/products/2 HTTP/1.1\r\n{}\r\n",
        head.replace("a-token", "b-token")
    ));
    assert!(denied.starts_with("HTTP/1.1 401"));
    let line = next("401");
    assert_eq!(
        (&line["address"], &line["code"]),
        (&json!("203.0.113.9"), &json!("unauthorized")),
        "{line}"
    );
    assert!(!line.to_string().contains("token-of"), "no token is logged");
    let pid = rustix::process::Pid::from_child(&child.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let metrics = next("_aws");
    assert_eq!(metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Shop");
    assert_eq!(
        (&metrics["Requests"], &metrics["Service"]),
        (&json!(3), &json!("catalog")),
        "{metrics}"
    );
}

#[tokio::test]
async fn without_tokens_another_name_for_this_machine_is_not_answered() {
    let api = process::Process::start("api", &server::environment(&server::database().await));
    let call = |host: &str| {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(api.address).unwrap();
        let text = format!("DELETE /api/products/1 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer[9..12].to_owned()
    };
    for host in [
        "localhost",
        "localhost:8080",
        "127.0.0.1:8080",
        "[::1]:8080",
        "shop.localhost",
        "10.0.0.7",
    ] {
        assert_eq!(call(host), "404", "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
    ] {
        assert_eq!(call(host), "421", "{host}");
    }
}
