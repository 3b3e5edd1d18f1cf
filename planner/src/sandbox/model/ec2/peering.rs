//! VPC peering connections.
//!
//! Codes: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, but where another page is named.

use super::super::{
    durations,
    entry::{Entry, succeeds},
    facts::{Absent, Id, Refusal, Second, op, refused, unique, unseen},
    view::{Call, View},
};
use serde_json::{Value, json};

pub(in super::super) const PEERING: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcPeeringConnection.html
    Entry {
        kind: "ec2.vpc_peering_connection",
        creates: &[op("CreateVpcPeeringConnection")],
        deletes: &[op("DeleteVpcPeeringConnection")],
        id: Id::Assigned,
        states: durations::VPC_PEERING_CONNECTION,
        absent: Absent::Refused("InvalidVpcPeeringConnectionID.NotFound"),
        name: None,
        token: None,
        // https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
        unique: &[unique(
            &["vpc_id", "peer_vpc_id"],
            Second::Refused(
                "VpcPeeringConnectionAlreadyExists",
                "A VPC peering connection between the VPCs already exists.",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "AcceptVpcPeeringConnection",
            "vpc_peering_connection_id",
            "InvalidVpcPeeringConnectionID.NotFound",
            "The vpcPeeringConnection ID does not exist",
        )],
        merge: accepted,
        refuse: not_accepted,
        fails: succeeds,
    },
];

/// The acceptance, beside what the calls say.
fn accepted(members: &mut Value, call: &Call<'_>) {
    super::super::entry::replace(members, call);
    if call.operation == "AcceptVpcPeeringConnection" {
        members["accepted"] = json!(true);
    }
}

/// A request is accepted once it was initiated, and options are of a connection that was accepted.
/// <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html>
fn not_accepted(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let Some(connection) = view.subject("ec2.vpc_peering_connection", call) else {
        return Ok(());
    };
    let id = call.id.unwrap_or_default();
    match call.operation {
        "AcceptVpcPeeringConnection" if connection.unfinished(view.now) => refused(
            "InvalidStateTransition",
            format!(
                "Invalid state transition for {id}, attempted to transition from initiating-request to active"
            ),
        ),
        "ModifyVpcPeeringConnectionOptions" if connection.members["accepted"] != true => refused(
            "OperationNotPermitted",
            format!("Peering {id} is not active. Peering options can be added only to active peerings."),
        ),
        _ => Ok(()),
    }
}
