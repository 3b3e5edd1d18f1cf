//! State storage of an infrastructure engine: records, journal, lease and backends.
//!
//! A [`Store`] is a [`State`] that is open for writing. Before each mutating call an [`Intent`] is made durable
//! ([`Store::begin`]), after it the [`Outcome`] and the changes ([`Store::end`]); both go to an append-only journal,
//! and callers that are ready together share one write. From time to time the journal is folded into a snapshot
//! ([`Store::checkpoint`]). A process may be killed, or a machine lose its power, between any two instructions: all
//! acknowledged entries are there when the state is opened again, and every intent without an outcome is among
//! [`Store::open_intents`].
//!
//! A state can be moved to another location ([`Transfer`]) and be given another key ([`rekey`]). At any instant of
//! that it is complete at one location and under one key.
//!
//! A state that cannot be read is an [`Error`] that says so; it is never taken for an empty one.
//!
//! ```no_run
//! # async fn example() -> Result<(), tenon_state::Error> {
//! use std::sync::Arc;
//! use tenon_state::{File, Holder, Identity, Store};
//!
//! let backend = Arc::new(File::new(".tenon/production"));
//! let identity = Identity { stack: "ecommerce".into(), env: "production".into() };
//! let store = Store::open(backend, Holder::here("apply")?, identity).await?;
//! for intent in store.open_intents() {
//!     println!("outcome unknown: {} of {}", intent.operation, intent.address);
//! }
//! store.close().await
//! # }
//! ```
//!
//! Deliberately absent: any knowledge of resource types, of AWS, or of what a call means. This crate does not decide
//! how an open intent is reconciled; it only never loses one.

mod backend;
mod clock;
mod deployed;
mod disk;
#[cfg(feature = "encryption")]
mod encryption;
mod error;
mod file;
mod fingerprint;
mod fold;
mod frame;
mod history;
mod intent;
mod lease;
mod memory;
mod move_notice;
#[cfg(feature = "postgres")]
mod postgres;
mod read;
mod record;
mod rekey;
mod repair;
mod runs;
#[cfg(feature = "s3")]
mod s3;
mod seen;
mod sidecar;
mod snapshot;
mod store;
mod transfer;

pub use backend::{Backend, Backup, Journal, LeaseStatus, Stored, TornWrite};
pub use clock::{Clock, SystemClock};
pub use deployed::Deployed;
pub use disk::{Access, FileId, FileKind, Folder, OpenFile, RealFolder};
#[cfg(feature = "faults")]
pub use disk::{Fault, FaultDisk};
#[cfg(feature = "kms")]
pub use encryption::KmsKey;
#[cfg(feature = "encryption")]
pub use encryption::{AgeKey, DataKey, Encrypted, KeyWrap};
pub use error::Error;
pub use file::File;
pub use fingerprint::{Comparison, Fingerprint, FingerprintKey};
pub use intent::{Intent, MAX_JSON_DEPTH, Outcome, StateWrite};
pub use lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef};
pub use memory::Memory;
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use read::{StateView, inspect, read};
pub use record::{FORMAT_VERSION, Identity, Phase, Record, RecordKey, State};
pub use rekey::{Rekeyed, rekey};
pub use repair::{Salvage, salvage};
pub use runs::{Change, Run, WHOLE_RUNS};
#[cfg(feature = "s3")]
pub use s3::S3;
pub use seen::Seen;
pub use sidecar::copy_sidecar;
pub use store::{Settings, Store};
pub use transfer::{Moved, StateHandle, Transfer};
