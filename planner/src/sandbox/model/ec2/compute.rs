//! Instances and launch templates.
//!
//! Codes: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, but where another page is named.

use super::{
    super::{
        durations,
        entry::{Entry, accepts, replace, succeeds},
        facts::{AT_ONCE, Absent, Id, Refusal, Second, op, refused, unique, unseen},
        view::{Call, View},
    },
    CLIENT_TOKEN,
};
use serde_json::{Value, json};

pub(in super::super) const COMPUTE: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    Entry {
        kind: "ec2.instance",
        creates: &[op("RunInstances")],
        deletes: &[op("TerminateInstances")],
        id: Id::Assigned,
        states: durations::INSTANCE,
        absent: Absent::Refused("InvalidInstanceID.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen(
                "RunInstances",
                "subnet_id",
                "InvalidSubnetID.NotFound",
                "The subnet ID does not exist",
            ),
            // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-iam-roles-for-amazon-ec2.html, and Terraform retries on it.
            unseen(
                "RunInstances",
                "iam_instance_profile",
                "InvalidParameterValue",
                "Value for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
            ),
        ],
        merge: instance,
        refuse: instance_states,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
    Entry {
        kind: "ec2.volume",
        creates: &[op("CreateVolume")],
        deletes: &[op("DeleteVolume")],
        id: Id::Assigned,
        states: durations::VOLUME,
        absent: Absent::Refused("InvalidVolume.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: shrinks,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
    Entry {
        kind: "ec2.launch_template",
        creates: &[op("CreateLaunchTemplate")],
        deletes: &[op("DeleteLaunchTemplate")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidLaunchTemplateId.NotFound"),
        name: Some(("launch_template_name", 128)),
        token: CLIENT_TOKEN,
        unique: &[unique(
            &["launch_template_name"],
            Second::Refused(
                "InvalidLaunchTemplateName.AlreadyExistsException",
                "Launch template name already in use.",
            ),
        )],
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

/// The members of an instance, whether it is stopped, and its groups, which the calls name in two ways.
fn instance(members: &mut Value, call: &Call<'_>) {
    match call.operation {
        "StopInstances" => members["stopped"] = json!(true),
        "StartInstances" => members["stopped"] = json!(false),
        "ModifyInstanceAttribute" => {
            replace(members, call);
            if call.has("groups") {
                members["security_group_ids"] = call.params["groups"].clone();
            }
        }
        "DisassociateIamInstanceProfile" => members["iam_instance_profile"] = Value::Null,
        _ => replace(members, call),
    }
}

/// The type and the user data of an instance change while it is stopped, one that is being started is not stopped, one that is
/// stopping is not started, one that is protected is not terminated, and each has one instance profile at the most.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html>
fn instance_states(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let Some(instance) = view.subject("ec2.instance", call) else {
        return Ok(());
    };
    let id = call.id.unwrap_or_default();
    let wrong_state = || {
        let why = format!("The instance '{id}' is not in a state from which it can be changed so.");
        refused("IncorrectInstanceState", why)
    };
    let works = instance.working(view.now);
    let stopped = works.is_some_and(|members| members["stopped"] == true);
    let stopping = instance.members["stopped"] == true && !stopped;
    match call.operation {
        "StopInstances" if instance.unfinished(view.now) => wrong_state(),
        "StartInstances" if stopping => wrong_state(),
        "ModifyInstanceAttribute" if (call.has("instance_type") || call.has("user_data")) && !stopped => {
            wrong_state()
        }
        "TerminateInstances" if instance.members["disable_api_termination"] == true => refused(
            "OperationNotPermitted",
            format!(
                "The instance '{id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again."
            ),
        ),
        "AssociateIamInstanceProfile" if instance.members["iam_instance_profile"].is_object() => refused(
            "IncorrectState",
            format!("There is an existing association for instance {id}"),
        ),
        _ => Ok(()),
    }
}

/// A volume does not shrink.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html>, `Size`: "The target volume size must be greater than or
/// equal to the existing size of the volume."
fn shrinks(call: &Call<'_>, view: &View<'_>) -> Result<(), Refusal> {
    let size = |members: &Value| members["size"].as_u64();
    let there = view.subject("ec2.volume", call);
    let there = there.and_then(|volume| size(&volume.members));
    match (there, size(call.params)) {
        (Some(there), Some(wanted)) if call.operation == "ModifyVolume" && wanted < there => refused(
            "InvalidParameterValue",
            "New size cannot be smaller than existing size",
        ),
        _ => Ok(()),
    }
}
