//! A field without a sentence for the plan to quote.

use tenon_resources::prelude::*;

/// A thing.
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("test.thing")]
pub struct Thing {
    pub size: u16,
}

fn main() {}
