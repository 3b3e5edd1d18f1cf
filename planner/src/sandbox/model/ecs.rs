//! Elastic Container Service.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/>.

use super::{
    durations,
    entry::{Entry, accepts, replace, succeeds},
    facts::{
        AT_ONCE, Absent, Differs, Id, InUse, Refusal, Repeat, Second, Token, by, op, refused, unique, unseen,
    },
    view::{Call, View, texts},
};
use crate::sandbox::template;
use serde_json::Value;
use std::time::Duration;

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html. A second create of the name returns
    // the cluster that exists.
    Entry {
        kind: "ecs.cluster",
        creates: &[op("CreateCluster")],
        deletes: &[op("DeleteCluster")],
        id: Id::Member("cluster_name"),
        states: durations::CLUSTER,
        absent: Absent::Refused("ClusterNotFoundException"),
        name: Some(("cluster_name", 255)),
        token: None,
        unique: &[unique(
            &["cluster_name"],
            Second::Returned(Differs {
                settings: None,
                tags: None,
            }),
        )],
        held: None,
        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
        in_use: Some(InUse {
            code: "ClusterContainsServicesException",
            by: &[by("ecs.service", "cluster")],
        }),
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateCluster",
            "cluster_name",
            "InvalidParameterException",
            "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html: tokens are "up to 36 ASCII
    // characters"; how long they are known is not stated.
    Entry {
        kind: "ecs.service",
        creates: &[op("CreateService")],
        deletes: &[op("DeleteService")],
        id: Id::Composite,
        // A rolling deployment of two tasks takes about a minute and a half; draining ends within one.
        states: durations::SERVICE,
        absent: Absent::Refused("ServiceNotFoundException"),
        name: Some(("service_name", 255)),
        token: Some(Token {
            member: "client_token",
            repeat: Repeat::Answered("InvalidParameterException"),
            lives: Some(40 * 60),
            readable: false,
        }),
        unique: &[unique(
            &["cluster", "service_name"],
            Second::Refused(
                "InvalidParameterException",
                "Creation of service was not idempotent.",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "CreateService",
            "cluster",
            "ClusterNotFoundException",
            "Cluster not found.",
        )],
        merge: replace,
        refuse: service,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html: every call makes a new
    // revision. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html: what runs goes
    // on running.
    Entry {
        kind: "ecs.task_definition",
        creates: &[op("RegisterTaskDefinition")],
        deletes: &[op("DeregisterTaskDefinition")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("ClientException"),
        name: Some(("family", 255)),
        token: None,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// A service is created with target groups that a load balancer forwards to, and deleted when it is scaled to zero, or by
/// force.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html>
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html>
fn service(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    if call.operation == "DeleteService" {
        let tasks = view
            .subject("ecs.service", call)
            .and_then(|service| service.members["desired_count"].as_u64());
        let scaled = tasks.is_some_and(|tasks| tasks > 0);
        if scaled && call.params["force"] != true {
            return refused(
                "InvalidParameterException",
                "The service cannot be stopped while it is scaled above 0.",
            );
        }
        return Ok(());
    }
    let deployment = &call.params["deployment_configuration"];
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html: "You must provide this parameter when you
    // use the BLUE_GREEN deployment strategy." The words of the refusal are an assumption.
    if deployment["strategy"] == "BLUE_GREEN" && deployment["bake_time_in_minutes"].is_null() {
        return refused(
            "InvalidParameterException",
            "bakeTimeInMinutes is required for the deployment strategy BLUE_GREEN.",
        );
    }
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
    for rule in texts(
        call.params,
        "load_balancers.advanced_configuration.production_listener_rule",
    ) {
        if rule.contains(":listener-rule/") && view.get("elb.listener_rule", &rule).is_none() {
            return refused(
                "InvalidParameterException",
                format!("The listener rule {rule} does not exist."),
            );
        }
    }
    let advanced = "load_balancers.advanced_configuration.alternate_target_group";
    let groups = texts(call.params, "load_balancers.target_group");
    for group in groups.into_iter().chain(texts(call.params, advanced)) {
        let known = view.get("elb.target_group", &group).is_some();
        let listener = view.users("elb.listener", "default_actions.forward.to.target_group", &group);
        let rule = view.users("elb.listener_rule", "actions.forward.to.target_group", &group);
        if known && listener.is_empty() && rule.is_empty() {
            let why = format!(
                "The target group with targetGroupArn {group} does not have an associated load balancer."
            );
            return refused("InvalidParameterException", why);
        }
    }
    Ok(())
}

/// The time in which a task that does not come up is started, watched and given up: an assumption.
const TASK_FAILS: u64 = 40;

/// The time in which the tasks of before are all that is registered again: they ran all the time.
pub(in crate::sandbox) const TURNED_BACK: u64 = 30;

/// The time for which both versions run after the requests were shifted, in seconds: a deployment is complete only after it.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html>
pub(in crate::sandbox) fn bakes(kind: &str, inputs: &Value) -> u64 {
    let blue_green = kind == "ecs.service" && inputs["strategy"] == "BLUE_GREEN";
    let minutes = inputs["bake_time_in_minutes"].as_u64().filter(|_| blue_green);
    minutes.unwrap_or(0) * 60
}

/// The words of ECS for a deployment that an alarm fails, which is turned back. The words are an assumption.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html>
pub(in crate::sandbox) fn alarmed(alarm: &str) -> String {
    format!("Service deployment rolled back because of alarm(s): {alarm} is in the state ALARM.")
}

/// A deployment that will not succeed.
pub(in crate::sandbox) struct Bad {
    /// The words of ECS for it.
    pub(in crate::sandbox) why: String,
    /// The time after which it is given up, where the circuit breaker is on.
    pub(in crate::sandbox) fails: Option<Duration>,
    /// The time after which what ran before is all that runs, where it is turned back.
    pub(in crate::sandbox) back: Option<Duration>,
}

/// The end of a deployment of a service with these inputs, where containers of its task definition do not come up.
///
/// "The threshold is `0.5 * desired task count`, at least 3 and at most 200":
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html>. Without the circuit breaker, ECS tries for
/// ever.
pub(in crate::sandbox) fn failing(view: &View<'_>, service: &str, inputs: &Value) -> Option<Bad> {
    let definition = view.get("ecs.task_definition", inputs["task_definition"].as_str()?)?;
    let desired = inputs["desired_count"].as_u64().unwrap_or(1);
    let containers = definition.inputs["containers"].as_array().into_iter().flatten();
    let mut images = containers.filter_map(|c| c["image"].as_str());
    let why = images
        .find_map(|image| view.contents.broken.get(image))
        .filter(|_| desired > 0)?;
    let attempts = desired.div_ceil(2).clamp(3, 200);
    // As many at once as there may be beside those that run.
    let rounds = attempts.div_ceil(desired.max(1));
    let fails = Duration::from_secs(rounds * TASK_FAILS);
    let breaker = inputs["circuit_breaker"].as_str().unwrap_or("roll_back");
    let fails = (breaker != "off").then_some(fails);
    let task = template::task_id(service, &definition.members, 0);
    Some(Bad {
        why: format!("ECS deployment circuit breaker: tasks failed to start.; task {task} stopped: {why}"),
        fails,
        back: fails
            .filter(|_| breaker == "roll_back")
            .map(|f| f + Duration::from_secs(TURNED_BACK)),
    })
}
