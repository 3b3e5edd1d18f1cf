//! The reader of environment variables. Defaults come from the list that describes them, so that the two agree.

use super::types::{AccessLog, Edge, LogFormat, Logs, Role, Secret, Shutdown, Token, Traces};
use super::variable::{Presence, Variable};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
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

/// The environment variables of one process.
pub struct Source<'a, R: 'static> {
    variables: &'static [Variable<R>],
    reader: R,
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a, R: PartialEq> Source<'a, R> {
    /// The variables of `variables` that `reader` reads, with the values that `lookup` returns.
    pub fn new(
        variables: &'static [Variable<R>],
        reader: R,
        lookup: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        Self {
            variables,
            reader,
            lookup,
        }
    }

    /// The process that reads.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    fn described(&self, name: &str) -> Option<&'static Variable<R>> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// The error of a variable, with what is expected of it.
    ///
    /// # Errors
    /// Always.
    pub fn failed<T>(name: &'static str, expected: impl Into<String>) -> Result<T, Error> {
        Err(Error {
            variable: name,
            expected: expected.into(),
        })
    }

    /// The value that is set; a variable that this process does not read counts as not set.
    pub fn optional(&self, name: &'static str) -> Option<String> {
        let variable = self.described(name)?;
        if !variable.readers.contains(&self.reader) {
            return None;
        }
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// The text that is set, or the default.
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn text(&self, name: &'static str) -> Result<String, Error> {
        if let Some(value) = self.optional(name) {
            return Ok(value);
        }
        match self.described(name) {
            Some(variable) => match variable.presence {
                Presence::Default(value) => Ok(value.to_owned()),
                _ => Self::failed(name, format!("is not set; it is the {}", variable.what)),
            },
            None => Self::failed(name, "is not a variable that this program reads"),
        }
    }

    /// A value that is read from its text.
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn parsed<T: FromStr>(&self, name: &'static str, expected: &str) -> Result<T, Error> {
        let text = self.text(name)?;
        text.trim()
            .parse()
            .or_else(|_| Self::failed(name, format!("{text:?} is not {expected}")))
    }

    /// A number of seconds.
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn seconds(&self, name: &'static str) -> Result<Duration, Error> {
        let seconds: u32 = self.parsed(name, "a whole number of seconds")?;
        Ok(Duration::from_secs(u64::from(seconds)))
    }

    /// A number of bytes.
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn bytes(&self, name: &'static str) -> Result<usize, Error> {
        let bytes: u32 = self.parsed(name, "a whole number of bytes")?;
        usize::try_from(bytes).or_else(|_| Self::failed(name, "is too large for this machine"))
    }

    /// One of several words.
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn one_of<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<T, Error> {
        let text = self.text(name)?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text.trim()) {
            return Ok(*value);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        Self::failed(name, format!("{text:?} is none of {}", words.join(", ")))
    }

    /// The log's filter and format (`LOG`, `LOG_FORMAT`, `ACCESS_LOG`).
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn logs(&self) -> Result<Logs, Error> {
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

    /// The spans of traces (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER_ARG`).
    ///
    /// # Errors
    /// The variable that is invalid.
    pub fn traces(&self) -> Result<Traces, Error> {
        const SHARE: &str = "OTEL_TRACES_SAMPLER_ARG";
        let share: f64 = self.parsed(SHARE, "a number from 0 to 1")?;
        if !(0.0..=1.0).contains(&share) {
            return Self::failed(SHARE, format!("{share} is not from 0 to 1"));
        }
        Ok(Traces {
            collector: self.http_address("OTEL_EXPORTER_OTLP_ENDPOINT")?,
            share,
        })
    }

    /// The address to listen on (`HOST`, `PORT`).
    ///
    /// # Errors
    /// The variable that is invalid.
    pub fn listen(&self) -> Result<SocketAddr, Error> {
        let host: IpAddr = self.parsed("HOST", "an IP address, for example 127.0.0.1")?;
        Ok(SocketAddr::new(host, self.parsed("PORT", "a port number")?))
    }

    /// The timing of the shutdown (`DRAIN_SECONDS`, `SHUTDOWN_SECONDS`).
    ///
    /// # Errors
    /// The variable that is invalid.
    pub fn shutdown(&self) -> Result<Shutdown, Error> {
        Ok(Shutdown {
            drain: self.seconds("DRAIN_SECONDS")?,
            deadline: self.seconds("SHUTDOWN_SECONDS")?,
        })
    }

    /// The access and the limits of a server's API (`API_TOKENS`, `CORS_ORIGINS`, `REQUEST_TIMEOUT`, `RATE_LIMIT`,
    /// `TRUSTED_PROXIES`).
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn edge(&self) -> Result<Edge, Error> {
        let timeout = self.seconds("REQUEST_TIMEOUT")?;
        if timeout.is_zero() {
            return Self::failed("REQUEST_TIMEOUT", "must be at least 1 second");
        }
        let rate: u32 = self.parsed("RATE_LIMIT", "a whole number of requests per second")?;
        Ok(Edge {
            tokens: self.tokens()?,
            cors_origins: self.origins()?,
            request_timeout: timeout,
            rate_limit: NonZeroU32::new(rate),
            trusted_proxies: self.parsed("TRUSTED_PROXIES", "a whole number of proxies")?,
        })
    }

    /// The origins that browsers may call from (`CORS_ORIGINS`).
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn origins(&self) -> Result<Vec<String>, Error> {
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

    /// The callers (`API_TOKENS`).
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn tokens(&self) -> Result<Vec<Token>, Error> {
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

    /// The API that calls are forwarded to (`API_URL`), as `host:port`.
    ///
    /// # Errors
    /// The variable that is missing or invalid.
    pub fn api_url(&self) -> Result<Option<String>, Error> {
        self.http_address("API_URL")
    }

    /// The variable of that name as `host:port`, when it is set.
    ///
    /// # Errors
    /// The value is not of the form `http://host:port`.
    pub fn http_address(&self, name: &'static str) -> Result<Option<String>, Error> {
        let Some(url) = self.optional(name) else {
            return Ok(None);
        };
        match url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/')) {
            Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', '@']) => {
                Ok(Some(rest.to_owned()))
            }
            _ => Self::failed(name, format!("{url:?} is not of the form http://host:port")),
        }
    }
}
