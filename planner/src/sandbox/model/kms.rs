//! Key Management Service.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/kms/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, unique, unseen, unseen_role},
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
        refuse: accepts,
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
