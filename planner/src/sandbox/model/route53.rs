//! Route 53.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/Route53/latest/APIReference/>.

use super::{
    entry::{Entry, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, InUse, Refusal, Repeat, Second, Token, Unique, by, op, op_if, refused},
    view::{Call, View, texts},
};
use serde_json::Value;

const CHANGE: &str = "ChangeResourceRecordSets";

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html: CREATE makes a record set
    // that does not exist, UPSERT makes or overwrites one. Both are listed at once; servers follow within a minute.
    Entry {
        kind: "route53.record",
        creates: &[op_if(CHANGE, "change_batch.action", "CREATE")],
        deletes: &[op_if(CHANGE, "change_batch.action", "DELETE")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidChangeBatch"),
        name: None,
        token: None,
        // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, `SetIdentifier`: "differentiates among multiple
        // resource record sets that have the same combination of name and type".
        unique: &[Unique {
            of: &["hosted_zone_id", "change_batch.name", "change_batch.type"],
            with: &["change_batch.set_identifier"],
            second: Second::Refused(
                "InvalidChangeBatch",
                "Tried to create resource record set, but it already exists",
            ),
        }],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: record,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html: "you can't reuse a caller
    // reference"; a second zone of a name is another zone.
    Entry {
        kind: "route53.zone",
        creates: &[op("CreateHostedZone")],
        deletes: &[op("DeleteHostedZone")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchHostedZone"),
        name: None,
        token: Some(Token {
            member: "caller_reference",
            repeat: Repeat::Refused("HostedZoneAlreadyExists"),
            lives: None,
            readable: true,
        }),
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html: only when it has no records but
        // its SOA and NS ones.
        in_use: Some(InUse {
            code: "HostedZoneNotEmpty",
            by: &[by("route53.record", "hosted_zone_id")],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: vpcs,
        refuse: zone,
        fails: succeeds,
    },
];

/// A name with a CNAME has no other record, the name of the zone has no CNAME, and records of one name and type all have a routing policy or
/// none.
/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat>
fn record(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let change = &call.params["change_batch"];
    let (Some(zone), Some(name), Some(kind)) = (
        call.text("hosted_zone_id"),
        change["name"].as_str(),
        change["type"].as_str(),
    ) else {
        return Ok(());
    };
    if call.operation != CHANGE || change["action"] == "DELETE" {
        return Ok(());
    }
    let apex = view
        .get("route53.zone", &zone)
        .is_some_and(|z| z.members["name"] == name);
    if apex && kind == "CNAME" {
        let why =
            format!("RRSet of type CNAME with DNS name {name}. is not permitted at apex in zone {name}.");
        return refused("InvalidChangeBatch", why);
    }
    let others = view
        .users("route53.record", "change_batch.name", name)
        .into_iter();
    let others: Vec<_> = others
        .filter(|(_, other)| other.members["hosted_zone_id"].as_str() == Some(&zone))
        .map(|(_, other)| &other.members["change_batch"])
        .collect();
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html: records of one name and type have
    // one kind of routing. The words of the refusal are an assumption.
    let routed = |change: &Value| change["set_identifier"].is_string();
    let mut same = others.iter().filter(|other| other["type"] == kind);
    if same.any(|other| routed(other) != routed(change)) {
        let why = format!(
            "RRSet with DNS name {name}., type {kind} cannot be created because a record with another routing policy exists with the same name and type"
        );
        return refused("InvalidChangeBatch", why);
    }
    let mut others = others
        .iter()
        .filter_map(|other| other["type"].as_str())
        .filter(|other| *other != kind);
    if others.any(|other| kind == "CNAME" || other == "CNAME") {
        let why = format!(
            "RRSet of type {kind} with DNS name {name}. is not permitted as it conflicts with other records with the same DNS name in zone {zone}"
        );
        return refused("InvalidChangeBatch", why);
    }
    Ok(())
}

/// A VPC has one private zone of a name.
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html#API_CreateHostedZone_Errors>,
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html#API_AssociateVPCWithHostedZone_Errors>
fn zone(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let name = match call.operation {
        "CreateHostedZone" => call.text("name"),
        "AssociateVPCWithHostedZone" => {
            let own = view.subject("route53.zone", call);
            own.and_then(|own| Some(own.members["name"].as_str()?.to_owned()))
        }
        _ => None,
    };
    let (Some(name), Some(vpc)) = (name, call.text("vpc.vpc")) else {
        return Ok(());
    };
    let zones = view.users("route53.zone", "name", &name).into_iter();
    let mut others = zones.filter(|(id, _)| Some(*id) != call.id);
    if others.any(|(_, other)| texts(&other.members, VPCS).contains(&vpc)) {
        let why = format!(
            "The VPC {vpc} in region is already associated with another private hosted zone that has a conflicting domain name {name}."
        );
        return refused("ConflictingDomainExists", why);
    }
    Ok(())
}

/// The member of a zone for the VPCs that it answers.
const VPCS: &str = "associated";

/// The VPCs of a zone are associated and disassociated one by one.
fn vpcs(members: &mut Value, call: &Call<'_>) {
    let mut all = texts(members, VPCS);
    let vpc = call.text("vpc.vpc");
    match call.operation {
        "CreateHostedZone" => replace(members, call),
        "AssociateVPCWithHostedZone" => {}
        "DisassociateVPCFromHostedZone" => {
            all.retain(|known| Some(known) != vpc.as_ref());
            members[VPCS] = all.into();
            return;
        }
        _ => return replace(members, call),
    }
    all.extend(vpc);
    members[VPCS] = all.into();
}
