//! The HTTP API: routes, handlers, and the OpenAPI document that describes them.

mod categories;
mod images;
mod me;
pub mod openapi;
mod orders;
mod placed_orders;
mod products;
mod router;
mod schema;
mod shop;
mod status;

pub use router::router;
