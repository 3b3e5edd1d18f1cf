//! The event notifications of a bucket.

use super::BucketName;
#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

/// A target of event notifications: a topic, a queue or a function, the events that are sent there, and the keys that they are about.
/// The target's own policy must let `s3.amazonaws.com` send to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventTarget {
    /// The ARN of an SNS topic, an SQS queue or a Lambda function.
    pub arn: Input<Arn>,
    /// The events, such as `s3:ObjectCreated:*`.
    pub events: BTreeSet<String>,
    /// The prefix of the keys; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The suffix of the keys, such as `.jpg`; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

impl EventTarget {
    /// The target with this ARN for `events`, such as `s3:ObjectCreated:*`, about every key.
    pub fn new<T: Into<String>>(arn: impl IntoInput<Arn>, events: impl IntoIterator<Item = T>) -> Self {
        Self {
            arn: arn.into_input(),
            events: events.into_iter().map(Into::into).collect(),
            prefix: String::new(),
            suffix: String::new(),
        }
    }

    /// The same for keys that begin with `prefix`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The same for keys that end with `suffix`.
    #[must_use]
    pub fn suffix(mut self, suffix: &str) -> Self {
        self.suffix = suffix.into();
        self
    }

    /// Findings about it as one of the values of `field`, which takes ARNs of `service`.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
    fn check(&self, field: &str, service: &str) -> Vec<String> {
        let mut findings = vec![];
        if self.events.is_empty() {
            findings.push(format!(
                "`{field}` has a target without events: name one, such as `s3:ObjectCreated:*`"
            ));
        }
        for event in self.events.iter().filter(|event| !event.starts_with("s3:")) {
            findings.push(format!(
                "`{field}` has the event `{event}`, and those of S3 begin with `s3:`, such as `s3:ObjectCreated:*`"
            ));
        }
        let other = self
            .arn
            .known()
            .filter(|arn| arn.0.split(':').nth(2) != Some(service));
        findings.extend(other.map(|arn| format!("`{field}` has `{arn}`, which is no ARN of `{service}`")));
        findings
    }
}

/// Event notifications of a bucket (bucket notification): S3 tells topics, queues, functions and `EventBridge` what becomes of objects.
/// A bucket has one set of them, which this resource has whole.
///
/// ```
/// use tenon_resources::{s3::{BucketName, BucketNotification, EventTarget}, value::{Arn, Output}};
/// let (bucket, queue): (Output<BucketName>, Output<Arn>) = (Output::new("uploads", "id"), Output::new("new-images", "arn"));
/// BucketNotification::new(&bucket).queues([EventTarget::new(&queue, ["s3:ObjectCreated:*"]).suffix(".jpg")]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("s3.bucket_notification")]
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html: "This action replaces the existing
// notification configuration with the configuration you include in the request body."
#[facts(gone("NoSuchBucket"), second_create = Overwritten)]
#[calls(PutBucketNotificationConfiguration)]
pub struct BucketNotification {
    /// The bucket.
    #[immutable]
    #[cfn("")]
    #[sample("aaa", "bbb")]
    pub bucket: Input<BucketName>,
    /// The SNS topics that are told.
    #[cfn("")]
    #[sample(
        [EventTarget::new("arn:aws:sns:eu-west-1:111111111111:a", ["s3:ObjectRemoved:*"])],
        [EventTarget::new("arn:aws:sns:eu-west-1:111111111111:b", ["s3:ObjectRestore:*"])]
    )]
    #[checked(it.iter().flat_map(|target| target.check(field, "sns")))]
    pub topics: BTreeSet<EventTarget>,
    /// The SQS queues that are told.
    #[cfn("")]
    #[sample(
        [EventTarget::new("arn:aws:sqs:eu-west-1:111111111111:events", ["s3:ObjectCreated:*"]).suffix(".jpg")],
        Vec::<EventTarget>::new()
    )]
    #[checked(it.iter().flat_map(|target| target.check(field, "sqs")))]
    pub queues: BTreeSet<EventTarget>,
    /// The Lambda functions that are called.
    #[cfn("")]
    #[sample(
        Vec::<EventTarget>::new(),
        [EventTarget::new("arn:aws:lambda:eu-west-1:111111111111:function:b", ["s3:ObjectCreated:Put"]).prefix("in/")]
    )]
    #[checked(it.iter().flat_map(|target| target.check(field, "lambda")))]
    pub functions: BTreeSet<EventTarget>,
    /// `EventBridge` is told of every event.
    #[default(false)]
    #[cfn("")]
    #[sample(true)]
    pub event_bridge: bool,
}

/// Outputs of event notifications.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct BucketNotificationOutputs {
    /// The bucket's name.
    #[shape("{bucket}")]
    pub id: BucketName,
}

/// A notification configuration; an empty one is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Targets {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    topic_configurations: BTreeSet<EventTarget>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    queue_configurations: BTreeSet<EventTarget>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    lambda_function_configurations: BTreeSet<EventTarget>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    event_bridge_configuration: bool,
}

#[derive(Call, Serialize, Deserialize)]
#[call(s3, folds, action = "s3:PutBucketNotification", on = "arn:aws:s3:::{id}")]
struct PutBucketNotificationConfiguration {
    bucket: Input<BucketName>,
    notification_configuration: Targets,
}

impl BucketNotification {
    fn put(&self) -> PutBucketNotificationConfiguration {
        PutBucketNotificationConfiguration {
            bucket: self.bucket.clone(),
            notification_configuration: Targets {
                topic_configurations: self.topics.clone(),
                queue_configurations: self.queues.clone(),
                lambda_function_configurations: self.functions.clone(),
                event_bridge_configuration: self.event_bridge,
            },
        }
    }

    fn is_none(&self) -> bool {
        self.topics.is_empty() && self.queues.is_empty() && self.functions.is_empty() && !self.event_bridge
    }
}

/// The errors that pass: S3 sends a test message to each target, whose policy may be a moment old.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html: "Amazon S3 tests ... by sending a test
// notification"; "Unable to validate the following destination configurations" is what it answers: Terraform retries it, too.
fn patient(steps: Steps) -> Steps {
    steps
        .retry_on("OperationAborted", minutes(2))
        .retry_on("NoSuchBucket", minutes(2))
        .retry_on_message("InvalidArgument", "Unable to validate", minutes(2))
}

impl Lifecycle for BucketNotification {
    const READ: Read = Read::new(
        "s3",
        "GetBucketNotificationConfiguration",
        1,
        &["s3:GetBucketNotification"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(self.bucket.text())
    }

    fn create(&self) -> Steps {
        patient(Steps::create(self.put()))
    }

    fn set(&self, _: &Self, field: BucketNotificationField) -> Steps {
        match field {
            BucketNotificationField::Topics
            | BucketNotificationField::Queues
            | BucketNotificationField::Functions
            | BucketNotificationField::EventBridge => patient(Steps::update(self.put())),
        }
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html: "you use an empty
    // NotificationConfiguration ... to turn off notifications".
    fn delete(&self) -> Steps {
        Steps::delete(PutBucketNotificationConfiguration {
            bucket: this(),
            notification_configuration: Targets::default(),
        })
        .expecting(Self::FACTS)
        .retry_on("OperationAborted", minutes(2))
    }

    fn check(&self) -> Vec<String> {
        let none = self.is_none().then(|| {
            "`topics`, `queues`, `functions` and `event_bridge` are all unset: say who is told".to_owned()
        });
        none.into_iter().collect()
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{BTreeSet, EventTarget, Input, Targets, ToSdk};
    use crate::aws::sdk::s3::types as aws;

    fn filter(target: &EventTarget) -> Option<aws::NotificationConfigurationFilter> {
        let rule = |name: aws::FilterRuleName, value: &str| {
            let rule = aws::FilterRule::builder().name(name).value(value).build();
            (!value.is_empty()).then_some(rule)
        };
        let rules = [
            rule(aws::FilterRuleName::Prefix, &target.prefix),
            rule(aws::FilterRuleName::Suffix, &target.suffix),
        ];
        let rules: Vec<_> = rules.into_iter().flatten().collect();
        let key = aws::S3KeyFilter::builder()
            .set_filter_rules(Some(rules.clone()))
            .build();
        let filter = aws::NotificationConfigurationFilter::builder().key(key).build();
        (!rules.is_empty()).then_some(filter)
    }

    fn events(target: &EventTarget) -> Vec<aws::Event> {
        target.events.iter().map(|event| event.as_str().into()).collect()
    }

    impl ToSdk<aws::TopicConfiguration> for EventTarget {
        fn to_sdk(self) -> Option<aws::TopicConfiguration> {
            let to = aws::TopicConfiguration::builder()
                .set_events(Some(events(&self)))
                .set_filter(filter(&self));
            to.set_topic_arn(self.arn.to_sdk()).build().ok()
        }
    }
    impl ToSdk<aws::QueueConfiguration> for EventTarget {
        fn to_sdk(self) -> Option<aws::QueueConfiguration> {
            let to = aws::QueueConfiguration::builder()
                .set_events(Some(events(&self)))
                .set_filter(filter(&self));
            to.set_queue_arn(self.arn.to_sdk()).build().ok()
        }
    }
    impl ToSdk<aws::LambdaFunctionConfiguration> for EventTarget {
        fn to_sdk(self) -> Option<aws::LambdaFunctionConfiguration> {
            let to = aws::LambdaFunctionConfiguration::builder()
                .set_events(Some(events(&self)))
                .set_filter(filter(&self));
            to.set_lambda_function_arn(self.arn.to_sdk()).build().ok()
        }
    }
    impl ToSdk<aws::NotificationConfiguration> for Targets {
        fn to_sdk(self) -> Option<aws::NotificationConfiguration> {
            let bridge = aws::EventBridgeConfiguration::builder().build();
            let all = aws::NotificationConfiguration::builder()
                .set_topic_configurations(self.topic_configurations.to_sdk())
                .set_queue_configurations(self.queue_configurations.to_sdk())
                .set_lambda_function_configurations(self.lambda_function_configurations.to_sdk())
                .set_event_bridge_configuration(self.event_bridge_configuration.then_some(bridge));
            Some(all.build())
        }
    }

    pub(super) fn target(
        arn: String,
        events: &[aws::Event],
        filter: Option<aws::NotificationConfigurationFilter>,
    ) -> EventTarget {
        let rules = filter.and_then(|f| f.key?.filter_rules).unwrap_or_default();
        // S3 gives the names back in capitals or not, as they were sent.
        let value = |name: &str| {
            let of =
                |rule: &&aws::FilterRule| rule.name().is_some_and(|n| n.as_str().eq_ignore_ascii_case(name));
            let rule = rules.iter().find(of);
            rule.and_then(|r| r.value.clone()).unwrap_or_default()
        };
        EventTarget {
            arn: Input::Known(arn.into()),
            events: events
                .iter()
                .map(|e| e.as_str().to_owned())
                .collect::<BTreeSet<_>>(),
            prefix: value("prefix"),
            suffix: value("suffix"),
        }
    }
}

#[cfg(feature = "aws")]
impl Observe for BucketNotification {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        const CALL: &str = "GetBucketNotificationConfiguration";
        crate::aws::each(by.ids().unwrap_or_default(), |name| async move {
            let request = aws.s3.get_bucket_notification_configuration().bucket(name);
            let reply = crate::aws::present("s3", CALL, request.send().await, crate::aws::gone::<Self>())?;
            let inputs = reply.map(|reply| Self {
                bucket: Input::Known(name.as_str().into()),
                topics: (reply.topic_configurations.into_iter().flatten())
                    .map(|t| wire::target(t.topic_arn, &t.events, t.filter))
                    .collect(),
                queues: (reply.queue_configurations.into_iter().flatten())
                    .map(|t| wire::target(t.queue_arn, &t.events, t.filter))
                    .collect(),
                functions: (reply.lambda_function_configurations.into_iter().flatten())
                    .map(|t| wire::target(t.lambda_function_arn, &t.events, t.filter))
                    .collect(),
                event_bridge: reply.event_bridge_configuration.is_some(),
            });
            Ok(inputs.filter(|inputs| !inputs.is_none()).map(|inputs| Seen {
                status: Status::Ready,
                inputs,
                outputs: BucketNotificationOutputs {
                    id: name.as_str().into(),
                },
                id: name.clone(),
            }))
        })
        .await
    }
}
