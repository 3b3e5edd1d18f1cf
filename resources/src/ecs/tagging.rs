//! Tags of anything that ECS has.

use crate::prelude::*;

/// The calls that [`retag`] makes.
pub(crate) const RETAG: [CallInfo; 2] = [TagResource::INFO, UntagResource::INFO];

/// The calls that bring the tags of the resource with ARN `arn` from `was` to `tags`.
pub(crate) fn retag(arn: Input<Arn>, tags: &Tags, was: &Tags) -> Steps {
    let (set, gone) = tags.changes(was);
    let also = arn.clone();
    Steps::none()
        .then_if(!set.0.is_empty(), || {
            Steps::update(TagResource {
                resource_arn: arn,
                tags: set,
            })
        })
        .then_if(!gone.is_empty(), || {
            Steps::update(UntagResource {
                resource_arn: also,
                tag_keys: gone,
            })
        })
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs)]
struct TagResource {
    resource_arn: Input<Arn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs)]
struct UntagResource {
    resource_arn: Input<Arn>,
    tag_keys: Vec<String>,
}
