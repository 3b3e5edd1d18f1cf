//! Why tasks stopped: what a failed deployment has to say.

use crate::prelude::*;
use sdk::ecs::types::{DesiredStatus, Task};

/// The number of different reasons that are told.
const REASONS: usize = 3;

/// Why the tasks of `service` in `cluster` stopped of late, the newest first, each reason once with the id of a task; only those of the
/// deployments `deployments`, when there are any. ECS keeps stopped tasks for about an hour.
pub(super) async fn reasons(
    aws: &Aws,
    cluster: &str,
    service: &str,
    deployments: &[String],
) -> Result<Vec<(String, String)>, CallError> {
    let request = aws
        .ecs
        .list_tasks()
        .cluster(cluster)
        .service_name(service)
        .desired_status(DesiredStatus::Stopped);
    let reply = request.max_results(100).send().await;
    let reply = reply.map_err(|e| crate::aws::call_error("ecs", "ListTasks", e))?;
    let arns = reply.task_arns.unwrap_or_default();
    if arns.is_empty() {
        return Ok(vec![]);
    }
    let reply = aws
        .ecs
        .describe_tasks()
        .cluster(cluster)
        .set_tasks(Some(arns))
        .send()
        .await;
    let reply = reply.map_err(|e| crate::aws::call_error("ecs", "DescribeTasks", e))?;
    let mut tasks = reply.tasks.unwrap_or_default();
    let ours = |t: &Task| t.started_by.as_ref().is_some_and(|by| deployments.contains(by));
    if tasks.iter().any(ours) {
        tasks.retain(ours);
    }
    tasks.sort_by_key(|t| std::cmp::Reverse(t.stopped_at.or(t.stopping_at).map_or(0, |at| at.secs())));
    let mut reasons: Vec<(String, String)> = vec![];
    for task in &tasks {
        let reason = reason(task);
        let told = reasons.iter().any(|(_, earlier)| *earlier == reason);
        if !reason.is_empty() && !told && reasons.len() < REASONS {
            reasons.push((id(task).to_owned(), reason));
        }
    }
    Ok(reasons)
}

/// The id of a task, the last part of its ARN: its log streams end with it.
fn id(task: &Task) -> &str {
    task.task_arn()
        .and_then(|arn| arn.rsplit('/').next())
        .unwrap_or("?")
}

/// Why one task stopped, with what its containers say.
fn reason(task: &Task) -> String {
    let mut parts: Vec<String> = task.stopped_reason.clone().into_iter().collect();
    for container in task.containers() {
        let code = container
            .exit_code
            .filter(|code| *code != 0)
            .map(|code| format!("exited with {code}"));
        let said = container
            .reason
            .clone()
            .filter(|r| !parts.iter().any(|p| p.contains(r.as_str())));
        let said: Vec<String> = code.into_iter().chain(said).collect();
        if !said.is_empty() {
            parts.push(format!(
                "`{}` {}",
                container.name().unwrap_or("?"),
                said.join(": ")
            ));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdk::ecs::types::Container;

    #[test]
    fn a_task_says_why_and_so_do_its_containers() {
        let web = Container::builder()
            .name("web")
            .exit_code(137)
            .reason("OutOfMemoryError: killed")
            .build();
        let log = Container::builder().name("log").exit_code(0).build();
        let task = Task::builder().stopped_reason("Essential container in task exited");
        let task = task.containers(web).containers(log).build();
        assert_eq!(
            reason(&task),
            "Essential container in task exited; `web` exited with 137: OutOfMemoryError: killed"
        );
    }

    #[test]
    fn a_task_is_named_by_the_end_of_its_arn() {
        let arn = "arn:aws:ecs:eu-west-1:111111111111:task/main/0123456789abcdef0123456789abcdef";
        assert_eq!(
            id(&Task::builder().task_arn(arn).build()),
            "0123456789abcdef0123456789abcdef"
        );
    }

    #[test]
    fn a_container_does_not_repeat_its_task() {
        let pull = "CannotPullContainerError: manifest unknown";
        let web = Container::builder().name("web").reason(pull).build();
        let task = Task::builder().stopped_reason(pull).containers(web).build();
        assert_eq!(reason(&task), pull);
    }
}
