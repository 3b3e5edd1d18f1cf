//! Load balancers from the SDK.

use super::{
    LoadBalancer, LoadBalancerOutputs, LogBucket,
    read::{attributes_of, by_arn, by_name},
};
use crate::{attribute::Texts, aws::each, ec2::SubnetId, prelude::*};
use sdk::elb::types as t;

/// Every load balancer of the account and region.
pub(super) async fn all(aws: &Aws) -> Result<Vec<t::LoadBalancer>, CallError> {
    let pages = items!(aws.elb.describe_load_balancers());
    aws.all("elb", "DescribeLoadBalancers", pages).await
}

impl Observe for LoadBalancer {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let items = match by {
            By::Ids(ids) => by_arn!(aws, ids, Self, describe_load_balancers.set_load_balancer_arns)?,
            By::Owner(_) => all(aws).await?,
        };
        let tagged = super::tagged::<Self, _>(aws, items, by, |i| i.load_balancer_arn.as_ref()).await?;
        each(tagged, |(item, tags)| async move {
            let arn = item.load_balancer_arn.clone();
            let attributes = attributes_of!(
                aws,
                Self,
                "DescribeLoadBalancerAttributes",
                describe_load_balancer_attributes.set_load_balancer_arn(arn)
            )?;
            let read = |attributes| read(item, &attributes, tags).map_err(broken::<Self>);
            attributes.map(read).transpose()
        })
        .await
    }
}

impl ByName for LoadBalancer {
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        by_name!(aws, wanted, Self, describe_load_balancers, load_balancer_arn)
    }
}

pub(super) fn subnets(item: &t::LoadBalancer) -> BTreeSet<Input<SubnetId>> {
    let ids = item
        .availability_zones()
        .iter()
        .filter_map(|z| z.subnet_id.clone());
    ids.map(|id| Input::Known(id.into())).collect()
}

fn status(item: &t::LoadBalancer) -> Status {
    let code = item.state.as_ref().and_then(|s| s.code.as_ref());
    let why = item.state.as_ref().and_then(|s| s.reason.as_deref());
    let status = LoadBalancer::STATUSES[0].status(code.map_or("active", |code| code.as_str()), why);
    status.unwrap_or(Status::Ready)
}

fn read(item: t::LoadBalancer, attributes: &Texts, tags: Tags) -> Result<Seen<LoadBalancer>, Missing> {
    let (status, mut inputs) = (status(&item), LoadBalancer::from_sdk(&item)?);
    inputs.read_attributes(attributes);
    inputs.access_logs = LogBucket::read(attributes, "access_logs");
    inputs.connection_logs = LogBucket::read(attributes, "connection_logs");
    inputs.tags = tags;
    let id = item.load_balancer_arn.ok_or(Missing("load_balancer_arn"))?;
    Ok(Seen {
        status,
        outputs: LoadBalancerOutputs {
            full_name: id.split_once("loadbalancer/").map_or("", |(_, name)| name).into(),
            id: id.clone().into(),
            dns_name: item.dns_name.unwrap_or_default(),
            canonical_hosted_zone_id: item.canonical_hosted_zone_id.unwrap_or_default(),
        },
        inputs,
        id,
    })
}
