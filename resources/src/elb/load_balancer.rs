//! An Application Load Balancer.

#[cfg(feature = "aws")]
use super::load_balancer_sdk::subnets;
use super::{AddTags, LogBucket, RemoveTags};
use crate::{
    attribute::{Attribute, AttributeList},
    ec2::{SecurityGroupId, SubnetId},
    prelude::*,
};

id!(
    /// A load balancer's ARN.
    LoadBalancerArn
);

choice!(
    /// The scheme of a load balancer: who can reach it.
    Scheme of elb::LoadBalancerSchemeEnum {
        /// Clients on the internet: it has public addresses.
        InternetFacing = "internet-facing",
        /// Clients with access to the VPC: it has private addresses only.
        Internal = "internal",
    }
);

choice!(
    /// The IP address type of a load balancer: the addresses that clients can use.
    IpAddressType of elb::IpAddressType {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv4 and IPv6.
        Dualstack = "dualstack",
        /// Public IPv6 addresses; private IPv4 and IPv6 addresses.
        DualstackWithoutPublicIpv4 = "dualstack-without-public-ipv4",
    }
);

choice!(
    /// The desync mitigation mode: the treatment of requests that break RFC 7230.
    DesyncMitigationMode {
        /// Every request is forwarded.
        Monitor = "monitor",
        /// Requests that threaten security are blocked.
        Defensive = "defensive",
        /// Requests that do not comply with RFC 7230 are blocked.
        Strictest = "strictest",
    }
);

choice!(
    /// The treatment of the `X-Forwarded-For` header.
    XffHeaderProcessing {
        /// The client's address is added.
        Append = "append",
        /// The header is forwarded unchanged.
        Preserve = "preserve",
        /// The header is removed.
        Remove = "remove",
    }
);

/// An Application Load Balancer: distributes HTTP requests over targets in several availability zones.
///
/// ```
/// use tenon_resources::elb::LoadBalancer;
/// LoadBalancer::new()
///     .subnets(["subnet-1", "subnet-2"])
///     .security_groups(["sg-1"])
///     .drop_invalid_header_fields(true);
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of AWS's own")]
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource(
    "elb.load_balancer",
    cfn = "AWS::ElasticLoadBalancingV2::LoadBalancer",
    ready = 15,
    by_name
)]
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html: "This operation is idempotent"; the
// same name with other settings is `DuplicateLoadBalancerName`.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
#[facts(gone("LoadBalancerNotFound"), in_use("ResourceInUse", 120), second_create = Returned, exists("DuplicateLoadBalancerName"))]
#[create(CreateLoadBalancer: elb, id = o.load_balancers?.into_iter().next()?.load_balancer_arn?,
    also("elasticloadbalancing:AddTags", "iam:CreateServiceLinkedRole to elasticloadbalancing.amazonaws.com"),
    rules(.retry_on("SubnetNotFound", minutes(2)).retry_on("InvalidSecurityGroup", minutes(2))))]
#[update(SetSubnets: elb, by(load_balancer_arn), on = "{id}", with(ip_address_type: IpAddressType = me.ip_address_type))]
#[update(SetSecurityGroups: elb, by(load_balancer_arn), on = "{id}")]
#[update(SetIpAddressType: elb, by(load_balancer_arn), on = "{id}")]
// A bucket policy that was set a moment ago may not be in effect yet.
#[attributes(ModifyLoadBalancerAttributes: elb, by(load_balancer_arn), list, folds, on = "{id}", cfn = "LoadBalancerAttributes",
    rules(.retry_on_message("InvalidConfigurationRequest", "Access Denied for bucket", minutes(2))))]
#[delete(DeleteLoadBalancer: elb, by(load_balancer_arn), on = "{id}")]
#[retag(super::retag)]
#[calls(AddTags, RemoveTags)]
#[sdk(elb::LoadBalancer)]
// Attributes: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
pub struct LoadBalancer {
    /// The name, unique in its account and region.
    #[immutable]
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html: `Name`. Its DNS name has it in lower case.
    #[named(
        max = 32,
        also = "-",
        folds,
        pattern = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?",
        reserved("internal-")
    )]
    #[member(read = "load_balancer_name")]
    pub name: Option<Input<String>>,
    /// The scheme: who can reach it.
    #[immutable]
    #[default(Scheme::InternetFacing)]
    #[sample(Scheme::Internal)]
    pub scheme: Scheme,
    /// The subnets, each in another availability zone.
    #[read(subnets(item))]
    #[sample(["subnet-1", "subnet-2"], ["subnet-3", "subnet-4"])]
    #[wrong_if(it.len() < 2, "has {}, and a load balancer takes at least two, each in another zone", it.len())]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// The security groups.
    #[updated_by(SetSecurityGroups)]
    #[sample(["sg-1"], ["sg-2"])]
    #[missing_if(true, "is empty, and AWS would take the VPC's default group: name one")]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// The IP address type: the addresses that clients can use.
    #[default(IpAddressType::Ipv4)]
    #[updated_by(SetIpAddressType)]
    #[sample(IpAddressType::Dualstack)]
    pub ip_address_type: IpAddressType,
    /// The connection idle timeout, in seconds, 1 to 4000.
    #[default(60)]
    #[range(1..=4000)]
    #[attribute("idle_timeout.timeout_seconds")]
    #[sample(120)]
    pub idle_timeout: u16,
    /// The HTTP client keepalive duration, in seconds, 60 to 604800.
    #[default(3600)]
    #[range(60..=604_800)]
    #[attribute("client_keep_alive.seconds")]
    #[sample(600)]
    pub client_keep_alive: u32,
    /// Deletion protection.
    #[default(false)]
    #[attribute("deletion_protection.enabled")]
    #[sample(true)]
    pub deletion_protection: bool,
    /// HTTP/2 with clients that support it.
    #[default(true)]
    #[attribute("routing.http2.enabled")]
    #[sample(false)]
    pub http2: bool,
    /// Invalid header fields are dropped.
    #[default(false)]
    #[attribute("routing.http.drop_invalid_header_fields.enabled")]
    #[sample(true)]
    pub drop_invalid_header_fields: bool,
    /// The client's `Host` header is preserved, whatever the target's port.
    #[default(false)]
    #[attribute("routing.http.preserve_host_header.enabled")]
    #[sample(true)]
    pub preserve_host_header: bool,
    /// The desync mitigation mode: the treatment of requests that break RFC 7230.
    #[default(DesyncMitigationMode::Defensive)]
    #[attribute("routing.http.desync_mitigation_mode")]
    #[sample(DesyncMitigationMode::Strictest)]
    pub desync_mitigation_mode: DesyncMitigationMode,
    /// The treatment of the `X-Forwarded-For` header.
    #[default(XffHeaderProcessing::Append)]
    #[attribute("routing.http.xff_header_processing.mode")]
    #[sample(XffHeaderProcessing::Remove)]
    pub xff_header_processing: XffHeaderProcessing,
    /// Client port preservation: the client's port is added to the `X-Forwarded-For` header.
    #[default(false)]
    #[attribute("routing.http.xff_client_port.enabled")]
    #[sample(true)]
    pub xff_client_port: bool,
    /// TLS version and cipher headers: targets receive the version and cipher suite of the client's TLS connection.
    #[default(false)]
    #[attribute("routing.http.x_amzn_tls_version_and_cipher_suite.enabled")]
    #[sample(true)]
    pub tls_version_and_cipher_headers: bool,
    /// WAF fail open: requests are forwarded when AWS WAF cannot be reached.
    #[default(false)]
    #[attribute("waf.fail_open.enabled")]
    #[sample(true)]
    pub waf_fail_open: bool,
    /// Zonal shift integration: traffic can be shifted away from an impaired availability zone.
    #[default(false)]
    #[attribute("zonal_shift.config.enabled")]
    #[sample(true)]
    pub zonal_shift: bool,
    /// The bucket of the access logs, a line for every request. Unset: no access logs.
    #[default(None)]
    #[after_create]
    #[member("")]
    #[cfn("LoadBalancerAttributes")]
    #[sample(LogBucket::new("logs").prefix("web"))]
    pub access_logs: Option<LogBucket>,
    /// The bucket of the connection logs, a line for every connection. Unset: no connection logs.
    #[default(None)]
    #[after_create]
    #[member("")]
    #[cfn("LoadBalancerAttributes")]
    #[sample(LogBucket::new("logs").prefix("connections"))]
    pub connection_logs: Option<LogBucket>,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a load balancer.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct LoadBalancerOutputs {
    /// The ARN.
    #[shape("arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex8}{hex8}")]
    #[shown_while_pending(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/tutorial-application-load-balancer-cli.html"
    )]
    pub id: LoadBalancerArn,
    /// The DNS name.
    #[shape("{name}-{digits}.{region}.elb.amazonaws.com")]
    #[shown_while_pending(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/tutorial-application-load-balancer-cli.html"
    )]
    pub dns_name: String,
    /// The hosted zone of the DNS name, for alias records.
    #[shape("Z{hex17}")]
    #[shown_while_pending(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/tutorial-application-load-balancer-cli.html"
    )]
    pub canonical_hosted_zone_id: String,
    /// The full name, the dimension `LoadBalancer` of metrics: `app/name/id`.
    #[shape("app/{name}/{hex8}{hex8}")]
    #[shown_while_pending(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/tutorial-application-load-balancer-cli.html"
    )]
    pub full_name: String,
}

impl Lifecycle for LoadBalancer {
    const READ: Read = Read::new(
        "elb",
        "DescribeLoadBalancers",
        20,
        &[
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeTags",
        ],
    );

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-state:
    // `active_impaired` routes traffic, and lacks the resources to scale.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "State.Code",
        words: &[
            ("active", Meaning::Ready),
            ("active_impaired", Meaning::Ready),
            ("provisioning", Meaning::Pending),
            ("failed", Meaning::Failed),
        ],
    }];

    fn guard(&self) -> Option<Guard> {
        self.deletion_protection.then_some(Guard::DELETION_PROTECTION)
    }

    fn create(&self) -> Steps {
        CreateLoadBalancer::steps(self)
    }

    fn set(&self, _: &Self, field: LoadBalancerField) -> Steps {
        let (logs, kind) = match field {
            LoadBalancerField::AccessLogs => (&self.access_logs, "access_logs"),
            LoadBalancerField::ConnectionLogs => (&self.connection_logs, "connection_logs"),
        };
        ModifyLoadBalancerAttributes::steps(self, LogBucket::attributes(logs.as_ref(), kind))
    }

    fn delete(&self) -> Steps {
        // Its network interfaces outlive it by minutes: security groups and subnets are removed later.
        let unprotected = Steps::none().then_if(self.deletion_protection, || {
            let off = AttributeList::one("deletion_protection.enabled", Attribute::of(false));
            ModifyLoadBalancerAttributes::steps(self, off).ok_on("LoadBalancerNotFound")
        });
        unprotected
            .then(DeleteLoadBalancer::steps(self))
            .until_gone(minutes(10))
    }

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones
    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let zone = |subnet: &Input<SubnetId>| {
            let zone = look(&serde_json::to_value(subnet).ok()?, "availability_zone")?;
            Some(zone.to_string())
        };
        let zones: Option<Vec<String>> = self.subnets.iter().map(zone).collect();
        let Some(zones) = zones.filter(|zones| !zones.is_empty()) else {
            return vec![];
        };
        let different: BTreeSet<&String> = zones.iter().collect();
        match different.len() {
            n if n < zones.len() => {
                vec!["`subnets` has two of one availability zone, and AWS takes one of each".into()]
            }
            1 => vec!["`subnets` are of one availability zone, and AWS wants two".into()],
            _ => vec![],
        }
    }
}
