//! A target group: what a load balancer sends requests to.

use super::{Attribute, RETAG, retag};
use crate::{ec2::VpcId, prelude::*};

id!(
    /// Names a target group: its ARN.
    TargetGroupArn
);

id!(
    /// Names a target group that a listener or a rule routes to: its ARN. Only those give one, so that a service that
    /// needs a routed target group cannot be wired to one that nothing routes to, which AWS refuses.
    RoutedTargetGroup
);

choice!(
    /// What targets speak.
    TargetProtocol of elb::ProtocolEnum {
        /// HTTP in the clear.
        Http = "HTTP",
        /// HTTP over TLS; the target's certificate is not verified.
        Https = "HTTPS",
    }
);

choice!(
    /// The version of HTTP that targets speak.
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
    /// How targets are named.
    TargetType of elb::TargetTypeEnum {
        /// By address: tasks with a network interface of their own, so everything on Fargate.
        Ip = "ip",
        /// By instance.
        Instance = "instance",
    }
);

choice!(
    /// The addresses of targets.
    TargetIpAddressType of elb::TargetGroupIpAddressTypeEnum {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv6.
        Ipv6 = "ipv6",
    }
);

choice!(
    /// How a target is chosen for a request.
    Algorithm {
        /// In turn.
        RoundRobin = "round_robin",
        /// The one with the fewest open requests.
        LeastOutstandingRequests = "least_outstanding_requests",
        /// At random.
        WeightedRandom = "weighted_random",
    }
);

choice!(
    /// Whether targets in other zones are used.
    CrossZone {
        /// As the load balancer says.
        UseLoadBalancerConfiguration = "use_load_balancer_configuration",
        /// They are.
        On = "true",
        /// They are not.
        Off = "false",
    }
);

/// How a client stays with one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stickiness {
    /// By a cookie of the load balancer's.
    LbCookie {
        /// For how long, in seconds, 1 to 604800.
        duration_seconds: u32,
    },
    /// By a cookie of the application's.
    AppCookie {
        /// The cookie's name.
        name: String,
        /// For how long, in seconds, 1 to 604800.
        duration_seconds: u32,
    },
}

impl Stickiness {
    fn attributes(this: Option<&Self>) -> Vec<Attribute> {
        let Some(this) = this else {
            return vec![Attribute::on("stickiness.enabled", false)];
        };
        let mut attributes = vec![Attribute::on("stickiness.enabled", true)];
        match this {
            Self::LbCookie { duration_seconds } => attributes.extend([
                Attribute::new("stickiness.type", "lb_cookie"),
                Attribute::new("stickiness.lb_cookie.duration_seconds", *duration_seconds),
            ]),
            Self::AppCookie {
                name,
                duration_seconds,
            } => attributes.extend([
                Attribute::new("stickiness.type", "app_cookie"),
                Attribute::new("stickiness.app_cookie.cookie_name", name),
                Attribute::new("stickiness.app_cookie.duration_seconds", *duration_seconds),
            ]),
        }
        attributes
    }
}

/// What a load balancer sends requests to, and how it knows that a target is well.
///
/// ```
/// use tenon_resources::elb::TargetGroup;
/// TargetGroup::new("vpc-1", 8080u16).health_check_path("/healthz").deregistration_delay(30u16);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.target_group", cfn = "AWS::ElasticLoadBalancingV2::TargetGroup")]
pub struct TargetGroup {
    /// The VPC that its targets are in.
    #[immutable]
    #[cfn("VpcId")]
    pub vpc: Input<VpcId>,
    /// The port of targets that name none.
    #[immutable]
    pub port: u16,
    /// Its name, unique in its account and region.
    #[immutable]
    #[named(max = 32, also = "-")]
    pub name: Option<Input<String>>,
    /// What targets speak.
    #[immutable]
    #[default(TargetProtocol::Http)]
    pub protocol: TargetProtocol,
    /// The version of HTTP that targets speak.
    #[immutable]
    #[default(ProtocolVersion::Http1)]
    pub protocol_version: ProtocolVersion,
    /// How targets are named.
    #[immutable]
    #[default(TargetType::Ip)]
    pub target_type: TargetType,
    /// The addresses of targets.
    #[immutable]
    #[default(TargetIpAddressType::Ipv4)]
    pub ip_address_type: TargetIpAddressType,
    /// The path of a health check; for gRPC its method.
    #[default("/".to_owned())]
    pub health_check_path: String,
    /// What a health check speaks.
    #[default(TargetProtocol::Http)]
    pub health_check_protocol: TargetProtocol,
    /// The port of a health check: a number, or `traffic-port`, the target's own.
    #[default("traffic-port".to_owned())]
    pub health_check_port: String,
    /// The time from one health check to the next, in seconds, 5 to 300.
    #[default(30)]
    pub health_check_interval_seconds: u16,
    /// How long a health check waits, in seconds, 2 to 120.
    #[default(5)]
    pub health_check_timeout_seconds: u16,
    /// How many health checks in a row make a target well, 2 to 10.
    #[default(5)]
    pub healthy_threshold_count: u16,
    /// How many failed health checks in a row make a target unwell, 2 to 10.
    #[default(2)]
    pub unhealthy_threshold_count: u16,
    /// The status codes of a target that is well: `200`, `200,202` or `200-299`; for gRPC 0 to 99.
    #[default("200".to_owned())]
    pub matcher: String,
    /// How long a target that leaves may finish its requests, in seconds, 0 to 3600.
    #[default(300)]
    #[after_create]
    #[cfn("TargetGroupAttributes")]
    pub deregistration_delay: u16,
    /// How long a new target is spared, in seconds, 30 to 900; 0 is not at all.
    #[default(0)]
    #[after_create]
    #[cfn("TargetGroupAttributes")]
    pub slow_start: u16,
    /// How a target is chosen for a request.
    #[default(Algorithm::RoundRobin)]
    #[after_create]
    #[cfn("TargetGroupAttributes")]
    pub algorithm: Algorithm,
    /// Send less to targets that fail more than others; needs the algorithm `weighted_random`.
    #[default(false)]
    #[after_create]
    #[cfn("TargetGroupAttributes")]
    pub anomaly_mitigation: bool,
    /// How a client stays with one target; unset is that it does not.
    #[default(None)]
    #[after_create]
    #[cfn("TargetGroupAttributes")]
    pub stickiness: Option<Stickiness>,
    /// Whether targets in other zones are used.
    #[default(CrossZone::UseLoadBalancerConfiguration)]
    #[after_create]
    #[cfn("TargetGroupAttributes")]
    pub cross_zone: CrossZone,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TargetGroupOutputs {
    /// Its ARN.
    #[shape("arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex8}{hex8}")]
    pub id: TargetGroupArn,
    /// Its name in metrics: `targetgroup/name/id`.
    #[shape("targetgroup/{name}/{hex8}{hex8}")]
    pub full_name: String,
}

impl Lifecycle for TargetGroup {
    const CALLS: &'static [CallInfo] = &[
        CreateTargetGroup::INFO,
        ModifyTargetGroup::INFO,
        ModifyTargetGroupAttributes::INFO,
        DeleteTargetGroup::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "elb",
        operation: "DescribeTargetGroups",
        batch: 20,
        actions: &[
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTags",
        ],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateTargetGroup {
            name: self.name.clone(),
            vpc_id: self.vpc.clone(),
            port: self.port,
            protocol: self.protocol,
            protocol_version: self.protocol_version,
            target_type: self.target_type,
            ip_address_type: self.ip_address_type,
            health_check_path: self.health_check_path.clone(),
            health_check_protocol: self.health_check_protocol,
            health_check_port: self.health_check_port.clone(),
            health_check_interval_seconds: self.health_check_interval_seconds,
            health_check_timeout_seconds: self.health_check_timeout_seconds,
            healthy_threshold_count: self.healthy_threshold_count,
            unhealthy_threshold_count: self.unhealthy_threshold_count,
            matcher: self.codes(),
            tags: self.tags.clone(),
        })
    }

    fn set(&self, was: &Self, field: TargetGroupField) -> Steps {
        use TargetGroupField as F;
        let modify = |set: fn(&Self, &mut ModifyTargetGroup)| {
            let mut call = ModifyTargetGroup {
                target_group_arn: this(),
                ..ModifyTargetGroup::default()
            };
            set(self, &mut call);
            Steps::update(call)
        };
        let text = |key, value: &str| attributes(vec![Attribute::new(key, value)]);
        match field {
            F::HealthCheckPath => modify(|s, c| c.health_check_path = Some(s.health_check_path.clone())),
            F::HealthCheckProtocol => modify(|s, c| c.health_check_protocol = Some(s.health_check_protocol)),
            F::HealthCheckPort => modify(|s, c| c.health_check_port = Some(s.health_check_port.clone())),
            F::HealthCheckIntervalSeconds => {
                modify(|s, c| c.health_check_interval_seconds = Some(s.health_check_interval_seconds))
            }
            F::HealthCheckTimeoutSeconds => {
                modify(|s, c| c.health_check_timeout_seconds = Some(s.health_check_timeout_seconds))
            }
            F::HealthyThresholdCount => {
                modify(|s, c| c.healthy_threshold_count = Some(s.healthy_threshold_count))
            }
            F::UnhealthyThresholdCount => {
                modify(|s, c| c.unhealthy_threshold_count = Some(s.unhealthy_threshold_count))
            }
            F::Matcher => modify(|s, c| c.matcher = Some(s.codes())),
            F::DeregistrationDelay => text(
                "deregistration_delay.timeout_seconds",
                &self.deregistration_delay.to_string(),
            ),
            F::SlowStart => text("slow_start.duration_seconds", &self.slow_start.to_string()),
            F::Algorithm => text("load_balancing.algorithm.type", self.algorithm.as_str()),
            F::AnomalyMitigation => text(
                "load_balancing.algorithm.anomaly_mitigation",
                if self.anomaly_mitigation { "on" } else { "off" },
            ),
            F::Stickiness => attributes(Stickiness::attributes(self.stickiness.as_ref())),
            F::CrossZone => text("load_balancing.cross_zone.enabled", self.cross_zone.as_str()),
            F::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // Deleting one that is gone succeeds. A listener's or rule's hold outlives it: Terraform waits 2 min.
        Steps::delete(DeleteTargetGroup {
            target_group_arn: this(),
        })
        .ok_on("TargetGroupNotFound")
        .retry_on("ResourceInUse", minutes(5))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let mut range = |name: &str, value: u16, from: u16, to: u16| {
            if !(from..=to).contains(&value) {
                findings.push(format!("`{name}` is {value}, and AWS takes {from} to {to}"));
            }
        };
        range(
            "health_check_interval_seconds",
            self.health_check_interval_seconds,
            5,
            300,
        );
        range(
            "health_check_timeout_seconds",
            self.health_check_timeout_seconds,
            2,
            120,
        );
        range("healthy_threshold_count", self.healthy_threshold_count, 2, 10);
        range("unhealthy_threshold_count", self.unhealthy_threshold_count, 2, 10);
        range("deregistration_delay", self.deregistration_delay, 0, 3600);
        if self.slow_start != 0 {
            range("slow_start", self.slow_start, 30, 900);
        }
        if self.health_check_timeout_seconds >= self.health_check_interval_seconds {
            findings.push(format!(
                "`health_check_timeout_seconds` is {}: make it shorter than `health_check_interval_seconds`, {}",
                self.health_check_timeout_seconds, self.health_check_interval_seconds
            ));
        }
        if self.slow_start != 0 && self.algorithm != Algorithm::RoundRobin {
            findings.push(format!(
                "`slow_start` needs the algorithm `round_robin`, and it is `{}`",
                self.algorithm
            ));
        }
        if self.anomaly_mitigation && self.algorithm != Algorithm::WeightedRandom {
            findings.push(format!(
                "`anomaly_mitigation` needs the algorithm `weighted_random`, and it is `{}`",
                self.algorithm
            ));
        }
        if self.health_check_port != "traffic-port" && self.health_check_port.parse::<u16>().is_err() {
            findings.push(format!(
                "`health_check_port` is `{}`: write a port, or `traffic-port`",
                self.health_check_port
            ));
        }
        if !self.health_check_path.starts_with('/') {
            findings.push(format!(
                "`health_check_path` is `{}`: begin it with `/`",
                self.health_check_path
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("vpc-1", 8080u16)
                .name("a")
                .algorithm(Algorithm::WeightedRandom)
                .anomaly_mitigation(true)
                .tags([("Name", "a")]),
            Self::new("vpc-2", 8443u16)
                .name("b")
                .protocol(TargetProtocol::Https)
                .protocol_version(ProtocolVersion::Http2)
                .target_type(TargetType::Instance)
                .ip_address_type(TargetIpAddressType::Ipv6)
                .health_check_path("/healthz")
                .health_check_protocol(TargetProtocol::Https)
                .health_check_port("9000")
                .health_check_interval_seconds(15u16)
                .health_check_timeout_seconds(10u16)
                .healthy_threshold_count(2u16)
                .unhealthy_threshold_count(3u16)
                .matcher("200-299")
                .deregistration_delay(30u16)
                .slow_start(60u16)
                .stickiness(Stickiness::AppCookie {
                    name: "session".into(),
                    duration_seconds: 3600,
                })
                .cross_zone(CrossZone::Off)
                .tags([("Name", "b")]),
        ]
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

fn attributes(attributes: Vec<Attribute>) -> Steps {
    Steps::update(ModifyTargetGroupAttributes {
        target_group_arn: this(),
        attributes,
    })
    .retry_on("TargetGroupNotFound", minutes(1))
}

/// The status codes of a target that is well.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Codes {
    codes: String,
    grpc: bool,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::Matcher> for Codes {
    fn to_sdk(self) -> Option<sdk::elb::types::Matcher> {
        let matcher = sdk::elb::types::Matcher::builder();
        Some(
            if self.grpc {
                matcher.grpc_code(self.codes)
            } else {
                matcher.http_code(self.codes)
            }
            .build(),
        )
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, id = o.target_groups?.into_iter().next()?.target_group_arn?, also("elasticloadbalancing:AddTags"))]
struct CreateTargetGroup {
    name: Option<Input<String>>,
    vpc_id: Input<VpcId>,
    port: u16,
    protocol: TargetProtocol,
    protocol_version: ProtocolVersion,
    target_type: TargetType,
    ip_address_type: TargetIpAddressType,
    health_check_path: String,
    health_check_protocol: TargetProtocol,
    health_check_port: String,
    health_check_interval_seconds: u16,
    health_check_timeout_seconds: u16,
    healthy_threshold_count: u16,
    unhealthy_threshold_count: u16,
    matcher: Codes,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, folds, on = "{id}")]
struct ModifyTargetGroup {
    target_group_arn: Input<TargetGroupArn>,
    health_check_path: Option<String>,
    health_check_protocol: Option<TargetProtocol>,
    health_check_port: Option<String>,
    health_check_interval_seconds: Option<u16>,
    health_check_timeout_seconds: Option<u16>,
    healthy_threshold_count: Option<u16>,
    unhealthy_threshold_count: Option<u16>,
    matcher: Option<Codes>,
}

impl ModifyTargetGroup {
    /// No change at all.
    fn default() -> Self {
        Self {
            target_group_arn: this(),
            health_check_path: None,
            health_check_protocol: None,
            health_check_port: None,
            health_check_interval_seconds: None,
            health_check_timeout_seconds: None,
            healthy_threshold_count: None,
            unhealthy_threshold_count: None,
            matcher: None,
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, folds, on = "{id}")]
struct ModifyTargetGroupAttributes {
    target_group_arn: Input<TargetGroupArn>,
    attributes: Vec<Attribute>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct DeleteTargetGroup {
    target_group_arn: Input<TargetGroupArn>,
}

#[cfg(feature = "aws")]
impl Observe for TargetGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let read = |arns| async move {
            let request = aws.elb.describe_target_groups().set_target_group_arns(Some(arns));
            let pages = items!(request);
            aws.all("elb", "DescribeTargetGroups", pages).await
        };
        let items = match by {
            By::Ids(ids) => crate::aws::in_batches(ids, 20, &["TargetGroupNotFound"], read).await?,
            By::Owner(_) => {
                let pages = items!(aws.elb.describe_target_groups());
                aws.all("elb", "DescribeTargetGroups", pages).await?
            }
        };
        let tagged = super::tagged(aws, items, by, |i| i.target_group_arn.as_ref()).await?;
        crate::aws::each(tagged, |(item, tags)| async move {
            let request = aws.elb.describe_target_group_attributes();
            let reply = request
                .set_target_group_arn(item.target_group_arn.clone())
                .send()
                .await;
            let gone = &["TargetGroupNotFound"];
            let reply = crate::aws::present("elb", "DescribeTargetGroupAttributes", reply, gone)?;
            let pairs = reply.map(|r| {
                r.attributes
                    .unwrap_or_default()
                    .into_iter()
                    .map(|a| (a.key, a.value))
            });
            Ok(pairs.and_then(|pairs| see(item, &super::attribute::Attributes::new(pairs), tags)))
        })
        .await
    }

    /// By `Names` (ELB v2 API reference, `DescribeTargetGroups`): one of a name in a region, and an error when there is none.
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let Some(name) = wanted.name.as_ref().and_then(Input::known) else {
            return Ok(vec![]);
        };
        let pages = items!(aws.elb.describe_target_groups().names(name));
        let items = crate::aws::there(
            aws.all("elb", "DescribeTargetGroups", pages).await,
            &["TargetGroupNotFound"],
        )?;
        Ok(items
            .into_iter()
            .flatten()
            .filter_map(|i| i.target_group_arn)
            .collect())
    }
}

#[cfg(feature = "aws")]
fn see(
    item: sdk::elb::types::TargetGroup,
    attributes: &super::attribute::Attributes,
    tags: Tags,
) -> Option<Seen<TargetGroup>> {
    let id = item.target_group_arn?;
    let number = |value: Option<i32>, default: u16| value.and_then(|v| v.try_into().ok()).unwrap_or(default);
    let protocol = |p: Option<sdk::elb::types::ProtocolEnum>| {
        p.and_then(|p| TargetProtocol::word(p.as_str()))
            .unwrap_or(TargetProtocol::Http)
    };
    let stickiness = match attributes.text("stickiness.type") {
        _ if !attributes.on("stickiness.enabled", false) => None,
        "app_cookie" => Some(Stickiness::AppCookie {
            name: attributes.text("stickiness.app_cookie.cookie_name").into(),
            duration_seconds: attributes.number("stickiness.app_cookie.duration_seconds", 86_400),
        }),
        _ => Some(Stickiness::LbCookie {
            duration_seconds: attributes.number("stickiness.lb_cookie.duration_seconds", 86_400),
        }),
    };
    let cross_zone = CrossZone::word(attributes.text("load_balancing.cross_zone.enabled"));
    let matcher = item.matcher.and_then(|m| m.http_code.or(m.grpc_code));
    let version = item.protocol_version.as_deref().and_then(ProtocolVersion::word);
    let addresses = item
        .ip_address_type
        .and_then(|t| TargetIpAddressType::word(t.as_str()));
    Some(Seen {
        status: Status::Ready,
        inputs: TargetGroup {
            vpc: Input::Known(item.vpc_id?.into()),
            port: number(item.port, 0),
            name: item.target_group_name.map(Input::Known),
            protocol: protocol(item.protocol),
            protocol_version: version.unwrap_or(ProtocolVersion::Http1),
            target_type: item
                .target_type
                .and_then(|t| TargetType::word(t.as_str()))
                .unwrap_or(TargetType::Instance),
            ip_address_type: addresses.unwrap_or(TargetIpAddressType::Ipv4),
            health_check_path: item.health_check_path.unwrap_or_else(|| "/".into()),
            health_check_protocol: protocol(item.health_check_protocol),
            health_check_port: item.health_check_port.unwrap_or_else(|| "traffic-port".into()),
            health_check_interval_seconds: number(item.health_check_interval_seconds, 30),
            health_check_timeout_seconds: number(item.health_check_timeout_seconds, 5),
            healthy_threshold_count: number(item.healthy_threshold_count, 5),
            unhealthy_threshold_count: number(item.unhealthy_threshold_count, 2),
            matcher: matcher.unwrap_or_else(|| "200".into()),
            deregistration_delay: attributes.number("deregistration_delay.timeout_seconds", 300),
            slow_start: attributes.number("slow_start.duration_seconds", 0),
            algorithm: Algorithm::word(attributes.text("load_balancing.algorithm.type"))
                .unwrap_or(Algorithm::RoundRobin),
            anomaly_mitigation: attributes.text("load_balancing.algorithm.anomaly_mitigation") == "on",
            stickiness,
            cross_zone: cross_zone.unwrap_or(CrossZone::UseLoadBalancerConfiguration),
            tags,
        },
        outputs: TargetGroupOutputs {
            full_name: id.rsplit_once(':').map_or("", |(_, name)| name).into(),
            id: id.clone().into(),
        },
        id,
    })
}
