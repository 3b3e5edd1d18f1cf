//! Requests of clients: whether what stands along the path of one lets it through.
//!
//! A request comes to a listener of a load balancer, which forwards it by its default action or by a rule to a target group, in
//! which the tasks of a service are registered; the security groups of both let it pass. During a rolling deployment the tasks of
//! before serve until those of after are healthy.
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html>,
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html>

use super::{
    Sandbox,
    model::{View, texts},
    object::Object,
    reach::{crosses, enters, range, with_tasks},
};
use serde_json::Value;
use tenon_resources::value::Cidr4;

/// A way through a load balancer, and what becomes of a request that takes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestPath {
    /// The id of the load balancer.
    pub load_balancer: String,
    /// The port, and the values of the rule's conditions; only the port for the default action.
    pub way: String,
    /// Why a request is refused.
    pub refused: Option<String>,
}

impl Sandbox {
    /// The outcome of a request on every way that forwards it through a load balancer that works.
    pub fn requests(&self) -> Vec<RequestPath> {
        let contents = self.lock("elb.load_balancer");
        let now = self.now_ms(&contents);
        let view = View {
            contents: &contents,
            now,
        };
        let mut paths = vec![];
        for ((kind, balancer), object) in &contents.objects {
            if kind != "elb.load_balancer" || object.working(now).is_none() {
                continue;
            }
            for (listener, of) in view.users("elb.listener", "load_balancer_arn", balancer) {
                let port = texts(&of.members, "port").join("");
                let rules = view
                    .users("elb.listener_rule", "listener_arn", listener)
                    .into_iter();
                let rules = rules.map(|(_, rule)| {
                    let way = texts(&rule.members, "conditions").join(" ");
                    (format!("{port} {way}"), &rule.members["actions"])
                });
                let default = (port.clone(), &of.members["default_actions"]);
                for (way, action) in rules.chain([default]) {
                    let forwards = action["forward"]["to"].as_array();
                    let Some(to) = forwards else { continue };
                    let refused = to.iter().find_map(|target| refused(view, object, target));
                    paths.push(RequestPath {
                        load_balancer: balancer.clone(),
                        way,
                        refused,
                    });
                }
            }
        }
        paths.sort();
        paths
    }
}

/// Why a request that is forwarded to a target group is refused, if it is.
fn refused(view: View<'_>, balancer: &Object, target: &Value) -> Option<String> {
    let group = target["target_group"].as_str()?;
    if target["weight"].as_u64() == Some(0) {
        return None;
    }
    let mut why = format!("`{group}` has no registered targets");
    // Services that know the group now, or knew it before the deployment that is under way.
    for ((kind, id), service) in &view.contents.objects {
        let Some(working) = service.working(view.now).filter(|_| kind == "ecs.service") else {
            continue;
        };
        let balanced = working["load_balancers"].as_array().into_iter().flatten();
        for balanced in balanced.filter(|b| b["target_group"].as_str() == Some(group)) {
            let port = balanced["container_port"].as_u64().unwrap_or_default();
            let to = texts(working, "network_configuration.security_groups");
            let from = texts(&balancer.members, "security_groups");
            why = match way_in(view, balancer, service, working, port) {
                _ if !passes(view, &from, &to, port) => {
                    format!("no rules let port {port} from `{}` to `{id}`", from.join(" "))
                }
                Err(why) => format!("{why} `{id}`"),
                Ok(()) => return None,
            };
        }
    }
    Some(why)
}

/// The way from clients over a subnet of the load balancer to a task in any zone.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html>: each zone has a node, whose
/// address is withdrawn when it has nobody healthy to send requests to, and which sends requests to tasks of all zones.
///
/// What is not modelled is the half minute until health checks notice, in which the requests of that zone fail.
fn way_in(
    view: View<'_>,
    balancer: &Object,
    service: &Object,
    working: &Value,
    port: u64,
) -> Result<(), &'static str> {
    let tasks = with_tasks(view, service, working);
    if tasks.is_empty() {
        return Err("there is no task of");
    }
    let internal = balancer.members["scheme"].as_str() == Some("internal");
    let anywhere = Cidr4::lit(Cidr4::ANYWHERE);
    let open = |subnet: &String| match range(view, subnet) {
        Some(own) => enters(view, subnet, 80, if internal { own } else { anywhere }),
        None => true,
    };
    let nodes: Vec<String> = texts(&balancer.members, "subnets")
        .into_iter()
        .filter(open)
        .collect();
    if nodes.is_empty() {
        return Err("no subnet of the load balancer lets requests in, which are for");
    }
    let reached = nodes
        .iter()
        .any(|node| tasks.iter().any(|task| crosses(view, node, task, port)));
    reached
        .then_some(())
        .ok_or("no network ACL lets a request to a task of")
}

/// `true` if packets to `port` leave the one and enter the other. Groups that the sandbox does not know let everything pass.
pub(super) fn passes(view: View<'_>, from: &[String], to: &[String], port: u64) -> bool {
    let known = |groups: &[String]| groups.iter().all(|g| view.get("ec2.security_group", g).is_some());
    let covers = |rule: &Value, peers: &[String]| {
        let number = |member: &str| {
            texts(rule, &format!("ip_permissions.{member}"))
                .join("")
                .parse::<u64>()
        };
        let (low, high) = (
            number("from_port").unwrap_or(0),
            number("to_port").unwrap_or(u64::MAX),
        );
        let peer = texts(rule, "ip_permissions.referenced_group_id");
        (low..=high).contains(&port) && (peer.is_empty() || peer.iter().any(|p| peers.contains(p)))
    };
    let lets = |kind: &str, own: &[String], peers: &[String]| {
        let rules = own.iter().flat_map(|group| view.users(kind, "group_id", group));
        !known(own) || rules.into_iter().any(|(_, rule)| covers(&rule.members, peers))
    };
    lets("ec2.egress_rule", from, to) && lets("ec2.ingress_rule", to, from)
}
