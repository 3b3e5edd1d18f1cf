//! The product catalogue: an HTTP API over PostgreSQL, and the server of its front end.
//!
//! The binary `catalog` only parses arguments and calls this library. [`settings`] has the environment variables and can
//! be compiled alone (`default-features = false`); every other module is the server.
//!
//! Dependencies between the modules run in one direction: `command`, then `api` and `local`, then `app`, `outbox`, `http`,
//! `database`, `order` and `product`; `settings` may be used by all of them and uses none. What knows no product is the package `service`.
//!
//! The catalogue is also the till of a small shop (`SHOP=true`): it shows what is sold to everyone and takes orders. It has no
//! customers, payments or deliveries.

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
pub mod http;
#[cfg(feature = "server")]
pub mod local;
#[cfg(feature = "server")]
mod metrics;
#[cfg(feature = "server")]
pub mod order;
#[cfg(feature = "server")]
pub mod outbox;
#[cfg(feature = "server")]
pub mod product;
#[cfg(feature = "server")]
mod reads;
