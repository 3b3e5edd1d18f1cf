//! Certificate Manager.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/acm/latest/APIReference/>.

use super::{
    durations,
    entry::{Entry, accepts, replace, succeeds},
    facts::{Absent, Id, InUse, Repeat, Second, Token, by, op, op_if, unique},
};

const CHANGE: &str = "ChangeResourceRecordSets";

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html: a token "times out after one hour";
    // with another one, or none, the same request makes another certificate.
    Entry {
        kind: "acm.certificate",
        creates: &[op("RequestCertificate")],
        deletes: &[op("DeleteCertificate")],
        id: Id::Assigned,
        // The wait is for the validation record to be readable: some minutes, as
        // https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html says of the validation.
        states: durations::CERTIFICATE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: None,
        token: Some(Token {
            member: "idempotency_token",
            repeat: Repeat::Answered("InvalidParameterException"),
            lives: Some(60 * 60),
            readable: false,
        }),
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html: "You cannot delete an ACM
        // certificate that is being used by another AWS service."
        in_use: Some(InUse {
            code: "ResourceInUseException",
            by: &[
                by("elb.listener", "certificates"),
                by("elb.listener", "further_certificates"),
            ],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // The records by which ACM validates: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html. Certificates
    // for one name share them: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    Entry {
        kind: "acm.validation",
        creates: &[op_if(CHANGE, "change_batch.action", "UPSERT")],
        deletes: &[op_if(CHANGE, "change_batch.action", "DELETE")],
        id: Id::Composite,
        states: durations::CERTIFICATE_VALIDATION,
        absent: Absent::Refused("InvalidChangeBatch"),
        name: None,
        token: None,
        unique: &[unique(
            &["hosted_zone_id", "change_batch.records"],
            Second::Overwritten,
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
];
