//! The client of HTTP that subcommands use.

use std::time::Duration;

/// A client whose calls take at most `most`; the default one when the system has no randomness.
pub(crate) fn client(most: Duration) -> reqwest::Client {
    // The client takes whichever implementation of TLS the process has chosen; a second choice changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(most)
        .pool_max_idle_per_host(256)
        .build()
        .unwrap_or_default()
}
