//! S3: buckets, and objects in them.

mod bucket;
mod bucket_policy;
mod lifecycle;
mod object;
mod objects;

use crate::service::Service;
pub use bucket::*;
pub use bucket_policy::*;
pub use lifecycle::{LifecycleRule, StorageClass, Transition};
pub use object::*;

/// The facts about S3.
pub const SERVICE: Service = Service {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel: bucket configurations are eventually consistent.
    not_yet: &[
        ("MalformedPolicy", "Invalid principal in policy"),
        ("NoSuchBucket", ""),
    ],
    ..Service::new("s3")
};
