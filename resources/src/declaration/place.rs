//! Places: the account and the region in which a resource is, where those are not the environment's own.

use crate::cloud::Caller;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Services that an account has once, whatever the region: their resources are in no region.
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html>
const GLOBAL: [&str; 10] = [
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

/// An account and a region.
///
/// The default is the environment's own: its account with the credentials of whoever runs the tool, and its region.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    /// The account, 12 digits; `None` for the environment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The ARN of the role that is assumed to work there; `None` for the caller's own credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The region; `None` for the environment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// The account in the ARN of a role.
fn account_of(role: &str) -> Option<&str> {
    let mut parts = role.split(':');
    let (arn, partition, service, region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (account, name) = (parts.next()?, parts.next()?);
    let right = arn == "arn"
        && partition.starts_with("aws")
        && service == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && name.strip_prefix("role/").is_some_and(|name| !name.is_empty())
        && parts.next().is_none();
    right.then_some(account)
}

/// `true` if `text` has the form of a region's name: `eu-west-1`, `us-gov-east-1`.
fn is_region(text: &str) -> bool {
    let mut parts: Vec<&str> = text.split('-').collect();
    let number = parts.pop().unwrap_or_default();
    parts.len() >= 2
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
}

/// `true` if resources of this type are in no region.
pub fn is_global(kind: &str) -> bool {
    GLOBAL.iter().any(|service| kind.starts_with(service))
}

impl Place {
    /// The same place in another region.
    #[must_use]
    pub fn in_region(&self, region: impl Into<String>) -> Self {
        Self {
            region: Some(region.into()),
            ..self.clone()
        }
    }

    /// The same region of the account of this role, as that role.
    #[must_use]
    pub fn in_account(&self, role: impl Into<String>) -> Self {
        let role = role.into();
        Self {
            account: account_of(&role).map(ToOwned::to_owned),
            role: Some(role),
            ..self.clone()
        }
    }

    /// `true` for the environment's own, reached with the caller's own credentials.
    pub fn is_home(&self) -> bool {
        *self == Self::default()
    }

    /// `true` if both are the same account and region, by whatever role.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.account, &self.region) == (&other.account, &other.region)
    }

    /// The place of a resource of this type that is declared here: without the region, where the service has none.
    #[must_use]
    pub fn of(mut self, kind: &str) -> Self {
        if is_global(kind) {
            self.region = None;
        }
        self
    }

    /// The place as `caller` sees it: what is the caller's own is not said.
    #[must_use]
    pub fn seen_by(mut self, caller: &Caller) -> Self {
        self.account = self.account.filter(|account| *account != caller.account);
        self.region = self.region.filter(|region| *region != caller.region);
        self
    }

    /// The caller that one is there.
    #[must_use]
    pub fn caller(&self, home: &Caller) -> Caller {
        Caller {
            account: self.account.clone().unwrap_or_else(|| home.account.clone()),
            region: self.region.clone().unwrap_or_else(|| home.region.clone()),
            arn: self.role.clone().unwrap_or_else(|| home.arn.clone()),
            endpoints: home.endpoints.clone(),
        }
    }

    /// Mistakes in it, as the rest of a sentence.
    pub fn findings(&self) -> Vec<String> {
        let role = self.role.as_deref();
        // The caller's own account is not said.
        let right = |role: &str| {
            let account = account_of(role);
            account.is_some() && self.account.as_deref().is_none_or(|said| Some(said) == account)
        };
        let role = role.filter(|role| !right(role));
        let region = self.region.as_deref().filter(|region| !is_region(region));
        let role = role.map(|role| {
            format!("is in the account of `{role}`, which is not the ARN of a role; write `arn:aws:iam::ACCOUNT:role/NAME`")
        });
        let region = region.map(|region| {
            format!("is in `{region}`, which is not the name of a region; write one such as `us-east-1`")
        });
        let alone = self.account.as_ref().filter(|_| self.role.is_none());
        let alone = alone.map(|account| {
            format!(
                "is in account {account} without a role there; give the ARN of one that the caller may assume"
            )
        });
        role.into_iter().chain(region).chain(alone).collect()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.account, &self.region) {
            (None, None) => f.write_str("the environment's own account and region"),
            (None, Some(region)) => f.write_str(region),
            (Some(account), None) => write!(f, "account {account}"),
            (Some(account), Some(region)) => write!(f, "account {account}, {region}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_says_where_and_the_callers_own_is_not_said() {
        let caller = Caller {
            account: "111111111111".into(),
            region: "eu-west-1".into(),
            arn: "arn:aws:iam::111111111111:user/me".into(),
            endpoints: std::collections::BTreeMap::new(),
        };
        let home = Place::default();
        assert!(home.is_home() && home.in_region("eu-west-1").seen_by(&caller).is_home());
        let there = home
            .in_account("arn:aws:iam::222222222222:role/ops/deploy")
            .in_region("us-east-1");
        assert_eq!(there.to_string(), "account 222222222222, us-east-1");
        assert_eq!(there.clone().seen_by(&caller), there);
        assert_eq!(there.caller(&caller).account, "222222222222");
        let own = home
            .in_account("arn:aws:iam::111111111111:role/deploy")
            .seen_by(&caller);
        assert!(own.is_same(&home) && !own.is_home() && own.findings().is_empty());
        assert!(there.clone().of("route53.record").region.is_none());
        assert!(there.clone().of("acm.certificate").region.is_some());
    }

    #[test]
    fn what_is_no_role_and_no_region_is_a_finding() {
        let home = Place::default();
        for role in [
            "deploy",
            "arn:aws:iam::22222222222:role/deploy",
            "arn:aws:iam::222222222222:user/me",
            "arn:aws:iam::222222222222:role/",
        ] {
            assert!(
                home.in_account(role).findings()[0].contains("not the ARN of a role"),
                "{role}"
            );
        }
        for (region, right) in [
            ("us-gov-east-1", true),
            ("eu-west", false),
            ("EU-WEST-1", false),
            ("eu-west-1a", false),
        ] {
            assert_eq!(home.in_region(region).findings().is_empty(), right, "{region}");
        }
    }
}
