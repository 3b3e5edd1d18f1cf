//! The parser of the environment variables. Defaults come from [`VARIABLES`], so that the two agree.

use super::types::{
    AccessLog, Api, Database, LogFormat, Logs, Role, Secret, Settings, Shutdown, Tls, Token, Web,
};
use super::variables::{Presence, Reader, VARIABLES};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// A setting that is missing or invalid. The message names the variable and never contains a secret's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The variable's name.
    pub variable: &'static str,
    /// The problem, and the value that is expected.
    pub expected: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.expected)
    }
}

impl std::error::Error for Error {}

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
        let source = Source {
            reader,
            lookup: &lookup,
        };
        let host: IpAddr = source.parsed("HOST", "an IP address, for example 127.0.0.1")?;
        Ok(Self {
            listen: SocketAddr::new(host, source.parsed("PORT", "a port number")?),
            logs: source.logs()?,
            shutdown: Shutdown {
                drain: source.seconds("DRAIN_SECONDS")?,
                deadline: source.seconds("SHUTDOWN_SECONDS")?,
            },
            api: source.api()?,
            web: Web {
                root: PathBuf::from(source.text("WEB_ROOT")?),
                api: source.api_url()?,
            },
            database: if reader == Reader::Web {
                None
            } else {
                Some(source.database()?)
            },
        })
    }
}

struct Source<'a> {
    reader: Reader,
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl Source<'_> {
    fn failed<T>(name: &'static str, expected: impl Into<String>) -> Result<T, Error> {
        Err(Error {
            variable: name,
            expected: expected.into(),
        })
    }

    /// The value that is set; a variable that this process does not read counts as not set.
    fn optional(&self, name: &'static str) -> Option<String> {
        let variable = VARIABLES.iter().find(|v| v.name == name)?;
        if !variable.readers.contains(&self.reader) {
            return None;
        }
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &'static str) -> Result<String, Error> {
        if let Some(value) = self.optional(name) {
            return Ok(value);
        }
        match VARIABLES.iter().find(|v| v.name == name) {
            Some(variable) => match variable.presence {
                Presence::Default(value) => Ok(value.to_owned()),
                _ => Self::failed(name, format!("is not set; it is the {}", variable.what)),
            },
            None => Self::failed(name, "is not a variable of the catalogue"),
        }
    }

    fn parsed<T: FromStr>(&self, name: &'static str, expected: &str) -> Result<T, Error> {
        let text = self.text(name)?;
        text.trim()
            .parse()
            .or_else(|_| Self::failed(name, format!("{text:?} is not {expected}")))
    }

    fn seconds(&self, name: &'static str) -> Result<Duration, Error> {
        let seconds: u32 = self.parsed(name, "a whole number of seconds")?;
        Ok(Duration::from_secs(u64::from(seconds)))
    }

    fn bytes(&self, name: &'static str) -> Result<usize, Error> {
        let bytes: u32 = self.parsed(name, "a whole number of bytes")?;
        usize::try_from(bytes).or_else(|_| Self::failed(name, "is too large for this machine"))
    }

    fn one_of<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<T, Error> {
        let text = self.text(name)?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text.trim()) {
            return Ok(*value);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        Self::failed(name, format!("{text:?} is none of {}", words.join(", ")))
    }

    fn logs(&self) -> Result<Logs, Error> {
        Ok(Logs {
            filter: self.text("LOG")?,
            format: self.one_of(
                "LOG_FORMAT",
                &[("json", LogFormat::Json), ("text", LogFormat::Text)],
            )?,
            access: self.one_of(
                "ACCESS_LOG",
                &[
                    ("all", AccessLog::All),
                    ("changes", AccessLog::Changes),
                    ("off", AccessLog::Off),
                ],
            )?,
        })
    }

    fn api(&self) -> Result<Api, Error> {
        let timeout = self.seconds("REQUEST_TIMEOUT")?;
        if timeout.is_zero() {
            return Self::failed("REQUEST_TIMEOUT", "must be at least 1 second");
        }
        let rate: u32 = self.parsed("RATE_LIMIT", "a whole number of requests per second")?;
        let cache: u32 = self.parsed("CACHE_MB", "a whole number of megabytes")?;
        Ok(Api {
            tokens: self.tokens()?,
            cors_origins: self.origins()?,
            body_limit: self.bytes("BODY_LIMIT")?,
            import_limit: self.bytes("IMPORT_LIMIT")?,
            request_timeout: timeout,
            rate_limit: std::num::NonZeroU32::new(rate),
            trusted_proxies: self.parsed("TRUSTED_PROXIES", "a whole number of proxies")?,
            cache_bytes: u64::from(cache) * 1024 * 1024,
            migrate_on_start: self.one_of("MIGRATE_ON_START", &[("true", true), ("false", false)])?,
        })
    }

    fn origins(&self) -> Result<Vec<String>, Error> {
        let text = self.optional("CORS_ORIGINS").unwrap_or_default();
        let mut origins = Vec::new();
        for origin in text.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            if origin != "*" && !host.is_some_and(|host| !host.is_empty() && host.chars().all(plain)) {
                return Self::failed(
                    "CORS_ORIGINS",
                    format!("{origin:?} is not an origin such as https://shop.example"),
                );
            }
            origins.push(origin.to_owned());
        }
        Ok(origins)
    }

    fn tokens(&self) -> Result<Vec<Token>, Error> {
        const NAME: &str = "API_TOKENS";
        let text = self.optional(NAME).unwrap_or_default();
        let mut tokens: Vec<Token> = Vec::new();
        for (number, entry) in text
            .split(',')
            .map(str::trim)
            .enumerate()
            .filter(|(_, e)| !e.is_empty())
        {
            // The message never repeats the entry: it contains a token.
            let number = number + 1;
            let mut parts = entry.splitn(3, ':').map(str::trim);
            let (Some(name), Some(role), Some(token)) = (parts.next(), parts.next(), parts.next()) else {
                return Self::failed(NAME, format!("entry {number} is not of the form name:role:token"));
            };
            let Some(role) = Role::named(role) else {
                return Self::failed(
                    NAME,
                    format!("the role of entry {number} is not viewer, editor or admin"),
                );
            };
            if name.is_empty() || name.len() > 100 || name.chars().any(char::is_control) {
                return Self::failed(
                    NAME,
                    format!("the name of entry {number} must have 1 to 100 characters"),
                );
            }
            if token.len() < 16 || !token.bytes().all(|b| b.is_ascii_graphic()) {
                return Self::failed(
                    NAME,
                    format!("the token of entry {number} must have 16 or more visible ASCII characters"),
                );
            }
            if tokens.iter().any(|other| other.token.expose() == token) {
                return Self::failed(NAME, format!("the token of entry {number} is given twice"));
            }
            tokens.push(Token {
                name: name.to_owned(),
                role,
                token: Secret::new(token),
            });
        }
        Ok(tokens)
    }

    fn api_url(&self) -> Result<Option<String>, Error> {
        let Some(url) = self.optional("API_URL") else {
            return Ok(None);
        };
        match url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/')) {
            Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', '@']) => {
                Ok(Some(rest.to_owned()))
            }
            _ => Self::failed("API_URL", format!("{url:?} is not of the form http://host:port")),
        }
    }

    fn database(&self) -> Result<Database, Error> {
        let (user, password) = self.credentials()?;
        let host = self.text("DB_HOST")?;
        let tls = self.tls(&host)?;
        let pool: u16 = if self.reader == Reader::Api {
            self.parsed("DB_POOL", "a whole number")?
        } else {
            2
        };
        if pool == 0 {
            return Self::failed("DB_POOL", "must be at least 1");
        }
        Ok(Database {
            host,
            port: self.parsed("DB_PORT", "a port number")?,
            name: self.text("DB_NAME")?,
            user,
            password,
            tls,
            pool: usize::from(pool),
            connect: self.seconds("DB_CONNECT_SECONDS")?,
        })
    }

    fn credentials(&self) -> Result<(String, Secret), Error> {
        let user = self.optional("DB_USER");
        if let Some(password) = self.optional("DB_PASSWORD") {
            return Ok((
                user.unwrap_or_else(|| "catalog".to_owned()),
                Secret::new(password),
            ));
        }
        let Some(secret) = self.optional("DB_SECRET") else {
            return Self::failed(
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
            return Self::failed("DB_SECRET", "is not a JSON object with a \"password\"");
        };
        let user = user
            .or_else(|| member("username"))
            .unwrap_or_else(|| "catalog".to_owned());
        Ok((user, Secret::new(password)))
    }

    fn tls(&self, host: &str) -> Result<Tls, Error> {
        let loopback =
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        match (self.optional("DB_TLS").as_deref(), self.optional("DB_CA")) {
            (Some("off"), _) => Ok(Tls::Off),
            (None, None) if loopback => Ok(Tls::Off),
            (None | Some("verify-full"), Some(ca)) => Ok(Tls::VerifyFull(PathBuf::from(ca))),
            (None | Some("verify-full"), None) => Self::failed(
                "DB_CA",
                "is not set; give the PEM file of the authorities that signed the database's certificate, or set \
                 DB_TLS=off when the network is yours alone",
            ),
            (Some(other), _) => Self::failed("DB_TLS", format!("{other:?} is none of verify-full, off")),
        }
    }
}
