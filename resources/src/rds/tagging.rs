//! Tags of anything that RDS has.

use crate::prelude::*;

/// The calls that [`retag`] makes.
pub(crate) const RETAG: [CallInfo; 2] = [AddTagsToResource::INFO, RemoveTagsFromResource::INFO];

/// The calls that bring a resource's tags from `was` to `tags`; it has the output `arn`.
pub(crate) fn retag(tags: &Tags, was: &Tags) -> Steps {
    let (set, gone) = tags.changes(was);
    Steps::none()
        .then_if(!set.0.is_empty(), || {
            Steps::update(AddTagsToResource {
                resource_name: own("arn"),
                tags: set,
            })
        })
        .then_if(!gone.is_empty(), || {
            Steps::update(RemoveTagsFromResource {
                resource_name: own("arn"),
                tag_keys: gone,
            })
        })
}

#[derive(Call, Serialize, Deserialize)]
#[call(rds)]
struct AddTagsToResource {
    resource_name: Input<Arn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(rds)]
struct RemoveTagsFromResource {
    resource_name: Input<Arn>,
    tag_keys: Vec<String>,
}

/// The tags of the resource with ARN `arn`; `None` when it is gone, with an error in `gone`.
#[cfg(feature = "aws")]
pub(crate) async fn tags_of(aws: &Aws, arn: &str, gone: &[&str]) -> Result<Option<Tags>, CallError> {
    let reply = aws.rds.list_tags_for_resource().resource_name(arn).send().await;
    let reply = crate::aws::present("rds", "ListTagsForResource", reply, gone)?;
    Ok(reply.map(|r| r.tag_list.into()))
}
