//! The edge: a load balancer that the internet reaches, and what it does with requests that no service takes.
//!
//! Services take their paths themselves ([`WebService`](super::WebService)); none of them is named here.

use super::Network;
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ec2::{EgressRule, IngressRule, SecurityGroup, SecurityGroupId, Traffic},
    elb::{Action, Listener, ListenerArn, ListenerProtocol, LoadBalancer},
    text,
    value::{Arn, Cidr4, Input, Output},
};

/// A public load balancer and its listeners.
///
/// With a certificate it serves HTTPS and sends everyone who comes by HTTP there; without one it serves HTTP. It accepts
/// those ports from anywhere, and may send nothing to anyone until a service lets it in.
///
/// ```
/// use tenon::{component::{Edge, Nat, Network, NetworkConfig}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// # let config = NetworkConfig { cidr_block: Cidr4::lit("10.20.0.0/16"), zones: vec!["a".into(), "b".into()], nat: Nat::Single, isolated_ingress: ec2::Traffic::tcp(5432) };
/// let network = s.within("network", |s| Network::new(s, &config));
/// let edge = s.within("edge", |s| Edge::new(s, &network, None, false));
/// s.output("url", &edge.url);
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Edge {
    /// What stands around it, for whoever lets it in.
    pub door: Output<SecurityGroupId>,
    /// The listener that serves, for rules.
    pub listener: Output<ListenerArn>,
    /// Its name in metrics: `app/name/id`.
    pub full_name: Output<String>,
    /// Its address, `http://…` or `https://…`.
    pub url: Input<String>,
}

impl Edge {
    /// Declares it in the public subnets. `protect` makes it refuse to be deleted.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        network: &Network,
        certificate: Option<&Arn>,
        protect: bool,
    ) -> Self {
        let door = s
            .add("door", SecurityGroup::new(&network.vpc, "The load balancer"))
            .id;
        let open = |s: &mut Scope<'_, E>, name: &str, port: u16| {
            s.add(
                name,
                IngressRule::new(&door, Cidr4::ANYWHERE, Traffic::tcp(port)).description("Anyone"),
            );
        };
        open(s, "http-in", 80);
        let balancer = LoadBalancer::new()
            .subnets(&network.public)
            .security_groups([&door])
            .drop_invalid_header_fields(true)
            .deletion_protection(protect);
        let balancer = s.add("balancer", balancer);
        let nobody = Action::respond(404, "text/plain", "there is nothing here");
        let (scheme, listener) = if let Some(certificate) = certificate {
            open(s, "https-in", 443);
            s.add(
                "http",
                Listener::new(
                    &balancer.id,
                    80u16,
                    ListenerProtocol::Http,
                    Action::redirect_to_https(),
                ),
            );
            let https = Listener::new(&balancer.id, 443u16, ListenerProtocol::Https, nobody)
                .certificate(certificate.clone());
            ("https", s.add("https", https).id)
        } else {
            (
                "http",
                s.add(
                    "http",
                    Listener::new(&balancer.id, 80u16, ListenerProtocol::Http, nobody),
                )
                .id,
            )
        };
        let url = text!("{}://{}", scheme, &balancer.dns_name);
        Self {
            door,
            listener,
            full_name: balancer.full_name,
            url,
        }
    }

    /// Lets it send requests to what carries `target`, on `port`, and nothing else reach that. Declared in the scope of
    /// the service that asks for it.
    pub(super) fn reach<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        target: &Output<SecurityGroupId>,
        port: u16,
    ) {
        let requests = Traffic::tcp(port);
        s.add(
            "from-edge",
            IngressRule::new(target, &self.door, requests).description("The load balancer"),
        );
        s.add(
            "edge-out",
            EgressRule::new(&self.door, target, requests).description("Requests and health checks"),
        );
    }
}
