//! Application Auto Scaling.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/autoscaling/application/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Refusal, Second, op, refused, unique, unseen},
    view::{Call, View},
};
use serde_json::Value;

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html: "If you attempt to
    // register a scalable target that is already registered, it is updated".
    Entry {
        kind: "appscaling.scalable_target",
        creates: &[op("RegisterScalableTarget")],
        deletes: &[op("DeregisterScalableTarget")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ObjectNotFoundException"),
        name: None,
        token: None,
        unique: &[unique(
            &["resource_id", "scalable_dimension", "service_namespace"],
            Second::Overwritten,
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "RegisterScalableTarget",
            "resource_id",
            "ValidationException",
            "ECS service doesn't exist",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html: "Creates or updates".
    Entry {
        kind: "appscaling.scaling_policy",
        creates: &[op("PutScalingPolicy")],
        deletes: &[op("DeleteScalingPolicy")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ObjectNotFoundException"),
        name: Some(("policy_name", 256)),
        token: None,
        unique: &[unique(
            &[
                "policy_name",
                "resource_id",
                "scalable_dimension",
                "service_namespace",
            ],
            Second::Overwritten,
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "PutScalingPolicy",
            "resource_id",
            "ObjectNotFoundException",
            "No scalable target registered for the resource",
        )],
        merge: replace,
        refuse: one_of_a_metric,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html: "Creates or updates".
    Entry {
        kind: "appscaling.scheduled_action",
        creates: &[op("PutScheduledAction")],
        deletes: &[op("DeleteScheduledAction")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ObjectNotFoundException"),
        name: Some(("scheduled_action_name", 256)),
        token: None,
        unique: &[unique(
            &[
                "scheduled_action_name",
                "resource_id",
                "scalable_dimension",
                "service_namespace",
            ],
            Second::Overwritten,
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "PutScheduledAction",
            "resource_id",
            "ObjectNotFoundException",
            "No scalable target registered for the resource",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html: "Creates or updates".
    Entry {
        kind: "appscaling.step_scaling_policy",
        creates: &[op("PutScalingPolicy")],
        deletes: &[op("DeleteScalingPolicy")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("ObjectNotFoundException"),
        name: Some(("policy_name", 256)),
        token: None,
        unique: &[unique(
            &[
                "policy_name",
                "resource_id",
                "scalable_dimension",
                "service_namespace",
            ],
            Second::Overwritten,
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen(
            "PutScalingPolicy",
            "resource_id",
            "ObjectNotFoundException",
            "No scalable target registered for the resource",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// A metric is tracked by one policy.
/// <https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html>: "provided that each of
/// them uses a different metric".
fn one_of_a_metric(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    const METRIC: &str = "target_tracking_scaling_policy_configuration";
    let Some(resource) = call
        .text("resource_id")
        .filter(|_| call.operation == "PutScalingPolicy")
    else {
        return Ok(());
    };
    let same = |members: &Value, path: &str| members[path] == call.params[path];
    let others = view.users("appscaling.scaling_policy", "resource_id", &resource);
    let mut others = others.iter().map(|(_, other)| &other.members);
    let clash = others.any(|other| {
        same(other, "scalable_dimension")
            && !same(other, "policy_name")
            && other[METRIC]["metric"] == call.params[METRIC]["metric"]
    });
    if clash {
        return refused(
            "ValidationException",
            "Only one TargetTrackingScaling policy for a given metric specification is allowed.",
        );
    }
    Ok(())
}
