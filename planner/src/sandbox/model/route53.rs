//! Route 53.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/Route53/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, InUse, Repeat, Second, Token, by, op, op_if, unique},
};

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
        unique: &[unique(
            &["hosted_zone_id", "change_batch.name", "change_batch.type"],
            Second::Refused(
                "InvalidChangeBatch",
                "Tried to create resource record set, but it already exists",
            ),
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
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
