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
    for group in texts(call.params, "load_balancers.target_group") {
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
