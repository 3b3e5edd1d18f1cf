//! Tags of alarms and dashboards.

use crate::prelude::*;

/// The tags of the `R` with ARN `arn`; `None` when it does not exist.
pub(super) async fn tags_of<R: Resource>(aws: &Aws, arn: &str) -> Result<Option<Tags>, CallError> {
    let reply = aws
        .cloudwatch
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await;
    let reply = crate::aws::present(
        "cloudwatch",
        "ListTagsForResource",
        reply,
        crate::aws::gone::<R>(),
    )?;
    Ok(reply.map(|r| r.tags.into()))
}
