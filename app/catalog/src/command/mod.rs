//! The subcommands of the binary, one module each, and their error.

mod api;
mod failure;
mod tasks;
mod up;
mod web;

pub use api::api;
pub use failure::Failure;
pub use tasks::{migrate, openapi, seed};
pub use up::{Options as UpOptions, up};
pub use web::web;
