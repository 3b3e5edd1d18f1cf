//! The connection to the server, made when it is needed and again after it was lost.

use std::{error::Error as StdError, path::PathBuf, str::FromStr as _, sync::Arc, time::Duration};

use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::pem::PemObject as _};
use tokio_postgres::{
    Client, Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Longest time of one exchange before the connection is dropped.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Address of the server and the trusted certificates.
pub(super) struct Connection {
    config: Config,
    /// PEM file with the certificates that the server's must lead to; without it the system's are used.
    roots: Option<PathBuf>,
    client: tokio::sync::Mutex<Option<Arc<Client>>>,
}

impl Connection {
    pub(super) fn new(url: &str, roots: Option<PathBuf>) -> Result<Self, tokio_postgres::Error> {
        let mut config = Config::from_str(url)?;
        // A state is worth reading for others, so it goes in the clear only to this very machine.
        if !stays_here(&config) {
            config.ssl_mode(SslMode::Require);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_application_name().is_none() {
            config.application_name("tenon");
        }
        Ok(Self {
            config,
            roots,
            client: tokio::sync::Mutex::default(),
        })
    }

    /// Signs in with `password`, unless there is one.
    pub(super) fn or_password(&mut self, password: &str) {
        if self.config.get_password().is_none() {
            self.config.password(password);
        }
    }

    /// The servers and the database, without the password. No two databases have the same one.
    pub(super) fn location(&self) -> String {
        let (names, addresses) = (self.config.get_hosts(), self.config.get_hostaddrs());
        let ports = self.config.get_ports();
        let hosts = (0..names.len().max(addresses.len())).map(|n| {
            let host = match (names.get(n), addresses.get(n)) {
                (Some(Host::Tcp(name)), _) => name.clone(),
                (Some(Host::Unix(path)), _) => path.display().to_string(),
                (None, address) => address.map(ToString::to_string).unwrap_or_default(),
            };
            // One port is that of all hosts.
            match ports.get(n).or(ports.first()) {
                None | Some(5432) => host,
                Some(port) => format!("{host}:{port}"),
            }
        });
        let database = self
            .config
            .get_dbname()
            .or(self.config.get_user())
            .unwrap_or_default();
        format!("{}/{database}", hosts.collect::<Vec<_>>().join(","))
    }

    pub(super) async fn client(&self) -> Result<Arc<Client>, BoxError> {
        let mut kept = self.client.lock().await;
        if let Some(client) = kept.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        let tls = MakeRustlsConnect::new(self.tls()?);
        let (client, connection) = tokio::time::timeout(PATIENCE, self.config.connect(tls)).await??;
        // The next user of the connection gets the error that ended it.
        tokio::spawn(async move { drop(connection.await) });
        // An acknowledged commit has to be durable, whatever the server's default is.
        client
            .batch_execute(
                "SELECT set_config('synchronous_commit', 'on', false)
                  WHERE current_setting('synchronous_commit') IN ('off', 'local')",
            )
            .await?;
        let client = Arc::new(client);
        *kept = Some(Arc::clone(&client));
        Ok(client)
    }

    /// Gives the connection up, so that the next use makes a new one.
    pub(super) async fn forget(&self) {
        *self.client.lock().await = None;
    }

    fn tls(&self) -> Result<ClientConfig, BoxError> {
        let mut store = RootCertStore::empty();
        if let Some(path) = &self.roots {
            for certificate in CertificateDer::pem_file_iter(path)? {
                store.add(certificate?)?;
            }
        } else if self.config.get_ssl_mode() != SslMode::Disable {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(config.with_root_certificates(store).with_no_client_auth())
    }
}

/// `true` if a connection cannot leave this machine. An address decides where it goes, whatever the name beside it says; and
/// where neither is given, that is not for us to know.
fn stays_here(config: &Config) -> bool {
    let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
    (!hosts.is_empty() || !addresses.is_empty())
        && hosts.iter().all(is_here)
        && addresses.iter().all(std::net::IpAddr::is_loopback)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_databases_have_one_location() {
        for (url, location) in [
            ("postgres://u:secret@db.example/shop", "db.example/shop"),
            ("postgres://u@db.example:5432/shop", "db.example/shop"),
            ("postgres://u@db.example:6432/shop", "db.example:6432/shop"),
            ("postgres://u@a:6432,b:6433/shop", "a:6432,b:6433/shop"),
            ("host=a,b port=6432 user=u dbname=shop", "a:6432,b:6432/shop"),
            ("hostaddr=10.0.0.5 user=u", "10.0.0.5/u"),
        ] {
            let connection = Connection::new(url, None).expect("a URL");
            assert_eq!(connection.location(), location, "{url}");
        }
    }

    /// Finding 9 of the review: `hostaddr` says where a connection goes, and only `host` was looked at.
    /// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-HOSTADDR>
    #[test]
    fn nothing_goes_in_the_clear_to_another_machine() {
        for (url, here) in [
            ("postgres://u@localhost/db", true),
            ("postgres://u@127.0.0.1/db", true),
            ("postgres://u@localhost/db?hostaddr=127.0.0.1", true),
            ("host=/run/postgresql user=u", true),
            ("postgres://u@localhost/db?hostaddr=10.0.0.5", false),
            ("hostaddr=10.0.0.5 user=u", false),
            ("postgres://u@localhost,db.example/db", false),
            ("user=u", false),
        ] {
            let connection = Connection::new(url, None).expect("a URL");
            let forced = connection.config.get_ssl_mode() == SslMode::Require;
            assert_eq!(forced, !here, "{url}");
        }
    }
}
