//! What tells people that something is wrong: a topic, the alarms that speak to it, and a dashboard.
//!
//! It looks at what other components promise and changes none of them; log lines are [`Logs`]'.

use super::{Database, Edge, Logs, WebService};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    cloudwatch::{Alarm, Comparison, Dashboard, Measure, Metric, MissingData, Widget},
    ecs::ClusterName,
    iam::Policy,
    sns::{Protocol, Subscription, Topic, TopicPolicy},
    value::{Arn, Output},
};

/// What is watched.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// The edge.
    pub edge: &'a Edge,
    /// The cluster that the services run in.
    pub cluster: &'a Output<ClusterName>,
    /// The services behind it, each with a name for people.
    pub services: &'a [(&'a str, &'a WebService)],
    /// The database.
    pub database: &'a Database,
}

/// Alarms on the edge, the services and the database, and a dashboard of the same metrics.
///
/// See [`ecommerce`](crate::ecommerce) for one in place.
#[derive(Clone, Debug)]
pub struct Observability {
    /// Where alarms go; subscribe to it.
    pub topic: Output<Arn>,
}

/// When an alarm goes off.
struct Rule<'a> {
    name: String,
    means: &'a str,
    comparison: Comparison,
    threshold: f64,
    /// How many periods in a row.
    periods: u32,
    silence: MissingData,
}

impl<'a> Rule<'a> {
    fn above(name: impl Into<String>, threshold: f64, periods: u32, means: &'a str) -> Self {
        let (comparison, silence) = (Comparison::GreaterThanThreshold, MissingData::NotBreaching);
        Self {
            name: name.into(),
            means,
            comparison,
            threshold,
            periods,
            silence,
        }
    }

    fn below(name: impl Into<String>, threshold: f64, periods: u32, means: &'a str) -> Self {
        let (comparison, silence) = (Comparison::LessThanThreshold, MissingData::Breaching);
        Self {
            name: name.into(),
            means,
            comparison,
            threshold,
            periods,
            silence,
        }
    }
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
        let mut alarms = edge_alarms(s, &topic.arn, watched.edge);
        for (name, service) in watched.services {
            alarms.extend(service_alarms(s, &topic.arn, watched, name, service));
        }
        alarms.extend(database_alarms(s, &topic.arn, watched.database));
        let board = dashboard(s, watched, &alarms);
        s.add("dashboard", board);
        Self { topic: topic.arn }
    }
}

fn alarm<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    measure: impl Into<Measure>,
    rule: &Rule<'_>,
) -> Output<Arn> {
    let alarm = Alarm::new(measure, rule.comparison, rule.threshold)
        .description(rule.means)
        .evaluation_periods(rule.periods)
        .treat_missing_data(rule.silence)
        .alarm_actions([topic])
        .ok_actions([topic]);
    s.add(&rule.name, alarm).arn
}

fn at_edge(edge: &Edge, name: &str) -> Metric {
    Metric::new("AWS/ApplicationELB", name)
        .dimension("LoadBalancer", &edge.full_name)
        .period(60)
}

fn at_group(edge: &Edge, service: &WebService, name: &str) -> Metric {
    at_edge(edge, name).dimension("TargetGroup", &service.target_group)
}

fn of_service(cluster: &Output<ClusterName>, service: &WebService, name: &str) -> Metric {
    Metric::new("AWS/ECS", name)
        .dimension("ClusterName", cluster)
        .dimension("ServiceName", &service.name)
        .period(60)
}

fn of_database(database: &Database, name: &str) -> Metric {
    Metric::new("AWS/RDS", name)
        .dimension("DBInstanceIdentifier", &database.identifier)
        .period(60)
}

fn edge_alarms<E: Environment>(s: &mut Scope<'_, E>, topic: &Output<Arn>, edge: &Edge) -> Vec<Output<Arn>> {
    let sum = |name| at_edge(edge, name).statistic("Sum");
    let share = Measure::expression("100 * FILL(failed, 0) / requests")
        .over("failed", sum("HTTPCode_Target_5XX_Count"))
        .over("requests", sum("RequestCount"));
    let failing = Rule::above(
        "requests-fail",
        5.0,
        3,
        "More than 5 % of requests are answered with a 5xx",
    );
    let refused = Rule::above(
        "requests-refused",
        10.0,
        3,
        "The load balancer itself answers 5xx: no task takes requests",
    );
    vec![
        alarm(s, topic, share, &failing),
        alarm(s, topic, sum("HTTPCode_ELB_5XX_Count"), &refused),
    ]
}

fn service_alarms<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    watched: &Watched<'_>,
    name: &str,
    service: &WebService,
) -> Vec<Output<Arn>> {
    let group = |metric| at_group(watched.edge, service, metric);
    let tasks = |metric| of_service(watched.cluster, service, metric);
    let called = |what: &str| format!("{name}-{what}");
    vec![
        alarm(
            s,
            topic,
            group("TargetResponseTime").statistic("p99"),
            &Rule::above(
                called("slow"),
                1.0,
                5,
                "One request in a hundred takes more than a second",
            ),
        ),
        alarm(
            s,
            topic,
            group("UnHealthyHostCount").statistic("Maximum"),
            &Rule::above(called("unhealthy"), 0.0, 5, "A task fails its health checks"),
        ),
        alarm(
            s,
            topic,
            group("HealthyHostCount").statistic("Minimum"),
            &Rule::below(called("down"), 1.0, 3, "No task is healthy"),
        ),
        alarm(
            s,
            topic,
            tasks("CPUUtilization"),
            &Rule::above(called("cpu"), 85.0, 10, "Scaling does not keep up with the CPU"),
        ),
        alarm(
            s,
            topic,
            tasks("MemoryUtilization"),
            &Rule::above(called("memory"), 90.0, 10, "Tasks are about to run out of memory"),
        ),
    ]
}

fn database_alarms<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    database: &Database,
) -> Vec<Output<Arn>> {
    let metric = |name| of_database(database, name);
    let gib = f64::from(1 << 30);
    let connections = f64::from(database.connections());
    let least = f64::from(database.instance.storage.0);
    vec![
        alarm(
            s,
            topic,
            metric("CPUUtilization"),
            &Rule::above("database-cpu", 80.0, 10, "The database is short of CPU"),
        ),
        alarm(
            s,
            topic,
            metric("FreeStorageSpace").statistic("Minimum"),
            &Rule::below(
                "database-storage",
                least * gib / 10.0,
                5,
                "Less than a tenth of the storage is free; it grows by itself up to its limit",
            ),
        ),
        alarm(
            s,
            topic,
            metric("DatabaseConnections").statistic("Maximum"),
            &Rule::above(
                "database-connections",
                (connections * 0.8).floor(),
                5,
                "Four in five connections are taken",
            ),
        ),
        alarm(
            s,
            topic,
            metric("FreeableMemory").statistic("Minimum"),
            &Rule::below(
                "database-memory",
                f64::from(database.instance.memory) * 1024.0 * 1024.0 / 20.0,
                10,
                "Less than a twentieth of the memory is free",
            ),
        ),
    ]
}

fn dashboard<E: Environment>(s: &Scope<'_, E>, watched: &Watched<'_>, alarms: &[Output<Arn>]) -> Dashboard {
    let region = s.region();
    let graph = |title: &str, metrics: Vec<Metric>| Widget::metrics(&region, title, metrics).size(8, 6);
    let per_service = |title: &str, metric: &dyn Fn(&WebService) -> Metric| {
        graph(
            title,
            watched
                .services
                .iter()
                .map(|(_, service)| metric(service))
                .collect(),
        )
    };
    let edge = |name: &str| at_edge(watched.edge, name).statistic("Sum");
    let database = |name: &str| of_database(watched.database, name);
    Dashboard::new().widgets([
        Widget::alarms("Alarms", alarms).size(24, 3),
        graph("Requests", vec![edge("RequestCount")]),
        graph(
            "5xx",
            vec![edge("HTTPCode_Target_5XX_Count"), edge("HTTPCode_ELB_5XX_Count")],
        ),
        per_service("Response time, p99", &|service| {
            at_group(watched.edge, service, "TargetResponseTime").statistic("p99")
        }),
        per_service("CPU of tasks, %", &|service| {
            of_service(watched.cluster, service, "CPUUtilization")
        }),
        per_service("Memory of tasks, %", &|service| {
            of_service(watched.cluster, service, "MemoryUtilization")
        }),
        per_service("Healthy tasks", &|service| {
            at_group(watched.edge, service, "HealthyHostCount").statistic("Minimum")
        }),
        graph("CPU of the database, %", vec![database("CPUUtilization")]),
        graph(
            "Connections to the database",
            vec![database("DatabaseConnections")],
        ),
        graph(
            "Free storage of the database, bytes",
            vec![database("FreeStorageSpace")],
        ),
    ])
}
