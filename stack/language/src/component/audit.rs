//! An audit trail of the account: a CloudTrail trail and the S3 bucket that it writes to.

use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    cloudtrail::Trail,
    iam::Policy,
    s3::{Bucket, BucketPolicy, LifecycleRule, StorageClass},
    text,
    value::{Arn, Output},
};

/// A CloudTrail trail of every management call to the account, in a bucket of its own.
///
/// The bucket is private and versioned, refuses connections without TLS, and accepts files from this trail alone. Digest
/// files show whether a log file was changed. In a disposable environment the files are deleted with the bucket; in others
/// AWS refuses to delete the bucket while it contains any.
///
/// ```
/// use tenon_language::{component::AuditTrail, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// s.within("audit", |s| AuditTrail::new(s, 365));
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct AuditTrail {
    /// ARN of the bucket.
    pub bucket: Output<Arn>,
}

/// Age in days at which files move to a storage class that is cheaper to keep them in.
const ARCHIVE_AFTER: u32 = 30;

impl AuditTrail {
    /// Declares the trail, the bucket and its policy. Files are deleted after `retention_days`.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, retention_days: u32) -> Self {
        let retention = LifecycleRule::new("retention")
            .expire_after(retention_days)
            .expire_old_versions_after(30)
            .abort_uploads_after(7);
        let retention = if retention_days > ARCHIVE_AFTER {
            retention.transition(ARCHIVE_AFTER, StorageClass::GlacierIr)
        } else {
            retention
        };
        // The trail writes from its creation on, so the bucket is never empty when it is deleted.
        let disposable = s.env().disposable();
        let bucket = Bucket::new()
            .versioning(true)
            .lifecycle([retention])
            .empty_on_delete(disposable);
        let bucket = s.add("bucket", bucket);

        // The policy contains the trail's ARN and has to exist before the trail, so the trail's name is made here and not by
        // the engine. The statements are those of the CloudTrail guide, "Amazon S3 bucket policy for CloudTrail".
        let name = s.full_name("trail");
        let (account, region) = (s.account(), s.region());
        let trail = text!("arn:aws:cloudtrail:{}:{}:trail/{}", &region, &account, &name);
        let service = "cloudtrail.amazonaws.com";
        let acl_check = Policy::allow(["s3:GetBucketAcl"])
            .sid("AWSCloudTrailAclCheck")
            .service(service)
            .on([&bucket.arn])
            .when("StringEquals", "aws:SourceArn", [&trail]);
        let write = Policy::allow(["s3:PutObject"])
            .sid("AWSCloudTrailWrite")
            .service(service)
            .on([text!("{}/AWSLogs/{}/*", &bucket.arn, &account)])
            .when("StringEquals", "aws:SourceArn", [&trail])
            .when("StringEquals", "s3:x-amz-acl", ["bucket-owner-full-control"]);
        let deny_insecure_transport = Policy::deny(["s3:*"])
            .sid("DenyInsecureTransport")
            .anyone()
            .on([text!("{}", &bucket.arn), text!("{}/*", &bucket.arn)])
            .when("Bool", "aws:SecureTransport", ["false"]);
        let policy = acl_check.and(write).and(deny_insecure_transport);
        s.add("bucket-policy", BucketPolicy::new(&bucket.id, policy));
        s.add("trail", Trail::new(&bucket.id).trail_name(name));
        Self { bucket: bucket.arn }
    }
}
