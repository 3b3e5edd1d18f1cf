//! The queue between collector and consumer: a client of SQS, and a server with its protocol for one machine.

pub mod server;
