//! The subcommands.

mod deploy;
mod failure;
mod load;
mod mongod;
mod processes;
mod seed;
mod tasks;
mod up;

pub use deploy::{DeployOptions, check_settings, deploy, version};
pub use failure::Failure;
pub use load::{LoadOptions, load};
pub use mongod::Mongod;
pub use processes::{archive, collect, consume, query, queue, web};
pub use seed::{SeedOptions, seed};
pub use tasks::{erase, replay, restore};
pub use up::{UpOptions, up};
