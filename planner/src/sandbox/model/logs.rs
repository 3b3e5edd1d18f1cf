//! CloudWatch Logs.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, unique},
};

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
        refuse: accepts,
        fails: succeeds,
    },
];
