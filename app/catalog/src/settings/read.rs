//! The parser of the environment variables. Defaults come from [`VARIABLES`], so that the two agree.

use super::types::{Api, Database, Settings, Tls, Web};
use super::variables::{Reader, VARIABLES};
use service::settings::{Error, Secret, Source};
use std::net::IpAddr;
use std::path::PathBuf;

impl Settings {
    /// Reads the settings of `reader` from the process's environment.
    ///
    /// # Errors
    /// The first variable that is missing or invalid.
    pub fn from_env(reader: Reader) -> Result<Self, Error> {
        Self::from_lookup(reader, |name| std::env::var(name).ok())
    }

    /// Reads the settings of `reader` from `lookup`, which returns the value of a variable.
    ///
    /// # Errors
    /// The first variable that is missing or invalid.
    pub fn from_lookup(reader: Reader, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let source = Source::new(VARIABLES, reader, &lookup);
        Ok(Self {
            listen: source.listen()?,
            logs: source.logs()?,
            shutdown: source.shutdown()?,
            api: api(&source)?,
            web: Web {
                root: PathBuf::from(source.text("WEB_ROOT")?),
                api: source.api_url()?,
            },
            database: if reader == Reader::Web {
                None
            } else {
                Some(database(&source)?)
            },
        })
    }
}

fn api(source: &Source<'_, Reader>) -> Result<Api, Error> {
    let cache: u32 = source.parsed("CACHE_MB", "a whole number of megabytes")?;
    Ok(Api {
        edge: source.edge()?,
        body_limit: source.bytes("BODY_LIMIT")?,
        import_limit: source.bytes("IMPORT_LIMIT")?,
        image_limit: source.bytes("IMAGE_LIMIT")?,
        low_stock: low_stock(source)?,
        cache_bytes: u64::from(cache) * 1024 * 1024,
        metrics_namespace: source.optional("METRICS_NAMESPACE"),
        migrate_on_start: source.one_of("MIGRATE_ON_START", &[("true", true), ("false", false)])?,
    })
}

fn low_stock(source: &Source<'_, Reader>) -> Result<i32, Error> {
    match source.parsed("LOW_STOCK", "a whole number of pieces")? {
        low if low > 0 => Ok(low),
        _ => Source::<Reader>::failed("LOW_STOCK", "must be at least 1"),
    }
}

fn database(source: &Source<'_, Reader>) -> Result<Database, Error> {
    let (user, password) = credentials(source)?;
    let host = source.text("DB_HOST")?;
    let tls = tls(source, &host)?;
    let pool: u16 = if *source.reader() == Reader::Api {
        source.parsed("DB_POOL", "a whole number")?
    } else {
        2
    };
    if pool == 0 {
        return Source::<Reader>::failed("DB_POOL", "must be at least 1");
    }
    Ok(Database {
        host,
        port: source.parsed("DB_PORT", "a port number")?,
        name: source.text("DB_NAME")?,
        user,
        password,
        tls,
        pool: usize::from(pool),
        connect: source.seconds("DB_CONNECT_SECONDS")?,
    })
}

fn credentials(source: &Source<'_, Reader>) -> Result<(String, Secret), Error> {
    let user = source.optional("DB_USER");
    if let Some(password) = source.optional("DB_PASSWORD") {
        return Ok((
            user.unwrap_or_else(|| "catalog".to_owned()),
            Secret::new(password),
        ));
    }
    let Some(secret) = source.optional("DB_SECRET") else {
        return Source::<Reader>::failed(
            "DB_PASSWORD",
            "is not set, and DB_SECRET is not either; one of them must be",
        );
    };
    // The parser's message is dropped: it could repeat a part of the secret.
    let secret: serde_json::Value = serde_json::from_str(&secret).unwrap_or_default();
    let member = |name: &str| {
        secret
            .get(name)
            .and_then(|value| value.as_str())
            .map(str::to_owned)
    };
    let Some(password) = member("password") else {
        return Source::<Reader>::failed("DB_SECRET", "is not a JSON object with a \"password\"");
    };
    let user = user
        .or_else(|| member("username"))
        .unwrap_or_else(|| "catalog".to_owned());
    Ok((user, Secret::new(password)))
}

fn tls(source: &Source<'_, Reader>, host: &str) -> Result<Tls, Error> {
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match (source.optional("DB_TLS").as_deref(), source.optional("DB_CA")) {
        (Some("off"), _) => Ok(Tls::Off),
        (None, None) if loopback => Ok(Tls::Off),
        (None | Some("verify-full"), Some(ca)) => Ok(Tls::VerifyFull(PathBuf::from(ca))),
        (None | Some("verify-full"), None) => Source::<Reader>::failed(
            "DB_CA",
            "is not set; give the PEM file of the authorities that signed the database's certificate, or set \
             DB_TLS=off when the network is yours alone",
        ),
        (Some(other), _) => {
            Source::<Reader>::failed("DB_TLS", format!("{other:?} is none of verify-full, off"))
        }
    }
}
