//! The stack that is swept: the shop's, in its sandbox environment.

use shop::{Env, Settings};
use tenon_planner::Declared;

/// The stack's name.
pub(crate) const NAME: &str = "ecommerce";

/// The calls that make it.
pub(crate) const CALLS: usize = 133;

/// The stack.
pub(crate) fn platform() -> Declared {
    tenon::declare(NAME, Env::Local, |s| {
        shop::with(s, &Settings::default());
    })
}

/// The stack with another VPC range, which replaces the network and all that stands in it.
pub(crate) fn moved_house() -> Declared {
    let mut declared = platform();
    for resource in declared.resources.values_mut() {
        let text = resource
            .inputs
            .to_string()
            .replace("10.20.", "10.21.")
            .replace("10.0.", "10.1.");
        resource.inputs = serde_json::from_str(&text).unwrap();
    }
    declared
}
