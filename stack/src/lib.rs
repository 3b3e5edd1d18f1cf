//! Infrastructure as typed Rust: the program that plans and applies stacks, with the language that they are written in.
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
//! Not here: the language and its components (`tenon-language`), resource types (`tenon-resources`), deciding and executing (`tenon-planner`), and the state
//! (`tenon-state`).

mod backend;
mod cli;
mod error;
mod hints;
mod memory;
mod program;
mod run;
mod typed;
mod ui;

pub use error::exit;
pub use run::{run, tool};
pub use tenon_language::{
    Anywhere, Backend, DeployTarget, Environment, Given, Label, Scope, Trial, component, declare,
    declare_with, environment, environments, prelude, settings,
};
pub use tenon_planner as planner;
pub use tenon_resources as resources;
