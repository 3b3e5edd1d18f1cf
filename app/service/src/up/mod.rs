//! The parts of `up`, which runs a whole system on one machine: the account that a data store runs as, the folder of its
//! data, the process that ends it, and the build of the front end with npm.

mod account;
mod data_lock;
mod error;
mod front_end;
mod process;
mod progress;

pub use account::{Account, data_folder, server_account};
pub use data_lock::DataLock;
pub use error::Error;
pub use front_end::{FrontEnd, build as build_front_end};
pub use process::{Watchdog, command, free_port, give_to_account};
pub use progress::report;
