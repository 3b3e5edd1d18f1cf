//! The objects of a bucket that is emptied before it is deleted.

use super::BucketName;
use crate::prelude::*;

/// `DeleteObjects` of every object version and delete marker, which are listed when the call is sent: as many calls as needed, with up
/// to 1,000 of them each, and none for an empty bucket.
#[derive(Serialize, Deserialize)]
pub(super) struct DeleteObjects {
    pub(super) bucket: Input<BucketName>,
}

impl Call for DeleteObjects {
    const INFO: CallInfo = CallInfo {
        service: "s3",
        operation: "DeleteObjects",
        folds: false,
        actions: &[
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:ListBucketVersions",
        ],
        needs: &[],
        // The bucket, whose versions are listed, and what is in it.
        on: "arn:aws:s3:::{id}*",
        not_yet: super::SERVICE.not_yet,
    };
}

#[cfg(feature = "aws")]
mod wire {
    use super::DeleteObjects;
    use crate::{
        aws::{Aws, SendFuture, Sendable, ToSdk, call_error, endless, sdk::s3::types},
        cloud::{CallError, Reply},
    };

    const OPERATION: &str = "DeleteObjects";

    impl Sendable for DeleteObjects {
        fn send(self, aws: &Aws) -> SendFuture<'_> {
            Box::pin(send(self, aws))
        }
    }

    async fn send(call: DeleteObjects, aws: &Aws) -> Result<Reply, CallError> {
        let bucket: String = call.bucket.to_sdk().unwrap_or_default();
        // From the beginning each time, since what was listed before is gone, unless a page is empty and not the last.
        let mut after = (None, None);
        loop {
            let (key, version) = after.clone();
            let request = aws.s3.list_object_versions().bucket(&bucket);
            let request = request.set_key_marker(key).set_version_id_marker(version);
            let page = request.send().await;
            let page = page.map_err(|e| call_error("s3", "ListObjectVersions", e))?;
            let last = page.is_truncated != Some(true);
            let next = (page.next_key_marker, page.next_version_id_marker);
            let versions = page.versions.into_iter().flatten().map(|v| (v.key, v.version_id));
            let markers = page.delete_markers.into_iter().flatten();
            let all = versions.chain(markers.map(|m| (m.key, m.version_id)));
            let objects: Vec<_> = all.filter_map(|(key, version)| object(key?, version)).collect();
            if objects.is_empty() {
                if last {
                    return Ok(Reply::default());
                }
                if next == after {
                    return Err(endless("s3", "ListObjectVersions"));
                }
                after = next;
                continue;
            }
            after = (None, None);
            let delete = types::Delete::builder()
                .set_objects(Some(objects))
                .quiet(true)
                .build();
            let unsendable = |e: &dyn std::fmt::Display| {
                CallError::refused("s3", OPERATION, CallError::UNSENDABLE, e.to_string())
            };
            let delete = delete.map_err(|e| unsendable(&e))?;
            let reply = aws
                .s3
                .delete_objects()
                .bucket(&bucket)
                .delete(delete)
                .send()
                .await;
            let reply = reply.map_err(|e| call_error("s3", OPERATION, e))?;
            if let Some(kept) = reply.errors.into_iter().flatten().next() {
                let (key, why) = (kept.key.unwrap_or_default(), kept.message.unwrap_or_default());
                let code = kept.code.unwrap_or_default();
                return Err(CallError::refused(
                    "s3",
                    OPERATION,
                    &code,
                    format!("`{key}` stays in the bucket: {why}"),
                ));
            }
        }
    }

    fn object(key: String, version: Option<String>) -> Option<types::ObjectIdentifier> {
        types::ObjectIdentifier::builder()
            .key(key)
            .set_version_id(version)
            .build()
            .ok()
    }
}
