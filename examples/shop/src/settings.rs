//! Settings of the stack, read from environment variables.
//!
//! Differences between environments are in [`profile`](super::profile). No setting is a secret.

use super::variables::{
    ALARM_EMAIL, API_IMAGE, API_TOKENS, CERTIFICATE, GITHUB, IMAGE_TAG, Variable, WEB_IMAGE, ZONES,
};
use std::fmt;
use tenon::{component::GithubRepository, resources::value::Arn};

/// Values that an operator sets, each in an environment variable.
///
/// ```
/// use shop::Settings;
/// let settings = Settings::read(|name| (name == "TENON_ZONES").then(|| "a,c".into())).unwrap();
/// assert_eq!(settings.zones, ["a", "c"]);
/// let error = Settings::read(|name| (name == "TENON_ZONES").then(|| "a".into())).unwrap_err();
/// assert_eq!(error.to_string(), "TENON_ZONES is `a`: expected two to four different letters, such as `a,b,c`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Availability zones by their letters (`TENON_ZONES`).
    pub zones: Vec<String>,
    /// Image of the API, when it is not from the stack's ECR repository (`TENON_API_IMAGE`).
    pub api_image: Option<Image>,
    /// Image of the front end, when it is not from the stack's ECR repository (`TENON_WEB_IMAGE`).
    pub web_image: Option<Image>,
    /// Tag to run from the stack's ECR repositories (`TENON_IMAGE_TAG`).
    pub image_tag: String,
    /// ACM certificate of the load balancer (`TENON_CERTIFICATE_ARN`).
    pub certificate: Option<Arn>,
    /// E-mail address that alarms are sent to (`TENON_ALARM_EMAIL`).
    pub alarm_email: Option<String>,
    /// Secrets Manager secret with the API's tokens (`TENON_API_TOKENS_ARN`).
    pub api_tokens: Option<Arn>,
    /// GitHub repository whose workflows may deploy (`TENON_GITHUB_REPOSITORY`).
    pub github: Option<GithubRepository>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zones: vec!["a".into(), "b".into()],
            api_image: None,
            web_image: None,
            image_tag: env!("CARGO_PKG_VERSION").into(),
            certificate: None,
            alarm_email: None,
            api_tokens: None,
            github: None,
        }
    }
}

/// A variable with an invalid value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is `{value}`: expected {expected}, such as `{example}`")]
pub struct SettingsError {
    /// Name of the variable.
    pub name: &'static str,
    /// Value of the variable.
    pub value: String,
    /// Values that are valid, in words.
    pub expected: &'static str,
    /// A valid value.
    pub example: &'static str,
}

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// A variable has an invalid value.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// Reads variables from `lookup`. An empty one counts as not set.
    ///
    /// # Errors
    /// A variable has an invalid value.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let default = Self::default();
        let read = |v: Variable| {
            lookup(v.name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        Ok(Self {
            zones: parse(ZONES, read(ZONES), zones, "two to four different letters")?
                .unwrap_or(default.zones),
            api_image: parse(API_IMAGE, read(API_IMAGE), image, PINNED)?,
            web_image: parse(WEB_IMAGE, read(WEB_IMAGE), image, PINNED)?,
            image_tag: parse(IMAGE_TAG, read(IMAGE_TAG), tag, "a tag other than `latest`")?
                .unwrap_or(default.image_tag),
            certificate: parse(
                CERTIFICATE,
                read(CERTIFICATE),
                |t| arn(t, "acm"),
                "a certificate's ARN",
            )?,
            alarm_email: parse(ALARM_EMAIL, read(ALARM_EMAIL), email, "an e-mail address")?,
            api_tokens: parse(
                API_TOKENS,
                read(API_TOKENS),
                |t| arn(t, "secretsmanager"),
                "a secret's ARN",
            )?,
            github: parse(GITHUB, read(GITHUB), |t| t.parse().ok(), "owner and repository")?,
        })
    }
}

const PINNED: &str = "an image with a digest, or a tag other than `latest`";

fn parse<T>(
    variable: Variable,
    value: Option<String>,
    parse: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, SettingsError> {
    let Some(value) = value else { return Ok(None) };
    match parse(&value) {
        Some(parsed) => Ok(Some(parsed)),
        None => Err(SettingsError {
            name: variable.name,
            value,
            expected,
            example: variable.example,
        }),
    }
}

/// A pinned container image: its name has a digest or a tag other than `latest`, so that a deployment can be rolled back
/// to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image(String);

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn zones(text: &str) -> Option<Vec<String>> {
    let zones: Vec<String> = text.split(',').map(|z| z.trim().to_owned()).collect();
    let letters = zones
        .iter()
        .all(|z| z.len() == 1 && z.chars().all(|c| c.is_ascii_lowercase()));
    let different = zones.iter().enumerate().all(|(i, z)| !zones[..i].contains(z));
    (letters && different && (2..=4).contains(&zones.len())).then_some(zones)
}

fn image(text: &str) -> Option<Image> {
    let pinned = match text.rsplit_once('@') {
        Some((name, digest)) => !name.is_empty() && digest.strip_prefix("sha256:").is_some_and(is_sha256),
        None => text
            .rsplit_once(':')
            .is_some_and(|(name, t)| !name.is_empty() && tag(t).is_some()),
    };
    (pinned && !text.contains(char::is_whitespace)).then(|| Image(text.into()))
}

fn is_sha256(hex: &str) -> bool {
    hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A tag as the OCI distribution specification defines it, except `latest`.
fn tag(text: &str) -> Option<String> {
    let ok = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let good = text.len() <= 128 && text.chars().all(ok) && !text.starts_with(['-', '.']) && !text.is_empty();
    (good && text != "latest").then(|| text.into())
}

fn arn(text: &str, service: &str) -> Option<Arn> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let good = parts.len() == 6
        && parts[0] == "arn"
        && parts[2] == service
        && parts[3..].iter().all(|p| !p.is_empty());
    good.then(|| text.into())
}

fn email(text: &str) -> Option<String> {
    let (user, host) = text.split_once('@')?;
    let good = !user.is_empty() && host.contains('.') && !text.contains(char::is_whitespace);
    good.then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::{super::variables::VARIABLES, *};

    fn read(name: &str, value: &str) -> Result<Settings, SettingsError> {
        Settings::read(|asked| (asked == name).then(|| value.into()))
    }

    #[test]
    fn nothing_set_is_the_default_and_so_is_empty() {
        assert_eq!(Settings::read(|_| None), Ok(Settings::default()));
        assert_eq!(Settings::read(|_| Some(" ".into())), Ok(Settings::default()));
    }

    #[test]
    fn every_example_is_taken_and_changes_something() {
        for v in VARIABLES {
            let settings = read(v.name, v.example).unwrap();
            assert_ne!(settings, Settings::default(), "{} is read by nobody", v.name);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let bad = [
            ("TENON_ZONES", "a,a"),
            ("TENON_ZONES", "eu-west-1a,b"),
            ("TENON_API_IMAGE", "shop/api"),
            ("TENON_API_IMAGE", "shop/api:latest"),
            ("TENON_API_IMAGE", "localhost:5000/api"),
            ("TENON_WEB_IMAGE", "shop/web@sha256:1234"),
            ("TENON_IMAGE_TAG", "latest"),
            (
                "TENON_CERTIFICATE_ARN",
                "arn:aws:iam::111111111111:server-certificate/x",
            ),
            ("TENON_ALARM_EMAIL", "oncall"),
            ("TENON_API_TOKENS_ARN", "catalog/tokens"),
            ("TENON_GITHUB_REPOSITORY", "catalog"),
            ("TENON_GITHUB_REPOSITORY", "shop/catalog/x"),
            ("TENON_GITHUB_REPOSITORY", "shop@1/catalog"),
        ];
        for (name, value) in bad {
            let error = read(name, value).unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with(&format!("{name} is `{value}`: expected ")),
                "{error}"
            );
        }
    }
}
