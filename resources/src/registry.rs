//! Every resource type, one line each.

use crate::{
    acm, appscaling, cloudtrail, cloudwatch, ec2, ecr, ecs, elb, iam, kms, logs, rds, route53, s3,
    secretsmanager, sns, sqs, ssm,
};
use crate::{erased::Erased, resource::ResourceType};

macro_rules! types {
    ($($t:ty,)*) => {
        /// Every resource type, sorted by name.
        pub static TYPES: &[&dyn ResourceType] = &[$(&Erased::<$t>::NEW),*];
    };
}

types! {
    acm::Certificate,
    acm::Validation,
    appscaling::ScalableTarget,
    appscaling::ScalingPolicy,
    cloudtrail::Trail,
    cloudwatch::Alarm,
    cloudwatch::Dashboard,
    ec2::EgressOnlyInternetGateway,
    ec2::EgressRule,
    ec2::ElasticIp,
    ec2::FlowLog,
    ec2::IngressRule,
    ec2::InternetGateway,
    ec2::NatGateway,
    ec2::NetworkAcl,
    ec2::NetworkAclAssociation,
    ec2::Route,
    ec2::RouteTable,
    ec2::RouteTableAssociation,
    ec2::SecurityGroup,
    ec2::Subnet,
    ec2::Vpc,
    ec2::VpcEndpoint,
    ecr::Repository,
    ecs::Cluster,
    ecs::Service,
    ecs::TaskDefinition,
    elb::Listener,
    elb::ListenerRule,
    elb::LoadBalancer,
    elb::TargetGroup,
    iam::OidcProvider,
    iam::PolicyAttachment,
    iam::Role,
    iam::RolePolicy,
    kms::Alias,
    kms::Key,
    logs::LogGroup,
    rds::DbInstance,
    rds::DbParameterGroup,
    rds::DbSubnetGroup,
    route53::Record,
    route53::Zone,
    s3::Bucket,
    s3::BucketPolicy,
    secretsmanager::Secret,
    sns::Subscription,
    sns::Topic,
    sns::TopicPolicy,
    sqs::Queue,
    ssm::Parameter,
}

/// The type called `name`: one of [`TYPES`], or [any of CloudFormation's](crate::cfn).
pub fn find(name: &str) -> Option<&'static dyn ResourceType> {
    let own = TYPES.binary_search_by(|t| t.name().cmp(name)).ok();
    own.map(|i| TYPES[i]).or_else(|| crate::cfn::find(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_unique() {
        assert!(TYPES.is_sorted_by(|a, b| a.name() < b.name()));
    }
}
