//! A mutable field that `set` forgets.

use tenon_resources::prelude::*;

/// A thing.
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("test.thing")]
#[facts(second_create = Another)]
pub struct Thing {
    /// How large it is.
    #[sample(1, 2)]
    pub size: u16,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ThingOutputs {
    /// Its id.
    #[shape("thing-{hex17}")]
    pub id: Arn,
}

impl Lifecycle for Thing {
    const READ: Read = Read { service: "test", operation: "DescribeThings", batch: 1, actions: &[] };

    fn create(&self) -> Steps {
        Steps::none()
    }

    fn set(&self, _was: &Self, field: ThingField) -> Steps {
        match field {
            ThingField::Tags => Steps::none(),
        }
    }

    fn delete(&self) -> Steps {
        Steps::none()
    }
}

fn main() {}
