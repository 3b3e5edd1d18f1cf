//! The buckets: site, archive and releases; and the command that releases to a host.

use super::aws::ssm_document::Document;
use serde_json::json;
use tenon::{
    Environment, Scope,
    resources::{
        iam::Policy,
        resource::Outputs,
        s3::{Bucket, BucketOutputs, BucketPolicy, LifecycleRule, StorageClass},
        text,
    },
};

/// What others refer to of a bucket.
pub(super) type BucketRefs = <BucketOutputs as Outputs>::Refs;

/// Seconds in which a host runs a release, or again what ran before: two services, each twice with the patience of
/// `analytics-release`.
const RELEASE_SECONDS: &str = "1200";

/// A private, versioned bucket.
pub(super) fn bucket<E: Environment>(s: &mut Scope<'_, E>, rule: LifecycleRule) -> BucketRefs {
    let disposable = s.env().disposable();
    let bucket = Bucket::new()
        .versioning(true)
        .lifecycle([rule.abort_uploads_after(7)])
        .empty_on_delete(disposable);
    s.add("bucket", bucket)
}

/// As [`bucket`], with a policy that refuses connections without TLS and says no more.
fn private<E: Environment>(s: &mut Scope<'_, E>, rule: LifecycleRule) -> BucketRefs {
    let bucket = bucket(s, rule);
    s.add("bucket-policy", BucketPolicy::new(&bucket.id, tls_only(&bucket)));
    bucket
}

/// The part of a bucket's policy that refuses connections without TLS.
pub(super) fn tls_only(bucket: &BucketRefs) -> Policy {
    Policy::deny(["s3:*"])
        .sid("DenyInsecureTransport")
        .anyone()
        .on([text!("{}", &bucket.arn), text!("{}/*", &bucket.arn)])
        .when("Bool", "aws:SecureTransport", ["false"])
        .into()
}

/// Archive of events: files that the application itself removes after `ARCHIVE_MONTHS`. Erased rows must not live on in old
/// versions, so these go soon.
pub(super) fn archive<E: Environment>(s: &mut Scope<'_, E>) -> BucketRefs {
    let rule = LifecycleRule::new("tiers")
        .transition(90, StorageClass::GlacierIr)
        .expire_old_versions_after(7);
    private(s, rule)
}

/// Releases: a bucket of files that never change, and a document that hosts run.
pub(super) struct Releases {
    /// Bucket with `current` and a file for each release.
    pub(super) bucket: BucketRefs,
    /// Name of the document.
    pub(super) document: String,
}

impl Releases {
    /// Declares the bucket and the document.
    pub(super) fn new<E: Environment>(s: &mut Scope<'_, E>) -> Self {
        // No release expires: hosts start with the one that `current` names, however old it is.
        let rule = LifecycleRule::new("old").expire_old_versions_after(30);
        let bucket = private(s, rule);
        let name = s.full_name("release");
        let run = json!({
            "action": "aws:runShellScript",
            "name": "release",
            "inputs": { "timeoutSeconds": RELEASE_SECONDS, "runCommand": ["/usr/local/bin/analytics-release"] },
        });
        let content = json!({
            "schemaVersion": "2.2",
            "description": "Runs the release that `current` names, or what ran before when it is not ready",
            "mainSteps": [run],
        });
        let document = Document::new(content)
            .name(&name)
            .document_type("Command")
            .target_type("/AWS::EC2::Instance")
            .update_method("NewVersion");
        s.add("document", document);
        Self {
            bucket,
            document: name,
        }
    }
}
