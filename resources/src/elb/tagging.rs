//! Tags of load balancers, target groups, listeners and rules.

use crate::prelude::*;

/// The calls that bring a resource's tags from `was` to `tags`.
pub(crate) fn retag(tags: &Tags, was: &Tags) -> Steps {
    let (set, gone) = tags.changes(was);
    // Those that go make room: a resource has 50 at the most.
    Steps::none()
        .then_if(!gone.is_empty(), || {
            Steps::update(RemoveTags {
                resource_arns: vec![this()],
                tag_keys: gone,
            })
        })
        .then_if(!set.0.is_empty(), || {
            Steps::update(AddTags {
                resource_arns: vec![this()],
                tags: set,
            })
        })
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
pub(crate) struct AddTags {
    resource_arns: Vec<Input<String>>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
pub(crate) struct RemoveTags {
    resource_arns: Vec<Input<String>>,
    tag_keys: Vec<String>,
}

/// The most resources that `DescribeTags` takes.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html: "You can specify up to 20 resources"
#[cfg(feature = "aws")]
const BATCH: usize = 20;

/// Each item of the resource type `R` with its tags, by its ARN; where a read is about an owner, the owner's alone.
#[cfg(feature = "aws")]
pub(super) async fn tagged<R: Resource, T>(
    aws: &Aws,
    items: Vec<T>,
    by: By<'_>,
    arn: impl Fn(&T) -> Option<&String>,
) -> Result<Vec<(T, Tags)>, CallError> {
    let arns: Vec<_> = items.iter().filter_map(|item| arn(item).cloned()).collect();
    let mut tags = tags_of::<R>(aws, &arns).await?;
    let tagged = items.into_iter().map(|item| {
        let tags = arn(&item).and_then(|arn| tags.remove(arn)).unwrap_or_default();
        (item, tags)
    });
    let asked = tagged.filter(|(_, tags)| match by {
        By::Owner(owner) => owner.owns(tags),
        By::Ids(_) => true,
    });
    Ok(asked.collect())
}

/// The tags of the resources with these ARNs.
#[cfg(feature = "aws")]
async fn tags_of<R: Resource>(aws: &Aws, arns: &[String]) -> Result<BTreeMap<String, Tags>, CallError> {
    let read = |arns| async move {
        let reply = aws.elb.describe_tags().set_resource_arns(Some(arns)).send().await;
        let reply = reply.map_err(|e| crate::aws::call_error("elb", "DescribeTags", e))?;
        Ok(reply.tag_descriptions.unwrap_or_default())
    };
    let described = crate::aws::in_batches(arns, BATCH, crate::aws::gone::<R>(), read).await?;
    Ok(described
        .into_iter()
        .filter_map(|d| Some((d.resource_arn?, d.tags.into())))
        .collect())
}
