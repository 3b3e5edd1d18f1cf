//! Backends of the state, as `--state` names them in a URL.
//!
//! A backend holds the states of many stacks and environments, each under `<stack>/<env>`. Not here: how an environment names
//! one in Rust ([`Backend`](crate::Backend)), and reading and writing a state there, which `tenon-state` does.

use std::{fmt, path::PathBuf, str::FromStr};
use tenon_resources::declaration::BackendSpec;

/// A backend, as the command line or an environment names it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Location {
    Local(PathBuf),
    S3 {
        bucket: String,
        key: String,
        /// The region; `None` is the environment's.
        region: Option<String>,
    },
    Postgres(String),
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Location {
    /// The form that `--state` takes, without what may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => write!(f, "file:{}", path.display()),
            Self::S3 { bucket, key, .. } if key.is_empty() => write!(f, "s3://{bucket}"),
            Self::S3 { bucket, key, .. } => write!(f, "s3://{bucket}/{key}"),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

impl Location {
    /// The Rust code that names it in an environment, without what may hold a password.
    pub(crate) fn in_program(&self) -> String {
        match self {
            Self::Local(path) => {
                let path = path.display().to_string();
                format!("backend(Backend::Local {{ path: {path:?} }})")
            }
            Self::S3 { bucket, key, region } => {
                let region = region.as_deref().unwrap_or("…");
                format!("backend(Backend::S3 {{ bucket: {bucket:?}, key: {key:?}, region: {region:?} }})")
            }
            Self::Postgres(_) => r#"backend(Backend::Postgres { conn_str: "postgres://…" })"#.into(),
        }
    }
}

impl From<&BackendSpec> for Location {
    fn from(backend: &BackendSpec) -> Self {
        match backend.clone() {
            BackendSpec::Local { path } => Self::Local(path.into()),
            BackendSpec::S3 { bucket, key, region } => Self::S3 {
                bucket,
                key,
                region: Some(region),
            },
            BackendSpec::Postgres { conn_str } => Self::Postgres(conn_str),
        }
    }
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("file:").filter(|p| !p.is_empty()) {
            return Ok(Self::Local(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.into()));
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            let (rest, region) = match rest.split_once("?region=") {
                Some((rest, region)) => (rest, Some(region.to_owned())),
                None => (rest, None),
            };
            let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
            if !bucket.is_empty() && !rest.contains('?') {
                let (bucket, key) = (bucket.into(), key.trim_matches('/').into());
                return Ok(Self::S3 { bucket, key, region });
            }
        }
        Err(
            "expected `file:FOLDER`, `postgres://USER@HOST/DATABASE` or `s3://BUCKET/KEY[?region=REGION]`"
                .into(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_where() {
        let s3 = |bucket: &str, key: &str, region: Option<&str>| Location::S3 {
            bucket: bucket.into(),
            key: key.into(),
            region: region.map(Into::into),
        };
        let read = |text: &str| text.parse::<Location>();
        assert_eq!(
            read("file:states/shop"),
            Ok(Location::Local("states/shop".into()))
        );
        assert_eq!(read("s3://states"), Ok(s3("states", "", None)));
        assert_eq!(read("s3://states/a/b/"), Ok(s3("states", "a/b", None)));
        assert_eq!(
            read("s3://states/a?region=eu-west-1"),
            Ok(s3("states", "a", Some("eu-west-1")))
        );
        for bad in [
            "",
            "file:",
            "s3://",
            "s3:///a",
            "s3://a/b?owner=1",
            "states",
            "mysql://a/b",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        let location: Location = "postgres://tenon:canary@db/infrastructure".parse().unwrap();
        assert!(!format!("{location} {location:?}").contains("canary"));
    }
}
