//! Identity and Access Management.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/IAM/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, InUse, Second, by, op, unique, unseen, unseen_role},
};

const EXISTS: &str = "EntityAlreadyExists";

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html: an account has one provider
    // of a URL.
    Entry {
        kind: "iam.oidc_provider",
        creates: &[op("CreateOpenIDConnectProvider")],
        deletes: &[op("DeleteOpenIDConnectProvider")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: None,
        token: None,
        unique: &[unique(
            &["url"],
            Second::Refused(EXISTS, "Provider with url already exists."),
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
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html: attaching twice succeeds.
    Entry {
        kind: "iam.policy_attachment",
        creates: &[op("AttachRolePolicy")],
        deletes: &[op("DetachRolePolicy")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: None,
        token: None,
        unique: &[unique(&["role_name", "policy_arn"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "AttachRolePolicy",
            "role_name",
            "NoSuchEntity",
            "The role with that name cannot be found.",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    Entry {
        kind: "iam.role",
        creates: &[op("CreateRole")],
        deletes: &[op("DeleteRole")],
        id: Id::Member("role_name"),
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: Some(("role_name", 64)),
        token: None,
        // Names are unique within the account, whatever the path is, and regardless of case:
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        unique: &[unique(
            &["role_name"],
            Second::Refused(EXISTS, "Role with name already exists."),
        )],
        held: None,
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html: "you must first remove" its policies.
        in_use: Some(InUse {
            code: "DeleteConflict",
            by: &[
                by("iam.role_policy", "role_name"),
                by("iam.policy_attachment", "role_name"),
            ],
        }),
        owns: &[],
        busy: None,
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
        unseen: &[
            unseen_role(
                "CreateRole",
                "assume_role_policy_document.Statement.Principal.AWS",
                "MalformedPolicyDocument",
                "Invalid principal in policy",
            ),
            unseen_role(
                "UpdateAssumeRolePolicy",
                "policy_document.Statement.Principal.AWS",
                "MalformedPolicyDocument",
                "Invalid principal in policy",
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html: "Adds or updates an inline policy".
    Entry {
        kind: "iam.role_policy",
        creates: &[op("PutRolePolicy")],
        deletes: &[op("DeleteRolePolicy")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: Some(("policy_name", 128)),
        token: None,
        unique: &[unique(&["role_name", "policy_name"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "PutRolePolicy",
            "role_name",
            "NoSuchEntity",
            "The role with that name cannot be found.",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
