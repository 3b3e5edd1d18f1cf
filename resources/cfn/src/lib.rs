//! The schemas of every CloudFormation type, and the check of a resource's properties against them.
//!
//! The schemas ride in the binary, compressed one by one; a type costs nothing until somebody asks for it. They are AWS's own
//! ([`NOTICE`](https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html) beside the data names
//! the packages that ship them), made compact by `.ci/types`.
//!
//! Not here: resources, plans and calls. This crate knows properties and what AWS says of them.

mod archive;
pub mod check;
pub mod path;
mod sample;
mod schema;

pub use archive::{Known, find, known, names, nearest};
pub use sample::samples;
pub use schema::{Node, OneOrMore, Schema, TagProperty, Types};
