//! Plans and drift as a team sees them: a report of drift, findings as SARIF, comments on a pull request.
//!
//! Everything here works on documents: a plan, a survey of drift. Nothing reads AWS or a state, and nothing decides what a plan
//! does: that is the planner's.

pub mod approval;
pub mod comment;
pub mod drift;
mod errors;
pub mod github;
pub mod patch;
pub mod policy;
pub mod sarif;
pub mod sweep;
