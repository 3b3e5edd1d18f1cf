//! The alarms: metric, threshold and meaning of each.

use super::{
    MonitoringTargets, OwnAlarm, OwnCondition, database_metric, load_balancer_metric, service_metric,
    target_group_metric,
};
use crate::{
    component::{Database, PublicLoadBalancer, WebService},
    environment::Environment,
    scope::Scope,
};
use tenon_resources::{
    cloudwatch::{Alarm, AlarmOutputs, Comparison, Measure, MissingData},
    resource::Outputs,
    value::{Arn, Output},
};

/// Name, condition and meaning of an alarm.
struct Rule<'a> {
    name: String,
    description: &'a str,
    comparison: Comparison,
    threshold: f64,
    /// Number of periods in a row that breach the threshold.
    periods: u32,
    missing_data: MissingData,
}

impl<'a> Rule<'a> {
    fn above(name: impl Into<String>, threshold: f64, periods: u32, description: &'a str) -> Self {
        let (comparison, missing_data) = (Comparison::GreaterThanThreshold, MissingData::NotBreaching);
        Self {
            name: name.into(),
            description,
            comparison,
            threshold,
            periods,
            missing_data,
        }
    }

    fn below(name: impl Into<String>, threshold: f64, periods: u32, description: &'a str) -> Self {
        let (comparison, missing_data) = (Comparison::LessThanThreshold, MissingData::Breaching);
        Self {
            name: name.into(),
            description,
            comparison,
            threshold,
            periods,
            missing_data,
        }
    }
}

fn alarm<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    measure: impl Into<Measure>,
    rule: &Rule<'_>,
) -> Output<Arn> {
    named_alarm(s, topic, measure, rule).arn
}

/// As [`alarm`], with all outputs.
fn named_alarm<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    measure: impl Into<Measure>,
    rule: &Rule<'_>,
) -> <AlarmOutputs as Outputs>::Refs {
    let alarm = Alarm::new(measure, rule.comparison, rule.threshold)
        .description(rule.description)
        .evaluation_periods(rule.periods)
        .treat_missing_data(rule.missing_data)
        .alarm_actions([topic])
        .ok_actions([topic]);
    s.add(&rule.name, alarm)
}

pub(super) fn load_balancer<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    load_balancer: &PublicLoadBalancer,
) -> [<AlarmOutputs as Outputs>::Refs; 2] {
    let sum = |name| load_balancer_metric(load_balancer, name).statistic("Sum");
    let failure_rate = Measure::expression("100 * FILL(failed, 0) / requests")
        .over("failed", sum("HTTPCode_Target_5XX_Count"))
        .over("requests", sum("RequestCount"));
    let target_5xx = Rule::above(
        "target-5xx",
        5.0,
        3,
        "More than 5 % of requests are answered with a 5xx",
    );
    let elb_5xx = Rule::above(
        "elb-5xx",
        10.0,
        3,
        "The load balancer itself answers 5xx: no task takes requests",
    );
    s.moved("requests-fail", "target-5xx");
    s.moved("requests-refused", "elb-5xx");
    [
        named_alarm(s, topic, failure_rate, &target_5xx),
        named_alarm(s, topic, sum("HTTPCode_ELB_5XX_Count"), &elb_5xx),
    ]
}

pub(super) fn service<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    targets: &MonitoringTargets<'_>,
    name: &str,
    service: &WebService,
) -> Vec<Output<Arn>> {
    let group = |metric| target_group_metric(targets.load_balancer, service, metric);
    let tasks = |metric| service_metric(targets.cluster, service, metric);
    let named = |alarm: &str| format!("{name}-{alarm}");
    vec![
        alarm(
            s,
            topic,
            group("TargetResponseTime").statistic("p99"),
            &Rule::above(
                named("slow"),
                1.0,
                5,
                "One request in a hundred takes more than a second",
            ),
        ),
        alarm(
            s,
            topic,
            group("UnHealthyHostCount").statistic("Maximum"),
            &Rule::above(named("unhealthy"), 0.0, 5, "A task fails its health checks"),
        ),
        alarm(
            s,
            topic,
            group("HealthyHostCount").statistic("Minimum"),
            &Rule::below(named("down"), 1.0, 3, "No task is healthy"),
        ),
        alarm(
            s,
            topic,
            tasks("CPUUtilization"),
            &Rule::above(named("cpu"), 85.0, 10, "Scaling does not keep up with the CPU"),
        ),
        alarm(
            s,
            topic,
            tasks("MemoryUtilization"),
            &Rule::above(named("memory"), 90.0, 10, "Tasks are about to run out of memory"),
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

pub(super) fn own<E: Environment>(
    s: &mut Scope<'_, E>,
    topic: &Output<Arn>,
    alarms: &[OwnAlarm],
) -> Vec<Output<Arn>> {
    let declare = |own: &OwnAlarm| {
        let (metric, rule) = match own.condition {
            OwnCondition::Above(threshold) => (
                own.metric.clone(),
                Rule::above(own.name, threshold, own.periods, own.description),
            ),
            // Every period with data has a sample; one without is missing data, which breaches.
            OwnCondition::Silent => (
                own.metric.clone().statistic("SampleCount"),
                Rule::below(own.name, 1.0, own.periods, own.description),
            ),
        };
        alarm(s, topic, metric, &rule)
    };
    alarms.iter().map(declare).collect()
}
