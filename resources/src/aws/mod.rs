//! AWS itself: the SDK behind [`Cloud`](crate::cloud::Cloud).
//!
//! Each type's file has its own calls and its own mapping back; here is what they share: clients, errors, and how
//! plain data becomes the SDK's. The SDK's own retries are off: a lost reply may have been an executed call, and only
//! the executor, which has it journalled, can settle that.

mod bucket_owner;
mod by;
mod client;
mod cloud;
mod cloudcontrol;
mod convert;
mod error;
mod from_sdk;
mod look_up;
mod lookups;
mod observe;
mod pages;
mod reader;
pub mod sdk;
mod send;
mod trail;

pub use by::By;
pub use client::{Aws, Connect, Keys};
pub use convert::ToSdk;
pub use error::{call_error, endless};
pub use from_sdk::{FromSdk, Missing};
pub use look_up::LookUp;
pub use observe::{ByName, ByToken, Observe, Seen};
pub use pages::{broken, each, gone, in_batches, present, there};
pub(crate) use pages::{items, pages};
pub use send::{Ids, SendFuture, Sendable, Sender, Wired};
