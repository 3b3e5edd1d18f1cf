//! Tags of any EC2 resource.

use crate::prelude::*;

/// The calls that bring an EC2 resource's tags from `was` to `tags`.
pub(crate) fn retag(tags: &Tags, was: &Tags) -> Steps {
    let (set, gone) = tags.changes(was);
    // Those that go make room: a resource has 50 at the most.
    Steps::none()
        .then_if(!gone.is_empty(), || {
            Steps::update(DeleteTags {
                resources: vec![this()],
                tags: gone,
            })
        })
        .then_if(!set.0.is_empty(), || {
            Steps::update(CreateTags {
                resources: vec![this()],
                tags: set,
            })
        })
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
pub(crate) struct CreateTags {
    resources: Vec<Input<String>>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ec2)]
pub(crate) struct DeleteTags {
    resources: Vec<Input<String>>,
    tags: Vec<String>,
}
