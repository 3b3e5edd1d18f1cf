//! VPCs, subnets and network ACLs.
//!
//! Codes: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, but where another page is named.

use super::{
    super::durations,
    super::{
        cidr::Range,
        entry::{Entry, accepts, replace, succeeds},
        facts::{
            AT_ONCE, Absent, Busy, Id, InUse, Refusal, Second, by, op, op_without, refused, unique, unseen,
        },
        view::{Call, View, texts},
    },
    CLIENT_TOKEN,
};
use serde_json::Value;

pub(in super::super) const NETWORK: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
    Entry {
        kind: "ec2.vpc",
        creates: &[op("CreateVpc")],
        deletes: &[op("DeleteVpc")],
        id: Id::Assigned,
        states: durations::VPC,
        absent: Absent::Refused("InvalidVpcID.NotFound"),
        name: None,
        token: None,
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: "detach or delete all gateways and
        // resources that are associated with the VPC". Default groups, tables and ACLs go with it; so do flow logs.
        in_use: Some(InUse {
            code: "DependencyViolation",
            by: &[
                by("ec2.subnet", "vpc_id"),
                by("ec2.security_group", "vpc_id"),
                by("ec2.internet_gateway", "vpc_id"),
                by("ec2.egress_only_internet_gateway", "vpc_id"),
                by("ec2.route_table", "vpc_id"),
                by("ec2.network_acl", "vpc_id"),
                by("ec2.vpc_endpoint", "vpc_id"),
            ],
        }),
        owns: &[],
        busy: Some(Busy {
            operations: &["ModifyVpcAttribute"],
            code: "IncorrectState",
        }),
        unseen: &[unseen(
            "AssociateDhcpOptions",
            "dhcp_options_id",
            "InvalidDhcpOptionID.NotFound",
            "The dhcpOption ID does not exist",
        )],
        merge: replace,
        refuse: vpc_range,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html;
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteDhcpOptions.html: "You must disassociate the set of DHCP options
    // before you can delete it."
    Entry {
        kind: "ec2.dhcp_options",
        creates: &[op("CreateDhcpOptions")],
        deletes: &[op("DeleteDhcpOptions")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidDhcpOptionID.NotFound"),
        name: None,
        token: None,
        unique: &[],
        held: None,
        in_use: Some(InUse {
            code: "DependencyViolation",
            by: &[by("ec2.vpc", "dhcp_options_id")],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
    Entry {
        kind: "ec2.subnet",
        creates: &[op("CreateSubnet")],
        deletes: &[op("DeleteSubnet")],
        id: Id::Assigned,
        states: durations::SUBNET,
        absent: Absent::Refused("InvalidSubnetID.NotFound"),
        name: None,
        token: None,
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html: "You must terminate all running
        // instances in the subnet": whatever has a network interface in it.
        in_use: Some(InUse {
            code: "DependencyViolation",
            by: &[
                by("ec2.instance", "subnet_id"),
                by("ec2.nat_gateway", "subnet_id"),
                by("ec2.vpc_endpoint", "subnet_ids"),
                by("ecs.service", "network_configuration.subnets"),
                by("elb.load_balancer", "subnets"),
            ],
        }),
        owns: &[
            by("ec2.route_table_association", "subnet_id"),
            by("ec2.network_acl_association", "subnet_id"),
        ],
        busy: Some(Busy {
            operations: &["ModifySubnetAttribute"],
            code: "IncorrectState",
        }),
        unseen: &[unseen(
            "CreateSubnet",
            "vpc_id",
            "InvalidVpcID.NotFound",
            "The vpc ID does not exist",
        )],
        merge: replace,
        refuse: subnet_range,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAcl.html
    Entry {
        kind: "ec2.network_acl",
        creates: &[op("CreateNetworkAcl")],
        deletes: &[op("DeleteNetworkAcl")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidNetworkAclID.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkAcl.html: "You can't delete the ACL if
        // it's associated with any subnets."
        in_use: Some(InUse {
            code: "DependencyViolation",
            by: &[by("ec2.network_acl_association", "network_acl_id")],
        }),
        owns: &[],
        busy: None,
        unseen: &[
            unseen(
                "CreateNetworkAcl",
                "vpc_id",
                "InvalidVpcID.NotFound",
                "The vpc ID does not exist",
            ),
            unseen(
                "CreateNetworkAclEntry",
                "network_acl_id",
                "InvalidNetworkAclID.NotFound",
                "The network acl ID does not exist",
            ),
        ],
        merge: acl_entries,
        refuse: acl_entry_exists,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html: a subnet always has one
    // ACL; without another it has that of its VPC.
    Entry {
        kind: "ec2.network_acl_association",
        creates: &[op("ReplaceNetworkAclAssociation")],
        deletes: &[op_without("ReplaceNetworkAclAssociation", "network_acl_id")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidAssociationID.NotFound"),
        name: None,
        token: None,
        unique: &[unique(&["subnet_id"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "ReplaceNetworkAclAssociation",
            "network_acl_id",
            "InvalidNetworkAclID.NotFound",
            "The network acl ID does not exist",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// A VPC has a range between a /16 and a /28.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
fn vpc_range(call: &Call<'_>, _: &View<'_>) -> Result<(), Refusal> {
    match call.text("cidr_block").as_deref().map(Range::parse) {
        Some(range) if call.operation == "CreateVpc" && !range.is_some_and(allowed) => refused(
            "InvalidVpc.Range",
            "The CIDR block range must be between a /28 and a /16 netmask",
        ),
        _ => Ok(()),
    }
}

fn allowed(range: Range) -> bool {
    (16..=28).contains(&range.prefix)
}

/// A subnet lies within its VPC, is a /16 to a /28, shares no address with another subnet of the VPC, and is not deleted
/// while a database has an interface in it.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
fn subnet_range(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    if call.operation == "DeleteSubnet" {
        return holds_database(call, view);
    }
    let (Some(vpc), Some(cidr)) = (call.text("vpc_id"), call.text("cidr_block")) else {
        return Ok(());
    };
    if call.operation != "CreateSubnet" {
        return Ok(());
    }
    let outside = || refused("InvalidSubnet.Range", format!("The CIDR '{cidr}' is invalid."));
    let Some(range) = Range::parse(&cidr).filter(|range| allowed(*range)) else {
        return outside();
    };
    let of_vpc = view
        .get("ec2.vpc", &vpc)
        .and_then(|vpc| Range::parse(vpc.members["cidr_block"].as_str()?));
    if of_vpc.is_some_and(|vpc| !vpc.contains(range)) {
        return outside();
    }
    let others = view.users("ec2.subnet", "vpc_id", &vpc).into_iter();
    let mut others =
        others.filter_map(|(id, o)| Some((id, Range::parse(o.members["cidr_block"].as_str()?)?)));
    match others.find(|(_, other)| other.overlaps(range)) {
        Some((id, _)) => {
            let why = format!("The CIDR '{cidr}' conflicts with another subnet, `{id}`");
            refused("InvalidSubnet.Conflict", why)
        }
        None => Ok(()),
    }
}

/// A database has a network interface in a subnet of its subnet group.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html>
fn holds_database(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let subnet = call.id.unwrap_or_default();
    let groups = view.users("rds.db_subnet_group", "subnet_ids", subnet);
    let used = |group: &str| {
        view.users("rds.db_instance", "db_subnet_group_name", group)
            .into_iter()
            .next()
    };
    match groups.into_iter().find_map(|(group, _)| used(group)) {
        Some((database, _)) => {
            let why = format!("The subnet '{subnet}' has dependencies: the database `{database}`");
            refused("DependencyViolation", why)
        }
        None => Ok(()),
    }
}

fn entry_key(entry: &Value) -> (String, String) {
    (entry["rule_number"].to_string(), entry["egress"].to_string())
}

/// The entries of an ACL, kept as a list.
fn acl_entries(members: &mut Value, call: &Call<'_>) {
    let key = entry_key(call.params);
    let mut entries = members["entries"].as_array().cloned().unwrap_or_default();
    match call.operation {
        "CreateNetworkAclEntry" => entries.push(call.params.clone()),
        "DeleteNetworkAclEntry" => entries.retain(|entry| entry_key(entry) != key),
        "ReplaceNetworkAclEntry" => {
            entries.retain(|entry| entry_key(entry) != key);
            entries.push(call.params.clone());
        }
        _ => return replace(members, call),
    }
    members["entries"] = entries.into();
}

/// An ACL has one entry of a number and a direction.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html>
fn acl_entry_exists(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let Some(acl) = view.subject("ec2.network_acl", call) else {
        return Ok(());
    };
    let key = entry_key(call.params);
    let exists = acl.members["entries"]
        .as_array()
        .is_some_and(|list| list.iter().any(|e| entry_key(e) == key));
    let number = texts(call.params, "rule_number").join("");
    match call.operation {
        "CreateNetworkAclEntry" if exists => refused(
            "NetworkAclEntryAlreadyExists",
            format!("The network acl entry identified by {number} already exists."),
        ),
        "ReplaceNetworkAclEntry" | "DeleteNetworkAclEntry" if !exists => refused(
            "InvalidNetworkAclEntry.NotFound",
            format!("The network acl entry identified by {number} does not exist."),
        ),
        _ => Ok(()),
    }
}
