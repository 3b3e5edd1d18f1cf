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
    /// The backend of its state.
    pub backend: BackendSpec,
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
            backend: BackendSpec::Local {
                path: ".tenon".into(),
            },
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
