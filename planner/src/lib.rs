//! Desired and recorded in; an ordered graph of API calls out; and the walk that makes them.
//!
//! The way of a change: a [`Declared`] stack, what the state [records](tenon_state::State), and what the cloud
//! [shows](refresh) become one [`Decision`] a resource ([`decide`]); decisions become a graph of calls ([`order`],
//! the only module that orders anything); both are the [`Plan`], a document; [`execute`] walks it, and everything it
//! does is an [`Event`](event::Event).
//!
//! Planning has no clock, no environment, no network and no randomness: the same inputs give the same bytes. No AWS SDK is
//! ever linked; clouds are reached through the trait [`Cloud`](tenon_resources::cloud::Cloud).

pub mod additions;
pub mod adopt;
mod basis;
pub mod chaos;
mod check;
mod claims;
mod conditions;
pub mod decide;
mod declare;
pub mod drift;
mod duration;
mod error;
pub mod event;
pub mod execute;
mod found;
mod graph;
pub mod health;
mod known;
pub mod logs;
pub mod lookups;
pub mod order;
pub mod ownership;
pub mod permissions;
mod places;
pub mod plan;
mod recorded;
pub mod recover;
pub mod refresh;
pub mod rehearse;
pub mod render;
pub mod rollback;
pub mod sandbox;
mod saved;
pub mod secrets;
pub mod survey;

pub use basis::{Basis, DeclaredResource, ObservedStatus};
pub use check::Check;
pub use decide::{Options, only_drift, plan};
pub use error::Error;
pub use places::admit_recorded;
pub use plan::{Action, Decision, FieldDiff, Note, Plan, PlannedCall, Reason, Removed};
pub use saved::SavedPlan;
pub use tenon_resources::declaration::{Declaration, Declared, Finding, Target};
pub use tenon_resources::nearest;
