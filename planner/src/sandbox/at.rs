//! Accounts and regions of a sandbox.

use super::disk::WORLD;
use tenon_resources::declaration::Place;

/// The account of the sandbox.
pub const ACCOUNT: &str = "000000000000";
/// The region of the sandbox.
pub const REGION: &str = "eu-west-1";

/// An account and a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) account: String,
    pub(super) region: String,
}

impl Default for At {
    fn default() -> Self {
        Self {
            account: ACCOUNT.into(),
            region: REGION.into(),
        }
    }
}

impl At {
    /// The place as one sees it from here.
    pub(super) fn moved(&self, place: &Place) -> Self {
        Self {
            account: place.account.clone().unwrap_or_else(|| self.account.clone()),
            region: place.region.clone().unwrap_or_else(|| self.region.clone()),
        }
    }

    /// The region of the same account in which services without regions keep their resources.
    pub(super) fn home_of_account(&self) -> Self {
        Self {
            region: REGION.into(),
            ..self.clone()
        }
    }

    /// An id with the place before it, outside of the home account and region.
    pub(super) fn named(&self, id: &str) -> String {
        if *self == Self::default() {
            id.to_owned()
        } else {
            format!("{}/{}/{id}", self.account, self.region)
        }
    }

    /// The name of the file that keeps it.
    pub(super) fn file(&self) -> String {
        if *self == Self::default() {
            WORLD.to_owned()
        } else {
            format!("sandbox-{}-{}.jsonl", self.account, self.region)
        }
    }

    /// The place that a file of this name keeps.
    pub(super) fn of_file(name: &str) -> Option<Self> {
        let (account, region) = name
            .strip_prefix("sandbox-")?
            .strip_suffix(".jsonl")?
            .split_once('-')?;
        Some(Self {
            account: account.into(),
            region: region.into(),
        })
    }
}

/// `true` if an account has resources of this type once, whatever the region.
pub(super) fn is_global(kind: &str) -> bool {
    const SERVICES: [&str; 10] = [
        "iam.",
        "route53.",
        "AWS::IAM::",
        "AWS::Route53::",
        "AWS::CloudFront::",
        "AWS::GlobalAccelerator::",
        "AWS::Organizations::",
        "AWS::Shield::",
        "AWS::Budgets::",
        "AWS::CE::",
    ];
    SERVICES.iter().any(|service| kind.starts_with(service))
}
