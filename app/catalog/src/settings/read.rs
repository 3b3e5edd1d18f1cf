//! The parser of the environment variables. Defaults come from [`VARIABLES`], so that the two agree.

use super::types::{Analytics, Api, Database, Settings, Shop, Tls, Web};
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
            traces: source.traces()?,
            shutdown: source.shutdown()?,
            api: api(&source)?,
            web: Web {
                root: PathBuf::from(source.text("WEB_ROOT")?),
                api: source.api_url()?,
                collector: source.http_address("ANALYTICS_URL")?,
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
        shop: shop(source)?,
        cache_bytes: u64::from(cache) * 1024 * 1024,
        metrics_namespace: source.optional("METRICS_NAMESPACE"),
        migrate_on_start: source.one_of("MIGRATE_ON_START", &[("true", true), ("false", false)])?,
    })
}

fn shop(source: &Source<'_, Reader>) -> Result<Shop, Error> {
    let currency = source.text("CURRENCY")?;
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        return Source::<Reader>::failed(
            "CURRENCY",
            format!("{currency:?} is no code of ISO 4217 such as USD"),
        );
    }
    let open = source.one_of("SHOP", &[("true", true), ("false", false)])?;
    let (url, site, token) = (
        source.optional("ANALYTICS_URL"),
        source.text("ANALYTICS_SITE")?,
        source.optional("ANALYTICS_TOKEN"),
    );
    let analytics = match (url, token) {
        (None, _) => None,
        // The pages' events alone go there.
        (Some(_), None) if *source.reader() != Reader::Api => None,
        (Some(_), None) => {
            return Source::<Reader>::failed(
                "ANALYTICS_TOKEN",
                "is not set, and ANALYTICS_URL is; give the token that the collector has for this site in SITE_TOKENS",
            );
        }
        (Some(url), Some(token)) => Some(Analytics {
            url: collector(&url)?,
            site,
            token: Secret::new(token),
        }),
    };
    Ok(Shop {
        open,
        currency,
        analytics,
    })
}

fn collector(url: &str) -> Result<String, Error> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', '@']) => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => Source::<Reader>::failed(
            "ANALYTICS_URL",
            format!("{url:?} is not of the form https://host or http://host:port"),
        ),
    }
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
