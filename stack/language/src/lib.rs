//! The language that stacks are written in.
//!
//! A stack is a function over a [`Scope`]; its ids are types, so what does not fit does not compile:
//!
//! ```
//! use tenon_language::prelude::*;
//!
//! fn hello(s: &mut Scope<'_, Anywhere>) {
//!     let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
//!     for (zone, range) in [("eu-west-1a", "10.20.0.0/20"), ("eu-west-1b", "10.20.16.0/20")] {
//!         s.add(zone, ec2::Subnet::new(&vpc.id, range, zone));
//!     }
//!     s.output("vpc_id", &vpc.id);
//! }
//! # tenon_language::declare("hello", Anywhere::Local, hello).check().unwrap();
//! ```
//!
//! A crate of a stack's own links this package under the name `tenon`, and the installed tool `tenon` does the rest. The
//! package `tenon`, which has the engine inside, offers the same names, for those who want one binary.
//!
//! Not here: resource types (`tenon-resources`), deciding and executing (`tenon-planner`), the state (`tenon-state`), and
//! the command line (`tenon`).

#[macro_use]
mod environments_macro;

mod backend;
pub mod component;
pub mod environment;
#[doc = include_str!("guide.md")]
pub mod guide {}
pub mod protocol;
mod run;
mod scope;
pub mod settings;
#[cfg(feature = "trial")]
mod trial;

pub use backend::Backend;
pub use environment::{Anywhere, DeployTarget, Environment, Label};
pub use run::run;
pub use scope::{Scope, declare, declare_at, declare_with};
pub use settings::Given;
#[cfg(feature = "trial")]
pub use tenon_planner as planner;
pub use tenon_resources as resources;
#[cfg(feature = "trial")]
pub use trial::Trial;

/// The names that a stack's file needs.
pub mod prelude {
    pub use crate::{Anywhere, Backend, DeployTarget, Environment, Label, Scope, environments};
    pub use std::process::ExitCode;
    #[cfg(feature = "trial")]
    pub use tenon_planner::Check;
    pub use tenon_resources::declaration::{Expect, Experiment};
    pub use tenon_resources::{
        acm, appscaling, asset, cfn, cloudtrail, cloudwatch, ec2, ecr, ecs, elb, iam, kms, logs, lookup,
        random, rds, route53, s3, secretsmanager, sns, sqs, ssm, text,
        value::{Arn, AvailabilityZone, Cidr4, Input, IntoInput, Output, Password, Secret, Tags},
    };
}
