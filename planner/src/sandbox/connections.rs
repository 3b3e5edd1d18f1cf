//! Connections of services to databases, and the alarms that notice when requests or connections fail.

use super::{
    Sandbox,
    model::{View, texts},
    object::Object,
    reach::{crosses, with_tasks},
    requests::passes,
};
use serde_json::Value;
use tenon_resources::cloud::AlarmState;

/// A connection that a service makes to a database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Connection {
    /// The id of the service.
    pub from: String,
    /// The id of the database.
    pub to: String,
    /// The port.
    pub port: u64,
    /// Why it is refused.
    pub refused: Option<String>,
}

impl Sandbox {
    /// The outcome of a connection of every service with a rule that lets it out to a database.
    pub fn connections(&self) -> Vec<Connection> {
        let contents = self.lock("ecs.service");
        let now = self.now_ms(&contents);
        connections(View {
            contents: &contents,
            now,
        })
    }

    /// The state of an alarm: `ALARM` when the load balancer that it watches refuses requests, or a service behind that cannot reach its
    /// database, and has for as long as the alarm wants it. Of other metrics, the sandbox has no data that breaches anything.
    ///
    /// "`HTTPCode_ELB_5XX_Count`: the number of HTTP 5XX server error codes that originate from the load balancer", such as 503 without
    /// healthy targets; those of targets are `HTTPCode_Target_5XX_Count`.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html>
    pub(super) fn state_of_alarm(&self, name: &str) -> Option<AlarmState> {
        let requests = self.requests();
        let contents = self.lock("cloudwatch.alarm");
        let now = self.now_ms(&contents);
        let view = View {
            contents: &contents,
            now,
        };
        let alarm = view.get("cloudwatch.alarm", name)?;
        let measure = alarm.inputs["measure"].to_string();
        let balancers: Vec<&str> = (contents.objects.iter())
            .filter(|((kind, _), balancer)| {
                let full_name = balancer.outputs["full_name"].as_str();
                kind == "elb.load_balancer" && full_name.is_some_and(|name| measure.contains(name))
            })
            .map(|((_, id), _)| id.as_str())
            .collect();
        let refuses = || {
            let of = |id: &String| balancers.contains(&id.as_str());
            requests
                .iter()
                .any(|path| of(&path.load_balancer) && path.refused.is_some())
        };
        let broken = || !balancers.is_empty() && connections(view).iter().any(|c| c.refused.is_some());
        let breaches = measure.contains("HTTPCode_ELB_5XX_Count") && refuses()
            || measure.contains("HTTPCode_Target_5XX_Count") && broken();
        // Nothing has been otherwise since the last call that changed anything.
        let called = contents.history.values().flatten().map(|called| called.at_ms);
        let lasts = now.saturating_sub(called.max().unwrap_or_default());
        Some(if breaches && lasts >= patience_ms(alarm) {
            AlarmState::Alarm
        } else {
            AlarmState::Ok
        })
    }
}

/// The time for which a metric must breach its threshold: the period, as often as the alarm says.
fn patience_ms(alarm: &Object) -> u64 {
    fn period(value: &Value) -> Option<u64> {
        match value {
            Value::Object(map) => {
                let own = map.get("period").and_then(Value::as_u64);
                own.or_else(|| map.values().find_map(period))
            }
            Value::Array(items) => items.iter().find_map(period),
            _ => None,
        }
    }
    let periods = |field: &str| alarm.inputs[field].as_u64();
    let times = periods("datapoints_to_alarm").or_else(|| periods("evaluation_periods"));
    period(&alarm.inputs["measure"]).unwrap_or(60) * 1000 * times.unwrap_or(1)
}

fn connections(view: View<'_>) -> Vec<Connection> {
    let of = |wanted: &'static str| {
        let all = view.contents.objects.iter();
        all.filter(move |((kind, _), object)| kind == wanted && !object.gone(view.now))
    };
    let mut all = vec![];
    for ((_, from), service) in of("ecs.service") {
        let Some(working) = service.working(view.now) else {
            continue;
        };
        let clients = texts(working, "network_configuration.security_groups");
        for ((_, to), database) in of("rds.db_instance") {
            let groups = texts(&database.inputs.value(), "vpc_security_groups");
            let Some(port) = way_out(view, &clients, &groups) else {
                continue;
            };
            let refused = if passes(view, &clients, &groups, port) {
                let tasks = with_tasks(view, service, working);
                let homes = homes(view, database);
                let reached = tasks
                    .iter()
                    .any(|t| homes.iter().any(|h| crosses(view, t, h, port)));
                (!reached && !tasks.is_empty() && !homes.is_empty())
                    .then(|| format!("no network ACL lets port {port} from `{from}` to `{to}`"))
            } else {
                Some(format!("no rules let port {port} from `{from}` to `{to}`"))
            };
            all.push(Connection {
                from: from.clone(),
                to: to.clone(),
                port,
                refused,
            });
        }
    }
    all.sort();
    all
}

/// The port to which a rule lets packets out of one of `clients` to one of `groups`.
fn way_out(view: View<'_>, clients: &[String], groups: &[String]) -> Option<u64> {
    let rules = clients
        .iter()
        .flat_map(|client| view.users("ec2.egress_rule", "group_id", client));
    let to = |rule: &Object| {
        let peers = texts(&rule.members, "ip_permissions.referenced_group_id");
        peers.iter().any(|peer| groups.contains(peer))
    };
    let mut ports = rules.filter(|(_, rule)| to(rule)).filter_map(|(_, rule)| {
        let port = texts(&rule.members, "ip_permissions.from_port");
        port.first()?.parse().ok()
    });
    ports.next()
}

/// The subnets in one of which a database is: with a standby, any; without, that of the first zone by name.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html>: RDS fails over when the primary's network does.
fn homes(view: View<'_>, database: &Object) -> Vec<String> {
    let group = database.inputs["db_subnet_group"].as_str().unwrap_or_default();
    let Some(group) = view.get("rds.db_subnet_group", group) else {
        return vec![];
    };
    let zone = |id: &String| {
        let subnet = view.get("ec2.subnet", id);
        subnet.and_then(|s| Some(s.inputs["availability_zone"].as_str()?.to_owned()))
    };
    let mut subnets = texts(&group.inputs.value(), "subnets");
    subnets.sort_by_key(zone);
    if database.inputs["multi_az"] != true {
        subnets.truncate(1);
    }
    subnets
}
