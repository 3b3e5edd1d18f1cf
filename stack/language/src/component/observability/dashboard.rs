//! The dashboard: the metrics that have alarms, and the number of requests.

use super::{MonitoringTargets, database_metric, load_balancer_metric, service_metric, target_group_metric};
use crate::{component::WebService, environment::Environment, scope::Scope};
use tenon_resources::{
    cloudwatch::{Dashboard, Metric, Widget},
    value::{Arn, Output},
};

pub(super) fn dashboard<E: Environment>(
    s: &Scope<'_, E>,
    targets: &MonitoringTargets<'_>,
    alarms: &[Output<Arn>],
) -> Dashboard {
    let region = s.region();
    let graph = |title: &str, metrics: Vec<Metric>| Widget::metrics(&region, title, metrics).size(8, 6);
    let per_service = |title: &str, metric: &dyn Fn(&WebService) -> Metric| {
        graph(
            title,
            targets
                .services
                .iter()
                .map(|(_, service)| metric(service))
                .collect(),
        )
    };
    let load_balancer = |name: &str| load_balancer_metric(targets.load_balancer, name).statistic("Sum");
    let database = |name: &str| database_metric(targets.database, name);
    Dashboard::new().widgets([
        Widget::alarms("Alarms", alarms).size(24, 3),
        graph("Requests", vec![load_balancer("RequestCount")]),
        graph(
            "5xx",
            vec![
                load_balancer("HTTPCode_Target_5XX_Count"),
                load_balancer("HTTPCode_ELB_5XX_Count"),
            ],
        ),
        per_service("Response time, p99", &|service| {
            target_group_metric(targets.load_balancer, service, "TargetResponseTime").statistic("p99")
        }),
        per_service("CPU of tasks, %", &|service| {
            service_metric(targets.cluster, service, "CPUUtilization")
        }),
        per_service("Memory of tasks, %", &|service| {
            service_metric(targets.cluster, service, "MemoryUtilization")
        }),
        per_service("Healthy tasks", &|service| {
            target_group_metric(targets.load_balancer, service, "HealthyHostCount").statistic("Minimum")
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
