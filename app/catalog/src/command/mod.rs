//! The subcommands of the binary, one module each, and their error.

mod api;
mod check;
mod failure;
mod logs;
mod tasks;
mod up;
mod web;

pub use api::api;
pub use check::check;
pub use failure::Failure;
pub use logs::start as start_logs;
pub use tasks::{migrate, openapi, seed};
pub use up::{Options as UpOptions, up};
pub use web::web;
