//! A listener: a port of a load balancer.

use super::{Action, LoadBalancerArn, RETAG, RoutedTargetGroup, retag};
use crate::prelude::*;

id!(
    /// Names a listener: its ARN.
    ListenerArn
);

choice!(
    /// What a listener speaks with clients.
    ListenerProtocol of elb::ProtocolEnum {
        /// HTTP in the clear.
        Http = "HTTP",
        /// HTTP over TLS.
        Https = "HTTPS",
    }
);

/// The TLS versions and ciphers of a listener that names none: 1.3 and 1.2, as AWS recommends (Elastic Load Balancing's
/// guide, "SSL policies").
const SSL_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// A port of a load balancer, and what becomes of requests that no rule takes.
///
/// ```
/// use tenon_resources::elb::{Action, Listener, ListenerProtocol};
/// let lb = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/0123456789abcdef";
/// Listener::new(lb, 80u16, ListenerProtocol::Http, Action::redirect_to_https());
/// Listener::new(lb, 443u16, ListenerProtocol::Https, Action::respond(404, "text/plain", ""))
///     .certificate("arn:aws:acm:eu-west-1:111111111111:certificate/0123");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.listener", cfn = "AWS::ElasticLoadBalancingV2::Listener")]
pub struct Listener {
    /// The load balancer it is a port of.
    #[immutable]
    #[cfn("LoadBalancerArn")]
    pub load_balancer: Input<LoadBalancerArn>,
    /// The port.
    pub port: u16,
    /// What it speaks.
    pub protocol: ListenerProtocol,
    /// What becomes of requests that no rule takes.
    #[cfn("DefaultActions")]
    pub default_action: Action,
    /// The certificate it shows; HTTPS needs one.
    #[default(None)]
    #[cfn("Certificates")]
    pub certificate: Option<Input<Arn>>,
    /// Certificates for further names, by the name that the client asks for.
    #[default(BTreeSet::new())]
    #[after_create]
    #[cfn("")]
    pub more_certificates: BTreeSet<Input<Arn>>,
    /// The TLS versions and ciphers of HTTPS, by the name of AWS's policy.
    #[default(SSL_POLICY.to_owned())]
    pub ssl_policy: String,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ListenerOutputs {
    /// Its ARN.
    #[shape("arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{hex8}/{hex8}{hex8}/{hex8}{hex8}")]
    pub id: ListenerArn,
    /// The first target group that its default action forwards to; empty when it forwards to none.
    #[shape("{default_action.forward.to.0.target_group}")]
    pub target_group: RoutedTargetGroup,
}

impl Lifecycle for Listener {
    const CALLS: &'static [CallInfo] = &[
        CreateListener::INFO,
        ModifyListener::INFO,
        AddListenerCertificates::INFO,
        RemoveListenerCertificates::INFO,
        DeleteListener::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "elb",
        operation: "DescribeListeners",
        batch: 20,
        actions: &[
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeListenerCertificates",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ],
    };

    fn create(&self) -> Steps {
        Steps::create(CreateListener {
            load_balancer_arn: self.load_balancer.clone(),
            port: self.port,
            protocol: self.protocol,
            default_actions: self.default_action.clone(),
            certificates: self.shown(),
            ssl_policy: self.policy(),
            tags: self.tags.clone(),
        })
        // A certificate takes a while to be known here.
        .retry_on("CertificateNotFound", minutes(2))
        .retry_on("UnsupportedCertificate", minutes(2))
        .retry_on("TargetGroupNotFound", minutes(1))
        // A listener that goes in the same apply holds the port for a moment.
        .retry_on("DuplicateListener", minutes(1))
    }

    fn set(&self, was: &Self, field: ListenerField) -> Steps {
        let none = ModifyListener {
            listener_arn: this(),
            port: None,
            protocol: None,
            default_actions: None,
            certificates: None,
            ssl_policy: None,
        };
        let modify = |call| Steps::update(call).retry_on("CertificateNotFound", minutes(2));
        match field {
            ListenerField::Port => modify(ModifyListener {
                port: Some(self.port),
                ..none
            }),
            ListenerField::Protocol => modify(ModifyListener {
                protocol: Some(self.protocol),
                certificates: self.shown(),
                ssl_policy: self.policy(),
                ..none
            }),
            ListenerField::DefaultAction => modify(ModifyListener {
                default_actions: Some(self.default_action.clone()),
                ..none
            }),
            ListenerField::Certificate => match self.shown() {
                Some(shown) => modify(ModifyListener {
                    certificates: Some(shown),
                    ..none
                }),
                // Without one it speaks HTTP: the change of the protocol drops it.
                None => Steps::none(),
            },
            ListenerField::SslPolicy => match self.policy() {
                Some(policy) => modify(ModifyListener {
                    ssl_policy: Some(policy),
                    ..none
                }),
                None => Steps::none(),
            },
            ListenerField::MoreCertificates => {
                let certificates = |which: &BTreeSet<Input<Arn>>, but: &BTreeSet<Input<Arn>>| {
                    which
                        .difference(but)
                        .cloned()
                        .map(Certificate)
                        .collect::<Vec<_>>()
                };
                let add = certificates(&self.more_certificates, &was.more_certificates);
                let remove = certificates(&was.more_certificates, &self.more_certificates);
                Steps::none()
                    .then_if(!add.is_empty(), || {
                        Steps::update(AddListenerCertificates {
                            listener_arn: this(),
                            certificates: add,
                        })
                        .retry_on("CertificateNotFound", minutes(2))
                    })
                    .then_if(!remove.is_empty(), || {
                        Steps::update(RemoveListenerCertificates {
                            listener_arn: this(),
                            certificates: remove,
                        })
                    })
            }
            ListenerField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteListener { listener_arn: this() }).ok_on("ListenerNotFound")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = self.default_action.check("default_action");
        match (self.protocol, &self.certificate) {
            (ListenerProtocol::Https, None) => {
                findings.push("`certificate` is unset, and an HTTPS listener shows one".into());
            }
            (ListenerProtocol::Http, Some(_)) => {
                findings.push("`certificate` is set, and an HTTP listener shows none: speak HTTPS".into());
            }
            _ => {}
        }
        if self.protocol == ListenerProtocol::Http && !self.more_certificates.is_empty() {
            findings.push("`more_certificates` is set, and an HTTP listener shows none: speak HTTPS".into());
        }
        if self.protocol == ListenerProtocol::Http && self.ssl_policy != SSL_POLICY {
            findings.push("`ssl_policy` is set, and an HTTP listener has none: speak HTTPS".into());
        }
        if self.port == 0 {
            findings.push("`port` is 0, and AWS takes 1 to 65535".into());
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("lb-1", 80u16, ListenerProtocol::Http, Action::redirect_to_https())
                .tags([("Name", "a")]),
            Self::new("lb-2", 443u16, ListenerProtocol::Https, Action::forward("tg-1"))
                .certificate("certificate-1")
                .more_certificates(["certificate-2"])
                .ssl_policy("ELBSecurityPolicy-TLS13-1-3-2021-06")
                .tags([("Name", "b")]),
        ]
    }
}

impl Listener {
    /// Only HTTPS takes a certificate.
    fn shown(&self) -> Option<Vec<Certificate>> {
        let certificate = self
            .certificate
            .clone()
            .filter(|_| self.protocol == ListenerProtocol::Https);
        certificate.map(|c| vec![Certificate(c)])
    }

    /// Only HTTPS takes a policy.
    fn policy(&self) -> Option<String> {
        (self.protocol == ListenerProtocol::Https).then(|| self.ssl_policy.clone())
    }
}

/// A certificate as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Certificate(Input<Arn>);

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::Certificate> for Certificate {
    fn to_sdk(self) -> Option<sdk::elb::types::Certificate> {
        Some(
            sdk::elb::types::Certificate::builder()
                .set_certificate_arn(self.0.to_sdk())
                .build(),
        )
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, id = o.listeners?.into_iter().next()?.listener_arn?, also("elasticloadbalancing:AddTags"))]
struct CreateListener {
    load_balancer_arn: Input<LoadBalancerArn>,
    port: u16,
    protocol: ListenerProtocol,
    default_actions: Action,
    certificates: Option<Vec<Certificate>>,
    ssl_policy: Option<String>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, folds, on = "{id}")]
struct ModifyListener {
    listener_arn: Input<ListenerArn>,
    port: Option<u16>,
    protocol: Option<ListenerProtocol>,
    default_actions: Option<Action>,
    certificates: Option<Vec<Certificate>>,
    ssl_policy: Option<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct AddListenerCertificates {
    listener_arn: Input<ListenerArn>,
    certificates: Vec<Certificate>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct RemoveListenerCertificates {
    listener_arn: Input<ListenerArn>,
    certificates: Vec<Certificate>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(elb, on = "{id}")]
struct DeleteListener {
    listener_arn: Input<ListenerArn>,
}

/// Every listener of the account and region: AWS lists them by load balancer.
#[cfg(feature = "aws")]
pub(crate) async fn all(aws: &Aws) -> Result<Vec<sdk::elb::types::Listener>, CallError> {
    let balancers = super::load_balancer::all(aws).await?;
    let listeners = crate::aws::each(balancers, |balancer| async move {
        let request = aws
            .elb
            .describe_listeners()
            .set_load_balancer_arn(balancer.load_balancer_arn);
        match aws.all("elb", "DescribeListeners", items!(request)).await {
            Err(error) if error.code == "LoadBalancerNotFound" => Ok(None),
            read => read.map(Some),
        }
    });
    Ok(listeners.await?.into_iter().flatten().collect())
}

#[cfg(feature = "aws")]
impl Observe for Listener {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let read = |arns| async move {
            let request = aws.elb.describe_listeners().set_listener_arns(Some(arns));
            let pages = items!(request);
            aws.all("elb", "DescribeListeners", pages).await
        };
        let items = match by {
            By::Ids(ids) => crate::aws::in_batches(ids, 20, &["ListenerNotFound"], read).await?,
            By::Owner(_) => all(aws).await?,
        };
        let tagged = super::tagged(aws, items, by, |i| i.listener_arn.as_ref()).await?;
        crate::aws::each(tagged, |(item, tags)| async move {
            let mut more = BTreeSet::new();
            if item.protocol == Some(sdk::elb::types::ProtocolEnum::Https) {
                let request = aws
                    .elb
                    .describe_listener_certificates()
                    .set_listener_arn(item.listener_arn.clone());
                let pages = items!(request);
                let read = match aws.all("elb", "DescribeListenerCertificates", pages).await {
                    Err(error) if error.code == "ListenerNotFound" => return Ok(None),
                    read => read?,
                };
                // The list holds the default certificate, too.
                let others = read.into_iter().filter(|c| c.is_default != Some(true));
                more.extend(
                    others
                        .filter_map(|c| c.certificate_arn)
                        .map(|arn| Input::Known(arn.into())),
                );
            }
            Ok(see(item, more, tags))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(item: sdk::elb::types::Listener, more: BTreeSet<Input<Arn>>, tags: Tags) -> Option<Seen<Listener>> {
    let id = item.listener_arn?;
    let default_action = Action::last(item.default_actions)?;
    let protocol = ListenerProtocol::word(item.protocol?.as_str())?;
    let certificate = item
        .certificates
        .into_iter()
        .flatten()
        .find_map(|c| c.certificate_arn);
    let https = protocol == ListenerProtocol::Https;
    // Without TLS there is none, whatever is said.
    let certificate: Option<Input<Arn>> = certificate.filter(|_| https).map(|arn| Input::Known(arn.into()));
    Some(Seen {
        status: Status::Ready,
        outputs: ListenerOutputs {
            id: id.clone().into(),
            target_group: default_action.routed(),
        },
        inputs: Listener {
            load_balancer: Input::Known(item.load_balancer_arn?.into()),
            port: item.port.and_then(|p| p.try_into().ok())?,
            protocol,
            default_action,
            more_certificates: more
                .into_iter()
                .filter(|c| Some(c) != certificate.as_ref())
                .collect(),
            certificate,
            ssl_policy: item
                .ssl_policy
                .filter(|p| https && !p.is_empty())
                .unwrap_or_else(|| SSL_POLICY.into()),
            tags,
        },
        id,
    })
}
