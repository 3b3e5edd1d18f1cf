//! The product catalogue: an HTTP API over PostgreSQL, and the server of its front end.
//!
//! The binary `catalog` is a thin shell around this library. [`settings`] is what the catalogue reads from its
//! environment and stands alone (`default-features = false`); everything else is the server.
//!
//! It is not a shop: it keeps products and their history, and knows nothing of orders, customers or images.

pub mod settings;

#[cfg(feature = "server")]
pub mod api;
#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod command;
#[cfg(feature = "server")]
pub mod database;
#[cfg(feature = "server")]
pub mod error;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod local;
#[cfg(feature = "server")]
pub mod product;
#[cfg(feature = "server")]
pub mod serve;
#[cfg(feature = "server")]
pub mod web;
