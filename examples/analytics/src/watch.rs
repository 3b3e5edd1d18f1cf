//! Alarms that notify an SNS topic, and a dashboard of the same metrics.

use super::{Env, fleet::Fleet, queue::Queue, site::Site};
use tenon::{
    Environment, Scope,
    component::Logs,
    resources::{
        cloudwatch::{Alarm, Comparison, Dashboard, Measure, Metric, MissingData, Widget},
        iam::Policy,
        sns::{Protocol, Subscription, Topic, TopicPolicy},
        value::{Arn, Output},
    },
};

/// Parts of the stack that are watched.
pub(super) struct Targets<'a> {
    /// Edge.
    pub(super) site: &'a Site,
    /// Fleets, each with the name that its alarms begin with.
    pub(super) fleets: &'a [(&'a str, &'a Fleet)],
    /// Queue of events.
    pub(super) queue: &'a Queue,
}

/// Condition of an alarm.
enum When {
    /// The metric is above a threshold; a period without data is not.
    Above(f64),
    /// The metric is above a threshold, or is not there.
    AboveOrAbsent(f64),
    /// The metric is below a threshold, or is not there.
    Below(f64),
}

/// Declares the topic, the alarms and the dashboard; returns the topic's ARN. `email` gets the alarms once its owner has
/// confirmed the subscription.
pub(super) fn watch(
    s: &mut Scope<'_, Env>,
    targets: &Targets<'_>,
    logs: &Logs,
    email: Option<&str>,
) -> Output<Arn> {
    let topic = Topic::new()
        .display_name(s.full_name("alarms"))
        .kms_key(logs.key.text());
    let topic = s.add("topic", topic);
    // CloudWatch's guide, "Notifying users on alarm changes"; the owner's account may publish and subscribe anyway.
    let publish = Policy::allow(["sns:Publish"])
        .service("cloudwatch.amazonaws.com")
        .on([&topic.arn])
        .when("StringEquals", "aws:SourceAccount", [&s.account()]);
    s.add("topic-policy", TopicPolicy::new(&topic.id, publish));
    if let Some(email) = email {
        s.add("email", Subscription::new(&topic.id, Protocol::Email, email));
    }
    let alarms = alarms(s, targets, &topic.arn);
    let dashboard = dashboard(s, targets, &alarms);
    s.add("dashboard", dashboard);
    topic.arn
}

fn namespace(s: &Scope<'_, Env>) -> String {
    format!("{}-{}", s.stack(), s.env().name())
}

/// A metric of a process, which the agent on each host reads from `/metrics`.
fn own(s: &Scope<'_, Env>, process: &str, name: &str) -> Metric {
    Metric::new(&namespace(s), &format!("analytics_{name}"))
        .dimension("job", process)
        .period(60)
}

fn queue_metric(name: &Output<String>, metric: &str) -> Metric {
    Metric::new("AWS/SQS", metric)
        .dimension("QueueName", name)
        .statistic("Maximum")
        .period(60)
}

fn edge_metric(site: &Site, name: &str) -> Metric {
    Metric::new("AWS/ApplicationELB", name)
        .dimension("LoadBalancer", &site.load_balancer.full_name)
        .statistic("Sum")
        .period(60)
}

fn in_service(fleet: &Fleet) -> Metric {
    Metric::new("AWS/AutoScaling", "GroupInServiceInstances")
        .dimension("AutoScalingGroupName", &fleet.group)
        .statistic("Minimum")
        .period(60)
}

/// Hosts that are not ready for requests, of a fleet that takes some.
fn unhealthy(site: &Site, fleet: &Fleet) -> Option<Metric> {
    let target_group = fleet.target_group.as_ref()?;
    Some(
        edge_metric(site, "UnHealthyHostCount")
            .dimension("TargetGroup", &target_group.full_name)
            .statistic("Maximum"),
    )
}

// Long: a table of the alarms, a row each.
fn alarms(s: &mut Scope<'_, Env>, targets: &Targets<'_>, topic: &Output<Arn>) -> Vec<Output<Arn>> {
    let site = targets.site;
    let failures = Measure::expression("100 * FILL(failed, 0) / requests")
        .over("failed", edge_metric(site, "HTTPCode_Target_5XX_Count"))
        .over("requests", edge_metric(site, "RequestCount"));
    let [store, figures, archive] =
        ["consume", "query", "archive"].map(|process| own(s, process, "behind_seconds").statistic("Maximum"));
    let queue = targets.queue;
    let mut declared = vec![];
    let mut alarm = |name: String, measure: Measure, when: When, periods: u32, description: &str| {
        let (comparison, threshold, missing) = match when {
            When::Above(threshold) => (
                Comparison::GreaterThanThreshold,
                threshold,
                MissingData::NotBreaching,
            ),
            When::AboveOrAbsent(threshold) => (
                Comparison::GreaterThanThreshold,
                threshold,
                MissingData::Breaching,
            ),
            When::Below(threshold) => (Comparison::LessThanThreshold, threshold, MissingData::Breaching),
        };
        let alarm = Alarm::new(measure, comparison, threshold)
            .description(description)
            .evaluation_periods(periods)
            .treat_missing_data(missing)
            .alarm_actions([topic])
            .ok_actions([topic]);
        declared.push(s.add(&name, alarm).arn);
    };
    alarm(
        "events-late".into(),
        queue_metric(&queue.name, "ApproximateAgeOfOldestMessage").into(),
        When::Above(120.0),
        3,
        "Events wait more than two minutes in the queue: consumers do not keep up, or the document store does not answer",
    );
    alarm(
        "events-dead".into(),
        queue_metric(&queue.dead.name, "ApproximateNumberOfMessagesVisible").into(),
        When::Above(0.0),
        1,
        "Messages are in the dead-letter queue; `analytics replay` stores them once they can be read",
    );
    alarm(
        "store-behind".into(),
        store.into(),
        When::Above(60.0),
        5,
        "Events are stored more than a minute after they were sent",
    );
    alarm(
        "figures-behind".into(),
        figures.into(),
        When::AboveOrAbsent(60.0),
        5,
        "The figures are more than a minute old, or no process of theirs says how old they are",
    );
    alarm(
        "archive-behind".into(),
        archive.into(),
        When::AboveOrAbsent(3600.0),
        5,
        "For an hour the archive has not done all of its work, or no process of it says so; its log says why",
    );
    alarm(
        "target-5xx".into(),
        failures,
        When::Above(1.0),
        3,
        "More than 1 % of requests are answered with a 5xx",
    );
    alarm(
        "elb-5xx".into(),
        edge_metric(site, "HTTPCode_ELB_5XX_Count").into(),
        When::Above(10.0),
        3,
        "The load balancer itself answers 5xx: no host takes requests",
    );
    for (name, fleet) in targets.fleets {
        alarm(
            format!("{name}-hosts"),
            in_service(fleet).into(),
            When::Below(f64::from(fleet.min)),
            10,
            "Fewer hosts than the minimum are in service: they do not start, or have no release",
        );
        if let Some(unhealthy) = unhealthy(site, fleet) {
            alarm(
                format!("{name}-unhealthy"),
                unhealthy.into(),
                When::Above(0.0),
                5,
                "A host is not ready for requests, longer than a release takes to restart it; the process's log says why",
            );
        }
    }
    declared
}

fn dashboard(s: &Scope<'_, Env>, targets: &Targets<'_>, alarms: &[Output<Arn>]) -> Dashboard {
    let region = s.region();
    let graph = |title: &str, metrics: Vec<Metric>| Widget::metrics(&region, title, metrics).size(8, 6);
    let (site, queue) = (targets.site, targets.queue);
    let sum = |process: &str, name: &str| own(s, process, name).statistic("Sum");
    let behind = |process: &str| own(s, process, "behind_seconds").statistic("Maximum");
    let response = |fleet: &Fleet| {
        let target_group = fleet.target_group.as_ref()?;
        Some(
            edge_metric(site, "TargetResponseTime")
                .dimension("TargetGroup", &target_group.full_name)
                .statistic("p99"),
        )
    };
    let each = |metric: &dyn Fn(&Fleet) -> Option<Metric>| {
        targets
            .fleets
            .iter()
            .filter_map(|(_, fleet)| metric(fleet))
            .collect()
    };
    let cpu = |fleet: &Fleet| {
        let metric = Metric::new("AWS/EC2", "CPUUtilization").dimension("AutoScalingGroupName", &fleet.group);
        Some(metric.period(60))
    };
    Dashboard::new().widgets([
        Widget::alarms("Alarms", alarms).size(24, 3),
        graph("Events accepted", vec![sum("collect", "accepted_total")]),
        graph("Events stored", vec![sum("consume", "stored_total")]),
        graph(
            "Seconds behind",
            ["consume", "query", "archive"].map(behind).into(),
        ),
        graph(
            "Age of the oldest message, s",
            vec![queue_metric(&queue.name, "ApproximateAgeOfOldestMessage")],
        ),
        graph("Requests", vec![edge_metric(site, "RequestCount")]),
        graph("Response time, p99", each(&response)),
        graph("Hosts in service", each(&|fleet| Some(in_service(fleet)))),
        graph("CPU of hosts, %", each(&cpu)),
        graph(
            "Bytes of figures in memory",
            vec![own(s, "query", "memory_bytes").statistic("Maximum")],
        ),
    ])
}
