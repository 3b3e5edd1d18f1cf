//! Identity and Access Management.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/IAM/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, InUse, Refusal, Second, by, op, refused, unique, unseen, unseen_role},
    view::{Call, View, texts},
};
use serde_json::{Value, json};

const EXISTS: &str = "EntityAlreadyExists";

/// The number of versions that a policy has; a client that is at the limit deletes the oldest one first.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html>
fn versions(members: &mut Value, call: &Call<'_>) {
    const MOST: u64 = 5;
    let count = members["versions"].as_u64().unwrap_or(1);
    match call.operation {
        "CreatePolicyVersion" => {
            members["policy_document"] = call.params["policy_document"].clone();
            members["versions"] = json!((count + 1).min(MOST));
        }
        "DeletePolicyVersion" => members["versions"] = json!(1),
        _ => {
            replace(members, call);
            members["versions"] = json!(1);
        }
    }
}

/// A policy is deleted after its versions that are not the default one.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html>
fn has_versions(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let policy = view.subject("iam.managed_policy", call);
    let more = policy.is_some_and(|policy| policy.members["versions"].as_u64() > Some(1));
    if call.operation == "DeletePolicy" && more {
        return refused(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
        );
    }
    Ok(())
}

/// The role of an instance profile.
fn profile_role(members: &mut Value, call: &Call<'_>) {
    match call.operation {
        "RemoveRoleFromInstanceProfile" => members["role_name"] = Value::Null,
        _ => replace(members, call),
    }
}

/// An instance profile has one role at the most, and is deleted without one.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html>
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html>
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html>
fn one_role(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let profile = view.subject("iam.instance_profile", call);
    let role = profile.and_then(|profile| profile.members["role_name"].as_str());
    let named = call.text("role_name");
    match (call.operation, role) {
        ("AddRoleToInstanceProfile", Some(_)) => refused(
            "LimitExceeded",
            "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        ),
        ("RemoveRoleFromInstanceProfile", role) if role != named.as_deref() => {
            refused("NoSuchEntity", "The role is not in the instance profile.")
        }
        ("DeleteInstanceProfile", Some(_)) => refused(
            "DeleteConflict",
            "Cannot delete entity, must remove roles from instance profile first.",
        ),
        _ => Ok(()),
    }
}

/// The policies of a user, kept as a list; attaching one twice succeeds.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html>
fn user_policies(members: &mut Value, call: &Call<'_>) {
    let policy = call.text("policy_arn").unwrap_or_default();
    let mut policies = texts(members, "policies");
    policies.retain(|other| *other != policy);
    match call.operation {
        "AttachUserPolicy" => policies.push(policy),
        "DetachUserPolicy" => {}
        "DeleteUserPermissionsBoundary" => members["permissions_boundary"] = Value::Null,
        _ => return replace(members, call),
    }
    members["policies"] = policies.into();
}

/// A policy that is not attached is not detached, and a user with policies is not deleted.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html>
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html>
fn has_policies(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let user = view.subject("iam.user", call);
    let policies = user
        .map(|user| texts(&user.members, "policies"))
        .unwrap_or_default();
    let policy = call.text("policy_arn").unwrap_or_default();
    match call.operation {
        "DetachUserPolicy" if !policies.contains(&policy) => {
            refused("NoSuchEntity", format!("Policy {policy} was not found."))
        }
        "DeleteUser" if !policies.is_empty() => refused(
            "DeleteConflict",
            "Cannot delete entity, must detach all policies first.",
        ),
        _ => Ok(()),
    }
}

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html
    Entry {
        kind: "iam.instance_profile",
        creates: &[op("CreateInstanceProfile")],
        deletes: &[op("DeleteInstanceProfile")],
        id: Id::Member("instance_profile_name"),
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: Some(("instance_profile_name", 128)),
        token: None,
        unique: &[unique(
            &["instance_profile_name"],
            Second::Refused(EXISTS, "Instance Profile already exists."),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "AddRoleToInstanceProfile",
            "role_name",
            "NoSuchEntity",
            "The role with that name cannot be found.",
        )],
        merge: profile_role,
        refuse: one_role,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
    Entry {
        kind: "iam.managed_policy",
        creates: &[op("CreatePolicy")],
        deletes: &[op("DeletePolicy")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: Some(("policy_name", 128)),
        token: None,
        unique: &[unique(
            &["policy_name"],
            Second::Refused(EXISTS, "A policy with that name already exists."),
        )],
        held: None,
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html: "you must first detach the policy from all users,
        // groups, and roles that it is attached to".
        in_use: Some(InUse {
            code: "DeleteConflict",
            by: &[
                by("iam.policy_attachment", "policy_arn"),
                by("iam.role", "permissions_boundary"),
                by("iam.user", "permissions_boundary"),
                by("iam.user", "policies"),
            ],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: versions,
        refuse: has_versions,
        fails: succeeds,
    },
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
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html: "you must first remove" its policies, and take it out of instance profiles.
        in_use: Some(InUse {
            code: "DeleteConflict",
            by: &[
                by("iam.role_policy", "role_name"),
                by("iam.policy_attachment", "role_name"),
                by("iam.instance_profile", "role_name"),
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
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
    Entry {
        kind: "iam.user",
        creates: &[op("CreateUser")],
        deletes: &[op("DeleteUser")],
        id: Id::Member("user_name"),
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: Some(("user_name", 64)),
        token: None,
        unique: &[unique(
            &["user_name"],
            Second::Refused(EXISTS, "User with name already exists."),
        )],
        held: None,
        in_use: Some(InUse {
            code: "DeleteConflict",
            by: &[by("iam.user_policy", "user_name")],
        }),
        owns: &[],
        busy: None,
        unseen: &[],
        merge: user_policies,
        refuse: has_policies,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html: "Adds or updates an inline policy".
    Entry {
        kind: "iam.user_policy",
        creates: &[op("PutUserPolicy")],
        deletes: &[op("DeleteUserPolicy")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchEntity"),
        name: Some(("policy_name", 128)),
        token: None,
        unique: &[unique(&["user_name", "policy_name"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "PutUserPolicy",
            "user_name",
            "NoSuchEntity",
            "The user with that name cannot be found.",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
