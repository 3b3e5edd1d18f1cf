//! Walks a plan: each call as soon as what it needs is there, each outcome durable before what needs it begins.
//!
//! For every mutating call: intent durable, call, outcome durable. A call whose outcome nobody knows is settled before
//! anything is repeated ([`settle`]); a wait is the same batch read as refresh, one poller a type ([`poll`]).
//!
//! No decision is made here: apply sends no mutating call that the plan does not list. And nothing is undone: what exists
//! after a failure is progress, and the next plan goes on from it.

mod accepted;
mod again;
mod apply;
mod assets;
mod call;
mod classify;
mod context;
mod deployed;
mod evidence;
mod executor;
mod failed;
mod lost_reply;
mod other;
mod poll;
mod prepare;
mod queue;
mod rate_limiter;
mod retry;
mod run;
mod send;
mod settings;
mod settle;
mod summary;
mod verify;
mod wait;

pub use again::Again;
pub use assets::find_assets;
pub use classify::{Class, classify};
pub use executor::Executor;
pub use settings::{Settings, Stop};
pub use summary::{Failure, Summary, Verdict};

pub(crate) use deployed::runs_the_same;
pub(crate) use retry::{find_with_retry, read_with_retry, with_retry};
