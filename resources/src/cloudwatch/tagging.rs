//! Tags of alarms and dashboards: the calls that make them take tags only the first time.

use crate::prelude::*;

/// The calls that [`retag`] makes.
pub(crate) const RETAG: [CallInfo; 2] = [TagResource::INFO, UntagResource::INFO];

/// The calls that bring the tags from `was` to `tags`.
pub(crate) fn retag(tags: &Tags, was: &Tags) -> Steps {
    let (set, gone) = tags.changes(was);
    Steps::none()
        .then_if(!set.0.is_empty(), || {
            Steps::update(TagResource {
                resource_arn: own("arn"),
                tags: set,
            })
        })
        .then_if(!gone.is_empty(), || {
            Steps::update(UntagResource {
                resource_arn: own("arn"),
                tag_keys: gone,
            })
        })
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudwatch)]
struct TagResource {
    resource_arn: Input<Arn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudwatch)]
struct UntagResource {
    resource_arn: Input<Arn>,
    tag_keys: Vec<String>,
}

/// The tags of the alarm or dashboard `arn`, or `None` when it is gone.
#[cfg(feature = "aws")]
pub(crate) async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>, CallError> {
    let reply = aws
        .cloudwatch
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await;
    let gone = ["ResourceNotFoundException", "ResourceNotFound"];
    let reply = crate::aws::present("cloudwatch", "ListTagsForResource", reply, &gone)?;
    Ok(reply.map(|r| r.tags.into()))
}
