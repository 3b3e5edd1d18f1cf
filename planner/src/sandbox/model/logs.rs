//! CloudWatch Logs.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/>.

use super::{
    entry::{Entry, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Refusal, Second, op, refused, unique},
    view::{Call, View},
};

/// A protected log group is not deleted.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html>: "deletion protection
/// blocks all deletion operations until it is explicitly disabled"; `ValidationException` is the one error of
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html> that can say so.
fn protected(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let group = view.subject("logs.log_group", call);
    let is_protected = group.is_some_and(|group| group.members["deletion_protection_enabled"] == true);
    if call.operation == "DeleteLogGroup" && is_protected {
        return refused(
            "ValidationException",
            "Cannot delete log group because deletion protection is enabled",
        );
    }
    Ok(())
}

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    Entry {
        kind: "logs.log_group",
        creates: &[op("CreateLogGroup")],
        deletes: &[op("DeleteLogGroup")],
        id: Id::Member("log_group_name"),
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: Some(("log_group_name", 512)),
        token: None,
        unique: &[unique(
            &["log_group_name"],
            Second::Refused(
                "ResourceAlreadyExistsException",
                "The specified log group already exists",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: protected,
        fails: succeeds,
    },
];
