//! What is promised of a state, whatever happens to the machine, the disk or the lease.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backends;
mod corruption;
#[cfg(feature = "encryption")]
mod encryption;
mod file;
mod fingerprints;
mod formats;
#[cfg(all(feature = "s3-tests", feature = "kms"))]
mod kms;
mod leases;
#[cfg(feature = "s3-tests")]
mod moto;
#[cfg(feature = "postgres")]
mod postgres;
mod power;
#[cfg(feature = "encryption")]
mod rekey;
mod repair;
#[cfg(feature = "s3-tests")]
mod s3;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "postgres")]
mod stopped;
mod support;
mod transfer;
