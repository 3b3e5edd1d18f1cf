//! Settings of the stack, read from environment variables.
//!
//! Differences between environments are in [`profile`](super::profile). No setting is a secret.

use super::variables::{
    ALARM_EMAIL, AMI, API_TOKENS, CERTIFICATE, DOMAIN, GITHUB, MONGODB_URI, SITE_TOKENS, SITES, Variable,
    ZONES,
};
use tenon::{component::GithubRepository, resources::value::Arn};

/// Values that an operator sets, each in an environment variable.
///
/// ```
/// use analytics_stack::Settings;
/// let settings = Settings::read(|name| (name == "TENON_AMI").then(|| "ami-0a1b2c3d4e5f67890".into())).unwrap();
/// assert_eq!(settings.ami.as_deref(), Some("ami-0a1b2c3d4e5f67890"));
/// let error = Settings::read(|name| (name == "TENON_AMI").then(|| "al2023".into())).unwrap_err();
/// assert_eq!(error.to_string(), "TENON_AMI is `al2023`: expected a machine image's id, such as `ami-0a1b2c3d4e5f67890`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Availability zones by their letters (`TENON_ZONES`).
    pub zones: Vec<String>,
    /// Sites with their origins, as the application's `SITES` (`TENON_SITES`).
    pub sites: Option<String>,
    /// Machine image of the hosts (`TENON_AMI`).
    pub ami: Option<String>,
    /// Secret with the URI of a MongoDB that is not the stack's (`TENON_MONGODB_URI_ARN`).
    pub mongodb_uri: Option<Arn>,
    /// Secret with the API's tokens (`TENON_API_TOKENS_ARN`).
    pub api_tokens: Option<Arn>,
    /// Secret with the tokens of the sites' servers (`TENON_SITE_TOKENS_ARN`).
    pub site_tokens: Option<Arn>,
    /// Host name of dashboard and collector (`TENON_SITE_DOMAIN`).
    pub domain: Option<String>,
    /// ACM certificate of that name (`TENON_CERTIFICATE_ARN`).
    pub certificate: Option<Arn>,
    /// E-mail address that alarms are sent to (`TENON_ALARM_EMAIL`).
    pub alarm_email: Option<String>,
    /// GitHub repository whose workflows may release (`TENON_GITHUB_REPOSITORY`).
    pub github: Option<GithubRepository>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zones: vec!["a".into(), "b".into()],
            sites: None,
            ami: None,
            mongodb_uri: None,
            api_tokens: None,
            site_tokens: None,
            domain: None,
            certificate: None,
            alarm_email: None,
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
        let read = Reader { lookup };
        let secret = |t: &str| arn(t, "secretsmanager", "");
        Ok(Self {
            zones: read
                .parsed(ZONES, zones, "two to four different letters")?
                .unwrap_or(Self::default().zones),
            sites: read.parsed(SITES, sites, "names with origins, separated by commas")?,
            ami: read.parsed(AMI, ami, "a machine image's id")?,
            mongodb_uri: read.parsed(MONGODB_URI, secret, "a secret's ARN")?,
            api_tokens: read.parsed(API_TOKENS, secret, "a secret's ARN")?,
            site_tokens: read.parsed(SITE_TOKENS, secret, "a secret's ARN")?,
            domain: read.parsed(DOMAIN, domain, "a host name")?,
            certificate: read.parsed(
                CERTIFICATE,
                |t| arn(t, "acm", "us-east-1"),
                "the ARN of a certificate in us-east-1",
            )?,
            alarm_email: read.parsed(ALARM_EMAIL, email, "an e-mail address")?,
            github: read.parsed(GITHUB, |t| t.parse().ok(), "owner and repository")?,
        })
    }
}

struct Reader<L> {
    lookup: L,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn parsed<T>(
        &self,
        variable: Variable,
        parse: impl Fn(&str) -> Option<T>,
        expected: &'static str,
    ) -> Result<Option<T>, SettingsError> {
        let text = (self.lookup)(variable.name).map(|text| text.trim().to_owned());
        let Some(value) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
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
}

fn zones(text: &str) -> Option<Vec<String>> {
    let zones: Vec<String> = text.split(',').map(|z| z.trim().to_owned()).collect();
    let letters = zones
        .iter()
        .all(|z| z.len() == 1 && z.chars().all(|c| c.is_ascii_lowercase()));
    let different = zones.iter().enumerate().all(|(i, z)| !zones[..i].contains(z));
    (letters && different && (2..=4).contains(&zones.len())).then_some(zones)
}

/// As the application reads `SITES`; the origin `*` is for loopback only.
fn sites(text: &str) -> Option<String> {
    let site = |entry: &str| {
        let (name, origin) = entry.trim().split_once('=')?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let named = !name.is_empty() && name.len() <= 40 && name.chars().all(plain);
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"))?;
        let clean =
            !host.is_empty() && !host.contains(['/', '"', '\\']) && !host.contains(char::is_whitespace);
        (named && clean).then_some(())
    };
    text.split(',')
        .all(|entry| site(entry).is_some())
        .then(|| text.into())
}

fn ami(text: &str) -> Option<String> {
    let id = text.strip_prefix("ami-")?;
    let hex = matches!(id.len(), 8 | 17) && id.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| text.into())
}

fn domain(text: &str) -> Option<String> {
    let label =
        |l: &str| !l.is_empty() && l.len() <= 63 && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (text.contains('.') && text.split('.').all(label)).then(|| text.into())
}

/// An ARN of `service`, in `region` where that is not empty.
fn arn(text: &str, service: &str, region: &str) -> Option<Arn> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let good = parts.len() == 6
        && parts[0] == "arn"
        && parts[2] == service
        && parts[3..].iter().all(|p| !p.is_empty());
    (good && (region.is_empty() || parts[3] == region)).then(|| text.into())
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
            ("TENON_SITES", "shop"),
            ("TENON_SITES", "shop=*"),
            ("TENON_SITES", "Shop=https://shop.example"),
            ("TENON_SITES", "shop=https://shop.example/"),
            ("TENON_SITES", "shop=https://shop.example,"),
            ("TENON_AMI", "al2023"),
            ("TENON_MONGODB_URI_ARN", "mongodb://user:password@host"),
            ("TENON_API_TOKENS_ARN", "analytics/tokens"),
            ("TENON_SITE_DOMAIN", "events"),
            ("TENON_SITE_DOMAIN", "https://events.shop.example"),
            (
                "TENON_CERTIFICATE_ARN",
                "arn:aws:acm:eu-west-1:111111111111:certificate/x",
            ),
            ("TENON_ALARM_EMAIL", "oncall"),
            ("TENON_GITHUB_REPOSITORY", "analytics"),
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
