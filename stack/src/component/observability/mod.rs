//! What tells people that something is wrong: a topic, the alarms that speak to it, and a dashboard.
//!
//! It looks at what other components promise and changes none of them; log lines are [`Logs`]'.

mod alarms;
mod dashboard;

use super::{Database, Logs, PublicLoadBalancer, WebService};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    cloudwatch::Metric,
    ecs::ClusterName,
    iam::Policy,
    sns::{Protocol, Subscription, Topic, TopicPolicy},
    value::{Arn, Output},
};

/// What is watched.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// The load balancer.
    pub load_balancer: &'a PublicLoadBalancer,
    /// The cluster that the services run in.
    pub cluster: &'a Output<ClusterName>,
    /// The services behind it, each with a name for people.
    pub services: &'a [(&'a str, &'a WebService)],
    /// The database.
    pub database: &'a Database,
}

/// Alarms on the load balancer, the services and the database, and a dashboard of the same metrics.
///
/// The example `shop` has one in place.
#[derive(Clone, Debug)]
pub struct Observability {
    /// Where alarms go; subscribe to it.
    pub topic: Output<Arn>,
}

impl Observability {
    /// Declares it; `email` gets the alarms, once its owner has confirmed.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        watched: &Watched<'_>,
        logs: &Logs,
        email: Option<&str>,
    ) -> Self {
        let topic = s.add(
            "topic",
            Topic::new()
                .display_name(s.full_name("alarms"))
                .kms_key(logs.key.text()),
        );
        let account = s.account();
        // CloudWatch's guide, "Notifying users on alarm changes"; the owner's account may publish and subscribe anyway.
        let publish = Policy::allow(["sns:Publish"])
            .service("cloudwatch.amazonaws.com")
            .on([&topic.arn])
            .when("StringEquals", "aws:SourceAccount", [&account]);
        s.add("topic-policy", TopicPolicy::new(&topic.id, publish));
        if let Some(email) = email {
            s.add("mail", Subscription::new(&topic.id, Protocol::Email, email));
        }
        let mut alarms = alarms::load_balancer(s, &topic.arn, watched.load_balancer);
        for (name, service) in watched.services {
            alarms.extend(alarms::service(s, &topic.arn, watched, name, service));
        }
        alarms.extend(alarms::database(s, &topic.arn, watched.database));
        let board = dashboard::dashboard(s, watched, &alarms);
        s.add("dashboard", board);
        Self { topic: topic.arn }
    }
}

fn load_balancer_metric(load_balancer: &PublicLoadBalancer, name: &str) -> Metric {
    Metric::new("AWS/ApplicationELB", name)
        .dimension("LoadBalancer", &load_balancer.full_name)
        .period(60)
}

fn target_group_metric(load_balancer: &PublicLoadBalancer, service: &WebService, name: &str) -> Metric {
    load_balancer_metric(load_balancer, name).dimension("TargetGroup", &service.target_group_full_name)
}

fn service_metric(cluster: &Output<ClusterName>, service: &WebService, name: &str) -> Metric {
    Metric::new("AWS/ECS", name)
        .dimension("ClusterName", cluster)
        .dimension("ServiceName", &service.name)
        .period(60)
}

fn database_metric(database: &Database, name: &str) -> Metric {
    Metric::new("AWS/RDS", name)
        .dimension("DBInstanceIdentifier", &database.identifier)
        .period(60)
}
