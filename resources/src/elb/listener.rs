//! A listener: a port of a load balancer.

use super::{Action, AddTags, LoadBalancerArn, RemoveTags, RoutedTargetGroup};
#[cfg(feature = "aws")]
use super::{LoadBalancer, read::by_arn};
use crate::{claim, prelude::*};

id!(
    /// A listener's ARN.
    ListenerArn
);

choice!(
    /// The protocol of connections from clients.
    ListenerProtocol of elb::ProtocolEnum {
        /// HTTP.
        Http = "HTTP",
        /// HTTPS.
        Https = "HTTPS",
    }
);

/// The security policy of a listener that names none: TLS 1.3 and 1.2, as AWS recommends.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
const SSL_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// A listener: a port of a load balancer, and the action for requests to which no rule applies.
///
/// ```
/// use tenon_resources::elb::{Action, Listener, ListenerProtocol};
/// let lb = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/0123456789abcdef";
/// Listener::new(lb, 80, ListenerProtocol::Http, Action::redirect_to_https());
/// Listener::new(lb, 443, ListenerProtocol::Https, Action::respond(404, "text/plain", ""))
///     .certificate("arn:aws:acm:eu-west-1:111111111111:certificate/0123");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.listener", cfn = "AWS::ElasticLoadBalancingV2::Listener")]
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html: "This operation is idempotent"; the same
// port with other settings is `DuplicateListener`.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteListener.html
#[facts(gone("ListenerNotFound"), second_create = Returned, exists("DuplicateListener"))]
// A certificate takes a while to be known here; a listener that is removed in the same apply holds the port for a moment.
#[create(CreateListener: elb, id = o.listeners?.into_iter().next()?.listener_arn?, also("elasticloadbalancing:AddTags"), rules(
    .retry_on("CertificateNotFound", minutes(2))
    .retry_on("UnsupportedCertificate", minutes(2))
    .retry_on("TargetGroupNotFound", minutes(1))
    .retry_on("DuplicateListener", minutes(1))
))]
#[update(ModifyListener: elb, by(listener_arn), folds, on = "{id}", with(certificates: Option<Vec<Certificate>> = None),
    rules(.retry_on("CertificateNotFound", minutes(2))))]
#[delete(DeleteListener: elb, by(listener_arn), on = "{id}")]
#[retag(super::retag)]
#[calls(AddListenerCertificates, RemoveListenerCertificates, AddTags, RemoveTags)]
#[sdk(elb::Listener)]
pub struct Listener {
    /// The load balancer.
    #[immutable]
    #[member("load_balancer_arn")]
    #[cfn("LoadBalancerArn")]
    #[sample("lb-1", "lb-2")]
    pub load_balancer: Input<LoadBalancerArn>,
    /// The port.
    #[range(1..=65_535)]
    #[sample(80, 443)]
    pub port: u16,
    /// The protocol of connections from clients.
    #[by_hand]
    #[sample(ListenerProtocol::Http, ListenerProtocol::Https)]
    pub protocol: ListenerProtocol,
    /// The default action, for requests to which no rule applies.
    #[member("default_actions")]
    #[cfn("DefaultActions")]
    #[sample(Action::redirect_to_https(), Action::forward("tg-1"))]
    #[checked(it.check(field))]
    pub default_action: Action,
    /// The default certificate; HTTPS needs one.
    #[default(None)]
    #[create_with(Option<Vec<Certificate>>, me.default_certificates())]
    #[member(create = "certificates", update = "")]
    #[read(default_certificate(item))]
    #[cfn("Certificates")]
    #[sample("certificate-1")]
    #[missing_if(me.https(), "is unset, and an HTTPS listener needs one")]
    #[wrong_if(!me.https(), "is set, and an HTTP listener has none: use HTTPS")]
    pub certificate: Option<Input<Arn>>,
    /// The certificate list: further certificates, chosen by the server name that the client asks for (SNI).
    #[default(BTreeSet::new())]
    #[after_create]
    #[member("")]
    #[cfn("")]
    #[sample(["certificate-2"])]
    #[wrong_if(!it.is_empty() && !me.https(), "is set, and an HTTP listener has none: use HTTPS")]
    pub more_certificates: BTreeSet<Input<Arn>>,
    /// The security policy of HTTPS: its TLS versions and ciphers.
    #[default(SSL_POLICY.to_owned())]
    #[create_with(Option<String>, me.security_policy())]
    #[by_hand]
    #[read(security_policy(item))]
    #[sample("ELBSecurityPolicy-TLS13-1-3-2021-06")]
    #[wrong_if(it != SSL_POLICY && !me.https(), "is set, and an HTTP listener has none: use HTTPS")]
    pub ssl_policy: String,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a listener.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ListenerOutputs {
    /// The ARN.
    #[shape("arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{hex8}/{hex8}{hex8}/{hex8}{hex8}")]
    pub id: ListenerArn,
    /// The first target group to which the default action forwards; empty when it forwards to none.
    #[shape("{default_action.forward.to.0.target_group}")]
    pub target_group: RoutedTargetGroup,
}

impl Lifecycle for Listener {
    const READ: Read = Read::new(
        "elb",
        "DescribeListeners",
        20,
        &[
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeListenerCertificates",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ],
    );

    fn create(&self) -> Steps {
        CreateListener::steps(self)
    }

    fn set(&self, was: &Self, field: ListenerField) -> Steps {
        let mut call = ModifyListener::unchanged(self);
        match field {
            ListenerField::Protocol => {
                call.protocol = Some(self.protocol);
                call.certificates = self.default_certificates();
                call.ssl_policy = self.security_policy();
                call.steps()
            }
            // HTTP has neither: the change of the protocol removes them.
            ListenerField::Certificate | ListenerField::SslPolicy if !self.https() => Steps::none(),
            ListenerField::Certificate => {
                call.certificates = self.default_certificates();
                Steps::none().then_if(call.certificates.is_some(), || call.steps())
            }
            ListenerField::SslPolicy => {
                call.ssl_policy = self.security_policy();
                call.steps()
            }
            ListenerField::MoreCertificates => {
                let listed = |of: &BTreeSet<Input<Arn>>, but: &BTreeSet<Input<Arn>>| -> Vec<Certificate> {
                    of.difference(but).cloned().map(Certificate).collect()
                };
                let (now, was) = (&self.more_certificates, &was.more_certificates);
                let (add, remove) = (listed(now, was), listed(was, now));
                let add = (!add.is_empty()).then(|| AddListenerCertificates {
                    listener_arn: this(),
                    certificates: add,
                });
                let remove = (!remove.is_empty()).then(|| RemoveListenerCertificates {
                    listener_arn: this(),
                    certificates: remove,
                });
                let add = add.map(|call| Steps::update(call).retry_on("CertificateNotFound", minutes(2)));
                add.unwrap_or_default()
                    .then(remove.map(Steps::update).unwrap_or_default())
            }
        }
    }

    fn delete(&self) -> Steps {
        DeleteListener::steps(self)
    }

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (`DuplicateListener`)
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: "Load balancers per target
    // group: 1"
    fn claims(&self) -> Vec<Claim> {
        let port = Claim::of("port", self.port).within(&self.load_balancer);
        let groups = self.default_action.target_groups();
        let groups = groups.map(|group| Claim::of("target group", group).shared_by(&self.load_balancer));
        groups.chain([port]).collect()
    }

    fn parked(&self, claim: &Claim, free: &dyn Fn(&Claim) -> bool) -> Option<Self> {
        let mut ports = (1..=u16::MAX).rev();
        let port = ports.find(|port| {
            free(&Claim {
                key: claim::ClaimKey::Value((*port).into()),
                ..claim.clone()
            })
        });
        (claim.of == "port").then_some(Self {
            port: port?,
            ..self.clone()
        })
    }

    fn beside(&self, was: &Self, field: &str) -> Option<Self> {
        let default_action = self.default_action.beside(&was.default_action)?;
        (field == "default_action").then(|| Self {
            default_action,
            ..was.clone()
        })
    }
}

impl Listener {
    fn https(&self) -> bool {
        self.protocol == ListenerProtocol::Https
    }

    fn default_certificates(&self) -> Option<Vec<Certificate>> {
        let certificate = self.certificate.clone().filter(|_| self.https());
        certificate.map(|c| vec![Certificate(c)])
    }

    fn security_policy(&self) -> Option<String> {
        self.https().then(|| self.ssl_policy.clone())
    }
}

/// A certificate as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Certificate(Input<Arn>);

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::Certificate> for Certificate {
    fn to_sdk(self) -> Option<sdk::elb::types::Certificate> {
        let certificate = sdk::elb::types::Certificate::builder();
        Some(certificate.set_certificate_arn(self.0.to_sdk()).build())
    }
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

/// Every listener of the account and region: AWS lists them by load balancer.
#[cfg(feature = "aws")]
pub(super) async fn all(aws: &Aws) -> Result<Vec<sdk::elb::types::Listener>, CallError> {
    let balancers = super::load_balancer_sdk::all(aws).await?;
    let listeners = crate::aws::each(balancers, |balancer| async move {
        let request = aws.elb.describe_listeners();
        let request = request.set_load_balancer_arn(balancer.load_balancer_arn);
        let listeners = aws.all("elb", "DescribeListeners", items!(request)).await;
        crate::aws::there(listeners, crate::aws::gone::<LoadBalancer>())
    });
    Ok(listeners.await?.into_iter().flatten().collect())
}

#[cfg(feature = "aws")]
impl Observe for Listener {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut items = match by {
            By::Ids(ids) => by_arn!(aws, ids, Self, describe_listeners.set_listener_arns)?,
            By::Owner(_) => all(aws).await?,
        };
        // A listener of another protocol is one of a Network or Gateway Load Balancer.
        let http = |word: &str| ListenerProtocol::word(word).is_some();
        items.retain(|item| item.protocol.as_ref().is_some_and(|p| http(p.as_str())));
        let tagged = super::tagged::<Self, _>(aws, items, by, |i| i.listener_arn.as_ref()).await?;
        crate::aws::each(tagged, |(item, tags)| async move {
            let Some(more) = further_certificates(aws, &item).await? else {
                return Ok(None);
            };
            read(&item, more, tags).map(Some).map_err(broken::<Self>)
        })
        .await
    }
}

/// The certificate list of a listener without its default certificate; `None` when the listener does not exist.
#[cfg(feature = "aws")]
async fn further_certificates(
    aws: &Aws,
    item: &sdk::elb::types::Listener,
) -> Result<Option<BTreeSet<Input<Arn>>>, CallError> {
    if item.protocol != Some(sdk::elb::types::ProtocolEnum::Https) {
        return Ok(Some(BTreeSet::new()));
    }
    let request = aws.elb.describe_listener_certificates();
    let request = request.set_listener_arn(item.listener_arn.clone());
    let list = aws
        .all("elb", "DescribeListenerCertificates", items!(request))
        .await;
    let list = crate::aws::there(list, crate::aws::gone::<Listener>())?;
    let default = default_certificate(item);
    Ok(list.map(|list| {
        let further = list.into_iter().filter(|c| c.is_default != Some(true));
        let arns = further.filter_map(|c| Some(Input::Known(c.certificate_arn?.into())));
        arns.filter(|arn| Some(arn) != default.as_ref()).collect()
    }))
}

#[cfg(feature = "aws")]
fn default_certificate(item: &sdk::elb::types::Listener) -> Option<Input<Arn>> {
    let mut arns = item
        .certificates()
        .iter()
        .filter_map(|c| c.certificate_arn.clone());
    let https = item.protocol == Some(sdk::elb::types::ProtocolEnum::Https);
    arns.next().filter(|_| https).map(|arn| Input::Known(arn.into()))
}

#[cfg(feature = "aws")]
fn security_policy(item: &sdk::elb::types::Listener) -> String {
    let https = item.protocol == Some(sdk::elb::types::ProtocolEnum::Https);
    let policy = item.ssl_policy.clone().filter(|p| https && !p.is_empty());
    policy.unwrap_or_else(|| SSL_POLICY.into())
}

#[cfg(feature = "aws")]
fn read(
    item: &sdk::elb::types::Listener,
    more_certificates: BTreeSet<Input<Arn>>,
    tags: Tags,
) -> Result<Seen<Listener>, Missing> {
    let mut inputs = Listener::from_sdk(item)?;
    (inputs.more_certificates, inputs.tags) = (more_certificates, tags);
    let id = item.listener_arn.clone().ok_or(Missing("listener_arn"))?;
    Ok(Seen {
        status: Status::Ready,
        outputs: ListenerOutputs {
            id: id.clone().into(),
            target_group: inputs.default_action.routed(),
        },
        inputs,
        id,
    })
}
