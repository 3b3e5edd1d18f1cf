//! An audit trail: who did what in the account, kept where it cannot be rewritten unnoticed.

use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    cloudtrail::Trail,
    iam::Policy,
    s3::{Bucket, BucketPolicy, LifecycleRule, StorageClass},
    text,
    value::{Arn, Output},
};

/// A trail of every management call to the account, in a bucket of its own.
///
/// The bucket is private, versioned, spoken to over TLS alone, and written by this trail and nobody else; files end after a
/// while. Each file has a digest, so that a change shows. Where data may go, the files go with the bucket; elsewhere they keep
/// it from being deleted.
///
/// ```
/// use tenon::{component::Audit, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// s.within("audit", |s| Audit::new(s, 365));
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Audit {
    /// The bucket's ARN.
    pub bucket: Output<Arn>,
}

/// After how many days files move to where they are cheap to keep.
const COLD: u32 = 30;

impl Audit {
    /// Declares it; files are kept for `days`.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, days: u32) -> Self {
        let keep = LifecycleRule::new("keep")
            .expire_after(days)
            .expire_old_versions_after(30)
            .abort_uploads_after(7);
        let keep = if days > COLD {
            keep.transition(COLD, StorageClass::GlacierIr)
        } else {
            keep
        };
        // Nobody but the trail writes there, and it writes from the first minute on.
        let disposable = s.env().disposable();
        let bucket = Bucket::new()
            .versioning(true)
            .lifecycle([keep])
            .empty_on_delete(disposable);
        let bucket = s.add("bucket", bucket);

        // The policy names the trail and the trail needs the policy, so the trail has a name of the program's. The
        // statements are those of CloudTrail's guide, "Amazon S3 bucket policy for CloudTrail".
        let name = s.full_name("trail");
        let (account, region) = (s.account(), s.region());
        let trail = text!("arn:aws:cloudtrail:{}:{}:trail/{}", &region, &account, &name);
        let service = "cloudtrail.amazonaws.com";
        let look = Policy::allow(["s3:GetBucketAcl"])
            .sid("Look")
            .service(service)
            .on([&bucket.arn])
            .when("StringEquals", "aws:SourceArn", [&trail]);
        let write = Policy::allow(["s3:PutObject"])
            .sid("Write")
            .service(service)
            .on([text!("{}/AWSLogs/{}/*", &bucket.arn, &account)])
            .when("StringEquals", "aws:SourceArn", [&trail])
            .when("StringEquals", "s3:x-amz-acl", ["bucket-owner-full-control"]);
        let secure = Policy::deny(["s3:*"])
            .sid("Secure")
            .anyone()
            .on([text!("{}", &bucket.arn), text!("{}/*", &bucket.arn)])
            .when("Bool", "aws:SecureTransport", ["false"]);
        s.add(
            "bucket-policy",
            BucketPolicy::new(&bucket.id, look.and(write).and(secure)),
        );
        s.add("trail", Trail::new(&bucket.id).trail_name(name));
        Self { bucket: bucket.arn }
    }
}
