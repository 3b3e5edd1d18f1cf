//! CloudWatch alarms that notify an SNS topic, and a dashboard of the same metrics.

mod alarms;
mod dashboard;

use super::{Database, Logs, PublicLoadBalancer, WebService};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    cloudwatch::{AlarmName, Metric},
    ecs::ClusterName,
    iam::Policy,
    sns::{Protocol, Subscription, Topic, TopicPolicy},
    value::{Arn, Output},
};

/// Components that alarms and the dashboard monitor.
#[derive(Clone, Copy, Debug)]
pub struct MonitoringTargets<'a> {
    /// Load balancer in front of the services.
    pub load_balancer: &'a PublicLoadBalancer,
    /// ECS cluster that the services run in.
    pub cluster: &'a Output<ClusterName>,
    /// Services, each with the name that its alarms begin with.
    pub services: &'a [(&'a str, &'a WebService)],
    /// Database.
    pub database: &'a Database,
    /// Metrics that the services send themselves.
    pub own: &'a [OwnAlarm],
}

/// Alarm on a metric that a service sends itself, such as in the embedded metric format of its log.
#[derive(Clone, Debug)]
pub struct OwnAlarm {
    /// Name of the alarm.
    pub name: &'static str,
    /// Metric with its statistic and period.
    pub metric: Metric,
    /// Condition.
    pub condition: OwnCondition,
    /// Number of periods in a row.
    pub periods: u32,
    /// Meaning of the alarm, for whoever is called.
    pub description: &'static str,
}

/// Condition of an alarm on a metric that a service sends itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OwnCondition {
    /// The metric is above a threshold; a period without data is not.
    Above(f64),
    /// The metric is not sent at all.
    Silent,
}

/// Alarms on the load balancer, the services and the database, and a dashboard of the same metrics.
///
/// The example `shop` declares one.
#[derive(Clone, Debug)]
pub struct Observability {
    /// SNS topic that alarms notify.
    pub topic: Output<Arn>,
    /// Alarm on requests that the services answer with an error.
    pub target_5xx: Output<AlarmName>,
    /// Alarm on requests that the load balancer itself answers with an error: no task takes them.
    pub elb_5xx: Output<AlarmName>,
}

impl Observability {
    /// Declares the topic, the alarms and the dashboard. `email` gets the alarms once its owner has confirmed the
    /// subscription.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        targets: &MonitoringTargets<'_>,
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
            s.moved("mail", "email");
            s.add("email", Subscription::new(&topic.id, Protocol::Email, email));
        }
        let [target_5xx, elb_5xx] = alarms::load_balancer(s, &topic.arn, targets.load_balancer);
        let mut alarms = vec![target_5xx.arn, elb_5xx.arn];
        for (name, service) in targets.services {
            alarms.extend(alarms::service(s, &topic.arn, targets, name, service));
        }
        alarms.extend(alarms::database(s, &topic.arn, targets.database));
        alarms.extend(alarms::own(s, &topic.arn, targets.own));
        let dashboard = dashboard::dashboard(s, targets, &alarms);
        s.add("dashboard", dashboard);
        Self {
            topic: topic.arn,
            target_5xx: target_5xx.id,
            elb_5xx: elb_5xx.id,
        }
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
