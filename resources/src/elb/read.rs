//! Reads that load balancers, target groups, listeners and rules share.

/// The items with these ARNs, by a list operation that takes them: `by_arn!(aws, arns, TargetGroup, describe_target_groups.set_target_group_arns)`.
/// Elastic Load Balancing refuses a whole list when one of it is gone.
macro_rules! by_arn {
    ($aws:ident, $arns:expr, $of:ty, $request:ident . $set:ident) => {{
        let read = <$of as Lifecycle>::READ;
        let list = |arns| async move {
            let pages = items!($aws.elb.$request().$set(Some(arns)));
            $aws.all("elb", read.operation, pages).await
        };
        crate::aws::in_batches($arns, read.batch, crate::aws::gone::<$of>(), list).await
    }};
}

/// The attributes of the load balancer or target group with this ARN; `None` when it does not exist.
macro_rules! attributes_of {
    ($aws:ident, $of:ty, $operation:literal, $request:ident . $set:ident ($arn:expr)) => {{
        let reply = $aws.elb.$request().$set($arn).send().await;
        let reply = crate::aws::present("elb", $operation, reply, crate::aws::gone::<$of>());
        reply.map(|reply| {
            let attributes = reply?.attributes.into_iter().flatten();
            let texts = attributes.filter_map(|a| Some((a.key?, a.value?)));
            Some(texts.collect::<crate::attribute::Texts>())
        })
    }};
}

/// The ARNs of what has the name that is `wanted`: one in a region, and an error when there is none.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
macro_rules! by_name {
    ($aws:ident, $wanted:ident, $of:ty, $request:ident, $arn:ident) => {{
        let mut arns = vec![];
        if let Some(name) = $wanted.name.as_ref().and_then(Input::known) {
            let pages = items!($aws.elb.$request().names(name));
            let items = $aws.all("elb", <$of as Lifecycle>::READ.operation, pages).await;
            let items = crate::aws::there(items, crate::aws::gone::<$of>())?;
            arns.extend(items.into_iter().flatten().filter_map(|item| item.$arn));
        }
        Ok(arns)
    }};
}

pub(super) use {attributes_of, by_arn, by_name};
