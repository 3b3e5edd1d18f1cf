//! Simple Storage Service.
//!
//! Codes: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Refusal, Second, by, op, refused, unique, unseen, unseen_role},
    view::{Call, View},
};
use serde_json::Value;

/// The tags of a bucket are set as a whole, and those that AWS has set stay.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html>: `InvalidTag`;
/// <https://github.com/cloud-custodian/cloud-custodian/issues/2834>: "System Tags cannot be removed by requester".
fn tags(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let bucket = view.subject("s3.bucket", call);
    // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: "The bucket that you tried to delete is not empty."
    if call.operation == "DeleteBucket"
        && bucket.is_some_and(|bucket| bucket.members[EMPTIED] != true)
        && !view
            .users("s3.object", "bucket", call.id.unwrap_or_default())
            .is_empty()
    {
        return refused("BucketNotEmpty", "The bucket you tried to delete is not empty");
    }
    let Some(bucket) = bucket.filter(|_| call.operation == "PutBucketTagging") else {
        return Ok(());
    };
    let system = |tags: &serde_json::Value| {
        let tags = tags.as_object().cloned().unwrap_or_default().into_iter();
        tags.filter(|(key, _)| key.starts_with("aws:"))
            .collect::<Vec<_>>()
    };
    if system(&call.params["tagging"]) == system(&bucket.inputs["tags"]) {
        Ok(())
    } else {
        refused("InvalidTag", "System tags cannot be removed by requester")
    }
}

/// The member of a bucket whose objects were all deleted.
const EMPTIED: &str = "emptied";

fn bucket(members: &mut Value, call: &Call<'_>) {
    replace(members, call);
    if call.operation == "DeleteObjects" {
        members[EMPTIED] = true.into();
    }
}

/// An object has 10 tags at the most.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html>: "You can associate up to 10 tags with an object."
fn object(call: &Call<'_>, _: &View<'_>) -> Result<(), Refusal> {
    let in_query = call.text("tagging").map_or(0, |query| query.split('&').count());
    let in_set = call.params["tagging"].as_object().map_or(0, serde_json::Map::len);
    if in_query.max(in_set) > 10 {
        return refused("BadRequest", "Object tags cannot be greater than 10");
    }
    Ok(())
}

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: names are unique over all accounts; for a
    // bucket of one's own the answer is this one (but in us-east-1, where the call succeeds).
    Entry {
        kind: "s3.bucket",
        creates: &[op("CreateBucket")],
        deletes: &[op("DeleteBucket")],
        id: Id::Member("bucket"),
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchBucket"),
        name: Some(("bucket", 63)),
        token: None,
        unique: &[unique(
            &["bucket"],
            Second::Refused(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[
            by("s3.bucket_cors", "bucket"),
            by("s3.bucket_logging", "bucket"),
            by("s3.bucket_notification", "bucket"),
            by("s3.bucket_policy", "bucket"),
            by("s3.bucket_replication", "bucket"),
            by("s3.bucket_website", "bucket"),
            by("s3.object", "bucket"),
        ],
        busy: None,
        unseen: &[
            unseen(
                "PutPublicAccessBlock",
                "bucket",
                "NoSuchBucket",
                "The specified bucket does not exist",
            ),
            unseen(
                "PutBucketEncryption",
                "bucket",
                "NoSuchBucket",
                "The specified bucket does not exist",
            ),
            unseen(
                "PutBucketVersioning",
                "bucket",
                "NoSuchBucket",
                "The specified bucket does not exist",
            ),
            unseen(
                "PutBucketLifecycleConfiguration",
                "bucket",
                "NoSuchBucket",
                "The specified bucket does not exist",
            ),
            unseen(
                "PutBucketOwnershipControls",
                "bucket",
                "NoSuchBucket",
                "The specified bucket does not exist",
            ),
        ],
        merge: bucket,
        refuse: tags,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html: a bucket has one policy, which is replaced.
    Entry {
        kind: "s3.bucket_policy",
        creates: &[op("PutBucketPolicy")],
        deletes: &[op("DeleteBucketPolicy")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("NoSuchBucketPolicy"),
        name: None,
        token: None,
        unique: &[unique(&["bucket"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen_role(
                "PutBucketPolicy",
                "policy.Statement.Principal.AWS",
                "MalformedPolicy",
                "Invalid principal in policy",
            ),
            unseen(
                "PutBucketPolicy",
                "bucket",
                "NoSuchBucket",
                "The specified bucket does not exist",
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: the last write wins.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: 204, also where there is none.
    Entry {
        kind: "s3.object",
        creates: &[op("PutObject")],
        deletes: &[op("DeleteObject")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::DeleteSucceeds("NoSuchKey"),
        name: None,
        token: None,
        unique: &[unique(&["bucket", "key"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "PutObject",
            "bucket",
            "NoSuchBucket",
            "The specified bucket does not exist",
        )],
        merge: replace,
        refuse: object,
        fails: succeeds,
    },
];
