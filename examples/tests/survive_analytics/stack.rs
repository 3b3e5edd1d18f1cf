//! The stack that is swept: the event analytics platform's, in its sandbox environment.

use analytics_stack::{Env, Settings};
use tenon_planner::Declared;

/// The stack's name.
pub(crate) const NAME: &str = "analytics";

/// The calls that make it.
pub(crate) const CALLS: usize = 143;

/// The stack.
pub(crate) fn platform() -> Declared {
    tenon::declare(NAME, Env::Local, |s| {
        analytics_stack::with(s, &Settings::default());
    })
}

/// The stack with another VPC range, which replaces the network and all that stands in it.
pub(crate) fn moved_house() -> Declared {
    let mut declared = platform();
    for resource in declared.resources.values_mut() {
        let text = resource.inputs.to_string().replace("10.40.", "10.41.");
        resource.inputs = serde_json::from_str(&text).unwrap();
    }
    declared
}
