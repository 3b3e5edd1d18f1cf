//! What the bundled services are made of: the HTTP server and its graceful shutdown, the layers around every call (request
//! id, callers, rate limit, timeout, log, metrics), the envelopes of answers, settings, static files, and the parts of
//! `up`. It knows no product: what a call means is the product's.
//!
//! [`settings`] can be compiled alone (`default-features = false`); every other module is the server.
//!
//! Dependencies between the modules run in one direction: `site`, then `serve` and `http`, then `settings` and `error`;
//! `emf`, `up`, `check` and `logs` stand alone; `trace` is below `http`.

pub mod settings;

#[cfg(feature = "server")]
pub mod check;
#[cfg(feature = "server")]
mod drain;
#[cfg(feature = "server")]
pub mod emf;
#[cfg(feature = "server")]
pub mod error;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod logs;
#[cfg(feature = "server")]
pub mod serve;
#[cfg(feature = "server")]
pub mod site;
#[cfg(feature = "server")]
pub mod trace;
#[cfg(feature = "server")]
pub mod up;
