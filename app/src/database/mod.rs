//! PostgreSQL: connecting, the schema's migrations, the statements, and how fresh a kept answer is.
//!
//! It is the only part that speaks SQL; what a product may look like is [`crate::product`].

mod connect;
pub mod freshness;
mod migrate;
pub mod products;
pub mod seed;

pub use connect::{ConnectError, Connector, STATEMENT_SECONDS};
pub use migrate::{MigrateError, migrate};
