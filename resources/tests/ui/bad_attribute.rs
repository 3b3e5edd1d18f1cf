//! Marks that are none.

use tenon_resources::prelude::*;

/// A thing.
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("test.thing", redy = 5)]
pub struct Thing {
    /// How large it is.
    pub size: u16,
}

/// Another.
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("test.other")]
pub struct Other {
    /// Its name.
    #[named(longest = 32)]
    pub name: Option<Input<String>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2, retries = 3)]
struct CreateThing {
    size: u16,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ThingOutputs {
    /// Its id.
    pub id: Arn,
}

fn main() {}
