//! Tags of what RDS has.

use crate::prelude::*;

/// The tags of the `R` with ARN `arn`; `None` when it does not exist.
pub(super) async fn tags_of<R: Resource>(aws: &Aws, arn: &str) -> Result<Option<Tags>, CallError> {
    let reply = aws.rds.list_tags_for_resource().resource_name(arn).send().await;
    let reply = crate::aws::present("rds", "ListTagsForResource", reply, crate::aws::gone::<R>())?;
    Ok(reply.map(|r| r.tag_list.into()))
}
