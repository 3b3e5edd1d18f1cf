//! Environments, as a declaration says them.

use super::Target;
use serde::{Deserialize, Serialize};

/// The environment that a program declares a stack for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentSpec {
    /// The name on the command line, in tags and in the names of resources.
    pub name: String,
    /// The account and region of its resources.
    pub target: TargetSpec,
    /// Resources that hold data may be deleted without consent.
    pub disposable: bool,
    /// An apply is approved by typing the environment's name, not by a yes.
    pub confirm: bool,
    /// An apply takes only a saved plan with a signed approval.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval: bool,
    /// The backend of its state.
    pub backend: BackendSpec,
    /// Seconds after the last apply at which it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_after_s: Option<u64>,
    /// The family that it is a member of; of a family itself, whose name is the pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<FamilySpec>,
}

/// A family of environments, whose names differ in one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilySpec {
    /// The name with a placeholder in braces for the part that differs: `pr-{n}`.
    pub pattern: String,
    /// The kind of the part that differs.
    pub part: PartKind,
    /// The count of members that may exist at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The part in which the names of a family's members differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A number, written without leading zeros.
    Number,
    /// Up to 40 lower-case letters and digits, with single hyphens between them.
    Label,
}

impl PartKind {
    /// `true` if `text` is one.
    pub fn takes(self, text: &str) -> bool {
        match self {
            Self::Number => text.parse::<u64>().is_ok_and(|number| number.to_string() == text),
            Self::Label => {
                let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
                text.len() <= 40
                    && text
                        .split('-')
                        .all(|word| !word.is_empty() && word.chars().all(ok))
            }
        }
    }
}

impl FamilySpec {
    /// The text before the part that differs, and the text behind it.
    pub fn around(&self) -> (&str, &str) {
        around(&self.pattern)
    }

    /// The part in which `name` differs from the pattern, whether it is of the right kind or not; `None` for a name that
    /// does not look like one of a member.
    pub fn part_of<'a>(&self, name: &'a str) -> Option<&'a str> {
        let (before, behind) = self.around();
        name.strip_prefix(before)?
            .strip_suffix(behind)
            .filter(|part| !part.is_empty())
    }

    /// `true` if an environment of this name is a member.
    pub fn has(&self, name: &str) -> bool {
        self.part_of(name).is_some_and(|part| self.part.takes(part))
    }
}

/// The texts around the braces of a pattern; the whole of one without braces, and nothing.
pub fn around(pattern: &str) -> (&str, &str) {
    let braces = pattern.split_once('{').and_then(|(before, rest)| {
        let (_, behind) = rest.split_once('}')?;
        Some((before, behind))
    });
    braces.unwrap_or((pattern, ""))
}

impl EnvironmentSpec {
    /// The account and region that it names.
    pub fn target(&self) -> Option<Target> {
        match &self.target {
            TargetSpec::Account { account, region } => Some(Target {
                account: account.clone(),
                region: region.clone(),
            }),
            TargetSpec::Sandbox | TargetSpec::FirstApply => None,
        }
    }

    /// The region of an environment that names its account.
    pub fn region(&self) -> Option<&str> {
        match &self.target {
            TargetSpec::Account { region, .. } => Some(region),
            TargetSpec::Sandbox | TargetSpec::FirstApply => None,
        }
    }

    /// `true` if it is the sandbox on this machine.
    pub fn is_sandbox(&self) -> bool {
        self.target == TargetSpec::Sandbox
    }

    /// The sandbox on this machine, with its state in the default folder.
    pub fn sandbox(name: &str) -> Self {
        Self {
            name: name.into(),
            target: TargetSpec::Sandbox,
            disposable: true,
            confirm: false,
            approval: false,
            backend: BackendSpec::Local {
                path: ".tenon".into(),
            },
            expires_after_s: None,
            family: None,
        }
    }

    /// The environment called `name`: this one, or a member of this family.
    pub fn called(&self, name: &str) -> Option<Self> {
        match &self.family {
            None => (self.name == name).then(|| self.clone()),
            Some(family) => family.has(name).then(|| Self {
                name: name.into(),
                ..self.clone()
            }),
        }
    }
}

/// The account and region of an environment's resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TargetSpec {
    /// The sandbox on this machine, which needs no account and no network.
    Sandbox,
    /// This account and region, and no other.
    Account {
        /// The account, 12 digits.
        account: String,
        /// The region.
        region: String,
    },
    /// The account and region of the credentials at the first apply; from then on these and no other.
    FirstApply,
}

/// The backend of a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BackendSpec {
    /// A folder on this machine.
    Local {
        /// The folder.
        path: String,
    },
    /// An S3 bucket.
    S3 {
        /// The bucket.
        bucket: String,
        /// The prefix of its objects' keys.
        key: String,
        /// The region of the bucket.
        region: String,
    },
    /// A `PostgreSQL` database.
    Postgres {
        /// The connection URL, without the password.
        conn_str: String,
    },
}
