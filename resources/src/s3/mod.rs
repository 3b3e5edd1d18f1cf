//! S3: buckets.

mod bucket;
mod bucket_policy;
mod lifecycle;

pub use bucket::*;
pub use bucket_policy::*;
pub use lifecycle::{LifecycleRule, StorageClass, Transition};
