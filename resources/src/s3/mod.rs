//! S3: buckets.

mod bucket;
mod bucket_policy;
mod lifecycle;
mod objects;

pub use bucket::*;
pub use bucket_policy::*;
pub use lifecycle::{LifecycleRule, StorageClass, Transition};
