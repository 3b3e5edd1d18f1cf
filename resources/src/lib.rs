//! Typed AWS resources, and the API calls that make, change and remove them.
//!
//! Without the `aws` feature this crate is plain data: no SDK, no I/O. With it, each type's file also has its SDK
//! half: how its calls are sent and how it is read back.
//!
//! What is not here: when anything is called, and in which order. A type says which calls change what; the planner
//! decides, the executor acts.
//!
//! Adding a type is one file and one line in [`registry`]; `.github/CONTRIBUTING.md` walks through one.

extern crate self as tenon_resources;

pub mod acm;
pub mod appscaling;
pub mod asset;
pub mod attribute;
pub mod authorization;
#[cfg(feature = "aws")]
pub mod aws;
pub mod call;
pub mod cfn;
pub mod claim;
pub mod cloud;
pub mod cloudtrail;
pub mod cloudwatch;
pub mod declaration;
pub mod ec2;
pub mod ecr;
pub mod ecs;
pub mod elb;
pub mod erased;
mod field;
pub mod forward;
pub mod iam;
pub mod kms;
pub mod logs;
pub mod lookup;
mod nearest;
pub mod random;
pub mod rds;
pub mod registry;
mod request;
pub mod resource;
pub mod route53;
pub mod s3;
pub mod secretsmanager;
pub mod service;
pub mod sns;
pub mod sqs;
pub mod ssm;
pub mod status;
pub mod value;
pub mod without;

pub use nearest::nearest;

/// Imports of a resource type's file.
pub mod prelude {
    #[cfg(feature = "aws")]
    pub use crate::aws::{Aws, By, ByName, ByToken, Missing, Observe, Seen, broken, sdk};
    #[cfg(feature = "aws")]
    pub(crate) use crate::aws::{items, pages};
    #[cfg(feature = "aws")]
    pub use crate::cloud::{CallError, Status};
    pub use crate::{
        call::{Call, CallInfo, Steps, minutes, own, this},
        choice,
        claim::Claim,
        id,
        resource::{Guard, Identity, Inside, Lifecycle, Look, OnlyWhenEmpty, Outputs, Read, Resource},
        status::{Meaning, StatusWords},
        text,
        value::{
            Arn, AvailabilityZone, Cidr4, Cidr6, Input, IntoInput, NameRule, Output, Secret, TagSpec, Tags,
            Token,
        },
    };
    pub use serde::{Deserialize, Serialize};
    pub use std::collections::{BTreeMap, BTreeSet};
    pub use tenon_resources_derive::{Call, Outputs, Resource};
}
