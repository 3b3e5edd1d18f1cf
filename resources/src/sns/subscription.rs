//! A subscription: where a topic's messages go.

use super::{Attribute, TopicArn};
use crate::{choice, prelude::*};
use serde_json::{Value, json};

choice!(
    /// How messages are delivered.
    Protocol {
        /// As mail; the receiver must confirm.
        Email = "email",
        /// As mail with JSON in it; the receiver must confirm.
        EmailJson = "email-json",
        /// As a text message.
        Sms = "sms",
        /// As a POST; the endpoint must confirm.
        Http = "http",
        /// As a POST; the endpoint must confirm.
        Https = "https",
        /// Into an SQS queue, by ARN.
        Sqs = "sqs",
        /// To a Lambda function, by ARN.
        Lambda = "lambda",
        /// Into a Firehose stream, by ARN.
        Firehose = "firehose",
        /// To a mobile application, by ARN.
        Application = "application",
    }
);

choice!(
    /// What a filter looks at.
    FilterScope {
        /// The message's attributes.
        MessageAttributes = "MessageAttributes",
        /// The message itself, which is JSON.
        MessageBody = "MessageBody",
    }
);

/// Delivers a topic's messages to one endpoint. Mail and HTTP endpoints must confirm; until they do, its attributes
/// cannot be read, and AWS forgets it after two days.
///
/// ```
/// use tenon_resources::{sns::{Protocol, Subscription}, value::{Arn, Output}};
/// let queue: Output<Arn> = Output::new("orders", "arn");
/// Subscription::new("arn:aws:sns:eu-west-1:111111111111:shop", Protocol::Sqs, queue.text()).raw_message_delivery(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sns.subscription", cfn = "AWS::SNS::Subscription")]
pub struct Subscription {
    /// The topic.
    #[immutable]
    #[cfn("TopicArn")]
    pub topic: Input<TopicArn>,
    /// How messages are delivered.
    #[immutable]
    pub protocol: Protocol,
    /// Where to: an address, a URL, a number or an ARN, as the protocol has it.
    #[immutable]
    pub endpoint: Input<String>,
    /// Delivers the message as it was published, without an envelope; for SQS, HTTP and Firehose.
    #[default(false)]
    pub raw_message_delivery: bool,
    /// Which messages are delivered, in SNS's filter language. Unset: all.
    #[default(None)]
    pub filter_policy: Option<Value>,
    /// What the filter looks at.
    #[default(FilterScope::MessageAttributes)]
    pub filter_policy_scope: FilterScope,
    /// The SQS queue, by ARN, for messages that could not be delivered.
    #[default(None)]
    #[cfn("RedrivePolicy")]
    pub dead_letter_queue: Option<Input<Arn>>,
    /// The role that SNS takes on to write to Firehose.
    #[default(None)]
    #[cfn("SubscriptionRoleArn")]
    pub role: Option<Input<Arn>>,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SubscriptionOutputs {
    /// The topic, the protocol and the endpoint, with `|` between.
    #[shape("{topic}|{protocol}|{endpoint}")]
    pub id: String,
    /// Its ARN, or `PendingConfirmation`.
    #[shape("{topic}:{hex17}")]
    pub arn: Arn,
}

impl Lifecycle for Subscription {
    const CALLS: &'static [CallInfo] = &[
        Subscribe::INFO,
        SetSubscriptionAttributes::INFO,
        Unsubscribe::INFO,
    ];
    const READ: Read = Read {
        service: "sns",
        operation: "ListSubscriptionsByTopic",
        batch: 100,
        actions: &["sns:ListSubscriptionsByTopic", "sns:GetSubscriptionAttributes"],
    };

    fn identity(&self) -> Identity {
        Identity::Natural(text!(
            "{}|{}|{}",
            &self.topic,
            self.protocol.as_str(),
            &self.endpoint
        ))
    }

    fn create(&self) -> Steps {
        let (mut attributes, plain) = (
            BTreeMap::new(),
            Self::new(&self.topic, self.protocol, &self.endpoint),
        );
        for ((name, value), (_, default)) in self.attributes().into_iter().zip(plain.attributes()) {
            if value != default {
                attributes.insert(name.to_owned(), value);
            }
        }
        Steps::create(Subscribe {
            topic_arn: self.topic.clone(),
            protocol: self.protocol,
            endpoint: self.endpoint.clone(),
            attributes,
        })
        .retry_on_message("InvalidParameter", "is not a valid role to allow SNS", minutes(2))
    }

    fn set(&self, _was: &Self, field: SubscriptionField) -> Steps {
        let set = |i: usize| {
            let (attribute_name, attribute_value) = self.attributes()[i].clone();
            Steps::update(SetSubscriptionAttributes {
                subscription_arn: own("arn"),
                attribute_name: attribute_name.into(),
                attribute_value,
            })
        };
        match field {
            SubscriptionField::RawMessageDelivery => set(0),
            SubscriptionField::FilterPolicyScope => set(1),
            SubscriptionField::FilterPolicy => set(2),
            SubscriptionField::DeadLetterQueue => set(3),
            SubscriptionField::Role => set(4),
        }
    }

    fn delete(&self) -> Steps {
        // What was never confirmed has no ARN to unsubscribe, and goes by itself.
        Steps::delete(Unsubscribe {
            subscription_arn: own("arn"),
        })
        .ok_on("NotFound")
        .ok_on_message("InvalidParameter", "SubscriptionArn")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let raw = matches!(
            self.protocol,
            Protocol::Sqs | Protocol::Http | Protocol::Https | Protocol::Firehose
        );
        if self.raw_message_delivery && !raw {
            let word = self.protocol;
            findings.push(format!(
                "`raw_message_delivery` is for sqs, http, https and firehose, and `protocol` is {word}"
            ));
        }
        if (self.protocol == Protocol::Firehose) != self.role.is_some() {
            findings.push("`role` goes with the protocol firehose, and with no other".into());
        }
        if self
            .filter_policy
            .as_ref()
            .is_some_and(|f| f.as_object().is_none_or(serde_json::Map::is_empty))
        {
            findings.push(
                "`filter_policy` is no object with something in it: leave it out to deliver all".into(),
            );
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new(
                "arn:aws:sns:eu-west-1:111111111111:a",
                Protocol::Email,
                "a@example.com",
            ),
            Self::new(
                "arn:aws:sns:eu-west-1:111111111111:b",
                Protocol::Firehose,
                "arn:aws:firehose:eu-west-1:111111111111:deliverystream/b",
            )
            .raw_message_delivery(true)
            .filter_policy(json!({"kind": ["order"]}))
            .filter_policy_scope(FilterScope::MessageBody)
            .dead_letter_queue("arn:aws:sqs:eu-west-1:111111111111:b")
            .role("arn:aws:iam::111111111111:role/b"),
        ]
    }
}

impl Subscription {
    /// Every attribute and its value; what is unset is what takes it away.
    fn attributes(&self) -> [(&'static str, Attribute); 5] {
        let none = || Attribute::of("");
        let dead = |arn: &Input<Arn>| Attribute::of(json!({ "deadLetterTargetArn": arn }));
        [
            (
                "RawMessageDelivery",
                Attribute::of(self.raw_message_delivery.to_string()),
            ),
            ("FilterPolicyScope", Attribute::of(self.filter_policy_scope)),
            // An empty object removes a filter, says "Removing a subscription filter policy" in the developer guide.
            (
                "FilterPolicy",
                self.filter_policy
                    .as_ref()
                    .map_or_else(|| Attribute::of(json!({})), Attribute::of),
            ),
            (
                "RedrivePolicy",
                self.dead_letter_queue.as_ref().map_or_else(none, dead),
            ),
            (
                "SubscriptionRoleArn",
                self.role.as_ref().map_or_else(none, Attribute::of),
            ),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns)]
struct Subscribe {
    topic_arn: Input<TopicArn>,
    protocol: Protocol,
    endpoint: Input<String>,
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns)]
struct SetSubscriptionAttributes {
    subscription_arn: Input<Arn>,
    attribute_name: String,
    attribute_value: Attribute,
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns)]
struct Unsubscribe {
    subscription_arn: Input<Arn>,
}

#[cfg(feature = "aws")]
impl Observe for Subscription {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use super::attribute::GONE;
        let ids = by.ids().unwrap_or_default();
        let topics: BTreeSet<&str> = ids.iter().filter_map(|id| Some(id.split_once('|')?.0)).collect();
        let mut found = vec![];
        for topic in topics {
            let pages = items!(aws.sns.list_subscriptions_by_topic().topic_arn(topic));
            let read = aws.all("sns", "ListSubscriptionsByTopic", pages).await;
            found.extend(crate::aws::there(read, &GONE)?.into_iter().flatten());
        }
        let found = found.into_iter().filter_map(|s| {
            let (topic, protocol, endpoint) = (s.topic_arn?, s.protocol?, s.endpoint.unwrap_or_default());
            let id = format!("{topic}|{protocol}|{endpoint}");
            let protocol = Protocol::word(&protocol)?;
            ids.contains(&id)
                .then_some((id, topic, protocol, endpoint, s.subscription_arn?))
        });
        crate::aws::each(found, |(id, topic, protocol, endpoint, arn)| async move {
            let mut attributes = std::collections::HashMap::new();
            if arn.starts_with("arn:") {
                let reply = aws
                    .sns
                    .get_subscription_attributes()
                    .subscription_arn(&arn)
                    .send()
                    .await;
                let reply = crate::aws::present("sns", "GetSubscriptionAttributes", reply, &GONE)?;
                let Some(reply) = reply else { return Ok(None) };
                attributes = reply.attributes.unwrap_or_default();
            }
            let is = |name: &str| attributes.get(name).filter(|v| !v.is_empty()).cloned();
            let parsed = |name: &str| is(name).and_then(|text| serde_json::from_str::<Value>(&text).ok());
            let dead =
                parsed("RedrivePolicy").and_then(|p| p["deadLetterTargetArn"].as_str().map(Into::into));
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    topic: Input::Known(topic.into()),
                    protocol,
                    endpoint: Input::Known(endpoint),
                    raw_message_delivery: is("RawMessageDelivery").is_some_and(|v| v == "true"),
                    filter_policy: parsed("FilterPolicy").filter(|f| *f != json!({})),
                    filter_policy_scope: is("FilterPolicyScope")
                        .and_then(|s| FilterScope::word(&s))
                        .unwrap_or(FilterScope::MessageAttributes),
                    dead_letter_queue: dead.map(Input::Known),
                    role: is("SubscriptionRoleArn").map(|r| Input::Known(r.into())),
                },
                outputs: SubscriptionOutputs {
                    id: id.clone(),
                    arn: arn.into(),
                },
                id,
            }))
        })
        .await
    }
}
