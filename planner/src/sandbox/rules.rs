//! What AWS refuses: deletes of what is in use, second creates, calls on what is not there or not ready.
//!
//! Sources: the modelled errors of each operation (botocore), AWS's API references, and for EC2 Terraform's provider.

use crate::execute::not_yet;
use serde_json::Value;
use std::time::Duration;
use tenon_resources::{
    call::{Effect, OnError},
    cloud::Request,
    resource::ResourceType,
};

fn service(kind: &str) -> &str {
    kind.split_once('.').map_or(kind, |(service, _)| service)
}

/// The code with which AWS refuses to delete one of these while something refers to it; `None` where it does not mind.
pub(super) fn blocks_delete(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ec2.elastic_ip" => "InvalidIPAddress.InUse",
        "ec2.vpc"
        | "ec2.subnet"
        | "ec2.security_group"
        | "ec2.internet_gateway"
        | "ec2.route_table"
        | "ec2.network_acl" => "DependencyViolation",
        "ecs.cluster" => "ClusterContainsServicesException",
        "elb.target_group" => "ResourceInUse",
        "iam.role" => "DeleteConflict",
        "rds.db_parameter_group" => "InvalidDBParameterGroupState",
        "rds.db_subnet_group" => "InvalidDBSubnetGroupStateFault",
        "route53.zone" => "HostedZoneNotEmpty",
        "acm.certificate" => "ResourceInUseException",
        _ => return None,
    })
}

/// Whether `user` keeps AWS from deleting the `used` it refers to. A role is held only by its policies, a subnet not by
/// the groups that list it for later, and nothing by what goes with it.
pub(super) fn counts_as_use(user: &str, used: &str) -> bool {
    match used {
        "iam.role" => matches!(user, "iam.role_policy" | "iam.policy_attachment"),
        "ec2.elastic_ip" => user == "ec2.nat_gateway",
        "ec2.vpc" => !matches!(user, "ec2.flow_log" | "elb.target_group" | "route53.zone"),
        "ec2.subnet" => matches!(
            user,
            "ec2.nat_gateway" | "ecs.service" | "elb.load_balancer" | "rds.db_instance" | "ec2.vpc_endpoint"
        ),
        "ec2.route_table" => user == "ec2.route_table_association",
        "ec2.network_acl" => user == "ec2.network_acl_association",
        "ec2.security_group" => true,
        "ec2.internet_gateway" => false,
        "ecs.cluster" => user == "ecs.service",
        "elb.target_group" => matches!(user, "elb.listener" | "elb.listener_rule"),
        "rds.db_parameter_group" | "rds.db_subnet_group" => user == "rds.db_instance",
        "route53.zone" => user == "route53.record",
        "acm.certificate" => user == "elb.listener",
        _ => false,
    }
}

/// Whether a second create of the same name overwrites or returns the first.
pub(super) fn upserts(kind: &str) -> bool {
    matches!(
        kind,
        "appscaling.scalable_target"
            | "appscaling.scaling_policy"
            | "cloudwatch.alarm"
            | "cloudwatch.dashboard"
            | "ecs.cluster"
            | "iam.policy_attachment"
            | "iam.role_policy"
    )
}

/// What AWS says to a create with a token that was used before.
pub(super) enum Repeat {
    /// The same request is answered as the first was; another is refused with this code.
    Answered(&'static str),
    /// Refused with this code, whatever it is.
    Refused(&'static str),
}

/// What AWS says to a create with a token that was used before.
pub(super) fn used_token(kind: &str) -> Repeat {
    match kind {
        "ecs.service" => Repeat::Answered("InvalidParameterException"),
        "route53.zone" => Repeat::Refused("HostedZoneAlreadyExists"),
        "secretsmanager.secret" => Repeat::Answered("ResourceExistsException"),
        _ => Repeat::Answered("IdempotentParameterMismatch"),
    }
}

/// How long AWS knows a token, in milliseconds; `None`: for ever. ACM says one hour. EC2 and ECS do not say for what we
/// make there, so nothing long may count on it.
pub(super) fn token_lives(kind: &str) -> Option<u64> {
    const MINUTE: u64 = 60 * 1000;
    match service(kind) {
        "route53" | "secretsmanager" => None,
        "acm" => Some(60 * MINUTE),
        _ => Some(40 * MINUTE),
    }
}

/// What AWS says to a create under a name that is [kept](keeps_name).
pub(super) const NAME_KEPT: (&str, &str) = (
    "InvalidRequestException",
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
);

/// How long the name of one that was deleted with this call cannot be had again: a secret's for its recovery window (its API reference),
/// and for some seconds without one (Terraform's provider).
pub(super) fn keeps_name(kind: &str, delete: &Value) -> Option<Duration> {
    if kind != "secretsmanager.secret" {
        return None;
    }
    let days = delete["recovery_window_in_days"].as_u64().unwrap_or(30);
    Some(match delete["force_delete_without_recovery"].as_bool() {
        Some(true) => Duration::from_secs(5),
        _ => Duration::from_secs(days * 24 * 3600),
    })
}

/// The code and message with which a call says that what it needs is not visible to it yet, by its own rules or its
/// service's; of those, what `says` picks by a part of the message.
fn unseen(request: &Request<'_>, says: impl Fn(&str) -> bool) -> Option<(String, String)> {
    let steps = match request.effect {
        Effect::Create => request.kind.create(request.inputs).ok()?,
        Effect::Delete => request.kind.delete(request.inputs).ok()?,
        _ => vec![],
    };
    let own = steps
        .iter()
        .filter(|s| s.operation == request.operation)
        .flat_map(|s| &s.rules)
        .find(|rule| matches!(rule.then, OnError::Retry(_)) && says(&rule.part))
        .map(|rule| (rule.code.clone(), rule.part.clone()));
    own.or_else(|| not_yet(request.service, says).map(|(code, part)| (code.into(), part.into())))
}

/// The code and message with which a call says that something it needs is not visible yet.
pub(super) fn unseen_by(request: &Request<'_>) -> Option<(String, String)> {
    unseen(request, |_| true)
}

/// The code and message with which a call says that a role it names cannot be assumed yet.
pub(super) fn role_unknown(request: &Request<'_>) -> Option<(String, String)> {
    unseen(request, |part| {
        let part = part.to_lowercase();
        part.contains("role") || part.contains("principal")
    })
}

/// The code of a second create of the same name.
pub(super) fn second_create(kind: &str) -> &'static str {
    match kind {
        "ec2.route" => "RouteAlreadyExists",
        "ec2.route_table_association" => "Resource.AlreadyAssociated",
        "ecr.repository" => "RepositoryAlreadyExistsException",
        "kms.alias" => "AlreadyExistsException",
        "rds.db_instance" => "DBInstanceAlreadyExists",
        "rds.db_parameter_group" => "DBParameterGroupAlreadyExists",
        "rds.db_subnet_group" => "DBSubnetGroupAlreadyExists",
        "s3.bucket" => "BucketAlreadyExists",
        "secretsmanager.secret" => "ResourceExistsException",
        "ssm.parameter" => "ParameterAlreadyExists",
        "cloudtrail.trail" => "TrailAlreadyExistsException",
        _ if service(kind) == "iam" => "EntityAlreadyExists",
        _ => "ResourceAlreadyExistsException",
    }
}

/// The code of a second create under a name that is not the id; `None` where AWS hands back what exists (SNS API reference,
/// `CreateTopic`: "if the requester already owns a topic with the specified name, that topic's ARN is returned").
pub(super) fn second_name(kind: &str) -> Option<&'static str> {
    match kind {
        "sns.topic" | "sqs.queue" => None,
        "elb.load_balancer" => Some("DuplicateLoadBalancerName"),
        "elb.target_group" => Some("DuplicateTargetGroupName"),
        _ => Some("InvalidGroup.Duplicate"),
    }
}

/// The field within whose value a name is unique, where that is not the region (EC2 API reference, `CreateSecurityGroup`).
pub(super) fn name_is_unique_within(kind: &str) -> Option<&'static str> {
    (kind == "ec2.security_group").then_some("vpc")
}

/// The code for one that is not there.
pub(super) fn not_found(kind: &str) -> &'static str {
    match kind {
        "ec2.elastic_ip" => "InvalidAllocationID.NotFound",
        "ec2.flow_log" => "InvalidFlowLogId.NotFound",
        "ec2.internet_gateway" => "InvalidInternetGatewayID.NotFound",
        "ec2.nat_gateway" => "NatGatewayNotFound",
        "ec2.network_acl" => "InvalidNetworkAclID.NotFound",
        "ec2.route" => "InvalidRoute.NotFound",
        "ec2.route_table" => "InvalidRouteTableID.NotFound",
        "ec2.route_table_association" => "InvalidAssociationID.NotFound",
        "ec2.security_group" => "InvalidGroup.NotFound",
        "ec2.ingress_rule" | "ec2.egress_rule" => "InvalidSecurityGroupRuleId.NotFound",
        "ec2.subnet" => "InvalidSubnetID.NotFound",
        "ec2.vpc" => "InvalidVpcID.NotFound",
        "ec2.vpc_endpoint" => "InvalidVpcEndpointId.NotFound",
        "ecs.cluster" => "ClusterNotFoundException",
        "ecs.service" => "ServiceNotFoundException",
        "elb.listener" => "ListenerNotFound",
        "elb.listener_rule" => "RuleNotFound",
        "elb.load_balancer" => "LoadBalancerNotFound",
        "elb.target_group" => "TargetGroupNotFound",
        "rds.db_instance" => "DBInstanceNotFound",
        "rds.db_parameter_group" => "DBParameterGroupNotFound",
        "rds.db_subnet_group" => "DBSubnetGroupNotFoundFault",
        "s3.bucket" => "NoSuchBucket",
        "sqs.queue" => "QueueDoesNotExist",
        "ssm.parameter" => "ParameterNotFound",
        "route53.zone" => "NoSuchHostedZone",
        "appscaling.scalable_target" | "appscaling.scaling_policy" => "ObjectNotFoundException",
        "cloudwatch.alarm" => "ResourceNotFound",
        "cloudtrail.trail" => "TrailNotFoundException",
        "ecr.repository" => "RepositoryNotFoundException",
        "kms.key" | "kms.alias" => "NotFoundException",
        _ if service(kind) == "iam" => "NoSuchEntity",
        _ => "ResourceNotFoundException",
    }
}

/// The code for a change of one that is not ready; `None` where AWS takes it all the same, as a load balancer does.
pub(super) fn not_ready(kind: &str) -> Option<&'static str> {
    match kind {
        "rds.db_instance" => Some("InvalidDBInstanceState"),
        "ec2.vpc" | "ec2.subnet" | "ec2.vpc_endpoint" => Some("IncorrectState"),
        _ => None,
    }
}

/// Whether `operation` is the one of the type's delete calls that removes it; those before prepare for it.
pub(super) fn last_delete(kind: &'static dyn ResourceType, inputs: &Value, operation: &str) -> bool {
    let steps = kind.delete(inputs).unwrap_or_default();
    steps
        .iter()
        .rfind(|s| s.effect == Effect::Delete)
        .is_none_or(|s| s.operation == operation)
}
