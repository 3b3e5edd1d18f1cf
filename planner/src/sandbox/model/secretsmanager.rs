//! Secrets Manager.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/secretsmanager/latest/apireference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Held, Id, Repeat, Second, Token, op, unique},
};
use serde_json::Value;
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
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// The recovery window, 30 days unless the call says another; and without one some seconds, for the deletion is
/// asynchronous.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
fn recovery_window(delete: &Value) -> Duration {
    match delete["force_delete_without_recovery"].as_bool() {
        Some(true) => Duration::from_secs(5),
        _ => Duration::from_secs(delete["recovery_window_in_days"].as_u64().unwrap_or(30) * 24 * 3600),
    }
}
