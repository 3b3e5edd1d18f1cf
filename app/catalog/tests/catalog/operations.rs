//! Operations: health, readiness, metrics, logs, request ids, headers, documentation.

use crate::harness::{Api, Process, process, server};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[tokio::test]
async fn alive_and_ready_are_two_things() {
    let api = Api::start().await;
    assert_eq!(api.get("/health").await.expect(200).json()["status"], "healthy");
    assert_eq!(api.get("/ready").await.expect(200).json()["status"], "ready");
    api.drain.begin();
    let reply = api.get("/ready").await.expect(503);
    assert_eq!(reply.code(), "draining");
    assert_eq!(reply.header("connection"), "close");
    api.get("/health").await.expect(200);
    api.get("/api/products").await.expect(200);
}

#[tokio::test]
async fn without_the_database_it_is_alive_and_not_ready() {
    let mut database = server::database().await;
    database.port = process::free_port();
    let api = Api::on(database, &[]);
    api.get("/health").await.expect(200);
    for path in ["/ready", "/api/products", "/api/products/1", "/api/categories"] {
        let reply = api.get(path).await.expect(503);
        assert_eq!(reply.code(), "unavailable", "{path}");
        assert_eq!(reply.header("retry-after"), "1");
        assert!(
            !reply.text().contains("127.0.0.1"),
            "no internals: {}",
            reply.text()
        );
    }
}

#[tokio::test]
async fn it_recovers_when_its_connections_are_cut() {
    let api = Api::start().await;
    api.create(&json!({"name": "x", "price": 1})).await;
    for _ in 0..3 {
        api.get("/api/products").await.expect(200);
        let other = server::client(&api.database).await;
        other
            .batch_execute(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()",
            )
            .await
            .unwrap();
        let mut statuses = Vec::new();
        for _ in 0..8 {
            statuses.push(api.get("/api/products").await.status.as_u16());
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(
            statuses.iter().all(|status| [200, 503].contains(status)),
            "{statuses:?}"
        );
        assert_eq!(statuses.last(), Some(&200), "{statuses:?}");
    }
}

#[tokio::test]
async fn metrics_count_by_route_and_status() {
    let api = Api::start().await;
    api.create(&json!({"name": "x", "price": 1})).await;
    api.get("/api/products/1").await.expect(200);
    api.get("/api/products/2").await.expect(404);
    api.get("/nowhere").await.expect(404);
    let reply = api.get("/metrics").await.expect(200);
    assert!(
        reply
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let text = reply.text();
    for line in [
        r#"catalog_http_requests_total{method="POST",route="/api/products",status="201"} 1"#,
        r#"catalog_http_requests_total{method="GET",route="/api/products/{id}",status="200"} 1"#,
        r#"catalog_http_requests_total{method="GET",route="/api/products/{id}",status="404"} 1"#,
        r#"catalog_http_requests_total{method="GET",route="none",status="404"} 1"#,
        r#"catalog_http_request_seconds_count{method="GET",route="/api/products/{id}"} 2"#,
        r#"catalog_database_connections{state="most"} 4"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn a_request_keeps_its_id() {
    let api = Api::start().await;
    let reply = api
        .send("GET", "/health", &[("x-request-id", "Root=1-67891233-abc")], "")
        .await;
    assert_eq!(reply.header("x-request-id"), "Root=1-67891233-abc");
    let first = api.get("/health").await.header("x-request-id").to_owned();
    assert_ne!(first, api.get("/health").await.header("x-request-id"));
    let long = "x".repeat(129);
    for unfit in ["", "a b", "<script>", "a\"b", long.as_str()] {
        let reply = api.send("GET", "/nope", &[("x-request-id", unfit)], "").await;
        assert_ne!(reply.header("x-request-id"), unfit);
        assert_eq!(reply.code(), "not_found");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let api = Api::start().await;
    for path in ["/health", "/api/products", "/nope", "/api/docs", "/metrics"] {
        let reply = api.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert!(
            reply
                .header("content-security-policy")
                .starts_with("default-src 'none'"),
            "{path}"
        );
        assert!(reply.header("cache-control").contains("no-cache"), "{path}");
        assert!(!reply.header("referrer-policy").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_document_that_is_checked_in_is_the_one_that_is_served() {
    let api = Api::start().await;
    let served = api.get("/api/openapi.json").await.expect(200);
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap();
    assert!(
        served.text() == kept,
        "run: catalog openapi > app/catalog/openapi.json"
    );
    assert_eq!(
        served.json()["openapi"]
            .as_str()
            .unwrap()
            .split('.')
            .take(2)
            .collect::<Vec<_>>(),
        ["3", "1"]
    );
}

#[tokio::test]
async fn the_document_says_what_is_answered() {
    let api = Api::start().await;
    let document = api.get("/api/openapi.json").await.json();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths.len(), 21, "{paths:?}");
    let product = &document["components"]["schemas"]["Product"];
    let created = api.create(&json!({"name": "x", "price": 1})).await;
    let members: Vec<&String> = created.as_object().unwrap().keys().collect();
    let described: Vec<&String> = product["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        members.iter().collect::<std::collections::BTreeSet<_>>(),
        described.iter().collect::<std::collections::BTreeSet<_>>()
    );
    assert_eq!(
        product["required"].as_array().unwrap().len(),
        members.len(),
        "every member is always there"
    );
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            assert!(call["summary"].is_string(), "{method} {path} says what it does");
            assert!(call["operationId"].is_string(), "{method} {path} has a name");
        }
    }
}

#[tokio::test]
async fn the_page_shows_every_call_and_needs_no_script() {
    let api = Api::start().await;
    let reply = api.get("/api/docs").await.expect(200);
    assert!(reply.header("content-type").starts_with("text/html"));
    let page = reply.text();
    let document = api.get("/api/openapi.json").await.json();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
    }
    let calls = page.split("<h2>Schemas").next().unwrap();
    assert!(calls.contains("<code>ETag</code>") && !calls.contains('`'));
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
}

#[tokio::test]
async fn the_log_is_json_with_request_ids_and_without_secrets() {
    let mut environment = server::environment(&server::database().await);
    let token = "a-token-that-nobody-may-see";
    environment.push(("API_TOKENS".to_owned(), format!("ann:admin:{token}")));
    environment.push(("DRAIN_SECONDS".to_owned(), "0".to_owned()));
    environment.push(("ACCESS_LOG".to_owned(), "all".to_owned()));
    environment.push(("LOG".to_owned(), "debug".to_owned()));
    let port = process::free_port();
    environment.push(("PORT".to_owned(), port.to_string()));
    let mut child = process::Guarded(
        process::command(&["api"], &environment)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(child.0.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut all = String::new();
    let mut until = |word: &str| -> Value {
        for line in lines.by_ref() {
            all.push_str(&line);
            let entry: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            if entry["message"]
                .as_str()
                .is_some_and(|message| message.contains(word))
            {
                return entry;
            }
        }
        panic!("no line with {word:?}");
    };
    until("listening");
    let request = format!(
        "GET /api/products/7 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nx-request-id: my-own-id\r\nconnection: close\r\n\r\n"
    );
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
    let entry = until("request");
    assert_eq!(entry["request_id"], "my-own-id");
    assert_eq!(entry["status"], 404);
    assert_eq!(entry["route"], "/api/products/{id}");
    assert_eq!(entry["method"], "GET");
    assert!(entry["us"].is_u64() && entry["timestamp"].is_string() && entry["level"] == "INFO");
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&child.0),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    until("stopped");
    assert!(child.0.wait().unwrap().success());
    let password = environment
        .iter()
        .find(|(name, _)| name == "DB_PASSWORD")
        .unwrap()
        .1
        .clone();
    assert!(!all.contains(token) && !all.contains(&password), "{all}");
}

#[tokio::test]
async fn the_open_mode_says_so_at_start() {
    let mut environment = server::environment(&server::database().await);
    environment.push(("PORT".to_owned(), process::free_port().to_string()));
    let mut child = process::Guarded(
        process::command(&["api"], &environment)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let lines = BufReader::new(child.0.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let told: Vec<String> = lines.take_while(|line| !line.contains("listening")).collect();
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    assert!(
        told.iter()
            .any(|line| line.contains("open mode") && line.contains("API_TOKENS")),
        "{told:?}"
    );
}

#[tokio::test]
async fn check_tells_whether_the_server_is_healthy() {
    let mut environment = server::environment(&server::database().await);
    environment.push(("DRAIN_SECONDS".to_owned(), "0".to_owned()));
    let server = Process::start("api", &environment);
    let port = vec![("PORT".to_owned(), server.address.port().to_string())];
    assert_eq!(process::run(&["check"], &port).0, Some(0));
    server.terminate();
    assert!(server.wait().success());
    let (code, _, err) = process::run(&["check"], &port);
    assert_eq!(code, Some(2));
    assert!(err.contains("not healthy"), "{err}");
}

#[tokio::test]
async fn no_operation_is_without_a_name_of_its_own_nor_an_answer_without_a_description() {
    let document = Api::start().await.get("/api/openapi.json").await.json();
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, call) in item
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, call)| call.is_object())
        {
            let name = call["operationId"].as_str().unwrap();
            // A single word is reserved in one language or another, and says nothing in a generated client.
            assert!(
                name.contains('_') && names.insert(name.to_owned()),
                "{method} {path}: {name}"
            );
            for (status, answer) in call["responses"].as_object().unwrap() {
                let text = answer["description"].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{method} {path}: {status} has no description");
            }
        }
    }
    assert!(names.len() > 15, "{names:?}");
}
