//! Infrastructure as typed Rust: the language that stacks are written in, the components they are made of, and the
//! program that plans and applies them.
//!
//! A stack is a function over a [`Scope`]; its ids are types, so what does not fit does not compile:
//!
//! ```
//! use tenon::prelude::*;
//!
//! fn hello(s: &mut Scope<'_, Anywhere>) {
//!     let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
//!     for (zone, range) in [("eu-west-1a", "10.20.0.0/20"), ("eu-west-1b", "10.20.16.0/20")] {
//!         s.add(zone, ec2::Subnet::new(&vpc.id, range, zone));
//!     }
//!     s.output("vpc_id", &vpc.id);
//! }
//! # tenon::declare("hello", Anywhere::Local, hello).check().unwrap();
//! ```
//!
//! Not here: resource types (`tenon-resources`), deciding and executing (`tenon-planner`), and the state
//! (`tenon-state`).

mod backend;
mod cli;
pub mod component;
pub mod environment;
mod error;
mod hints;
mod run;
mod scope;
mod trial;
mod ui;

pub use backend::Backend;
pub use environment::{Anywhere, DeployTarget, Environment};
pub use error::exit;
pub use run::run;
pub use scope::{Scope, declare};
pub use tenon_planner as planner;
pub use tenon_resources as resources;
pub use trial::Trial;

/// The names that a stack's file needs.
pub mod prelude {
    pub use crate::{Anywhere, Backend, DeployTarget, Environment, Scope, environments};
    pub use std::process::ExitCode;
    pub use tenon_resources::{
        acm, appscaling, cloudtrail, cloudwatch, ec2, ecr, ecs, elb, iam, kms, logs, rds, route53, s3,
        secretsmanager, sns, sqs, ssm, text,
        value::{Arn, AvailabilityZone, Cidr4, Input, IntoInput, Output, Secret, Tags},
    };
}
