//! Target groups to the SDK and back.

use super::{
    Stickiness, TargetGroup, TargetGroupOutputs,
    read::{attributes_of, by_arn, by_name},
    target_group::Codes,
};
use crate::{
    attribute::Texts,
    aws::{ToSdk, each},
    prelude::*,
};
use sdk::elb::types as t;

impl ToSdk<t::Matcher> for Codes {
    fn to_sdk(self) -> Option<t::Matcher> {
        let matcher = t::Matcher::builder();
        let matcher = if self.grpc {
            matcher.grpc_code(self.codes)
        } else {
            matcher.http_code(self.codes)
        };
        Some(matcher.build())
    }
}

impl Observe for TargetGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut items = match by {
            By::Ids(ids) => by_arn!(aws, ids, Self, describe_target_groups.set_target_group_arns)?,
            By::Owner(_) => {
                let pages = items!(aws.elb.describe_target_groups());
                aws.all("elb", "DescribeTargetGroups", pages).await?
            }
        };
        // A target group of a Lambda function, which has no VPC, is none of these.
        items.retain(|item| item.vpc_id.is_some());
        let tagged = super::tagged::<Self, _>(aws, items, by, |i| i.target_group_arn.as_ref()).await?;
        each(tagged, |(item, tags)| async move {
            let arn = item.target_group_arn.clone();
            let attributes = attributes_of!(
                aws,
                Self,
                "DescribeTargetGroupAttributes",
                describe_target_group_attributes.set_target_group_arn(arn)
            )?;
            let read = |attributes| read(item, &attributes, tags).map_err(broken::<Self>);
            attributes.map(read).transpose()
        })
        .await
    }
}

impl ByName for TargetGroup {
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        by_name!(aws, wanted, Self, describe_target_groups, target_group_arn)
    }
}

pub(super) fn success_codes(item: &t::TargetGroup) -> String {
    let codes = item.matcher.clone().and_then(|m| m.http_code.or(m.grpc_code));
    codes.unwrap_or_else(|| "200".into())
}

fn read(item: t::TargetGroup, attributes: &Texts, tags: Tags) -> Result<Seen<TargetGroup>, Missing> {
    let mut inputs = TargetGroup::from_sdk(&item)?;
    inputs.read_attributes(attributes);
    inputs.stickiness = Stickiness::read(attributes);
    inputs.tags = tags;
    let id = item.target_group_arn.ok_or(Missing("target_group_arn"))?;
    Ok(Seen {
        status: Status::Ready,
        outputs: TargetGroupOutputs {
            full_name: id.rsplit_once(':').map_or("", |(_, name)| name).into(),
            id: id.clone().into(),
        },
        inputs,
        id,
    })
}
