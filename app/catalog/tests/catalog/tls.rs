//! The connection to PostgreSQL is encrypted and its server is who it says, or there is no connection.

use crate::harness::process;
use catalog::database::{ConnectError, Connector};
use catalog::local::{Cluster, Installation};
use catalog::settings::{Database, Secret, Tls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A server whose certificate names `host`, and the authorities' files beside it.
async fn server(folder: &Path, host: &str) -> Cluster {
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
    let installation = Installation::find(folder)
        .unwrap()
        .expect("PostgreSQL on this machine, or APP_PG_BIN");
    let data = folder.join("data");
    // Made and stopped once, so that the files below can be given to the account that it runs as.
    Cluster::start(&installation, &data).await.unwrap().stop();
    let owner = std::fs::metadata(data.join("password")).unwrap();
    let ours = authority("ours");
    std::fs::write(folder.join("ours.pem"), ours.pem()).unwrap();
    std::fs::write(folder.join("others.pem"), authority("others").pem()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![host.to_owned()])
        .unwrap()
        .signed_by(&key, &ours)
        .unwrap();
    for (name, text) in [
        ("server.pem", certificate.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        let path = data.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    let certificate = format!("ssl_cert_file={}", data.join("server.pem").display());
    let key = format!("ssl_key_file={}", data.join("server.key").display());
    Cluster::start_with(&installation, &data, &["ssl=on", &certificate, &key])
        .await
        .unwrap()
}

fn database(cluster: &Cluster, host: &str, ca: &Path) -> Database {
    Database {
        host: host.to_owned(),
        tls: Tls::VerifyFull(ca.to_owned()),
        connect: Duration::from_secs(1),
        ..cluster.database("postgres")
    }
}

async fn connect(database: &Database) -> Result<bool, ConnectError> {
    let client = Connector::new(database)?.connect_with_retries().await?;
    let row = client
        .query_one(
            "select ssl, version from pg_stat_ssl where pid = pg_backend_pid()",
            &[],
        )
        .await
        .unwrap();
    assert!(row.get::<_, &str>(1).starts_with("TLSv1."));
    Ok(row.get(0))
}

#[tokio::test]
async fn only_a_server_that_the_given_authority_vouches_for_is_talked_to() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, others) = (folder.path().join("ours.pem"), folder.path().join("others.pem"));
    let cluster = server(folder.path(), "localhost").await;
    assert!(
        connect(&database(&cluster, "localhost", &ours)).await.unwrap(),
        "encrypted"
    );
    let error = connect(&database(&cluster, "localhost", &others))
        .await
        .unwrap_err();
    assert!(matches!(error, ConnectError::Tls { .. }), "{error:?}");
    // The right authority, but for another host name.
    let error = connect(&database(&cluster, "127.0.0.1", &ours))
        .await
        .unwrap_err();
    assert!(matches!(error, ConnectError::Tls { .. }), "{error:?}");
    let wrong = Database {
        password: Secret::new("wrong"),
        ..database(&cluster, "localhost", &ours)
    };
    let error = connect(&wrong).await.unwrap_err();
    assert!(matches!(error, ConnectError::Refused { .. }), "{error:?}");

    // The process ends with one line that names the file.
    let mut environment: Vec<(String, String)> = cluster
        .settings("postgres")
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    environment.retain(|(name, _)| name != "DB_HOST");
    for (name, value) in [
        ("DB_HOST", "localhost"),
        ("DB_TLS", "verify-full"),
        ("DB_CA", others.to_str().unwrap()),
    ] {
        environment.push((name.to_owned(), value.to_owned()));
    }
    let (code, _, err) = process::run(&["migrate"], &environment);
    assert_eq!(code, Some(2), "{err}");
    assert!(
        err.lines().count() == 1 && err.contains("DB_CA") && err.contains("others.pem"),
        "{err}"
    );
    cluster.stop();
}

#[tokio::test]
async fn a_server_without_tls_is_not_talked_to_when_it_must_have_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::write(folder.path().join("ours.pem"), authority("ours").pem()).unwrap();
    let mut plain = crate::harness::server::database().await;
    plain.tls = Tls::VerifyFull(folder.path().join("ours.pem"));
    let error = Connector::new(&plain).unwrap().connect().await.unwrap_err();
    assert!(matches!(error, ConnectError::Tls { .. }), "{error:?}");
}
