//! A target group: the targets to which a load balancer forwards requests.

#[cfg(feature = "aws")]
use super::target_group_sdk::success_codes;
use super::{AddTags, RemoveTags, Stickiness};
use crate::{ec2::VpcId, prelude::*};

id!(
    /// A target group's ARN.
    TargetGroupArn
);

id!(
    /// The ARN of a target group to which a listener or a rule forwards. Only those give one, so that a service that
    /// needs such a target group cannot be wired to one that nothing forwards to, which AWS refuses.
    RoutedTargetGroup
);

choice!(
    /// The protocol of targets.
    TargetProtocol of elb::ProtocolEnum {
        /// HTTP.
        Http = "HTTP",
        /// HTTPS; the target's certificate is not verified.
        Https = "HTTPS",
    }
);

choice!(
    /// The protocol version of targets.
    ProtocolVersion {
        /// HTTP/1.1.
        Http1 = "HTTP1",
        /// HTTP/2.
        Http2 = "HTTP2",
        /// gRPC.
        Grpc = "GRPC",
    }
);

choice!(
    /// The target type: how targets are registered.
    TargetType of elb::TargetTypeEnum {
        /// By IP address: tasks with a network interface of their own, so everything on Fargate.
        Ip = "ip",
        /// By instance ID.
        Instance = "instance",
    }
);

choice!(
    /// The IP address type of targets.
    TargetIpAddressType of elb::TargetGroupIpAddressTypeEnum {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
    }
);

choice!(
    /// The load balancing algorithm: how a target is chosen for a request.
    Algorithm {
        /// Round robin.
        RoundRobin = "round_robin",
        /// Least outstanding requests.
        LeastOutstandingRequests = "least_outstanding_requests",
        /// Weighted random.
        WeightedRandom = "weighted_random",
    }
);

choice!(
    /// Cross-zone load balancing: whether requests go to targets in other availability zones.
    CrossZone {
        /// As the load balancer has it.
        UseLoadBalancerConfiguration = "use_load_balancer_configuration",
        /// On.
        On = "true",
        /// Off.
        Off = "false",
    }
);

/// A target group: the targets to which a load balancer forwards requests, and their health checks.
///
/// ```
/// use tenon_resources::elb::TargetGroup;
/// TargetGroup::new("vpc-1", 8080).health_check_path("/healthz").deregistration_delay(30);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.target_group", cfn = "AWS::ElasticLoadBalancingV2::TargetGroup", by_name)]
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: "This operation is idempotent"; the
// same name with other settings is `DuplicateTargetGroupName`.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html: in use by a listener or a rule, also
// for a while after that is deleted: Terraform waits 2 minutes.
#[facts(gone("TargetGroupNotFound"), in_use("ResourceInUse", 300), second_create = Returned, exists("DuplicateTargetGroupName"))]
#[create(CreateTargetGroup: elb, id = o.target_groups?.into_iter().next()?.target_group_arn?, also("elasticloadbalancing:AddTags"))]
#[update(ModifyTargetGroup: elb, by(target_group_arn), folds, on = "{id}", with(matcher: Option<Codes> = None))]
#[attributes(ModifyTargetGroupAttributes: elb, by(target_group_arn), list, folds, on = "{id}", cfn = "TargetGroupAttributes",
    rules(.retry_on("TargetGroupNotFound", minutes(1))))]
#[delete(DeleteTargetGroup: elb, by(target_group_arn), on = "{id}")]
#[retag(super::retag)]
#[calls(AddTags, RemoveTags)]
#[sdk(elb::TargetGroup)]
// Attributes: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
pub struct TargetGroup {
    /// The VPC of the targets.
    #[immutable]
    #[member("vpc_id")]
    #[cfn("VpcId")]
    #[sample("vpc-1", "vpc-2")]
    pub vpc: Input<VpcId>,
    /// The port of targets that are registered without one.
    #[immutable]
    #[range(1..=65_535)]
    #[sample(8080, 8443)]
    pub port: u16,
    /// The name, unique in its account and region.
    #[immutable]
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: `Name`.
    #[named(max = 32, also = "-", pattern = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")]
    #[member(read = "target_group_name")]
    pub name: Option<Input<String>>,
    /// The protocol of targets.
    #[immutable]
    #[default(TargetProtocol::Http)]
    #[sample(TargetProtocol::Https)]
    pub protocol: TargetProtocol,
    /// The protocol version of targets.
    #[immutable]
    #[default(ProtocolVersion::Http1)]
    #[sample(ProtocolVersion::Http2)]
    pub protocol_version: ProtocolVersion,
    /// The target type: how targets are registered.
    #[immutable]
    #[default(TargetType::Ip)]
    #[sample(TargetType::Instance)]
    pub target_type: TargetType,
    /// The IP address type of targets.
    #[immutable]
    #[default(TargetIpAddressType::Ipv4)]
    #[sample(TargetIpAddressType::Ipv6)]
    pub ip_address_type: TargetIpAddressType,
    /// The health check path; for gRPC the method.
    #[default("/".to_owned())]
    #[length(1..=1024)]
    #[pattern("/.*")]
    #[sample("/healthz")]
    pub health_check_path: String,
    /// The health check protocol.
    #[default(TargetProtocol::Http)]
    #[sample(TargetProtocol::Https)]
    pub health_check_protocol: TargetProtocol,
    /// The health check port: a number, or `traffic-port` for the target's own.
    #[default("traffic-port".to_owned())]
    #[sample("9000")]
    #[wrong_if(it != "traffic-port" && it.parse::<u16>().is_err(), "is `{it}`: write a port, or `traffic-port`")]
    pub health_check_port: String,
    /// The interval between health checks, in seconds, 5 to 300.
    #[default(30)]
    #[range(5..=300)]
    #[sample(15)]
    pub health_check_interval_seconds: u16,
    /// The timeout of a health check, in seconds, 2 to 120.
    #[default(5)]
    #[range(2..=120)]
    #[sample(10)]
    #[wrong_if(*it >= me.health_check_interval_seconds, "is {it}: make it shorter than `health_check_interval_seconds`, {}", me.health_check_interval_seconds)]
    pub health_check_timeout_seconds: u16,
    /// The healthy threshold: consecutive health checks that an unhealthy target must pass, 2 to 10.
    #[default(5)]
    #[range(2..=10)]
    #[sample(2)]
    pub healthy_threshold_count: u16,
    /// The unhealthy threshold: consecutive failed health checks after which a target is unhealthy, 2 to 10.
    #[default(2)]
    #[range(2..=10)]
    #[sample(3)]
    pub unhealthy_threshold_count: u16,
    /// The success codes of a health check: `200`, `200,202` or `200-299`; for gRPC 0 to 99.
    #[default("200".to_owned())]
    #[create_with(Codes, me.codes())]
    #[member(update = "")]
    #[read(success_codes(item))]
    #[sample("200-299")]
    pub matcher: String,
    /// The deregistration delay, in which a deregistered target may finish its requests, in seconds, 0 to 3600.
    #[default(300)]
    #[range(0..=3600)]
    #[attribute("deregistration_delay.timeout_seconds")]
    #[sample(30)]
    pub deregistration_delay: u16,
    /// The slow start duration of new targets, in seconds, 30 to 900; 0: no slow start.
    #[default(0)]
    #[attribute("slow_start.duration_seconds")]
    #[sample(60)]
    #[wrong_if(*it != 0 && !(30..=900).contains(it), "is {it}, and AWS takes 30 to 900")]
    #[wrong_if(*it != 0 && me.algorithm != Algorithm::RoundRobin, "needs the algorithm `round_robin`, and it is `{}`", me.algorithm)]
    pub slow_start: u16,
    /// The load balancing algorithm: how a target is chosen for a request.
    #[default(Algorithm::RoundRobin)]
    #[attribute("load_balancing.algorithm.type")]
    #[sample(Algorithm::WeightedRandom, _)]
    pub algorithm: Algorithm,
    /// Anomaly mitigation: less traffic for targets that fail more than others. It needs the algorithm `weighted_random`.
    #[default(false)]
    #[attribute("load_balancing.algorithm.anomaly_mitigation", write = on_or_off, read = |text| text == "on")]
    #[sample(true, _)]
    #[wrong_if(*it && me.algorithm != Algorithm::WeightedRandom, "needs the algorithm `weighted_random`, and it is `{}`", me.algorithm)]
    pub anomaly_mitigation: bool,
    /// Sticky sessions. Unset: no stickiness.
    #[default(None)]
    #[after_create]
    #[member("")]
    #[cfn("TargetGroupAttributes")]
    #[sample(Stickiness::AppCookie { name: "session".into(), duration_seconds: 3600, })]
    pub stickiness: Option<Stickiness>,
    /// Cross-zone load balancing: whether requests go to targets in other availability zones.
    #[default(CrossZone::UseLoadBalancerConfiguration)]
    #[attribute("load_balancing.cross_zone.enabled")]
    #[sample(CrossZone::Off)]
    pub cross_zone: CrossZone,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a target group.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TargetGroupOutputs {
    /// The ARN.
    #[shape("arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex8}{hex8}")]
    pub id: TargetGroupArn,
    /// The full name, the dimension `TargetGroup` of metrics: `targetgroup/name/id`.
    #[shape("targetgroup/{name}/{hex8}{hex8}")]
    pub full_name: String,
}

impl Lifecycle for TargetGroup {
    const READ: Read = Read::new(
        "elb",
        "DescribeTargetGroups",
        20,
        &[
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTags",
        ],
    );

    fn create(&self) -> Steps {
        CreateTargetGroup::steps(self)
    }

    fn set(&self, _: &Self, field: TargetGroupField) -> Steps {
        match field {
            TargetGroupField::Matcher => {
                let mut call = ModifyTargetGroup::unchanged(self);
                call.matcher = Some(self.codes());
                call.steps()
            }
            TargetGroupField::Stickiness => {
                ModifyTargetGroupAttributes::steps(self, Stickiness::attributes(self.stickiness.as_ref()))
            }
        }
    }

    fn delete(&self) -> Steps {
        DeleteTargetGroup::steps(self)
    }
}

impl TargetGroup {
    fn codes(&self) -> Codes {
        Codes {
            codes: self.matcher.clone(),
            grpc: self.protocol_version == ProtocolVersion::Grpc,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "an attribute is written from a reference"
)]
fn on_or_off(on: &bool) -> &'static str {
    if *on { "on" } else { "off" }
}

/// The success codes of a health check, as a call takes them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Codes {
    pub(super) codes: String,
    pub(super) grpc: bool,
}
