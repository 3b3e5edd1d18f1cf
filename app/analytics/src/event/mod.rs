//! Events: identifiers, the form on the wire, the checks with a code for each refusal, and their packing into messages of
//! the queue. Nothing here knows a store or a queue.

mod agent;
mod check;
mod id;
mod model;
mod money;
mod packing;
mod post;
mod redact;
mod seed;

pub use agent::Agent;
pub use check::{Frame, LATEST, Reject, read};
pub use id::{Id, UserKey};
pub use model::{Context, Event, Item, Kind, Text};
pub use money::Currency;
pub use packing::{Line, MESSAGE, Packed, Packer, PackingError, Rejection, unpack};
pub use post::{MOST_EVENTS, Post, PostError, Who};
pub use redact::redacted;
pub use seed::{SeedEvent, seed_line};
