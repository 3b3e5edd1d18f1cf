//! Gateways, their addresses, and VPC endpoints.
//!
//! Codes: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, but where another page is named.

use super::{
    super::durations,
    super::{
        entry::{Entry, accepts, replace, succeeds},
        facts::{AT_ONCE, Absent, Busy, Id, InUse, Refusal, by, is_tag, op, refused, unseen},
        view::{Call, View, texts},
    },
    CLIENT_TOKEN,
};
use serde_json::Value;

pub(in super::super) const GATEWAYS: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html
    Entry {
        kind: "ec2.internet_gateway",
        creates: &[op("CreateInternetGateway")],
        deletes: &[op("DeleteInternetGateway")],
        id: Id::Assigned,
        states: durations::INTERNET_GATEWAY,
        absent: Absent::Refused("InvalidInternetGatewayID.NotFound"),
        name: None,
        token: None,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "AttachInternetGateway",
            "internet_gateway_id",
            "InvalidInternetGatewayID.NotFound",
            "The internetGateway ID does not exist",
        )],
        merge: attachment,
        refuse: attached,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateEgressOnlyInternetGateway.html
    Entry {
        kind: "ec2.egress_only_internet_gateway",
        creates: &[op("CreateEgressOnlyInternetGateway")],
        deletes: &[op("DeleteEgressOnlyInternetGateway")],
        id: Id::Assigned,
        states: durations::EGRESS_ONLY_INTERNET_GATEWAY,
        absent: Absent::Refused("InvalidGatewayID.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateEgressOnlyInternetGateway",
            "vpc_id",
            "InvalidVpcID.NotFound",
            "The vpc ID does not exist",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html
    Entry {
        kind: "ec2.elastic_ip",
        creates: &[op("AllocateAddress")],
        deletes: &[op("ReleaseAddress")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidAllocationID.NotFound"),
        name: None,
        token: None,
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html: an address that is associated
        // "must be disassociated before you can release it. Otherwise, Amazon EC2 returns an error
        // (InvalidIPAddress.InUse)".
        in_use: Some(InUse {
            code: "InvalidIPAddress.InUse",
            by: &[by("ec2.nat_gateway", "allocation_id")],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
    Entry {
        kind: "ec2.nat_gateway",
        creates: &[op("CreateNatGateway")],
        deletes: &[op("DeleteNatGateway")],
        id: Id::Assigned,
        // Public apply logs: 84 to 121 s to create (n = 9), 42 to 61 s to delete (n = 4).
        states: durations::NAT_GATEWAY,
        absent: Absent::Refused("NatGatewayNotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen(
                "CreateNatGateway",
                "subnet_id",
                "InvalidSubnetID.NotFound",
                "The subnet ID does not exist",
            ),
            unseen(
                "CreateNatGateway",
                "allocation_id",
                "InvalidAllocationID.NotFound",
                "The allocation ID does not exist",
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: address_associated,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    Entry {
        kind: "ec2.vpc_endpoint",
        creates: &[op("CreateVpcEndpoint")],
        deletes: &[op("DeleteVpcEndpoints")],
        id: Id::Assigned,
        // A minute or so is what public apply logs show of interface endpoints.
        states: durations::VPC_ENDPOINT,
        absent: Absent::Refused("InvalidVpcEndpointId.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: Some(Busy {
            operations: &["ModifyVpcEndpoint"],
            code: "IncorrectState",
        }),
        unseen: &[unseen(
            "CreateVpcEndpoint",
            "route_table_ids",
            "InvalidRouteTableId.NotFound",
            "The routeTable ID does not exist",
        )],
        merge: endpoint_lists,
        refuse: endpoint_conflicts,
        fails: succeeds,
    },
];

/// The VPC to which an internet gateway is attached.
fn attachment(members: &mut Value, call: &Call<'_>) {
    match call.operation {
        "DetachInternetGateway" => members["vpc_id"] = Value::Null,
        _ => replace(members, call),
    }
}

/// An internet gateway is attached to one VPC, a VPC has one internet gateway, and neither is taken from the other while
/// public addresses are mapped through it.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteInternetGateway.html>
/// The code for a VPC that has one: <https://github.com/cloudfoundry-incubator/kubo-deployment/issues/167>
fn attached(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let Some(gateway) = view.subject("ec2.internet_gateway", call) else {
        return Ok(());
    };
    let to = gateway.members["vpc_id"].as_str();
    let id = call.id.unwrap_or_default();
    match (call.operation, to) {
        ("AttachInternetGateway", Some(vpc)) => refused(
            "Resource.AlreadyAssociated",
            format!("resource {id} is already attached to network {vpc}"),
        ),
        ("AttachInternetGateway", None) => {
            let vpc = call.text("vpc_id").unwrap_or_default();
            if view.users("ec2.internet_gateway", "vpc_id", &vpc).is_empty() {
                return Ok(());
            }
            let why = format!("Network {vpc} already has an internet gateway attached");
            refused("InvalidParameterValue", why)
        }
        ("DetachInternetGateway", None) => refused(
            "Gateway.NotAttached",
            format!("resource {id} is not attached to a network"),
        ),
        ("DetachInternetGateway", Some(vpc)) => mapped_addresses(vpc, view),
        ("DeleteInternetGateway", Some(_)) => refused(
            "DependencyViolation",
            format!("The internetGateway '{id}' has dependencies and cannot be deleted."),
        ),
        _ => Ok(()),
    }
}

/// NAT gateways with an Elastic IP address and internet-facing load balancers map public addresses.
fn mapped_addresses(vpc: &str, view: &View<'_>) -> Result<(), Refusal> {
    let subnets = view.users("ec2.subnet", "vpc_id", vpc);
    let maps = |subnet: &str| {
        let nat = view.users("ec2.nat_gateway", "subnet_id", subnet).into_iter();
        let nat = nat.filter(|(_, nat)| nat.members["allocation_id"].is_string());
        let balancers = view.users("elb.load_balancer", "subnets", subnet).into_iter();
        let balancers = balancers.filter(|(_, b)| b.members["scheme"] != "internal");
        nat.chain(balancers).map(|(id, _)| id).next()
    };
    match subnets.into_iter().find_map(|(subnet, _)| maps(subnet)) {
        Some(by) => {
            let why = format!(
                "Network {vpc} has some mapped public address(es), of `{by}`. Please unmap those first."
            );
            refused("DependencyViolation", why)
        }
        None => Ok(()),
    }
}

/// An Elastic IP address is associated with one NAT gateway; the second is created, and fails.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html> (failureCode, failureMessage)
fn address_associated(call: &Call<'_>, view: &View<'_>) -> Option<String> {
    let address = call.text("allocation_id")?;
    let holder = view
        .users("ec2.nat_gateway", "allocation_id", &address)
        .into_iter();
    let mut holder = holder.filter(|(_, nat)| nat.failed.is_none());
    holder.next()?;
    Some(format!(
        "Resource.AlreadyAssociated: Elastic IP address {address} is already associated"
    ))
}

/// The lists of an endpoint, which calls add to and take from.
fn endpoint_lists(members: &mut Value, call: &Call<'_>) {
    let Value::Object(set) = call.params else { return };
    for (member, value) in set.iter().filter(|(member, _)| !is_tag(member)) {
        let list = |name: &str, members: &Value| texts(members, name);
        let changed = texts(value, "");
        if let Some(name) = member.strip_prefix("add_") {
            let mut all = list(name, members);
            all.extend(changed);
            members[name] = all.into();
        } else if let Some(name) = member.strip_prefix("remove_") {
            let mut all = list(name, members);
            all.retain(|id| !changed.contains(id));
            members[name] = all.into();
        } else {
            members[member] = value.clone();
        }
    }
}

/// A VPC has one interface endpoint of a service with private DNS names.
/// <https://repost.aws/knowledge-center/vpc-interface-endpoint-domain-conflict>
/// <https://github.com/hashicorp/terraform-provider-aws/issues/17535>
fn endpoint_conflicts(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let private = |members: &Value| members["private_dns_enabled"] == true;
    let (Some(vpc), Some(service)) = (call.text("vpc_id"), call.text("service_name")) else {
        return Ok(());
    };
    if call.operation != "CreateVpcEndpoint" || !private(call.params) {
        return Ok(());
    }
    let others = view.users("ec2.vpc_endpoint", "vpc_id", &vpc);
    let same = |o: &Value| o["service_name"] == service.as_str() && private(o);
    if others.iter().any(|(_, other)| same(&other.members)) {
        let why = format!(
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for {service} in the VPC {vpc}"
        );
        return refused("InvalidParameter", why);
    }
    Ok(())
}
