//! A topic: publishers send messages to it, and SNS delivers them to its subscriptions.

use crate::prelude::*;

id!(
    /// A topic's ARN, such as `arn:aws:sns:eu-west-1:111111111111:shop-alarms`.
    TopicArn
);

choice!(
    /// The version of the signature of notifications.
    // https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    SignatureVersion {
        /// SHA-1.
        Sha1 = "1",
        /// SHA-256.
        Sha256 = "2",
    }
);

choice!(
    /// The tracing of messages by X-Ray.
    // https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
    TracingConfig {
        /// The trace of the publisher is passed on.
        PassThrough = "PassThrough",
        /// SNS records what it does itself, too.
        Active = "Active",
    }
);

/// A topic: SNS delivers what is published to it to every subscription. Who may publish besides the account is said by `sns.topic_policy`.
///
/// ```
/// use tenon_resources::sns::Topic;
/// Topic::new().display_name("Shop alarms");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sns.topic", cfn = "AWS::SNS::Topic", by_name)]
// https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html#API_GetTopicAttributes_Errors
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html: "If the requester already owns a topic with the specified name,
// that topic's ARN is returned without creating a new topic."
#[facts(gone("NotFound"), second_create = Returned, exists("InvalidParameter", "already exists with different"))]
#[create(CreateTopic: sns, attributes, id = o.topic_arn?, also("sns:TagResource"))]
#[attributes(SetTopicAttributes: sns, by(topic_arn), one, on = "{id}")]
#[delete(DeleteTopic: sns, by(topic_arn), on = "{id}")]
#[retag(TagResource, UntagResource: sns, by(resource_arn), on = "{id}")]
pub struct Topic {
    /// The name, unique in the region. The name of a FIFO topic ends with `.fifo`.
    #[immutable]
    #[named(max = 256, also = "-_", suffix = ".fifo", when = "fifo")]
    #[member("name")]
    #[sample("a", "b.fifo")]
    pub topic_name: Option<Input<String>>,
    /// A FIFO topic keeps the order of messages, and delivers each once.
    #[immutable]
    #[default(false)]
    #[attribute("FifoTopic")]
    #[sample(true)]
    pub fifo: bool,
    /// Content-based deduplication: on a FIFO topic, messages with the same body within 5 minutes are delivered once.
    #[default(false)]
    #[attribute]
    #[sample(true)]
    #[wrong_if(*it && !me.fifo, "is for FIFO topics: set `fifo`, too")]
    pub content_based_deduplication: bool,
    /// The display name: the sender's name in email and SMS messages.
    #[default(String::new())]
    #[length(0..=100)] // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
    #[attribute]
    #[sample("Shop")]
    pub display_name: String,
    /// The KMS key for server-side encryption of messages at rest: its ID, ARN or alias. Unset: no server-side encryption.
    #[default(None)]
    #[attribute("KmsMasterKeyId")]
    #[sample("alias/aws/sns")]
    pub kms_key: Option<Input<String>>,
    /// The signature version of notifications and of messages about subscriptions.
    #[default(SignatureVersion::Sha1)]
    #[attribute]
    #[sample(SignatureVersion::Sha256)]
    pub signature_version: SignatureVersion,
    /// The tracing of messages.
    #[default(TracingConfig::PassThrough)]
    #[attribute]
    #[sample(TracingConfig::Active)]
    pub tracing_config: TracingConfig,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a topic.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TopicOutputs {
    /// The ARN, which is the id.
    #[shape("arn:aws:sns:{region}:{account}:{topic_name}")]
    pub id: TopicArn,
    /// The ARN.
    #[shape("arn:aws:sns:{region}:{account}:{topic_name}")]
    pub arn: Arn,
}

impl Lifecycle for Topic {
    const READ: Read = Read::new(
        "sns",
        "GetTopicAttributes",
        1,
        &[
            "sns:GetTopicAttributes",
            "sns:ListTagsForResource",
            "sns:ListTopics",
        ],
    );

    fn create(&self) -> Steps {
        CreateTopic::steps(self)
    }

    fn set(&self, _: &Self, field: TopicField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteTopic::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for Topic {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let arns = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let topics = aws.all("sns", "ListTopics", items!(aws.sns.list_topics()));
                topics.await?.into_iter().filter_map(|t| t.topic_arn).collect()
            }
        };
        crate::aws::each(arns, |arn| async move {
            let Some(attributes) = super::topic_attributes(aws, &arn).await? else {
                return Ok(None);
            };
            let reply = aws.sns.list_tags_for_resource().resource_arn(&arn).send().await;
            // https://docs.aws.amazon.com/sns/latest/api/API_ListTagsForResource.html#API_ListTagsForResource_Errors
            let gone = ["NotFound", "ResourceNotFound", "ResourceNotFoundException"];
            let Some(tags) = crate::aws::present("sns", "ListTagsForResource", reply, &gone)? else {
                return Ok(None);
            };
            let mut inputs = Self::new();
            inputs.topic_name = arn.rsplit(':').next().map(|n| Input::Known(n.to_owned()));
            inputs.tags = tags.tags.into();
            inputs.read_attributes(&attributes);
            Ok(Some(Seen {
                status: Status::Ready,
                inputs,
                outputs: TopicOutputs {
                    id: arn.clone().into(),
                    arn: arn.clone().into(),
                },
                id: arn,
            }))
        })
        .await
    }
}

#[cfg(feature = "aws")]
impl ByName for Topic {
    /// A topic's ARN is made of its region, account and name (SNS API reference, `CreateTopic`).
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let name = wanted.topic_name.as_ref().and_then(Input::known);
        Ok(name.map(|name| aws.arn("sns", name).0).into_iter().collect())
    }
}
