//! Experiments: faults put into a stack for a while, and taken out again.
//!
//! An experiment is a plan over the existing stack with two halves. Both are plans as any other: the first leads from what is declared to
//! what is declared [with the faults in it](disturbed), the second back to what is declared. So the calls of both are known and reviewed
//! before the first is made ([`foresee`]), each is journalled, and nothing has to remember that an experiment was under way: after a
//! process that died, the plan of the stack is the second half, and whoever applies it puts everything back.
//!
//! [`run`] makes the calls of the first half, waits for the end of the time, for the alarm or for somebody who stops it, and makes those of
//! the second.

mod disturb;
mod foresee;
mod run;

pub use disturb::{disturbed, restores_only};
pub use foresee::{Foreseen, Stopped, foresee};
pub use run::{Ended, Report, Watching, restore, run};
