//! S3: buckets, and objects in them.

mod bucket;
mod bucket_cors;
mod bucket_logging;
mod bucket_notification;
mod bucket_policy;
mod bucket_replication;
mod bucket_website;
mod lifecycle;
mod object;
mod objects;

use crate::service::Service;
pub use bucket::*;
pub use bucket_cors::*;
pub use bucket_logging::*;
pub use bucket_notification::*;
pub use bucket_policy::*;
pub use bucket_replication::*;
pub use bucket_website::*;
pub use lifecycle::{LifecycleRule, StorageClass, Transition};
pub use object::*;

/// The facts about S3.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel: bucket configurations are eventually consistent.
    not_yet: &[
        ("MalformedPolicy", "Invalid principal in policy"),
        ("NoSuchBucket", ""),
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html: a target's policy.
        ("InvalidArgument", "Unable to validate"),
    ],
    ..Service::new("s3")
};
