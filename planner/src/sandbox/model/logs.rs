//! CloudWatch Logs.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Refusal, Second, by, op, refused, unique, unseen, unseen_role},
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

/// A log group of another class than `STANDARD` has neither metric filters nor subscription filters.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html>; the code is one of
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html>.
fn needs_standard_class(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let group = call.text("log_group_name").unwrap_or_default();
    let group = view.get("logs.log_group", &group);
    let class = group.and_then(|group| group.members["log_group_class"].as_str());
    match class {
        Some(class) if class != "STANDARD" && call.operation.starts_with("Put") => refused(
            "InvalidOperationException",
            format!("The operation is not supported for log groups of the class {class}"),
        ),
        _ => Ok(()),
    }
}

/// A log group has two subscription filters at the most, and a log group of another class has none.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html>
fn two_subscriptions(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    needs_standard_class(call, view)?;
    let group = call.text("log_group_name").unwrap_or_default();
    let name = call.text("filter_name").unwrap_or_default();
    let others = view.users("logs.subscription_filter", "log_group_name", &group);
    let others = others
        .iter()
        .filter(|(_, o)| o.members["filter_name"] != name.as_str());
    if call.operation == "PutSubscriptionFilter" && others.count() >= 2 {
        return refused("LimitExceededException", "Resource limit exceeded.");
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
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html: with all that is in it.
        owns: &[
            by("logs.log_stream", "log_group_name"),
            by("logs.metric_filter", "log_group_name"),
            by("logs.subscription_filter", "log_group_name"),
        ],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: protected,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
    Entry {
        kind: "logs.log_stream",
        creates: &[op("CreateLogStream")],
        deletes: &[op("DeleteLogStream")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: Some(("log_stream_name", 512)),
        token: None,
        unique: &[unique(
            &["log_group_name", "log_stream_name"],
            Second::Refused(
                "ResourceAlreadyExistsException",
                "The specified log stream already exists",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateLogStream",
            "log_group_name",
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html: "Creates or updates".
    Entry {
        kind: "logs.metric_filter",
        creates: &[op("PutMetricFilter")],
        deletes: &[op("DeleteMetricFilter")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: Some(("filter_name", 512)),
        token: None,
        unique: &[unique(&["log_group_name", "filter_name"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: needs_standard_class,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html: "Creates or updates".
    Entry {
        kind: "logs.subscription_filter",
        creates: &[op("PutSubscriptionFilter")],
        deletes: &[op("DeleteSubscriptionFilter")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFoundException"),
        name: Some(("filter_name", 512)),
        token: None,
        unique: &[unique(&["log_group_name", "filter_name"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html: a role that cannot be assumed yet.
        unseen: &[unseen_role(
            "PutSubscriptionFilter",
            "role_arn",
            "InvalidParameterException",
            "Could not deliver test message to specified destination. Check if the destination is valid.",
        )],
        merge: replace,
        refuse: two_subscriptions,
        fails: succeeds,
    },
];
