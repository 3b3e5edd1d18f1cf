//! Secrets Manager.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/secretsmanager/latest/apireference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Held, Id, Refusal, Repeat, Second, Token, by, op, refused, unique, unseen},
    view::{Call, View},
};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html: the token becomes the id of the
    // secret's version; the same request with it is ignored, another is refused.
    Entry {
        kind: "secretsmanager.secret",
        creates: &[op("CreateSecret")],
        deletes: &[op("DeleteSecret")],
        id: Id::Member("name"),
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: Some(("name", 512)),
        token: Some(Token {
            member: "client_request_token",
            repeat: Repeat::Answered("ResourceExistsException"),
            lives: None,
            readable: false,
        }),
        unique: &[unique(
            &["name"],
            Second::Refused(
                "ResourceExistsException",
                "The operation failed because the secret already exists.",
            ),
        )],
        held: Some(Held {
            code: "InvalidRequestException",
            message: "You can't create this secret because a secret with this name is already scheduled for deletion.",
            time: recovery_window,
        }),
        in_use: None,
        owns: &[by("secretsmanager.rotation", "secret_id")],
        busy: None,
        unseen: &[],
        merge: versions,
        refuse: version,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: the configuration that a secret has is
    // replaced; https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html: "Turns off automatic rotation".
    Entry {
        kind: "secretsmanager.rotation",
        creates: &[op("RotateSecret")],
        deletes: &[op("CancelRotateSecret")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: None,
        token: None,
        unique: &[unique(&["secret_id"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "RotateSecret",
            "secret_id",
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// A call that puts a value makes a version, whose id is its token.
fn versions(members: &mut Value, call: &Call<'_>) {
    replace(members, call);
    let (token, value) = (call.text("client_request_token"), call.text("secret_string"));
    if let (Some(token), Some(value)) = (token, value) {
        if !members["versions"].is_object() {
            members["versions"] = json!({});
        }
        members["versions"][token] = value.into();
    }
}

/// A version is what it is: another value under its id is refused.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>, `ClientRequestToken`: "If a version with this
/// value already exists and the version of the `SecretString` and `SecretBinary` values are different from those in the request, then the
/// operation fails because you can't modify an existing secret version."
fn version(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let secret = view.subject("secretsmanager.secret", call);
    let Some(secret) = secret.filter(|_| call.operation == "PutSecretValue") else {
        return Ok(());
    };
    let token = call.text("client_request_token").unwrap_or_default();
    let there = secret.members["versions"][&token].as_str();
    match there {
        Some(there) if call.text("secret_string").as_deref() != Some(there) => refused(
            "ResourceExistsException",
            "You can't change the value of a secret version that already exists.",
        ),
        _ => Ok(()),
    }
}

/// The recovery window, 30 days unless the call says another; and without one some seconds, for the deletion is
/// asynchronous.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
fn recovery_window(delete: &Value) -> Duration {
    match delete["force_delete_without_recovery"].as_bool() {
        Some(true) => Duration::from_secs(5),
        _ => Duration::from_secs(delete["recovery_window_in_days"].as_u64().unwrap_or(30) * 24 * 3600),
    }
}
