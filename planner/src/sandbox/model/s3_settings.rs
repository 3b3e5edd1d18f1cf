//! Settings of a bucket that have calls of their own: CORS, logging, notifications, replication, website.
//!
//! Codes: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{
        AT_ONCE, Absent, Id, Op, Refusal, Second, Unique, Unseen, op, op_without, refused, unique, unseen,
        unseen_role,
    },
    view::{Call, View},
};

/// A bucket has one of each, which the next call overwrites.
const ONE: &[Unique] = &[unique(&["bucket"], Second::Overwritten)];

/// A setting that a bucket has once, and that another call of the same replaces.
const fn setting(
    kind: &'static str,
    creates: &'static [Op],
    deletes: &'static [Op],
    absent: Absent,
    unseen: &'static [Unseen],
    refuse: fn(&Call<'_>, &View<'_>) -> Result<(), Refusal>,
) -> Entry {
    Entry {
        kind,
        creates,
        deletes,
        id: Id::Composite,
        states: AT_ONCE,
        absent,
        name: None,
        token: None,
        unique: ONE,
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen,
        merge: replace,
        refuse,
        fails: succeeds,
    }
}

const NO_BUCKET: (&str, &str) = ("NoSuchBucket", "The specified bucket does not exist");

pub(super) const SETTINGS: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html: "If the configuration exists, Amazon S3 replaces it";
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html: 204, also where there is none.
    setting(
        "s3.bucket_cors",
        &[op("PutBucketCors")],
        &[op("DeleteBucketCors")],
        Absent::DeleteSucceeds("NoSuchCORSConfiguration"),
        &[unseen("PutBucketCors", "bucket", NO_BUCKET.0, NO_BUCKET.1)],
        accepts,
    ),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html: "To disable logging, you use an empty
    // BucketLoggingStatus request element".
    setting(
        "s3.bucket_logging",
        &[op("PutBucketLogging")],
        &[op_without(
            "PutBucketLogging",
            "bucket_logging_status.logging_enabled.target_bucket",
        )],
        Absent::DeleteSucceeds("NoSuchBucket"),
        &[
            unseen("PutBucketLogging", "bucket", NO_BUCKET.0, NO_BUCKET.1),
            unseen(
                "PutBucketLogging",
                "bucket_logging_status.logging_enabled.target_bucket",
                "InvalidTargetBucketForLogging",
                "The target bucket for logging does not exist",
            ),
        ],
        accepts,
    ),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html: an empty configuration turns
    // notifications off.
    setting(
        "s3.bucket_notification",
        &[op("PutBucketNotificationConfiguration")],
        &[op_without(
            "PutBucketNotificationConfiguration",
            "notification_configuration",
        )],
        Absent::DeleteSucceeds("NoSuchBucket"),
        &[unseen(
            "PutBucketNotificationConfiguration",
            "bucket",
            NO_BUCKET.0,
            NO_BUCKET.1,
        )],
        accepts,
    ),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html: "Creates a replication configuration or replaces an
    // existing one"; https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html: 204.
    setting(
        "s3.bucket_replication",
        &[op("PutBucketReplication")],
        &[op("DeleteBucketReplication")],
        Absent::DeleteSucceeds("ReplicationConfigurationNotFoundError"),
        &[
            unseen("PutBucketReplication", "bucket", NO_BUCKET.0, NO_BUCKET.1),
            unseen_role(
                "PutBucketReplication",
                "replication_configuration.role",
                "InvalidArgument",
                "S3 could not assume the role",
            ),
        ],
        versioned,
    ),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html;
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html: "a 200 OK response ... if the website configuration you
    // are trying to delete does not exist".
    setting(
        "s3.bucket_website",
        &[op("PutBucketWebsite")],
        &[op("DeleteBucketWebsite")],
        Absent::DeleteSucceeds("NoSuchWebsiteConfiguration"),
        &[unseen("PutBucketWebsite", "bucket", NO_BUCKET.0, NO_BUCKET.1)],
        accepts,
    ),
];

/// Only a bucket with versioning is copied.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html>: "Both source and destination buckets must have
/// versioning enabled".
fn versioned(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let bucket = call
        .text("bucket")
        .filter(|_| call.operation == "PutBucketReplication");
    let bucket = bucket.and_then(|bucket| view.get("s3.bucket", &bucket));
    match bucket {
        Some(bucket) if bucket.members["versioning_configuration"] != "Enabled" => refused(
            "InvalidRequest",
            "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        ),
        _ => Ok(()),
    }
}
