//! The list of variables and what is read are the same thing.

use catalog::settings::{LogFormat, Presence, Reader, Role, Settings, Tls, VARIABLES};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn read(given: &[(&str, &str)]) -> Settings {
    Settings::from_lookup(Reader::Api, |name| {
        given
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, value)| (*value).to_owned())
    })
    .unwrap()
}

const LEAST: [(&str, &str); 2] = [
    ("DB_HOST", "127.0.0.1"),
    ("DB_PASSWORD", "s3cret-of-the-database"),
];

#[test]
fn what_is_read_is_listed_and_what_is_listed_is_read() {
    for reader in [Reader::Api, Reader::Web, Reader::Task] {
        let asked = RefCell::new(BTreeSet::new());
        // Without a password the secret is asked for, and without a secret the password.
        for missing in ["DB_PASSWORD", "DB_SECRET"] {
            let outcome = Settings::from_lookup(reader, |name| {
                asked.borrow_mut().insert(name.to_owned());
                match name {
                    _ if name == missing => None,
                    "DB_HOST" => Some("localhost".to_owned()),
                    "DB_PASSWORD" => Some("x".to_owned()),
                    "DB_SECRET" => Some("{\"password\": \"x\"}".to_owned()),
                    _ => None,
                }
            });
            outcome.unwrap();
        }
        let listed: BTreeSet<String> = VARIABLES
            .iter()
            .filter(|v| v.readers.contains(&reader))
            .map(|v| v.name.to_owned())
            .collect();
        assert_eq!(asked.into_inner(), listed, "{reader:?}");
    }
}

#[test]
fn the_list_is_sound() {
    let names: BTreeSet<&str> = VARIABLES.iter().map(|v| v.name).collect();
    assert_eq!(names.len(), VARIABLES.len(), "each is there once");
    for variable in VARIABLES {
        assert!(
            variable.name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'),
            "{}",
            variable.name
        );
        assert!(
            variable.what.len() > 5 && !variable.readers.is_empty(),
            "{}",
            variable.name
        );
        if let Presence::OneOf(others) = variable.presence {
            assert!(others.contains(&variable.name) && others.iter().all(|other| names.contains(other)));
        }
        if variable.secret {
            assert!(
                !matches!(variable.presence, Presence::Default(_)),
                "{} has no default",
                variable.name
            );
        }
    }
}

#[test]
fn defaults_are_the_listed_ones() {
    let settings = read(&LEAST);
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.logs.format, LogFormat::Json);
    assert_eq!(settings.api.edge.rate_limit.unwrap().get(), 200);
    assert!(settings.api.edge.tokens.is_empty() && settings.api.edge.cors_origins.is_empty());
    let database = settings.database.unwrap();
    assert_eq!(
        (database.port, database.name.as_str(), database.user.as_str()),
        (5432, "catalog", "catalog")
    );
    assert_eq!(database.tls, Tls::Off, "the host is this machine");
}

#[test]
fn the_secret_of_a_secret_store_is_understood() {
    let secret = r#"{"username": "dbadmin", "password": "p\"w", "engine": "postgres", "host": "elsewhere"}"#;
    let database = read(&[("DB_HOST", "127.0.0.1"), ("DB_SECRET", secret)])
        .database
        .unwrap();
    assert_eq!(
        (database.user.as_str(), database.password.expose()),
        ("dbadmin", "p\"w")
    );
    assert_eq!(database.host, "127.0.0.1");
    let both = [
        ("DB_HOST", "127.0.0.1"),
        ("DB_SECRET", secret),
        ("DB_PASSWORD", "mine"),
        ("DB_USER", "me"),
    ];
    let database = read(&both).database.unwrap();
    assert_eq!(
        (database.user.as_str(), database.password.expose()),
        ("me", "mine")
    );
}

#[test]
fn a_host_that_is_not_this_machine_is_verified() {
    let far = [
        ("DB_HOST", "db.example"),
        ("DB_PASSWORD", "x"),
        ("DB_CA", "/etc/rds.pem"),
    ];
    assert_eq!(
        read(&far).database.unwrap().tls,
        Tls::VerifyFull(PathBuf::from("/etc/rds.pem"))
    );
    let error = Settings::from_lookup(Reader::Task, |name| {
        (name == "DB_HOST")
            .then(|| "db.example".to_owned())
            .or((name == "DB_PASSWORD").then(|| "x".to_owned()))
    })
    .unwrap_err();
    assert_eq!(error.variable, "DB_CA");
}

#[test]
fn tokens_have_names_and_roles() {
    let tokens = "ann:admin:aaaaaaaaaaaaaaaa:with:colons, bob:viewer:bbbbbbbbbbbbbbbb,";
    let settings = read(&[LEAST[0], LEAST[1], ("API_TOKENS", tokens)]);
    let tokens: Vec<_> = settings
        .api
        .edge
        .tokens
        .iter()
        .map(|t| (t.name.as_str(), t.role, t.token.expose()))
        .collect();
    assert_eq!(
        tokens,
        [
            ("ann", Role::Admin, "aaaaaaaaaaaaaaaa:with:colons"),
            ("bob", Role::Viewer, "bbbbbbbbbbbbbbbb")
        ]
    );
}

#[test]
fn secrets_are_not_printed() {
    let settings = read(&[LEAST[0], LEAST[1], ("API_TOKENS", "ann:admin:0123456789abcdef")]);
    let printed = format!("{settings:?} {settings:#?}");
    assert!(
        !printed.contains("s3cret") && !printed.contains("0123456789abcdef"),
        "{printed}"
    );
}

#[test]
fn an_empty_value_is_no_value() {
    let settings = read(&[
        LEAST[0],
        LEAST[1],
        ("PORT", ""),
        ("CORS_ORIGINS", ""),
        ("DB_CA", ""),
    ]);
    assert_eq!(settings.listen.port(), 3000);
}
