//! An application load balancer.

use super::{Attribute, RETAG, retag};
use crate::{
    ec2::{SecurityGroupId, SubnetId},
    prelude::*,
    value::Part,
};

id!(
    /// Names a load balancer: its ARN.
    LoadBalancerArn
);

choice!(
    /// Who can reach a load balancer.
    Scheme of elb::LoadBalancerSchemeEnum {
        /// Everyone: it has public addresses.
        InternetFacing = "internet-facing",
        /// Those inside the network: it has private addresses only.
        Internal = "internal",
    }
);

choice!(
    /// The addresses that clients can use.
    IpAddressType of elb::IpAddressType {
        /// IPv4.
        Ipv4 = "ipv4",
        /// IPv4 and IPv6.
        Dualstack = "dualstack",
        /// IPv6 in public, IPv4 in private.
        DualstackWithoutPublicIpv4 = "dualstack-without-public-ipv4",
    }
);

choice!(
    /// What becomes of requests that could be understood in two ways.
    DesyncMitigationMode {
        /// All are let through.
        Monitor = "monitor",
        /// Known attacks are refused.
        Defensive = "defensive",
        /// All that break RFC 7230 are refused.
        Strictest = "strictest",
    }
);

choice!(
    /// What becomes of the `X-Forwarded-For` header.
    XffHeaderProcessing {
        /// The client's address is added.
        Append = "append",
        /// It is passed on as it came.
        Preserve = "preserve",
        /// It is removed.
        Remove = "remove",
    }
);

/// Where a load balancer writes its logs. The bucket is in the same region, and its policy lets Elastic Load Balancing
/// write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogBucket {
    /// The bucket's name.
    pub bucket: Input<String>,
    /// The prefix of every object, without a slash at its end.
    pub prefix: String,
}

impl LogBucket {
    /// The root of `bucket`.
    pub fn new(bucket: impl Into<Part>) -> Self {
        Self {
            bucket: Input::of(bucket),
            prefix: String::new(),
        }
    }

    /// Under `prefix`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    fn attributes(logs: Option<&Self>, kind: &str) -> Vec<Attribute> {
        let key = |name: &str| format!("{kind}.s3.{name}");
        match logs {
            Some(logs) => vec![
                Attribute::on(&key("enabled"), true),
                Attribute::new(&key("bucket"), &logs.bucket),
                Attribute::new(&key("prefix"), logs.prefix.as_str()),
            ],
            None => vec![Attribute::on(&key("enabled"), false)],
        }
    }
}

/// Spreads HTTP requests over targets in several zones.
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
    ready = 15
)]
pub struct LoadBalancer {
    /// Its name, unique in its account and region.
    #[immutable]
    #[named(max = 32, also = "-")]
    pub name: Option<Input<String>>,
    /// Who can reach it.
    #[immutable]
    #[default(Scheme::InternetFacing)]
    pub scheme: Scheme,
    /// The subnets it stands in, each in another zone.
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// The security groups around it.
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// The addresses that clients can use.
    #[default(IpAddressType::Ipv4)]
    pub ip_address_type: IpAddressType,
    /// How long a connection may be silent, in seconds, 1 to 4000.
    #[default(60)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub idle_timeout: u16,
    /// How long a client's connection is kept, in seconds, 60 to 604800.
    #[default(3600)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub client_keep_alive: u32,
    /// Refuse to delete it.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub deletion_protection: bool,
    /// Speak HTTP/2 with clients that can.
    #[default(true)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub http2: bool,
    /// Drop header fields whose names are not valid.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub drop_invalid_header_fields: bool,
    /// Pass the client's `Host` header on, whatever the target's port.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub preserve_host_header: bool,
    /// What becomes of requests that could be understood in two ways.
    #[default(DesyncMitigationMode::Defensive)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub desync_mitigation_mode: DesyncMitigationMode,
    /// What becomes of the `X-Forwarded-For` header.
    #[default(XffHeaderProcessing::Append)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub xff_header_processing: XffHeaderProcessing,
    /// Put the client's port into the `X-Forwarded-For` header.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub xff_client_port: bool,
    /// Tell targets the version and the cipher of the client's TLS in headers.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub tls_version_and_cipher_headers: bool,
    /// Let requests through when the web application firewall cannot be asked.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub waf_fail_open: bool,
    /// Let zonal shift take it out of a zone.
    #[default(false)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub zonal_shift: bool,
    /// Where it writes a line for every request; unset is nowhere.
    #[default(None)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub access_logs: Option<LogBucket>,
    /// Where it writes a line for every connection; unset is nowhere.
    #[default(None)]
    #[after_create]
    #[cfn("LoadBalancerAttributes")]
    pub connection_logs: Option<LogBucket>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct LoadBalancerOutputs {
    /// Its ARN.
    #[shape("arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex8}{hex8}")]
    pub id: LoadBalancerArn,
    /// The name that clients resolve.
    #[shape("{name}-{digits}.{region}.elb.amazonaws.com")]
    pub dns_name: String,
    /// The hosted zone of its name, for alias records.
    #[shape("Z{hex17}")]
    pub canonical_hosted_zone_id: String,
    /// Its name in metrics: `app/name/id`.
    #[shape("app/{name}/{hex8}{hex8}")]
    pub full_name: String,
}

impl Lifecycle for LoadBalancer {
    const CALLS: &'static [CallInfo] = &[
        CreateLoadBalancer::INFO,
        ModifyLoadBalancerAttributes::INFO,
        SetSubnets::INFO,
        SetSecurityGroups::INFO,
        SetIpAddressType::INFO,
        DeleteLoadBalancer::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "elb",
        operation: "DescribeLoadBalancers",
        batch: 20,
        actions: &[
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeTags",
        ],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateLoadBalancer {
            name: self.name.clone(),
            scheme: self.scheme,
            subnets: self.subnets.clone(),
            security_groups: self.security_groups.clone(),
            ip_address_type: self.ip_address_type,
            tags: self.tags.clone(),
        })
        .retry_on("SubnetNotFound", minutes(2))
        .retry_on("InvalidSecurityGroup", minutes(2))
    }

    fn set(&self, was: &Self, field: LoadBalancerField) -> Steps {
        use LoadBalancerField as F;
        let on = |key, on| attributes(vec![Attribute::on(key, on)]);
        let text = |key, value: &str| attributes(vec![Attribute::new(key, value)]);
        match field {
            F::Subnets => Steps::update(SetSubnets {
                load_balancer_arn: this(),
                subnets: self.subnets.clone(),
                ip_address_type: self.ip_address_type,
            }),
            F::SecurityGroups => Steps::update(SetSecurityGroups {
                load_balancer_arn: this(),
                security_groups: self.security_groups.clone(),
            }),
            F::IpAddressType => Steps::update(SetIpAddressType {
                load_balancer_arn: this(),
                ip_address_type: self.ip_address_type,
            }),
            F::IdleTimeout => text("idle_timeout.timeout_seconds", &self.idle_timeout.to_string()),
            F::ClientKeepAlive => text("client_keep_alive.seconds", &self.client_keep_alive.to_string()),
            F::DeletionProtection => on("deletion_protection.enabled", self.deletion_protection),
            F::Http2 => on("routing.http2.enabled", self.http2),
            F::DropInvalidHeaderFields => on(
                "routing.http.drop_invalid_header_fields.enabled",
                self.drop_invalid_header_fields,
            ),
            F::PreserveHostHeader => on(
                "routing.http.preserve_host_header.enabled",
                self.preserve_host_header,
            ),
            F::DesyncMitigationMode => text(
                "routing.http.desync_mitigation_mode",
                self.desync_mitigation_mode.as_str(),
            ),
            F::XffHeaderProcessing => text(
                "routing.http.xff_header_processing.mode",
                self.xff_header_processing.as_str(),
            ),
            F::XffClientPort => on("routing.http.xff_client_port.enabled", self.xff_client_port),
            F::TlsVersionAndCipherHeaders => on(
                "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
                self.tls_version_and_cipher_headers,
            ),
            F::WafFailOpen => on("waf.fail_open.enabled", self.waf_fail_open),
            F::ZonalShift => on("zonal_shift.config.enabled", self.zonal_shift),
            F::AccessLogs => attributes(LogBucket::attributes(self.access_logs.as_ref(), "access_logs")),
            F::ConnectionLogs => attributes(LogBucket::attributes(
                self.connection_logs.as_ref(),
                "connection_logs",
            )),
            F::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // Deleting one that is gone succeeds. Its network interfaces outlive it by minutes: groups and subnets wait.
        let unprotected = Steps::none().then_if(self.deletion_protection, || {
            attributes(vec![Attribute::on("deletion_protection.enabled", false)])
                .ok_on("LoadBalancerNotFound")
        });
        unprotected
            .then(Steps::delete(DeleteLoadBalancer {
                load_balancer_arn: this(),
            }))
            .retry_on("ResourceInUse", minutes(2))
            .until_gone(minutes(10))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if self.subnets.len() < 2 {
            findings.push(format!(
                "`subnets` has {}, and a load balancer takes at least two, each in another zone",
                self.subnets.len()
            ));
        }
        if self.security_groups.is_empty() {
            findings.push(
                "`security_groups` is empty, and AWS would take the VPC's default group: name one".into(),
            );
        }
        if !(1..=4000).contains(&self.idle_timeout) {
            findings.push(format!(
                "`idle_timeout` is {}, and AWS takes 1 to 4000 seconds",
                self.idle_timeout
            ));
        }
        if !(60..=604_800).contains(&self.client_keep_alive) {
            findings.push(format!(
                "`client_keep_alive` is {}, and AWS takes 60 to 604800 seconds",
                self.client_keep_alive
            ));
        }
        if let Some(name) = self.name.as_ref().and_then(Input::known)
            && (name.starts_with('-') || name.ends_with('-') || name.starts_with("internal-"))
        {
            findings.push(format!(
                "`name` is `{name}`, and AWS refuses a hyphen at either end and the prefix `internal-`"
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new()
                .name("a")
                .subnets(["subnet-1", "subnet-2"])
                .security_groups(["sg-1"])
                .tags([("Name", "a")]),
            Self::new()
                .name("b")
                .scheme(Scheme::Internal)
                .subnets(["subnet-3", "subnet-4"])
                .security_groups(["sg-2"])
                .ip_address_type(IpAddressType::Dualstack)
                .idle_timeout(120u16)
                .client_keep_alive(600u32)
                .deletion_protection(true)
                .http2(false)
                .drop_invalid_header_fields(true)
                .preserve_host_header(true)
                .desync_mitigation_mode(DesyncMitigationMode::Strictest)
                .xff_header_processing(XffHeaderProcessing::Remove)
                .xff_client_port(true)
                .tls_version_and_cipher_headers(true)
                .waf_fail_open(true)
                .zonal_shift(true)
                .access_logs(LogBucket::new("logs").prefix("web"))
                .connection_logs(LogBucket::new("logs").prefix("connections"))
                .tags([("Name", "b")]),
        ]
    }
}

fn attributes(attributes: Vec<Attribute>) -> Steps {
    // A bucket's policy takes a while to be known where the logs are switched on.
    Steps::update(ModifyLoadBalancerAttributes {
        load_balancer_arn: this(),
        attributes,
    })
    .retry_on_message(
        "InvalidConfigurationRequest",
        "Access Denied for bucket",
        minutes(2),
    )
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, id = o.load_balancers?.into_iter().next()?.load_balancer_arn?, also("elasticloadbalancing:AddTags", "iam:CreateServiceLinkedRole"))]
struct CreateLoadBalancer {
    name: Option<Input<String>>,
    scheme: Scheme,
    subnets: BTreeSet<Input<SubnetId>>,
    security_groups: BTreeSet<Input<SecurityGroupId>>,
    ip_address_type: IpAddressType,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, folds, on = "{id}")]
struct ModifyLoadBalancerAttributes {
    load_balancer_arn: Input<LoadBalancerArn>,
    attributes: Vec<Attribute>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct SetSubnets {
    load_balancer_arn: Input<LoadBalancerArn>,
    subnets: BTreeSet<Input<SubnetId>>,
    ip_address_type: IpAddressType,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct SetSecurityGroups {
    load_balancer_arn: Input<LoadBalancerArn>,
    security_groups: BTreeSet<Input<SecurityGroupId>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct SetIpAddressType {
    load_balancer_arn: Input<LoadBalancerArn>,
    ip_address_type: IpAddressType,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct DeleteLoadBalancer {
    load_balancer_arn: Input<LoadBalancerArn>,
}

/// Every load balancer of the account and region.
#[cfg(feature = "aws")]
pub(crate) async fn all(aws: &Aws) -> Result<Vec<sdk::elb::types::LoadBalancer>, CallError> {
    let pages = items!(aws.elb.describe_load_balancers());
    aws.all("elb", "DescribeLoadBalancers", pages).await
}

#[cfg(feature = "aws")]
impl Observe for LoadBalancer {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let read = |arns| async move {
            let request = aws
                .elb
                .describe_load_balancers()
                .set_load_balancer_arns(Some(arns));
            let pages = items!(request);
            aws.all("elb", "DescribeLoadBalancers", pages).await
        };
        let items = match by {
            By::Ids(ids) => crate::aws::in_batches(ids, 20, &["LoadBalancerNotFound"], read).await?,
            By::Owner(_) => all(aws).await?,
        };
        let tagged = super::tagged(aws, items, by, |i| i.load_balancer_arn.as_ref()).await?;
        crate::aws::each(tagged, |(item, tags)| async move {
            let request = aws.elb.describe_load_balancer_attributes();
            let reply = request
                .set_load_balancer_arn(item.load_balancer_arn.clone())
                .send()
                .await;
            let gone = &["LoadBalancerNotFound"];
            let reply = crate::aws::present("elb", "DescribeLoadBalancerAttributes", reply, gone)?;
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

    /// By `Names` (ELB v2 API reference, `DescribeLoadBalancers`): one of a name in a region, and an error when there is none.
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let Some(name) = wanted.name.as_ref().and_then(Input::known) else {
            return Ok(vec![]);
        };
        let pages = items!(aws.elb.describe_load_balancers().names(name));
        let items = crate::aws::there(
            aws.all("elb", "DescribeLoadBalancers", pages).await,
            &["LoadBalancerNotFound"],
        )?;
        Ok(items
            .into_iter()
            .flatten()
            .filter_map(|i| i.load_balancer_arn)
            .collect())
    }
}

#[cfg(feature = "aws")]
fn see(
    item: sdk::elb::types::LoadBalancer,
    attributes: &super::attribute::Attributes,
    tags: Tags,
) -> Option<Seen<LoadBalancer>> {
    let id = item.load_balancer_arn?;
    let state = item.state;
    let reason = state.as_ref().and_then(|s| s.reason.clone()).unwrap_or_default();
    let status = match state
        .as_ref()
        .and_then(|s| s.code.as_ref())
        .map_or("active", |c| c.as_str())
    {
        // Impaired ones route, and lack capacity to grow.
        "active" | "active_impaired" => Status::Ready,
        "failed" => Status::Failed(reason),
        other => Status::Pending(other.into()),
    };
    let logs = |kind: &str| {
        let bucket = attributes.text(&format!("{kind}.s3.bucket"));
        let prefix = attributes.text(&format!("{kind}.s3.prefix"));
        attributes
            .on(&format!("{kind}.s3.enabled"), false)
            .then(|| LogBucket::new(bucket).prefix(prefix))
    };
    let subnets = item
        .availability_zones
        .into_iter()
        .flatten()
        .filter_map(|z| z.subnet_id);
    let mode = attributes.text("routing.http.desync_mitigation_mode");
    let xff = attributes.text("routing.http.xff_header_processing.mode");
    Some(Seen {
        status,
        inputs: LoadBalancer {
            name: item.load_balancer_name.map(Input::Known),
            scheme: item
                .scheme
                .and_then(|s| Scheme::word(s.as_str()))
                .unwrap_or(Scheme::InternetFacing),
            subnets: subnets.map(|s| Input::Known(s.into())).collect(),
            security_groups: item
                .security_groups
                .into_iter()
                .flatten()
                .map(|g| Input::Known(g.into()))
                .collect(),
            ip_address_type: item
                .ip_address_type
                .and_then(|t| IpAddressType::word(t.as_str()))
                .unwrap_or(IpAddressType::Ipv4),
            idle_timeout: attributes.number("idle_timeout.timeout_seconds", 60),
            client_keep_alive: attributes.number("client_keep_alive.seconds", 3600),
            deletion_protection: attributes.on("deletion_protection.enabled", false),
            http2: attributes.on("routing.http2.enabled", true),
            drop_invalid_header_fields: attributes
                .on("routing.http.drop_invalid_header_fields.enabled", false),
            preserve_host_header: attributes.on("routing.http.preserve_host_header.enabled", false),
            desync_mitigation_mode: DesyncMitigationMode::word(mode)
                .unwrap_or(DesyncMitigationMode::Defensive),
            xff_header_processing: XffHeaderProcessing::word(xff).unwrap_or(XffHeaderProcessing::Append),
            xff_client_port: attributes.on("routing.http.xff_client_port.enabled", false),
            tls_version_and_cipher_headers: attributes
                .on("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", false),
            waf_fail_open: attributes.on("waf.fail_open.enabled", false),
            zonal_shift: attributes.on("zonal_shift.config.enabled", false),
            access_logs: logs("access_logs"),
            connection_logs: logs("connection_logs"),
            tags,
        },
        outputs: LoadBalancerOutputs {
            full_name: id.split_once("loadbalancer/").map_or("", |(_, name)| name).into(),
            id: id.clone().into(),
            dns_name: item.dns_name.unwrap_or_default(),
            canonical_hosted_zone_id: item.canonical_hosted_zone_id.unwrap_or_default(),
        },
        id,
    })
}
