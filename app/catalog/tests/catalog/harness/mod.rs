//! The parts that the tests share: the database server, the API in process, and the binary as a process.

pub(crate) mod api;
pub(crate) mod process;
pub(crate) mod server;

pub(crate) use api::{Api, Reply};
pub(crate) use process::Process;
