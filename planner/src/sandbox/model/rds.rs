//! Relational Database Service.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/>.

use super::{
    durations,
    entry::{Entry, accepts, replace, succeeds},
    facts::{
        AT_ONCE, Absent, Busy, Id, InUse, Refusal, Second, by, op, refused, unique, unseen, unseen_role,
    },
    view::{Call, View, texts},
};
use std::collections::BTreeSet;

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    Entry {
        kind: "rds.db_instance",
        creates: &[op("CreateDBInstance")],
        deletes: &[op("DeleteDBInstance")],
        id: Id::Member("db_instance_identifier"),
        // Public apply logs: 5 to 17 minutes to create (n = 7), 285 s to delete (n = 1). Statuses:
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
        states: durations::DB_INSTANCE,
        absent: Absent::Refused("DBInstanceNotFound"),
        name: Some(("db_instance_identifier", 63)),
        token: None,
        unique: &[unique(
            &["db_instance_identifier"],
            Second::Refused("DBInstanceAlreadyExists", "DB instance already exists"),
        )],
        held: None,
        in_use: None,
        owns: &[],
        // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html: "The DB instance isn't in a
        // valid state."
        busy: Some(Busy {
            operations: &["ModifyDBInstance"],
            code: "InvalidDBInstanceState",
        }),
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
        unseen: &[
            unseen_role(
                "CreateDBInstance",
                "monitoring_role_arn",
                "InvalidParameterValue",
                ROLE,
            ),
            unseen_role(
                "ModifyDBInstance",
                "monitoring_role_arn",
                "InvalidParameterValue",
                ROLE,
            ),
        ],
        merge: replace,
        refuse: database,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
    Entry {
        kind: "rds.db_parameter_group",
        creates: &[op("CreateDBParameterGroup")],
        deletes: &[op("DeleteDBParameterGroup")],
        id: Id::Member("db_parameter_group_name"),
        states: AT_ONCE,
        absent: Absent::Refused("DBParameterGroupNotFound"),
        name: Some(("db_parameter_group_name", 255)),
        token: None,
        unique: &[unique(
            &["db_parameter_group_name"],
            Second::Refused("DBParameterGroupAlreadyExists", "Parameter group already exists"),
        )],
        held: None,
        // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html: "can't be associated
        // with any DB instances".
        in_use: Some(InUse {
            code: "InvalidDBParameterGroupState",
            by: &[by("rds.db_instance", "db_parameter_group_name")],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
    Entry {
        kind: "rds.db_subnet_group",
        creates: &[op("CreateDBSubnetGroup")],
        deletes: &[op("DeleteDBSubnetGroup")],
        id: Id::Member("db_subnet_group_name"),
        states: AT_ONCE,
        absent: Absent::Refused("DBSubnetGroupNotFoundFault"),
        name: Some(("db_subnet_group_name", 255)),
        token: None,
        unique: &[unique(
            &["db_subnet_group_name"],
            Second::Refused(
                "DBSubnetGroupAlreadyExists",
                "The DB subnet group already exists.",
            ),
        )],
        held: None,
        // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html: "must not be associated
        // with any DB instances".
        in_use: Some(InUse {
            code: "InvalidDBSubnetGroupStateFault",
            by: &[by("rds.db_instance", "db_subnet_group_name")],
        }),
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateDBSubnetGroup",
            "subnet_ids",
            "InvalidSubnet",
            "Some input subnets are invalid.",
        )],
        merge: replace,
        refuse: two_zones,
        fails: succeeds,
    },
];

const ROLE: &str = "IAM role ARN value is invalid or does not include the required permissions";

/// The VPCs of the subnets of a subnet group.
fn vpcs<'a>(group: &str, view: &View<'a>) -> BTreeSet<&'a str> {
    let group = view.get("rds.db_subnet_group", group);
    let subnets = group
        .map(|group| texts(&group.members, "subnet_ids"))
        .unwrap_or_default();
    let vpc = |subnet: &String| view.get("ec2.subnet", subnet)?.members["vpc_id"].as_str();
    subnets.iter().filter_map(vpc).collect()
}

/// A database is moved only to a subnet group of another VPC, and is not deleted while it is protected.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html> (`InvalidVPCNetworkStateFault`)
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.VPC2VPC.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html>
fn database(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let Some(database) = view.subject("rds.db_instance", call) else {
        return Ok(());
    };
    let id = call.id.unwrap_or_default();
    if call.operation == "DeleteDBInstance" && database.members["deletion_protection"] == true {
        let why = "Cannot delete protected DB Instance, please disable deletion protection and try again.";
        return refused("InvalidParameterCombination", why);
    }
    let (now, next) = (
        database.members["db_subnet_group_name"].as_str(),
        call.text("db_subnet_group_name"),
    );
    match (call.operation, now, next) {
        ("ModifyDBInstance", Some(now), Some(next))
            if now == next || !vpcs(now, view).is_disjoint(&vpcs(&next, view)) =>
        {
            let why = format!(
                "You cannot move DB instance {id} to subnet group {next}. The specified DB subnet group and DB instance are in the same VPC."
            );
            refused("InvalidVPCNetworkStateFault", why)
        }
        _ => Ok(()),
    }
}

/// A subnet group covers two Availability Zones, within one VPC.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html>
fn two_zones(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let subnets = texts(call.params, "subnet_ids");
    let known: Option<Vec<_>> = subnets
        .iter()
        .map(|subnet| view.get("ec2.subnet", subnet))
        .collect();
    let Some(known) = known.filter(|known| !known.is_empty()) else {
        return Ok(());
    };
    let distinct = |member: &str| {
        let all = known.iter().filter_map(|subnet| subnet.members[member].as_str());
        all.collect::<BTreeSet<_>>().len()
    };
    match () {
        () if distinct("vpc_id") > 1 => refused(
            "InvalidSubnet",
            "Subnets of a DB subnet group must be in one VPC.",
        ),
        () if distinct("availability_zone") < 2 => refused(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: cover at least 2 AZs.",
        ),
        () => Ok(()),
    }
}
