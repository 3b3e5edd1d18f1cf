//! Key Management Service.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/kms/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Refusal, Second, op, refused, unique, unseen, unseen_role},
    view::{Call, View},
};

const PRINCIPAL: (&str, &str) = (
    "MalformedPolicyDocumentException",
    "Policy contains a statement with one or more invalid principals.",
);

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html: unique in the account and region.
    Entry {
        kind: "kms.alias",
        creates: &[op("CreateAlias")],
        deletes: &[op("DeleteAlias")],
        id: Id::Member("alias_name"),
        states: AT_ONCE,
        absent: Absent::Refused("NotFoundException"),
        name: Some(("alias_name", 256)),
        token: None,
        unique: &[unique(
            &["alias_name"],
            Second::Refused("AlreadyExistsException", "An alias with the name already exists"),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateAlias",
            "target_key_id",
            "NotFoundException",
            "The key does not exist",
        )],
        merge: replace,
        refuse: alias,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html: every call makes another key.
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html: the key can be used no more at once.
    Entry {
        kind: "kms.key",
        creates: &[op("CreateKey")],
        deletes: &[op("ScheduleKeyDeletion")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("NotFoundException"),
        name: None,
        token: None,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen_role(
                "CreateKey",
                "policy.Statement.Principal.AWS",
                PRINCIPAL.0,
                PRINCIPAL.1,
            ),
            unseen_role(
                "PutKeyPolicy",
                "policy.Statement.Principal.AWS",
                PRINCIPAL.0,
                PRINCIPAL.1,
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// An alias moves only to a key of the same type and usage. No page names the code.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html>: "The current and new KMS key must be the same type (both
/// symmetric or both asymmetric or both HMAC), and they must have the same key usage."
fn alias(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let (Some(own), Some(next)) = (view.subject("kms.alias", call), call.text("target_key_id")) else {
        return Ok(());
    };
    let of = |key: &str| {
        let members = &view.get("kms.key", key)?.members;
        let spec = members["key_spec"].as_str().unwrap_or("SYMMETRIC_DEFAULT");
        let kind = if spec == "SYMMETRIC_DEFAULT" {
            "symmetric"
        } else {
            spec.get(..4)?
        };
        let kind = if kind == "HMAC" || kind == "symmetric" {
            kind
        } else {
            "asymmetric"
        };
        Some((kind.to_owned(), members["key_usage"].clone()))
    };
    let (now, next) = (own.members["target_key_id"].as_str().and_then(of), of(&next));
    if call.operation == "UpdateAlias" && now.zip(next).is_some_and(|(now, next)| now != next) {
        return refused(
            "ValidationException",
            "The current and new KMS key must be the same type and have the same key usage.",
        );
    }
    Ok(())
}
