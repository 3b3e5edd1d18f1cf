//! A configuration that cannot work ends with one line that says what to do, and exit code 2.

use crate::harness::{process, server};

type Environment = Vec<(String, String)>;

fn with(environment: &Environment, changes: &[(&str, &str)]) -> Environment {
    let mut environment = environment.clone();
    environment.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    environment.extend(
        changes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    environment
}

fn refused(arguments: &[&str], environment: &Environment, words: &[&str]) {
    let (code, out, err) = process::run(arguments, environment);
    assert_eq!(code, Some(2), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.starts_with("catalog: "), "{err}");
    for word in words {
        assert!(err.contains(word), "{word:?} is not in {err:?}");
    }
    for (name, value) in environment {
        if (name.contains("PASSWORD") || name.contains("SECRET") || name.contains("TOKENS"))
            && value.len() > 3
        {
            assert!(
                !err.contains(value) && !out.contains(value),
                "{name} is told: {err}{out}"
            );
        }
    }
}

async fn environment() -> Environment {
    let mut environment = server::environment(&server::database().await);
    environment.push(("DB_CONNECT_SECONDS".to_owned(), "1".to_owned()));
    environment.push(("PORT".to_owned(), process::free_port().to_string()));
    environment
}

#[tokio::test]
async fn no_database() {
    let environment = environment().await;
    let port = process::free_port().to_string();
    refused(
        &["api"],
        &with(&environment, &[("DB_PORT", &port)]),
        &["127.0.0.1", &port, "DB_HOST", "refused"],
    );
    refused(
        &["migrate"],
        &with(&environment, &[("DB_NAME", "nowhere")]),
        &["\"nowhere\"", "DB_NAME"],
    );
    refused(
        &["api"],
        &with(&environment, &[("DB_HOST", "")]),
        &["DB_HOST", "not set"],
    );
}

#[tokio::test]
async fn wrong_password() {
    let environment = environment().await;
    refused(
        &["api"],
        &with(&environment, &[("DB_PASSWORD", "of-somebody-else")]),
        &["\"catalog\"", "DB_PASSWORD"],
    );
    refused(
        &["api"],
        &with(&environment, &[("DB_PASSWORD", "")]),
        &["DB_PASSWORD", "DB_SECRET"],
    );
    let broken = [("DB_PASSWORD", ""), ("DB_SECRET", "{\"password\": oops-s3cret")];
    refused(&["api"], &with(&environment, &broken), &["DB_SECRET", "JSON"]);
}

#[tokio::test]
async fn bad_authorities() {
    let environment = environment().await;
    let tls = [("DB_TLS", "verify-full")];
    refused(&["api"], &with(&environment, &tls), &["DB_CA", "not set"]);
    let tls = [("DB_TLS", "verify-full"), ("DB_CA", "/nowhere/ca.pem")];
    refused(&["api"], &with(&environment, &tls), &["DB_CA", "/nowhere/ca.pem"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    for contents in [
        "",
        "not a certificate\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        std::fs::write(&file, contents).unwrap();
        let tls = [("DB_TLS", "verify-full"), ("DB_CA", file.to_str().unwrap())];
        refused(&["api"], &with(&environment, &tls), &["DB_CA", "certificate"]);
    }
    refused(
        &["api"],
        &with(&environment, &[("DB_HOST", "db.example")]),
        &["DB_CA"],
    );
}

#[tokio::test]
async fn a_port_that_is_taken() {
    let environment = environment().await;
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    refused(
        &["api"],
        &with(&environment, &[("PORT", &port)]),
        &[&port, "PORT", "in use"],
    );
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("index.html"), "<!doctype html>").unwrap();
    let web = [
        ("PORT", port.as_str()),
        ("WEB_ROOT", site.path().to_str().unwrap()),
    ];
    refused(&["web"], &with(&Vec::new(), &web), &[&port, "PORT", "in use"]);
    refused(&["up", "--port", &port], &Vec::new(), &[&port]);
}

#[tokio::test]
async fn no_front_end() {
    let empty = tempfile::tempdir().unwrap();
    let web = [("WEB_ROOT", empty.path().to_str().unwrap())];
    refused(&["web"], &with(&Vec::new(), &web), &["WEB_ROOT", "npm run build"]);
}

#[tokio::test]
async fn settings_that_cannot_be_understood() {
    let environment = environment().await;
    for (name, value) in [
        ("PORT", "http"),
        ("HOST", "everywhere"),
        ("DB_PORT", "99999"),
        ("DB_POOL", "0"),
        ("DB_TLS", "prefer"),
        ("MIGRATE_ON_START", "perhaps"),
        ("API_TOKENS", "just-a-token-without-a-role"),
        ("API_TOKENS", "ann:owner:aaaaaaaaaaaaaaaaaa"),
        ("API_TOKENS", "ann:admin:short"),
        (
            "API_TOKENS",
            "ann:admin:aaaaaaaaaaaaaaaaaa,bob:viewer:aaaaaaaaaaaaaaaaaa",
        ),
        ("CORS_ORIGINS", "shop.example"),
        ("BODY_LIMIT", "1 MB"),
        ("REQUEST_TIMEOUT", "0"),
        ("RATE_LIMIT", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("CACHE_MB", "lots"),
        ("DRAIN_SECONDS", "10s"),
        ("LOG", "catalog=loud"),
        ("LOG_FORMAT", "xml"),
        ("ACCESS_LOG", "some"),
    ] {
        refused(&["api"], &with(&environment, &[(name, value)]), &[name]);
    }
    refused(
        &["web"],
        &with(&Vec::new(), &[("API_URL", "https://api.example")]),
        &["API_URL"],
    );
}

#[tokio::test]
async fn up_without_a_postgres_that_runs() {
    let empty = tempfile::tempdir().unwrap();
    let environment = with(&Vec::new(), &[("APP_PG_BIN", empty.path().to_str().unwrap())]);
    let port = process::free_port().to_string();
    let data = empty.path().join("data");
    let arguments = [
        "up",
        "--without-front-end",
        "--port",
        &port,
        "--data",
        data.to_str().unwrap(),
    ];
    refused(&arguments, &environment, &["APP_PG_BIN"]);
}
