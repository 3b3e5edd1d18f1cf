//! A public application load balancer, and its answer to requests that no service takes.
//!
//! Each [`WebService`](super::WebService) declares the listener rule for its own paths.

use super::Network;
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ec2::{EgressRule, IngressRule, SecurityGroup, SecurityGroupId, Traffic},
    elb::{Action, Listener, ListenerArn, ListenerProtocol, LoadBalancer, LoadBalancerArn},
    text,
    value::{Arn, Cidr4, Input, Output},
};

/// Configuration of a [`PublicLoadBalancer`].
#[derive(Clone, Debug, Default)]
pub struct LoadBalancerConfig {
    /// ACM certificate. With one, requests are served over HTTPS and those over HTTP are redirected there; without one they
    /// are served over HTTP.
    pub certificate: Option<Input<Arn>>,
    /// Deletion protection: AWS refuses to delete the load balancer until this is changed and applied.
    pub deletion_protection: bool,
}

/// An internet-facing application load balancer in the public subnets, with its listeners and security group.
///
/// The ports of its listeners are open to everyone. Its security group lets requests out to the services that are declared
/// with it, and to nothing else.
///
/// ```
/// use tenon_language::{component::{LoadBalancerConfig, Nat, Network, NetworkConfig, PublicLoadBalancer}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// # let config = NetworkConfig { cidr_block: Cidr4::lit("10.20.0.0/16"), zones: vec!["a".into(), "b".into()], nat: Nat::Single, isolated_ingress: ec2::Traffic::tcp(5432) };
/// let network = s.within("network", |s| Network::new(s, &config));
/// let alb = s.within("alb", |s| PublicLoadBalancer::new(s, &network, &LoadBalancerConfig::default()));
/// s.output("url", &alb.url);
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct PublicLoadBalancer {
    /// Security group of the load balancer.
    pub security_group: Output<SecurityGroupId>,
    /// Listener that serves requests, for listener rules.
    pub listener: Output<ListenerArn>,
    /// Name in metrics, the dimension `LoadBalancer`: `app/name/id`.
    pub full_name: Output<String>,
    /// Address, `http://…` or `https://…`.
    pub url: Input<String>,
}

impl PublicLoadBalancer {
    /// Declares the load balancer, its listeners and its security group.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, network: &Network, config: &LoadBalancerConfig) -> Self {
        s.moved("door", "security-group");
        // The description is immutable in AWS: another text replaces the group.
        let security_group = s
            .add(
                "security-group",
                SecurityGroup::new(&network.vpc, "The load balancer"),
            )
            .id;
        s.moved("http-in", "http-ingress");
        s.add(
            "http-ingress",
            IngressRule::new(&security_group, Cidr4::ANYWHERE, Traffic::tcp(80)).description("Anyone"),
        );
        let load_balancer = LoadBalancer::new()
            .subnets(&network.public)
            .security_groups([&security_group])
            .drop_invalid_header_fields(true)
            .deletion_protection(config.deletion_protection);
        s.moved("balancer", "load-balancer");
        let load_balancer = s.add("load-balancer", load_balancer);
        let not_found = Action::respond(404, "text/plain", "there is nothing here");
        let (scheme, listener) = match &config.certificate {
            Some(certificate) => {
                s.moved("https-in", "https-ingress");
                s.add(
                    "https-ingress",
                    IngressRule::new(&security_group, Cidr4::ANYWHERE, Traffic::tcp(443))
                        .description("Anyone"),
                );
                http_listener(s, &load_balancer.id, Action::redirect_to_https());
                let https = Listener::new(&load_balancer.id, 443u16, ListenerProtocol::Https, not_found)
                    .certificate(certificate);
                s.moved("https", "https-listener");
                ("https", s.add("https-listener", https).id)
            }
            None => ("http", http_listener(s, &load_balancer.id, not_found)),
        };
        let url = text!("{}://{}", scheme, &load_balancer.dns_name);
        Self {
            security_group,
            listener,
            full_name: load_balancer.full_name,
            url,
        }
    }

    /// Declares the two rules that let the load balancer send requests to the security group `target` on `port`: in the
    /// scope of the service, which calls this.
    pub(super) fn allow_to<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        target: &Output<SecurityGroupId>,
        port: u16,
    ) {
        let requests = Traffic::tcp(port);
        s.moved("from-edge", "ingress-from-load-balancer");
        s.add(
            "ingress-from-load-balancer",
            IngressRule::new(target, &self.security_group, requests).description("The load balancer"),
        );
        s.moved("edge-out", "egress-of-load-balancer");
        s.add(
            "egress-of-load-balancer",
            EgressRule::new(&self.security_group, target, requests).description("Requests and health checks"),
        );
    }
}

fn http_listener<E: Environment>(
    s: &mut Scope<'_, E>,
    load_balancer: &Output<LoadBalancerArn>,
    action: Action,
) -> Output<ListenerArn> {
    s.moved("http", "http-listener");
    let http = Listener::new(load_balancer, 80u16, ListenerProtocol::Http, action);
    s.add("http-listener", http).id
}
