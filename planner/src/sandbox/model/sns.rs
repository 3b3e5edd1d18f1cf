//! Simple Notification Service.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/sns/latest/api/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Differs, Id, Second, by, op, op_if, unique, unseen_role},
    view::Call,
};
use serde_json::Value;

const SET: &str = "SetTopicAttributes";

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: subscribing an endpoint again returns its
    // subscription.
    Entry {
        kind: "sns.subscription",
        creates: &[op("Subscribe")],
        deletes: &[op("Unsubscribe")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("NotFound"),
        name: None,
        token: None,
        unique: &[unique(
            &["topic_arn", "protocol", "endpoint"],
            Second::Returned(Differs {
                settings: Some((
                    "InvalidParameter",
                    "Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
                )),
                tags: None,
            }),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen_role(
            "Subscribe",
            "attributes.SubscriptionRoleArn",
            "InvalidParameter",
            "Invalid parameter: SubscriptionRoleArn is not a valid role to allow SNS to publish",
        )],
        merge: attribute,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html: "if the requester already owns a topic with the
    // specified name, that topic's ARN is returned without creating a new topic". With other tags or attributes it is
    // refused: https://github.com/localstack/localstack/issues/2405
    Entry {
        kind: "sns.topic",
        creates: &[op("CreateTopic")],
        deletes: &[op("DeleteTopic")],
        id: Id::Assigned,
        states: AT_ONCE,
        // https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html: "deleting a topic that does not exist does not
        // result in an error"; subscriptions go with the topic.
        absent: Absent::DeleteSucceeds("NotFound"),
        name: Some(("name", 256)),
        token: None,
        unique: &[unique(
            &["name"],
            Second::Returned(Differs {
                settings: Some((
                    "InvalidParameter",
                    "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
                )),
                tags: Some((
                    "InvalidParameter",
                    "Invalid parameter: Tags Reason: Topic already exists with different tags",
                )),
            }),
        )],
        held: None,
        in_use: None,
        owns: &[
            by("sns.subscription", "topic_arn"),
            by("sns.topic_policy", "topic_arn"),
        ],
        busy: None,
        unseen: &[],
        merge: attribute,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html: a topic always has a policy; another replaces
    // it, and the default one is there when nobody set another.
    Entry {
        kind: "sns.topic_policy",
        creates: &[op(SET)],
        deletes: &[op_if(SET, "attribute_value.Id", "__default_policy_ID")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("NotFound"),
        name: None,
        token: None,
        unique: &[unique(&["topic_arn"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[unseen_role(
            SET,
            "attribute_value.Statement.Principal.AWS",
            "InvalidParameter",
            "Invalid parameter: Policy Error: PrincipalNotFound",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];

/// An attribute that is set, among the others.
fn attribute(members: &mut Value, call: &Call<'_>) {
    match call.params["attribute_name"].as_str() {
        Some(name) => members["attributes"][name] = call.params["attribute_value"].clone(),
        None => replace(members, call),
    }
}
