//! The alarms: what is looked at, where the line is, and what it means.

use super::{Watched, database_metric, load_balancer_metric, service_metric, target_group_metric};
use crate::{
    component::{Database, PublicLoadBalancer, WebService},
    environment::Environment,
    scope::Scope,
};
use tenon_resources::{
    cloudwatch::{Alarm, Comparison, Measure, MissingData},
    value::{Arn, Output},
};

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

pub(super) fn load_balancer<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    load_balancer: &PublicLoadBalancer,
) -> Vec<Output<Arn>> {
    let sum = |name| load_balancer_metric(load_balancer, name).statistic("Sum");
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

pub(super) fn service<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    watched: &Watched<'_>,
    name: &str,
    service: &WebService,
) -> Vec<Output<Arn>> {
    let group = |metric| target_group_metric(watched.load_balancer, service, metric);
    let tasks = |metric| service_metric(watched.cluster, service, metric);
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

pub(super) fn database<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    database: &Database,
) -> Vec<Output<Arn>> {
    let metric = |name| database_metric(database, name);
    let gib = f64::from(1 << 30);
    let connections = f64::from(database.max_connections());
    let allocated = f64::from(database.spec.allocated_storage);
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
                allocated * gib / 10.0,
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
                f64::from(database.spec.memory_mib) * 1024.0 * 1024.0 / 20.0,
                10,
                "Less than a twentieth of the memory is free",
            ),
        ),
    ]
}
