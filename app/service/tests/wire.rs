//! Bytes on a connection: no answer is withheld, whatever comes before, after or instead of a request.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use service::http::{Edge, Metrics};
use service::serve::{Drain, listen, serve};
use service::settings::{self, AccessLog, Shutdown};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A service with a call that reads its body, and one that takes `seconds`.
fn server(timeout: Duration) -> SocketAddr {
    let drain = Drain::default();
    let settings = settings::Edge {
        tokens: Vec::new(),
        cors_origins: Vec::new(),
        request_timeout: timeout,
        rate_limit: None,
        trusted_proxies: 0,
    };
    let edge = Edge::new(
        "test",
        settings,
        AccessLog::Off,
        Metrics::new("test", |_| {}),
        drain.clone(),
    );
    let router = Router::new()
        .route("/api/count", post(async |body: Bytes| body.len().to_string()))
        .route(
            "/api/slow",
            get(async || {
                tokio::time::sleep(Duration::from_secs(30)).await;
                "late"
            }),
        );
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = listener.local_addr().unwrap();
    let router = edge.wrap(router);
    tokio::spawn(async move {
        let shutdown = Shutdown {
            drain: Duration::ZERO,
            deadline: Duration::ZERO,
        };
        serve(listener, router, &drain, shutdown).await;
    });
    address
}

async fn open(timeout: Duration) -> TcpStream {
    TcpStream::connect(server(timeout)).await.unwrap()
}

/// What arrives until `end` is in it, or until the connection closes; within two seconds.
async fn receive(stream: &mut TcpStream, end: &str) -> String {
    let mut all = Vec::new();
    let read = async {
        let mut part = [0; 4096];
        while !String::from_utf8_lossy(&all).contains(end) {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => break,
                Ok(bytes) => all.extend(&part[..bytes]),
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(2), read).await;
    String::from_utf8_lossy(&all).into_owned()
}

const MINUTE: Duration = Duration::from_mins(1);
const POST: &str = "POST /api/count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";

#[tokio::test]
async fn half_of_the_next_request_does_not_withhold_the_answer_to_this_one() {
    let mut stream = open(MINUTE).await;
    stream
        .write_all(format!("{POST}POST /api/cou").as_bytes())
        .await
        .unwrap();
    let answer = receive(&mut stream, "\r\n\r\n3").await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\n3"),
        "{answer:?}"
    );
    stream
        .write_all(b"nt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab")
        .await
        .unwrap();
    let answer = receive(&mut stream, "\r\n\r\n2").await;
    assert!(answer.ends_with("\r\n\r\n2"), "{answer:?}");
}

#[tokio::test]
async fn a_stray_line_break_does_not_withhold_an_answer_nor_spoil_the_next_request() {
    let mut stream = open(MINUTE).await;
    for _ in 0..3 {
        stream.write_all(format!("{POST}\r\n").as_bytes()).await.unwrap();
        let answer = receive(&mut stream, "\r\n\r\n3").await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\n3"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn ten_requests_at_once_do_not_lose_an_answer() {
    let mut stream = open(MINUTE).await;
    stream.write_all(POST.repeat(10).as_bytes()).await.unwrap();
    let mut answers = String::new();
    while answers.matches("\r\n\r\n3").count() < 10 {
        let more = receive(&mut stream, "\r\n\r\n3").await;
        assert!(
            !more.is_empty(),
            "{} answers came",
            answers.matches("200 OK").count()
        );
        answers += &more;
    }
}

#[tokio::test]
async fn a_malformed_request_is_not_closed_without_an_answer() {
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(70_000));
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X-A: b\r\n".repeat(300));
    let large = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX-A: {}\r\n\r\n",
        "a".repeat(900_000)
    );
    for (request, status) in [
        ("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("GET /\r\n\r\n", "400"),
        ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", "400"),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
            "400",
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\na", "400"),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\na",
            "400",
        ),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"),
        (&long, "414"),
        (&many, "431"),
        (&large, "431"),
    ] {
        let mut stream = open(MINUTE).await;
        // The server may answer and close before the last byte is sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let answer = receive(&mut stream, "\r\n\r\n").await;
        let shown = &request[..request.len().min(60)];
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{shown:?}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_slow_body_is_not_a_failure_of_the_server() {
    let mut stream = open(Duration::from_millis(300)).await;
    let begun = Instant::now();
    stream
        .write_all(b"POST /api/count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
        .await
        .unwrap();
    let answer = receive(&mut stream, "slow_body").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer:?}");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_slow_service_is_not_blamed_on_the_client() {
    let mut stream = open(Duration::from_millis(300)).await;
    stream
        .write_all(b"GET /api/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let answer = receive(&mut stream, "timeout").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer:?}");
}

#[tokio::test]
async fn a_request_without_a_host_is_not_taken_for_one_to_this_host() {
    let mut stream = open(Duration::from_secs(5)).await;
    stream
        .write_all(b"GET /api/count HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let answer = receive(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("bad_host"), "{answer}");
}
