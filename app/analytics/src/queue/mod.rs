//! The queue between collector and consumer: a client of SQS, and a server with its protocol for one machine.

mod client;
pub mod server;

pub use client::{Delivery, Depth, Error, Queue};
