//! CloudTrail: who did what in the account.

mod trail;

pub use trail::*;
