//! Connections to PostgreSQL with verified TLS, and the errors of a connection that cannot be opened.

use crate::settings::{Database, Tls};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The most seconds that a statement of a request may run.
pub const STATEMENT_SECONDS: u64 = 10;

/// A connection to PostgreSQL that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The server does not answer.
    #[error(
        "PostgreSQL at {server} does not answer within {seconds} s; check DB_HOST and DB_PORT, and that it runs"
    )]
    Unreachable {
        /// `host:port`.
        server: String,
        /// Seconds for which the connection was tried.
        seconds: u64,
        /// The error of the last attempt.
        source: tokio_postgres::Error,
    },
    /// The server refuses the user.
    #[error("PostgreSQL at {server} refuses user {user:?}; check DB_USER and DB_PASSWORD (or DB_SECRET)")]
    Refused {
        /// `host:port`.
        server: String,
        /// The user's name.
        user: String,
        /// The server's error.
        source: tokio_postgres::Error,
    },
    /// The server has no such database.
    #[error("PostgreSQL at {server} has no database {name:?}; create it or set DB_NAME")]
    NoDatabase {
        /// `host:port`.
        server: String,
        /// The database's name.
        name: String,
        /// The server's error.
        source: tokio_postgres::Error,
    },
    /// TLS could not be established: the server does not offer it, or its certificate is not trusted.
    #[error("no verified TLS connection to PostgreSQL at {server}; check DB_CA ({}), DB_HOST and DB_TLS", ca.display())]
    Tls {
        /// `host:port`.
        server: String,
        /// The PEM file of authorities.
        ca: PathBuf,
        /// The driver's error.
        source: tokio_postgres::Error,
    },
    /// The file of authorities cannot be used.
    #[error("DB_CA: {} is not a PEM file with certificate authorities ({reason})", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// The reason why the file cannot be used.
        reason: String,
    },
    /// The pool cannot be built.
    #[error("the connection pool cannot be made")]
    Pool(#[from] deadpool_postgres::BuildError),
    /// The server answered with another error.
    #[error("PostgreSQL at {server} does not accept the connection")]
    Other {
        /// `host:port`.
        server: String,
        /// The server's error.
        source: tokio_postgres::Error,
    },
}

/// Opens connections to one database.
#[derive(Clone)]
pub struct Connector {
    config: Config,
    tls: Option<(MakeRustlsConnect, PathBuf)>,
    retry_for: Duration,
    pool: usize,
}

impl Connector {
    /// Takes the settings and reads the file of authorities, without connecting.
    ///
    /// # Errors
    /// [`ConnectError::Authorities`] when the file is missing, unreadable or holds no certificate.
    pub fn new(settings: &Database) -> Result<Self, ConnectError> {
        let mut config = Config::new();
        config
            .host(&settings.host)
            .port(settings.port)
            .dbname(&settings.name)
            .user(&settings.user)
            .password(settings.password.expose())
            .application_name("catalog")
            .connect_timeout(Duration::from_secs(5))
            // A server that vanished in a failover is noticed after seconds, not after the kernel's default of 15 minutes.
            .tcp_user_timeout(Duration::from_secs(10))
            .keepalives_idle(Duration::from_secs(30));
        let tls = match &settings.tls {
            Tls::Off => {
                config.ssl_mode(tokio_postgres::config::SslMode::Disable);
                None
            }
            Tls::VerifyFull(ca) => {
                config.ssl_mode(tokio_postgres::config::SslMode::Require);
                Some((MakeRustlsConnect::new(client_config(ca)?), ca.clone()))
            }
        };
        Ok(Self {
            config,
            tls,
            retry_for: settings.connect,
            pool: settings.pool,
        })
    }

    /// The pool of connections that requests share. PostgreSQL cancels a statement on them after
    /// [`STATEMENT_SECONDS`].
    ///
    /// # Errors
    /// [`ConnectError::Pool`].
    pub fn pool(&self) -> Result<Pool, ConnectError> {
        let mut config = self.config.clone();
        config.options(format!(
            "-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=5s \
             -c idle_in_transaction_session_timeout={STATEMENT_SECONDS}s"
        ));
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match &self.tls {
            Some((tls, _)) => Manager::from_config(config, tls.clone(), recycling),
            None => Manager::from_config(config, NoTls, recycling),
        };
        let timeout = Some(Duration::from_secs(5));
        Ok(Pool::builder(manager)
            .max_size(self.pool)
            .wait_timeout(timeout)
            .create_timeout(timeout)
            .recycle_timeout(timeout)
            .runtime(Runtime::Tokio1)
            .build()?)
    }

    /// Opens a connection outside of the pool. Its task ends when the client is dropped.
    ///
    /// # Errors
    /// Any [`ConnectError`] but `Authorities` and `Pool`, at the first failure.
    pub async fn connect(&self) -> Result<Client, ConnectError> {
        if let Some((tls, _)) = &self.tls {
            let connected = self.config.connect(tls.clone()).await;
            let (client, connection) = connected.map_err(|e| self.classify(e))?;
            tokio::spawn(log_loss(connection));
            return Ok(client);
        }
        let (client, connection) = self.config.connect(NoTls).await.map_err(|e| self.classify(e))?;
        tokio::spawn(log_loss(connection));
        Ok(client)
    }

    /// Opens a connection outside of the pool, and retries a server that does not answer for the time of the settings.
    ///
    /// # Errors
    /// Any [`ConnectError`] but `Authorities` and `Pool`.
    pub async fn connect_with_retries(&self) -> Result<Client, ConnectError> {
        let begun = Instant::now();
        loop {
            match self.connect().await {
                Err(ConnectError::Unreachable { .. }) if begun.elapsed() < self.retry_for => {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                outcome => return outcome,
            }
        }
    }

    fn server(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(tokio_postgres::config::Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        format!(
            "{host}:{}",
            self.config.get_ports().first().copied().unwrap_or(5432)
        )
    }

    fn classify(&self, source: tokio_postgres::Error) -> ConnectError {
        let server = self.server();
        match source.code() {
            Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
                let user = self.config.get_user().unwrap_or_default().to_owned();
                ConnectError::Refused { server, user, source }
            }
            Some(&SqlState::INVALID_CATALOG_NAME) => {
                let name = self.config.get_dbname().unwrap_or_default().to_owned();
                ConnectError::NoDatabase { server, name, source }
            }
            Some(&SqlState::CANNOT_CONNECT_NOW | &SqlState::TOO_MANY_CONNECTIONS) => {
                ConnectError::Unreachable {
                    server,
                    seconds: self.retry_for.as_secs(),
                    source,
                }
            }
            Some(_) => ConnectError::Other { server, source },
            None => match &self.tls {
                Some((_, ca)) if is_tls_error(&source) => ConnectError::Tls {
                    server,
                    ca: ca.clone(),
                    source,
                },
                _ => ConnectError::Unreachable {
                    server,
                    seconds: self.retry_for.as_secs(),
                    source,
                },
            },
        }
    }
}

async fn log_loss<S, T>(connection: tokio_postgres::Connection<S, T>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    if let Err(error) = connection.await {
        tracing::warn!(error = %service::error::chain(&error), "a connection to PostgreSQL was lost");
    }
}

/// Returns true if TLS failed. The driver has no public kind for that, so the sources are searched for an error of
/// rustls, and the message for TLS, which the driver names when the server does not offer it.
fn is_tls_error(error: &tokio_postgres::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<rustls::Error>()
            || error
                .downcast_ref::<std::io::Error>()
                .and_then(std::io::Error::get_ref)
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
            || error.to_string().contains("TLS")
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn client_config(ca: &Path) -> Result<rustls::ClientConfig, ConnectError> {
    let unusable = |reason: String| ConnectError::Authorities {
        path: ca.to_owned(),
        reason,
    };
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).map_err(|e| unusable(e.to_string()))? {
        let certificate = certificate.map_err(|e| unusable(e.to_string()))?;
        roots.add(certificate).map_err(|e| unusable(e.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("it holds no certificate".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable(e.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
