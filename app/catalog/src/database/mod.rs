//! PostgreSQL: connections, migrations of the schema, the statements, and the snapshots that the response cache compares.
//!
//! All SQL of the server is in this module; the rules for the values of a product are in [`crate::product`].

mod connect;
pub mod idempotency;
pub mod images;
mod migrate;
pub mod orders;
pub mod outbox;
pub mod placed_orders;
pub mod products;
pub mod seed;
pub mod snapshot;

pub use connect::{ConnectError, Connector, STATEMENT_SECONDS};
pub use migrate::{MigrateError, migrate};
