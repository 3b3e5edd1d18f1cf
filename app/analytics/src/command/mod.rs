//! The subcommands.

mod failure;
mod mongod;
mod processes;
mod tasks;
mod up;

pub use failure::Failure;
pub use processes::{archive, collect, consume, query, queue, web};
pub use tasks::{erase, replay};
pub use up::{UpOptions, up};
