//! The evidence beside the verdict on a deployment: the last lines that its tasks logged.
//!
//! The status of a failed deployment names the tasks that stopped. Each container that logs by `awslogs` has a stream a task,
//! `PREFIX/CONTAINER/TASK` (<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html>), so only those streams are
//! read.

use super::{context::Context, executor::Executor, failed::Failed};
use crate::{
    logs::{self, Logs, Source},
    rollback::version_of,
};
use std::collections::BTreeSet;
use tenon_state::{Record, RecordKey, State};

/// The number of lines of a container that are told.
const LINES: usize = 5;
/// The number of tasks whose lines are told.
const TASKS: usize = 2;
/// The time back to which is read, in milliseconds: ECS keeps stopped tasks for about an hour, and names no others.
const BACK_MS: u64 = 3_600_000;

impl Executor {
    /// The end of a deployment that AWS turned back, with the evidence; read before the record says what runs.
    pub(super) async fn turned_back(&self, key: &RecordKey, context: &Context<'_>, why: &str) -> Failed {
        let lines = match context.record(key) {
            Some(service) => self.last_lines(&self.store.state(), &service, why).await,
            None => vec![],
        };
        Failed::RolledBack {
            why: format!("it is impaired: {why}"),
            lines,
        }
    }

    /// The last lines of the containers of the tasks that `why` names, each as `CONTAINER: LINE`. What cannot be read takes nothing from the
    /// verdict, and is said.
    async fn last_lines(&self, state: &State, service: &Record, why: &str) -> Vec<String> {
        let deployed = service.inputs["task_definition"].as_str().unwrap_or_default();
        let Some(version) = version_of(state, service, deployed) else {
            return vec![];
        };
        let Ok(Logs::Groups(groups)) = logs::of(state, version) else {
            return vec![];
        };
        let mut lines = vec![];
        for task in tasks(why).into_iter().take(TASKS) {
            for group in &groups {
                let Some(prefix) = &group.prefix else { continue };
                let container = prefix.trim_end_matches('/').rsplit('/').next().unwrap_or(prefix);
                let stream = Source {
                    prefix: Some(format!("{prefix}{task}")),
                    ..group.clone()
                };
                let from = (self.settings.now_ms)().saturating_sub(BACK_MS);
                match logs::read(self.cloud.as_ref(), &stream, from).await {
                    Ok(events) => {
                        let last = events.len().saturating_sub(LINES);
                        let said = events[last..].iter().map(|e| e.message.trim_end());
                        lines.extend(said.map(|line| format!("{container}: {line}")));
                    }
                    Err(error) => lines.push(format!("{container}: its log could not be read: {error}")),
                }
            }
        }
        lines
    }
}

/// The ids of the tasks that a text names: 32 hexadecimal digits each.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids>
fn tasks(why: &str) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    why.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit()))
        .filter(|word| seen.insert(*word))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_ids_of_tasks_are_taken_for_tasks() {
        let (one, other) = (
            "0123456789abcdef0123456789abcdef",
            "ffffffffffffffffffffffffffffffff",
        );
        let why = format!("task {one} stopped: no; task {other} stopped: {one}; digest sha256:{one}{other}");
        assert_eq!(super::tasks(&why), [one, other]);
        assert!(super::tasks("ECS deployment ecs-svc/1234567890123456789 failed").is_empty());
    }
}
