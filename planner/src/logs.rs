//! Logs of recorded resources: where each writes, and reading it.

use crate::{Error, execute::with_retry, nearest, places, recorded};
use serde_json::Value;
use std::collections::BTreeSet;
use tenon_resources::{
    cloud::{CallError, Cloud, LogEvent, LogQuery},
    declaration::Place,
};
use tenon_state::{Record, State};

/// A log group that a resource writes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The address of the resource.
    pub address: String,
    /// The name of the log group.
    pub group: String,
    /// The beginning of the names of its streams; none for all of the group.
    pub prefix: Option<String>,
    /// The account and region of the group.
    pub place: Place,
}

/// The logs of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logs {
    /// Log groups, which can be read.
    Groups(Vec<Source>),
    /// Something else, or nothing: where the logs are, or what would have it write some, as a sentence about the resource.
    Elsewhere(String),
}

/// Types that write to log groups, for messages.
pub const WITH_LOGS: &str = "`ecs.service`, `ecs.task_definition`, `logs.log_group`, `rds.db_instance`, `AWS::Lambda::Function`, `AWS::Logs::LogGroup`";

/// The logs of the resource at `address`, or of all in a scope, `scope/*`: of those, resources without logs are left out.
///
/// # Errors
/// Nothing is recorded there, or a record is of another version.
pub fn logs(state: &State, address: &str) -> Result<Logs, Error> {
    if let Some(scope) = address.strip_suffix('*') {
        let inside = state
            .records
            .values()
            .filter(|r| r.address.starts_with(scope) && r.id.is_some());
        let mut groups = BTreeSet::new();
        for record in inside {
            if let Logs::Groups(found) = of(state, record)? {
                groups.extend(found);
            }
        }
        // A group that a service writes to is read once.
        let narrow: BTreeSet<_> = groups
            .iter()
            .filter(|s| s.prefix.is_some())
            .map(|s| s.group.clone())
            .collect();
        groups.retain(|s| s.prefix.is_some() || !narrow.contains(&s.group));
        return Ok(if groups.is_empty() {
            Logs::Elsewhere(format!("has no logs in it; those of {WITH_LOGS} can be read"))
        } else {
            Logs::Groups(groups.into_iter().collect())
        });
    }
    let record = state.current(address).filter(|r| r.id.is_some());
    let Some(record) = record else {
        let near = nearest(address, state.records.values().map(|r| r.address.as_str()));
        return Err(Error::NoSuchAddress {
            address: address.into(),
            near: near.map(ToOwned::to_owned),
        });
    };
    of(state, record)
}

/// The logs of a recorded resource.
pub(crate) fn of(state: &State, record: &Record) -> Result<Logs, Error> {
    let place = recorded::place(record)?;
    let id = record.id.as_deref().unwrap_or_default();
    let source = |group: String, prefix: Option<String>| Source {
        address: record.address.clone(),
        group,
        prefix,
        place: place.clone(),
    };
    let whole = |group: &str| Logs::Groups(vec![source(group.to_owned(), None)]);
    Ok(match record.kind.as_str() {
        "logs.log_group" | "AWS::Logs::LogGroup" => whole(id),
        "AWS::Lambda::Function" => {
            let named = record.inputs["LoggingConfig"]["LogGroup"].as_str();
            whole(&named.map_or_else(|| format!("/aws/lambda/{id}"), ToOwned::to_owned))
        }
        "rds.db_instance" => {
            let exported = record.inputs["enable_cloudwatch_logs_exports"].as_array();
            let exported = exported.into_iter().flatten().filter_map(Value::as_str);
            let groups = exported.map(|log| source(format!("/aws/rds/instance/{id}/{log}"), None));
            let groups: Vec<Source> = groups.collect();
            if groups.is_empty() {
                let why = "exports no logs to CloudWatch; `enable_cloudwatch_logs_exports` says which it is to export";
                Logs::Elsewhere(why.into())
            } else {
                Logs::Groups(groups)
            }
        }
        "ecs.task_definition" => containers(record, &source),
        "ecs.service" => {
            let definition = record.inputs["task_definition"].as_str().unwrap_or_default();
            let known = state
                .records
                .values()
                .find(|r| r.kind == "ecs.task_definition" && r.id.as_deref() == Some(definition));
            match known {
                Some(known) => containers(known, &source),
                None => Logs::Elsewhere(format!(
                    "runs {definition}, which is in no record of this stack: its log group is in that task definition"
                )),
            }
        }
        "elb.load_balancer" => Logs::Elsewhere(balancer(record)),
        kind => Logs::Elsewhere(format!(
            "is a `{kind}`, which has no logs; those of {WITH_LOGS} can be read"
        )),
    })
}

/// The groups that the containers of a task definition write to.
fn containers(definition: &Record, source: &dyn Fn(String, Option<String>) -> Source) -> Logs {
    let containers = definition.inputs["containers"].as_array();
    let mut groups = BTreeSet::new();
    for container in containers.into_iter().flatten() {
        let options = &container["log_configuration"]["options"];
        let Some(group) = options["awslogs-group"].as_str() else {
            continue;
        };
        let name = container["name"].as_str().unwrap_or_default();
        let prefix = options["awslogs-stream-prefix"].as_str();
        let mut one = source(group.to_owned(), prefix.map(|prefix| format!("{prefix}/{name}/")));
        if let Some(region) = options["awslogs-region"].as_str() {
            one.place = elsewhere(one.place, region, definition);
        }
        groups.insert(one);
    }
    if groups.is_empty() {
        return Logs::Elsewhere("has no container that logs by `awslogs`".into());
    }
    Logs::Groups(groups.into_iter().collect())
}

/// The place of a group whose region a container names, where that is not the region of the task definition, as its ARN has it.
fn elsewhere(place: Place, region: &str, definition: &Record) -> Place {
    let own = definition.id.as_deref().and_then(|arn| arn.split(':').nth(3));
    if own == Some(region) {
        place
    } else {
        place.in_region(region)
    }
}

/// The place of a load balancer's logs, which it writes to S3.
fn balancer(record: &Record) -> String {
    let bucket = |logs: &str| {
        let of = &record.inputs[logs];
        let prefix = of["prefix"].as_str().unwrap_or_default();
        Some(format!("s3://{}/{prefix}", of["bucket"].as_str()?))
    };
    match (bucket("access_logs"), bucket("connection_logs")) {
        (None, None) => "writes no logs; `access_logs` names the bucket that it is to write them to".into(),
        (access, connection) => {
            let all: Vec<String> = access.into_iter().chain(connection).collect();
            format!("writes its logs to {}", all.join(" and "))
        }
    }
}

/// Reads the events of a source from a time on, the oldest first. Throttled reads are repeated.
///
/// # Errors
/// The cloud does not answer, or refuses.
pub async fn read(cloud: &dyn Cloud, source: &Source, from_ms: u64) -> Result<Vec<LogEvent>, CallError> {
    let there = places::reach(cloud, &source.place).await?;
    let mut events = vec![];
    let mut next: Option<String> = None;
    loop {
        let query = LogQuery {
            group: &source.group,
            prefix: source.prefix.as_deref(),
            from_ms,
            next: next.as_deref(),
        };
        let page = with_retry(7, || there.log_events(&query)).await?;
        events.extend(page.events);
        if page.next.is_none() || page.next == next {
            events.sort_by_key(|event| event.at_ms);
            return Ok(events);
        }
        next = page.next;
    }
}
