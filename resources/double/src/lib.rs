//! A double of AWS's Cloud Control API, for tests and for `--endpoint`.
//!
//! The package depends on nothing of Tenon's: it is written from the [API reference](https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/Welcome.html),
//! the [contract of handlers](https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html) and what
//! users of other tools report, and reads CloudFormation's schemas as plain JSON. Everything that surprises those tools is a
//! [`Symptoms`] of its own, so that a test can have one of them or all.

mod operations;
mod schemas;
mod server;
mod shown;
mod world;

pub use schemas::Schemas;
pub use server::router;
pub use world::{Failure, Symptoms, World};
