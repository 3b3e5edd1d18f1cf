//! CloudTrail.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, unique, unseen, unseen_role},
};

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
    Entry {
        kind: "cloudtrail.trail",
        creates: &[op("CreateTrail")],
        deletes: &[op("DeleteTrail")],
        id: Id::Member("name"),
        states: AT_ONCE,
        absent: Absent::Refused("TrailNotFoundException"),
        name: Some(("name", 128)),
        token: None,
        unique: &[unique(
            &["name"],
            Second::Refused("TrailAlreadyExistsException", "The trail already exists"),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen_role(
                "CreateTrail",
                "cloud_watch_logs_role_arn",
                "InvalidCloudWatchLogsRoleArnException",
                "Access denied. Check the permissions for your role.",
            ),
            unseen_role(
                "UpdateTrail",
                "cloud_watch_logs_role_arn",
                "InvalidCloudWatchLogsRoleArnException",
                "Access denied. Check the permissions for your role.",
            ),
            unseen(
                "CreateTrail",
                "s3_bucket_name",
                "InsufficientS3BucketPolicyException",
                "Incorrect S3 bucket policy is detected for bucket",
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
