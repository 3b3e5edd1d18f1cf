//! CloudTrail: logs of the calls to an account.

mod trail;

pub use trail::*;
