//! Events of log groups: what services write there, and how it is read.
//!
//! A service of ECS whose task definition says `awslogs` has a stream a task and container, `PREFIX/CONTAINER/TASK`:
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html>. A database writes the logs that it exports to
//! `/aws/rds/instance/NAME/LOG`:
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html>. No container and no database
//! runs in a sandbox, so each writes one line, which says so.

use super::{
    Sandbox,
    contents::Contents,
    model::texts,
    object::{LogEntry, Object},
    template,
};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, LogEvent, LogPage, LogQuery, Reply, Request},
};

/// The events of a page. AWS's pages have up to 10,000, and any number less:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>.
const PAGE: usize = 100;
/// The tasks of a service that write at most.
const TASKS: u64 = 10;
/// The beginning of the names of groups that databases write to.
const DATABASES: &str = "/aws/rds/instance/";

impl Sandbox {
    /// Writes an event to a log group, as a container or a database does. Returns whether the group exists.
    pub fn log(&self, group: &str, stream: &str, message: &str) -> bool {
        let mut contents = self.lock("logs.log_group");
        let there = exists(&contents, group, self.now_ms(&contents));
        if there {
            append(&mut contents, group, stream, message);
        }
        there
    }

    /// A page of the events of a group.
    pub(super) fn log_page(&self, query: &LogQuery<'_>) -> Result<LogPage, CallError> {
        let contents = self.lock("logs.log_group");
        let refuse = |code: &str, why: &str| Err(CallError::refused("logs", "FilterLogEvents", code, why));
        if !exists(&contents, query.group, self.now_ms(&contents)) {
            return refuse(
                "ResourceNotFoundException",
                "The specified log group does not exist.",
            );
        }
        let Ok(from) = query.next.unwrap_or("0").parse::<usize>() else {
            return refuse("InvalidParameterException", "The specified nextToken is invalid.");
        };
        let all = contents.logs.get(query.group).map_or(&[] as &[_], Vec::as_slice);
        let asked = |event: &&LogEvent| {
            event.at_ms >= query.from_ms && query.prefix.is_none_or(|prefix| event.stream.starts_with(prefix))
        };
        let page = all.iter().skip(from).take(PAGE).filter(asked).cloned();
        let end = from.saturating_add(PAGE);
        Ok(LogPage {
            events: page.collect(),
            next: (end < all.len()).then(|| end.to_string()),
        })
    }
}

/// True if there is a group of this name, one that a database writes to included.
fn exists(contents: &Contents, group: &str, now: u64) -> bool {
    let find = |kind: &str, id: &str| {
        let object = contents.objects.get(&(kind.to_owned(), id.to_owned()));
        object.filter(|object| !object.gone(now))
    };
    if find("logs.log_group", group).is_some() {
        return true;
    }
    let database = group
        .strip_prefix(DATABASES)
        .and_then(|rest| rest.rsplit_once('/'));
    database.is_some_and(|(id, log)| {
        let exports = |object: &Object| exported(&object.members).iter().any(|name| name == log);
        find("rds.db_instance", id).is_some_and(exports)
    })
}

fn exported(members: &Value) -> Vec<String> {
    texts(members, "enable_cloudwatch_logs_exports")
}

fn append(contents: &mut Contents, group: &str, stream: &str, message: &str) {
    let n = contents.logs.get(group).map_or(0, Vec::len);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let event = LogEvent {
        at_ms: crate::duration::millis(since),
        stream: stream.to_owned(),
        message: message.to_owned(),
        id: template::hash(&[group, stream, &n.to_string()]),
    };
    let line = LogEntry::Logged {
        group: group.to_owned(),
        event,
    };
    contents.write(&line);
    contents.replay(line);
}

/// Writes what a service writes when it begins.
pub(super) fn write(contents: &mut Contents, request: &Request<'_>, reply: &Reply) {
    let id = request.id.or(reply.id.as_deref()).unwrap_or_default();
    let starts = matches!(request.effect, Effect::Create | Effect::Update);
    let key = (request.kind.name().to_owned(), id.to_owned());
    let Some(object) = contents.objects.get(&key).filter(|_| starts) else {
        return;
    };
    match request.kind.name() {
        "rds.db_instance" if request.effect == Effect::Create => {
            let line = "the sandbox runs no database: this line stands for its log";
            for log in exported(&object.members) {
                append(
                    contents,
                    &format!("{DATABASES}{id}/{log}"),
                    &format!("{id}.0"),
                    line,
                );
            }
        }
        "ecs.service" => {
            for (group, stream, image) in streams(contents, id, object) {
                let line = format!("the sandbox runs no container: this line stands for the log of {image}");
                append(contents, &group, &stream, &line);
            }
        }
        _ => {}
    }
}

/// The group, stream and image of each container of each task of a service.
fn streams(contents: &Contents, id: &str, service: &Object) -> Vec<(String, String, String)> {
    let definition = service.members["task_definition"].as_str().unwrap_or_default();
    let definition = ("ecs.task_definition".to_owned(), definition.to_owned());
    let Some(definition) = contents.objects.get(&definition) else {
        return vec![];
    };
    let tasks = service.members["desired_count"].as_u64().unwrap_or(1).min(TASKS);
    let containers = definition.members["container_definitions"].as_array();
    let mut out = vec![];
    for container in containers.into_iter().flatten() {
        let options = &container["log_configuration"]["options"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (group, prefix, name) = (
            text(&options["awslogs-group"]),
            text(&options["awslogs-stream-prefix"]),
            text(&container["name"]),
        );
        let known = contents
            .objects
            .contains_key(&("logs.log_group".to_owned(), group.clone()));
        for task in (0..tasks).filter(|_| known) {
            let stream = format!(
                "{prefix}/{name}/{}",
                template::task_id(id, &definition.members, task)
            );
            out.push((group.clone(), stream, text(&container["image"])));
        }
    }
    out
}
