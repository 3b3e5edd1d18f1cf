//! Every resource type, one line each.

use crate::{erased::Erased, resource::ResourceType};

/// Gives every resource type, sorted by name, to macro `$table`.
macro_rules! each_type {
    ($table:ident) => {
        $table! {
            $crate::acm::Certificate,
            $crate::acm::Validation,
            $crate::appscaling::ScalableTarget,
            $crate::appscaling::ScalingPolicy,
            $crate::appscaling::ScheduledAction,
            $crate::appscaling::StepScalingPolicy,
            $crate::cloudtrail::Trail,
            $crate::cloudwatch::Alarm,
            $crate::cloudwatch::Dashboard,
            $crate::ec2::DhcpOptions,
            $crate::ec2::EgressOnlyInternetGateway,
            $crate::ec2::EgressRule,
            $crate::ec2::ElasticIp,
            $crate::ec2::FlowLog,
            $crate::ec2::IngressRule,
            $crate::ec2::Instance,
            $crate::ec2::InternetGateway,
            $crate::ec2::KeyPair,
            $crate::ec2::LaunchTemplate,
            $crate::ec2::NatGateway,
            $crate::ec2::NetworkAcl,
            $crate::ec2::NetworkAclAssociation,
            $crate::ec2::Route,
            $crate::ec2::RouteTable,
            $crate::ec2::RouteTableAssociation,
            $crate::ec2::SecurityGroup,
            $crate::ec2::Subnet,
            $crate::ec2::Volume,
            $crate::ec2::Vpc,
            $crate::ec2::VpcEndpoint,
            $crate::ec2::VpcPeeringConnection,
            $crate::ecr::Image,
            $crate::ecr::Repository,
            $crate::ecs::Cluster,
            $crate::ecs::Service,
            $crate::ecs::TaskDefinition,
            $crate::elb::Listener,
            $crate::elb::ListenerRule,
            $crate::elb::LoadBalancer,
            $crate::elb::TargetAttachment,
            $crate::elb::TargetGroup,
            $crate::iam::InstanceProfile,
            $crate::iam::ManagedPolicy,
            $crate::iam::OidcProvider,
            $crate::iam::PolicyAttachment,
            $crate::iam::Role,
            $crate::iam::RolePolicy,
            $crate::iam::User,
            $crate::iam::UserPolicy,
            $crate::kms::Alias,
            $crate::kms::Key,
            $crate::logs::LogGroup,
            $crate::logs::LogStream,
            $crate::logs::MetricFilter,
            $crate::logs::SubscriptionFilter,
            $crate::rds::DbInstance,
            $crate::rds::DbParameterGroup,
            $crate::rds::DbSubnetGroup,
            $crate::route53::Record,
            $crate::route53::Zone,
            $crate::s3::Bucket,
            $crate::s3::BucketCors,
            $crate::s3::BucketLogging,
            $crate::s3::BucketNotification,
            $crate::s3::BucketPolicy,
            $crate::s3::BucketReplication,
            $crate::s3::BucketWebsite,
            $crate::s3::Object,
            $crate::secretsmanager::Rotation,
            $crate::secretsmanager::Secret,
            $crate::sns::Subscription,
            $crate::sns::Topic,
            $crate::sns::TopicPolicy,
            $crate::sqs::Queue,
            $crate::ssm::Parameter,
        }
    };
}
#[cfg(feature = "aws")]
pub(crate) use each_type;

macro_rules! types {
    ($($t:ty,)*) => {
        /// Every resource type, sorted by name.
        pub static TYPES: &[&dyn ResourceType] = &[$(&Erased::<$t>::NEW),*];
    };
}

each_type!(types);

/// Types of what no call of AWS's makes, and that is in the state alone.
pub static LOCAL: &[&dyn ResourceType] = &[
    &Erased::<crate::random::Id>::NEW,
    &Erased::<crate::random::Pet>::NEW,
];

/// The type called `name`: one of [`TYPES`] or [`LOCAL`], or [any of CloudFormation's](crate::cfn).
pub fn find(name: &str) -> Option<&'static dyn ResourceType> {
    let own = TYPES.binary_search_by(|t| t.name().cmp(name)).ok();
    let local = || LOCAL.iter().copied().find(|t| t.name() == name);
    own.map(|i| TYPES[i])
        .or_else(local)
        .or_else(|| crate::cfn::find(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_unique() {
        assert!(TYPES.is_sorted_by(|a, b| a.name() < b.name()));
        assert!(LOCAL.iter().all(|t| t.is_local()) && !TYPES.iter().any(|t| t.is_local()));
    }
}
