//! Elastic Load Balancing.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/>.

use super::{
    durations,
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Differs, Id, InUse, Refusal, Second, Unique, by, op, refused, unique, unseen},
    view::{Call, View, texts},
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Members through which a listener and a rule name the target groups to which they forward.
const LISTENER_GROUPS: &str = "default_actions.forward.to.target_group";
const RULE_GROUPS: &str = "actions.forward.to.target_group";

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html: "This operation is
    // idempotent": the same settings answer the same listener. Whether tags are settings is not documented.
    Entry {
        kind: "elb.listener",
        creates: &[op("CreateListener")],
        deletes: &[op("DeleteListener")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("ListenerNotFound"),
        name: None,
        token: None,
        unique: &[unique(
            &["load_balancer_arn", "port"],
            Second::Returned(Differs {
                settings: Some((
                    "DuplicateListener",
                    "A listener already exists on this port for this load balancer",
                )),
                tags: None,
            }),
        )],
        held: None,
        in_use: None,
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-listener.html: its rules go with it.
        owns: &[by("elb.listener_rule", "listener_arn")],
        busy: None,
        unseen: &[
            unseen(
                "CreateListener",
                LISTENER_GROUPS,
                "TargetGroupNotFound",
                "One or more target groups not found",
            ),
            unseen(
                "CreateListener",
                "certificates",
                "CertificateNotFound",
                "Certificate not found",
            ),
            unseen(
                "AddListenerCertificates",
                "certificates",
                "CertificateNotFound",
                "Certificate not found",
            ),
        ],
        merge: listener,
        refuse: one_load_balancer,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html: "Each rule must have a
    // unique priority" in its listener.
    Entry {
        kind: "elb.listener_rule",
        creates: &[op("CreateRule")],
        deletes: &[op("DeleteRule")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("RuleNotFound"),
        name: None,
        token: None,
        unique: &[unique(
            &["listener_arn", "priority"],
            Second::Refused("PriorityInUse", "Priority is currently in use"),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateRule",
            RULE_GROUPS,
            "TargetGroupNotFound",
            "One or more target groups not found",
        )],
        merge: priorities,
        refuse: one_load_balancer,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html: "This operation is
    // idempotent"; another with the name and other settings is refused. Whether tags are settings is not documented.
    Entry {
        kind: "elb.load_balancer",
        creates: &[op("CreateLoadBalancer")],
        deletes: &[op("DeleteLoadBalancer")],
        id: Id::Assigned,
        // Public apply logs: 135 to 187 s to create (n = 6), 15 to 153 s to delete (n = 3).
        states: durations::LOAD_BALANCER,
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html: "If the load
        // balancer does not exist or has already been deleted, the call succeeds."
        absent: Absent::DeleteSucceeds("LoadBalancerNotFound"),
        name: Some(("name", 32)),
        token: None,
        unique: &[unique(
            &["name"],
            Second::Returned(Differs {
                settings: Some((
                    "DuplicateLoadBalancerName",
                    "A load balancer with the same name exists, but with different settings",
                )),
                tags: None,
            }),
        )],
        held: None,
        in_use: None,
        owns: &[by("elb.listener", "load_balancer_arn")],
        busy: None,
        unseen: &[
            unseen(
                "CreateLoadBalancer",
                "subnets",
                "SubnetNotFound",
                "The subnet does not exist",
            ),
            unseen(
                "CreateLoadBalancer",
                "security_groups",
                "InvalidSecurityGroup",
                "The security group does not exist",
            ),
        ],
        merge: attributes,
        refuse: load_balancer,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html; a delete of what is not registered
    // succeeds: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html.
    Entry {
        kind: "elb.target_attachment",
        creates: &[op("RegisterTargets")],
        deletes: &[op("DeregisterTargets")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::DeleteSucceeds("TargetGroupNotFound"),
        name: None,
        token: None,
        unique: &[Unique {
            of: &["target_group_arn", "targets.id"],
            with: &["targets.port"],
            second: Second::Overwritten,
        }],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: "This operation is
    // idempotent"; another with the name and other settings is refused. Whether tags are settings is not documented.
    Entry {
        kind: "elb.target_group",
        creates: &[op("CreateTargetGroup")],
        deletes: &[op("DeleteTargetGroup")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::DeleteSucceeds("TargetGroupNotFound"),
        name: Some(("name", 32)),
        token: None,
        unique: &[unique(
            &["name"],
            Second::Returned(Differs {
                settings: Some((
                    "DuplicateTargetGroupName",
                    "A target group with the same name exists, but with different settings",
                )),
                tags: None,
            }),
        )],
        held: None,
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html: refused while a
        // listener or a rule forwards to it.
        in_use: Some(InUse {
            code: "ResourceInUse",
            by: &[
                by("elb.listener", LISTENER_GROUPS),
                by("elb.listener_rule", RULE_GROUPS),
            ],
        }),
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html: with its registrations.
        owns: &[by("elb.target_attachment", "target_group_arn")],
        busy: None,
        unseen: &[],
        merge: attributes,
        refuse: accepts,
        fails: succeeds,
    },
];

/// The certificates that a listener has besides its default one are kept apart from that.
fn listener(members: &mut Value, call: &Call<'_>) {
    let further = |members: &Value| texts(members, "further_certificates");
    let given = texts(call.params, "certificates");
    match call.operation {
        "AddListenerCertificates" => {
            let all: BTreeSet<String> = further(members).into_iter().chain(given).collect();
            members["further_certificates"] = all.into_iter().collect::<Vec<_>>().into();
        }
        "RemoveListenerCertificates" => {
            let mut all = further(members);
            all.retain(|certificate| !given.contains(certificate));
            members["further_certificates"] = all.into();
        }
        _ => replace(members, call),
    }
}

/// The priority of a rule, which has an operation of its own.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html>
fn priorities(members: &mut Value, call: &Call<'_>) {
    let Some(list) = call.params["rule_priorities"].as_array() else {
        return replace(members, call);
    };
    if let Some(own) = list.iter().find(|rule| rule["rule_arn"].as_str() == call.id) {
        members["priority"] = own["priority"].clone();
    }
}

/// Attributes, by their keys.
fn attributes(members: &mut Value, call: &Call<'_>) {
    let Some(list) = call.params["attributes"].as_array() else {
        return replace(members, call);
    };
    for attribute in list {
        if let Some(key) = attribute["key"].as_str() {
            members["attributes"][key] = attribute["value"].clone();
        }
    }
}

/// A target group receives requests from one load balancer.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>: "Load balancers per
/// target group: 1".
fn one_load_balancer(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let of_listener = |arn: &str| {
        view.get("elb.listener", arn)
            .and_then(|l| l.members["load_balancer_arn"].as_str())
    };
    let own = match call.operation {
        "CreateListener" => call.text("load_balancer_arn"),
        "CreateRule" => call
            .text("listener_arn")
            .as_deref()
            .and_then(of_listener)
            .map(ToOwned::to_owned),
        "ModifyListener" => call.id.and_then(of_listener).map(ToOwned::to_owned),
        "ModifyRule" => {
            let rule = view.subject("elb.listener_rule", call);
            let listener = rule.and_then(|rule| rule.members["listener_arn"].as_str());
            listener.and_then(of_listener).map(ToOwned::to_owned)
        }
        _ => return Ok(()),
    };
    let Some(own) = own else { return Ok(()) };
    let groups = texts(call.params, LISTENER_GROUPS)
        .into_iter()
        .chain(texts(call.params, RULE_GROUPS));
    for group in groups {
        let listeners = view.users("elb.listener", LISTENER_GROUPS, &group).into_iter();
        let listeners = listeners.filter_map(|(_, listener)| listener.members["load_balancer_arn"].as_str());
        let rules = view.users("elb.listener_rule", RULE_GROUPS, &group).into_iter();
        let rules = rules.filter_map(|(_, rule)| of_listener(rule.members["listener_arn"].as_str()?));
        if let Some(other) = listeners.chain(rules).find(|arn| *arn != own) {
            let why =
                format!("The target group '{group}' is already associated with the load balancer '{other}'");
            return refused("TargetGroupAssociationLimit", why);
        }
    }
    Ok(())
}

/// An application load balancer has subnets of two Availability Zones at least, one of each, and is not deleted while it is
/// protected.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html>
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html>
fn load_balancer(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    if call.operation == "DeleteLoadBalancer" {
        let balancer = view.subject("elb.load_balancer", call);
        let guarded =
            balancer.is_some_and(|b| b.members["attributes"]["deletion_protection.enabled"] == "true");
        if guarded {
            return refused(
                "OperationNotPermitted",
                "The load balancer cannot be deleted because deletion protection is enabled",
            );
        }
        return Ok(());
    }
    let subnets = texts(call.params, "subnets");
    let zone = |subnet: &String| view.get("ec2.subnet", subnet)?.members["availability_zone"].as_str();
    let zones: Option<Vec<&str>> = subnets.iter().map(zone).collect();
    match zones.filter(|zones| !zones.is_empty()) {
        Some(zones) if zones.iter().collect::<BTreeSet<_>>().len() < zones.len() => refused(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        ),
        Some(zones) if zones.len() < 2 => refused(
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        ),
        _ => Ok(()),
    }
}
