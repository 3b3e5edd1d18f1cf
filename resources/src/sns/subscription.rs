//! A subscription: the endpoint to which SNS delivers a topic's messages.

use super::TopicArn;
use crate::{choice, prelude::*};
use serde_json::{Value, json};

choice!(
    /// The protocol by which messages are delivered.
    Protocol {
        /// Email; the receiver must confirm.
        Email = "email",
        /// Email with a JSON body; the receiver must confirm.
        EmailJson = "email-json",
        /// SMS.
        Sms = "sms",
        /// HTTP POST; the endpoint must confirm.
        Http = "http",
        /// HTTPS POST; the endpoint must confirm.
        Https = "https",
        /// An SQS queue, by ARN.
        Sqs = "sqs",
        /// A Lambda function, by ARN.
        Lambda = "lambda",
        /// A Firehose stream, by ARN.
        Firehose = "firehose",
        /// A mobile application, by ARN.
        Application = "application",
    }
);

choice!(
    /// The part of a message that a filter policy is applied to.
    FilterScope {
        /// The message's attributes.
        MessageAttributes = "MessageAttributes",
        /// The message body, which is JSON.
        MessageBody = "MessageBody",
    }
);

/// A subscription: SNS delivers a topic's messages to one endpoint. Email and HTTP endpoints must confirm; until they do, the
/// attributes cannot be read, and AWS deletes the subscription after two days.
///
/// ```
/// use tenon_resources::{sns::{Protocol, Subscription}, value::{Arn, Output}};
/// let queue: Output<Arn> = Output::new("orders", "arn");
/// Subscription::new("arn:aws:sns:eu-west-1:111111111111:shop", Protocol::Sqs, queue.text()).raw_message_delivery(true);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sns.subscription", cfn = "AWS::SNS::Subscription")]
// https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html#API_Unsubscribe_Errors
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: it returns the ARN of the subscription, an existing one's, too.
#[facts(gone("NotFound"), second_create = Returned, exists("InvalidParameter", "already exists with different"))]
#[create(Subscribe: sns, attributes, rules(.retry_on_message("InvalidParameter", "is not a valid role to allow SNS", minutes(2))))]
#[attributes(SetSubscriptionAttributes: sns, by(subscription_arn = "arn"), one)]
// A subscription that was never confirmed has no ARN to unsubscribe: AWS deletes it.
#[delete(Unsubscribe: sns, by(subscription_arn = "arn"), rules(.ok_on_message("InvalidParameter", "SubscriptionArn")))]
pub struct Subscription {
    /// The topic.
    #[immutable]
    #[cfn("TopicArn")]
    #[member("topic_arn")]
    #[sample(
        "arn:aws:sns:eu-west-1:111111111111:a",
        "arn:aws:sns:eu-west-1:111111111111:b"
    )]
    pub topic: Input<TopicArn>,
    /// The protocol of the endpoint.
    #[immutable]
    #[sample(Protocol::Email, Protocol::Firehose)]
    pub protocol: Protocol,
    /// The endpoint: an address, a URL, a number or an ARN, by the protocol.
    #[immutable]
    #[sample("a@example.com", "arn:aws:firehose:eu-west-1:111111111111:deliverystream/b")]
    pub endpoint: Input<String>,
    /// Raw message delivery: the message as it was published, without an envelope; for SQS, HTTP and Firehose.
    #[default(false)]
    #[attribute]
    #[sample(true)]
    #[wrong_if(*it && !me.takes_raw(), "is for sqs, http, https and firehose, and `protocol` is {}", me.protocol)]
    pub raw_message_delivery: bool,
    /// The filter policy: the messages that are delivered. Unset: all.
    #[default(None)]
    #[attribute("FilterPolicy", write = filter_policy, read = read_filter_policy)]
    #[sample(json!({"kind": ["order"]}))]
    #[wrong_if(it.as_object().is_none_or(serde_json::Map::is_empty), "is no object with something in it: leave it out to deliver all")]
    pub filter_policy: Option<Value>,
    /// The filter policy scope: the message's attributes, or the message itself.
    #[default(FilterScope::MessageAttributes)]
    #[attribute]
    #[sample(FilterScope::MessageBody)]
    pub filter_policy_scope: FilterScope,
    /// The dead-letter queue, an SQS queue's ARN, for messages that could not be delivered.
    #[default(None)]
    #[attribute("RedrivePolicy", write = redrive_policy, read = dead_letter_queue)]
    #[sample("arn:aws:sqs:eu-west-1:111111111111:b")]
    pub dead_letter_queue: Option<Input<Arn>>,
    /// The role that SNS assumes to write to Firehose.
    #[default(None)]
    #[attribute("SubscriptionRoleArn")]
    #[sample("arn:aws:iam::111111111111:role/b")]
    pub role: Option<Input<Arn>>,
}

/// An empty object removes a filter policy.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-filter-policy-removing.html>
fn filter_policy(policy: Option<&Value>) -> Value {
    policy.cloned().unwrap_or_else(|| json!({}))
}

#[cfg(feature = "aws")]
fn read_filter_policy(text: &str) -> Option<Value> {
    serde_json::from_str(text)
        .ok()
        .filter(|policy| *policy != json!({}))
}

fn redrive_policy(queue: Option<&Input<Arn>>) -> Option<Value> {
    queue.map(|arn| json!({ "deadLetterTargetArn": arn }))
}

#[cfg(feature = "aws")]
fn dead_letter_queue(text: &str) -> Option<Input<Arn>> {
    let policy: Value = serde_json::from_str(text).ok()?;
    policy["deadLetterTargetArn"]
        .as_str()
        .map(|arn| Input::Known(arn.into()))
}

/// Outputs of a subscription.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct SubscriptionOutputs {
    /// The topic, the protocol and the endpoint, with `|` between.
    #[shape("{topic}|{protocol}|{endpoint}")]
    pub id: String,
    /// The ARN, or `PendingConfirmation`.
    #[shape("{topic}:{hex17}")]
    pub arn: Arn,
}

impl Subscription {
    /// `true` if its endpoints can take the message without the envelope.
    fn takes_raw(&self) -> bool {
        use Protocol::{Firehose, Http, Https, Sqs};
        matches!(self.protocol, Sqs | Http | Https | Firehose)
    }
}

impl Lifecycle for Subscription {
    const READ: Read = Read::new(
        "sns",
        "ListSubscriptionsByTopic",
        100,
        &["sns:ListSubscriptionsByTopic", "sns:GetSubscriptionAttributes"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(text!(
            "{}|{}|{}",
            &self.topic,
            self.protocol.as_str(),
            &self.endpoint
        ))
    }

    fn create(&self) -> Steps {
        Subscribe::steps(self)
    }

    fn set(&self, _: &Self, field: SubscriptionField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Unsubscribe::steps(self)
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if (self.protocol == Protocol::Firehose) != self.role.is_some() {
            findings.push("`role` goes with the protocol firehose, and with no other".to_owned());
        }
        // https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: the endpoint of each protocol.
        let beginning = match self.protocol {
            Protocol::Http => Some("http://"),
            Protocol::Https => Some("https://"),
            Protocol::Sqs | Protocol::Lambda | Protocol::Firehose | Protocol::Application => Some("arn:"),
            Protocol::Email | Protocol::EmailJson | Protocol::Sms => None,
        };
        let service = match self.protocol {
            Protocol::Sqs => Some("sqs"),
            Protocol::Lambda => Some("lambda"),
            Protocol::Firehose => Some("firehose"),
            Protocol::Application => Some("sns"),
            _ => None,
        };
        if let Some(endpoint) = self.endpoint.known() {
            let begins = beginning.is_none_or(|begin| endpoint.starts_with(begin));
            let of_service = service.is_none_or(|service| endpoint.split(':').nth(2) == Some(service));
            let mail = matches!(self.protocol, Protocol::Email | Protocol::EmailJson);
            if !begins || !of_service || mail && !endpoint.contains('@') {
                let word = self.protocol;
                // An endpoint may hold a password, which is not repeated.
                findings.push(format!("`endpoint` is none of the protocol {word}"));
            }
        }
        findings
    }
}

#[cfg(feature = "aws")]
impl Observe for Subscription {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use super::GONE;
        let ids = by.ids().unwrap_or_default();
        let topics: BTreeSet<&str> = ids.iter().filter_map(|id| Some(id.split_once('|')?.0)).collect();
        let mut found = vec![];
        for topic in topics {
            let pages = items!(aws.sns.list_subscriptions_by_topic().topic_arn(topic));
            let read = aws.all("sns", "ListSubscriptionsByTopic", pages).await;
            found.extend(crate::aws::there(read, &GONE)?.into_iter().flatten());
        }
        let found = found.into_iter().filter_map(|s| {
            let (topic, protocol) = (s.topic_arn?, s.protocol?);
            let (endpoint, arn) = (s.endpoint.unwrap_or_default(), s.subscription_arn?);
            let id = format!("{topic}|{protocol}|{endpoint}");
            let inputs = Self::new(topic.as_str(), Protocol::word(&protocol)?, endpoint);
            ids.contains(&id).then_some((id, inputs, arn))
        });
        crate::aws::each(found, |(id, mut inputs, arn)| async move {
            if arn.starts_with("arn:") {
                let request = aws.sns.get_subscription_attributes().subscription_arn(&arn);
                let reply = request.send().await;
                let reply = crate::aws::present("sns", "GetSubscriptionAttributes", reply, &GONE)?;
                let Some(reply) = reply else { return Ok(None) };
                inputs.read_attributes(&reply.attributes.into_iter().flatten().collect());
            }
            Ok(Some(Seen {
                status: Status::Ready,
                inputs,
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
