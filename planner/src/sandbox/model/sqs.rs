//! Simple Queue Service.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Differs, Held, Id, Second, op, unique, unseen_role},
    view::Call,
};
use serde_json::Value;
use std::time::Duration;

const UNKNOWN_PRINCIPAL: (&str, &str) = ("InvalidAttributeValue", "Invalid value for the parameter Policy.");

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html: "if you provide the name of an
    // existing queue along with the exact names and values of all the queue's attributes, CreateQueue returns the queue
    // URL for the existing queue"; tags are not among them.
    Entry {
        kind: "sqs.queue",
        creates: &[op("CreateQueue")],
        deletes: &[op("DeleteQueue")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("QueueDoesNotExist"),
        name: Some(("queue_name", 80)),
        token: None,
        unique: &[unique(
            &["queue_name"],
            Second::Returned(Differs {
                settings: Some((
                    "QueueNameExists",
                    "A queue already exists with the same name and a different value for an attribute",
                )),
                tags: None,
            }),
        )],
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html: "you must wait at least 60
        // seconds before creating a queue with the same name".
        held: Some(Held {
            code: "QueueDeletedRecently",
            message: "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
            time: |_| Duration::from_secs(60),
        }),
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen_role(
                "CreateQueue",
                "attributes.Policy.Statement.Principal.AWS",
                UNKNOWN_PRINCIPAL.0,
                UNKNOWN_PRINCIPAL.1,
            ),
            unseen_role(
                "SetQueueAttributes",
                "attributes.Policy.Statement.Principal.AWS",
                UNKNOWN_PRINCIPAL.0,
                UNKNOWN_PRINCIPAL.1,
            ),
        ],
        merge: attributes,
        refuse: accepts,
        fails: succeeds,
    },
];

/// The attributes of a call, among those that were set before.
fn attributes(members: &mut Value, call: &Call<'_>) {
    if call.operation != "SetQueueAttributes" {
        return replace(members, call);
    }
    for (name, value) in call.params["attributes"].as_object().into_iter().flatten() {
        members["attributes"][name] = value.clone();
    }
}
