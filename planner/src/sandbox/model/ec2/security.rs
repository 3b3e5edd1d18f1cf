//! Security groups, their rules, key pairs, and flow logs.
//!
//! Codes: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, but where another page is named.

use super::{
    super::{
        entry::{Entry, accepts, replace, succeeds},
        facts::{AT_ONCE, Absent, Id, InUse, Second, Unique, by, op, unique, unseen, unseen_role},
        view::Call,
    },
    CLIENT_TOKEN,
};
use serde_json::{Value, json};

pub(in super::super) const SECURITY: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html: a VPC has one group of a name.
    Entry {
        kind: "ec2.security_group",
        creates: &[op("CreateSecurityGroup")],
        deletes: &[op("DeleteSecurityGroup")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidGroup.NotFound"),
        name: Some(("group_name", 255)),
        token: None,
        unique: &[unique(
            &["group_name", "vpc_id"],
            Second::Refused(
                "InvalidGroup.Duplicate",
                "The security group already exists for the VPC",
            ),
        )],
        held: None,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html: refused when the group is
        // associated with an instance or network interface, or referenced by another group of the VPC.
        in_use: Some(InUse {
            code: "DependencyViolation",
            by: &[
                by("ec2.ingress_rule", "ip_permissions.referenced_group_id"),
                by("ec2.egress_rule", "ip_permissions.referenced_group_id"),
                by("ec2.instance", "security_group_ids"),
                by("ec2.vpc_endpoint", "security_group_ids"),
                by("ecs.service", "network_configuration.security_groups"),
                by("elb.load_balancer", "security_groups"),
                by("rds.db_instance", "vpc_security_group_ids"),
            ],
        }),
        owns: &[
            by("ec2.ingress_rule", "group_id"),
            by("ec2.egress_rule", "group_id"),
        ],
        busy: None,
        unseen: &[unseen(
            "CreateSecurityGroup",
            "vpc_id",
            "InvalidVpcID.NotFound",
            "The vpc ID does not exist",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    rule(
        "ec2.ingress_rule",
        &[op("AuthorizeSecurityGroupIngress")],
        &[op("RevokeSecurityGroupIngress")],
        &[unseen(
            "AuthorizeSecurityGroupIngress",
            "group_id",
            "InvalidGroup.NotFound",
            "The security group does not exist",
        )],
    ),
    rule(
        "ec2.egress_rule",
        &[op("AuthorizeSecurityGroupEgress")],
        &[op("RevokeSecurityGroupEgress")],
        &[unseen(
            "AuthorizeSecurityGroupEgress",
            "group_id",
            "InvalidGroup.NotFound",
            "The security group does not exist",
        )],
    ),
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html: a region has one of a name, and a delete of what is
    // gone succeeds (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html).
    Entry {
        kind: "ec2.key_pair",
        creates: &[op("ImportKeyPair")],
        deletes: &[op("DeleteKeyPair")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::DeleteSucceeds("InvalidKeyPair.NotFound"),
        name: Some(("key_name", 255)),
        token: None,
        unique: &[unique(
            &["key_name"],
            Second::Refused("InvalidKeyPair.Duplicate", "The keypair already exists"),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
    Entry {
        kind: "ec2.flow_log",
        creates: &[op("CreateFlowLogs")],
        deletes: &[op("DeleteFlowLogs")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidFlowLogId.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[Unique {
            of: &["resource_ids", "traffic_type"],
            with: &["log_destination", "log_destination_type", "log_group_name"],
            second: Second::Refused(
                "FlowLogAlreadyExists",
                "There is an existing Flow Log with the same configuration and log destination.",
            ),
        }],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html
        unseen: &[unseen_role(
            "CreateFlowLogs",
            "deliver_logs_permission_arn",
            "InvalidParameter",
            "Unable to assume given IAM role",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// A rule of a security group: its protocol, ports and peer may stand once in a group, whatever its description is.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html>
const fn rule(
    kind: &'static str,
    creates: &'static [super::super::facts::Op],
    deletes: &'static [super::super::facts::Op],
    unseen: &'static [super::super::facts::Unseen],
) -> Entry {
    const SECOND: &[Unique] = &[Unique {
        of: &["group_id"],
        with: &[
            "ip_permissions.ip_protocol",
            "ip_permissions.from_port",
            "ip_permissions.to_port",
            "ip_permissions.cidr_ipv4",
            "ip_permissions.cidr_ipv6",
            "ip_permissions.prefix_list_id",
            "ip_permissions.referenced_group_id",
        ],
        second: Second::Refused("InvalidPermission.Duplicate", "the specified rule already exists"),
    }];
    Entry {
        kind,
        creates,
        deletes,
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidSecurityGroupRuleId.NotFound"),
        name: None,
        token: None,
        unique: SECOND,
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen,
        merge: rule_content,
        refuse: accepts,
        fails: succeeds,
    }
}

/// The content of a rule; `ModifySecurityGroupRules` sends the whole of it.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html>
fn rule_content(members: &mut Value, call: &Call<'_>) {
    match call.params["security_group_rules"].as_array() {
        Some(rules) => {
            let content: Vec<_> = rules.iter().map(|rule| &rule["security_group_rule"]).collect();
            members["ip_permissions"] = json!(content);
        }
        None => replace(members, call),
    }
}
