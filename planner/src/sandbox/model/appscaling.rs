//! Application Auto Scaling.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/autoscaling/application/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, unique, unseen},
};

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
        refuse: accepts,
        fails: succeeds,
    },
];
