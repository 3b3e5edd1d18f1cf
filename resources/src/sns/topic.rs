//! A topic: what is published to it goes to all who subscribed.

use super::Attribute;
use crate::prelude::*;

id!(
    /// Names a topic by its ARN, such as `arn:aws:sns:eu-west-1:111111111111:shop-alarms`.
    TopicArn
);

/// Passes what is published to it on to its subscribers. Who may publish besides the account is said by `sns.topic_policy`.
///
/// ```
/// use tenon_resources::sns::Topic;
/// Topic::new().display_name("Shop alarms");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sns.topic", cfn = "AWS::SNS::Topic")]
pub struct Topic {
    /// Its name, unique in the region. That of a FIFO topic ends with `.fifo`.
    #[immutable]
    #[named(max = 256, also = "-_.")]
    pub topic_name: Option<Input<String>>,
    /// Keeps the order of messages, and delivers each once.
    #[immutable]
    #[default(false)]
    #[cfn("FifoTopic")]
    pub fifo: bool,
    /// On a FIFO topic, takes messages of the same content within 5 minutes for the same.
    #[default(false)]
    pub content_based_deduplication: bool,
    /// The sender's name in mails and text messages, up to 100 characters.
    #[default(String::new())]
    pub display_name: String,
    /// The KMS key that encrypts messages at rest: its id, ARN or alias. Unset: none does.
    #[default(None)]
    #[cfn("KmsMasterKeyId")]
    pub kms_key: Option<Input<String>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TopicOutputs {
    /// Its ARN, as its id.
    #[shape("arn:aws:sns:{region}:{account}:{topic_name}")]
    pub id: TopicArn,
    /// Its ARN.
    #[shape("arn:aws:sns:{region}:{account}:{topic_name}")]
    pub arn: Arn,
}

impl Lifecycle for Topic {
    const CALLS: &'static [CallInfo] = &[
        CreateTopic::INFO,
        SetTopicAttributes::INFO,
        TagResource::INFO,
        UntagResource::INFO,
        DeleteTopic::INFO,
    ];
    const READ: Read = Read {
        service: "sns",
        operation: "GetTopicAttributes",
        batch: 1,
        actions: &[
            "sns:GetTopicAttributes",
            "sns:ListTagsForResource",
            "sns:ListTopics",
        ],
    };

    fn create(&self) -> Steps {
        let mut attributes = BTreeMap::new();
        let mut say = |name: &str, value| attributes.insert(name.to_owned(), value);
        if self.fifo {
            say("FifoTopic", Attribute::of("true"));
        }
        if self.content_based_deduplication {
            say("ContentBasedDeduplication", Attribute::of("true"));
        }
        if !self.display_name.is_empty() {
            say("DisplayName", Attribute::of(&self.display_name));
        }
        if let Some(key) = &self.kms_key {
            say("KmsMasterKeyId", Attribute::of(key));
        }
        Steps::create(CreateTopic {
            name: self.topic_name.clone(),
            attributes,
            tags: self.tags.clone(),
        })
    }

    fn set(&self, was: &Self, field: TopicField) -> Steps {
        let set = |attribute_name: &str, attribute_value| {
            Steps::update(SetTopicAttributes {
                topic_arn: this(),
                attribute_name: attribute_name.into(),
                attribute_value,
            })
        };
        match field {
            TopicField::ContentBasedDeduplication => set(
                "ContentBasedDeduplication",
                Attribute::of(self.content_based_deduplication.to_string()),
            ),
            TopicField::DisplayName => set("DisplayName", Attribute::of(&self.display_name)),
            // Empty text takes the key away.
            TopicField::KmsKey => {
                let none = Input::Known(String::new());
                set(
                    "KmsMasterKeyId",
                    Attribute::of(self.kms_key.as_ref().unwrap_or(&none)),
                )
            }
            TopicField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagResource {
                            resource_arn: this(),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagResource {
                            resource_arn: this(),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteTopic { topic_arn: this() }).ok_on("NotFound")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(name) = self.topic_name.as_ref().and_then(Input::known) {
            let fifo = name.strip_suffix(".fifo").is_some();
            if self.fifo && !fifo {
                findings.push(format!(
                    "`topic_name` is `{name}`, and that of a FIFO topic ends with `.fifo`: set one"
                ));
            }
            if name.trim_end_matches(".fifo").contains('.') || (fifo && !self.fifo) {
                findings.push(format!(
                    "`topic_name` is `{name}`: a dot stands only in the `.fifo` of a FIFO topic"
                ));
            }
        }
        if self.content_based_deduplication && !self.fifo {
            findings.push("`content_based_deduplication` is for FIFO topics: set `fifo`, too".into());
        }
        if self.display_name.chars().count() > 100 {
            findings.push("`display_name` has more than 100 characters".into());
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new().topic_name("a").tags([("Name", "a")]),
            Self::new()
                .topic_name("b.fifo")
                .fifo(true)
                .content_based_deduplication(true)
                .display_name("Shop")
                .kms_key("alias/aws/sns")
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns, id = o.topic_arn?, also("sns:TagResource"))]
struct CreateTopic {
    name: Option<Input<String>>,
    attributes: BTreeMap<String, Attribute>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns, on = "{id}")]
struct SetTopicAttributes {
    topic_arn: Input<TopicArn>,
    attribute_name: String,
    attribute_value: Attribute,
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns, on = "{id}")]
struct TagResource {
    resource_arn: Input<TopicArn>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns, on = "{id}")]
struct UntagResource {
    resource_arn: Input<TopicArn>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns, on = "{id}")]
struct DeleteTopic {
    topic_arn: Input<TopicArn>,
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
            let Some(mut attributes) = super::attribute::of_topic(aws, &arn).await? else {
                return Ok(None);
            };
            let reply = aws.sns.list_tags_for_resource().resource_arn(&arn).send().await;
            let gone = ["NotFound", "ResourceNotFound", "ResourceNotFoundException"];
            let Some(tags) = crate::aws::present("sns", "ListTagsForResource", reply, &gone)? else {
                return Ok(None);
            };
            let mut is = |name: &str| attributes.remove(name).filter(|v| !v.is_empty());
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    topic_name: arn.rsplit(':').next().map(|n| Input::Known(n.to_owned())),
                    fifo: is("FifoTopic").is_some_and(|v| v == "true"),
                    content_based_deduplication: is("ContentBasedDeduplication").is_some_and(|v| v == "true"),
                    display_name: is("DisplayName").unwrap_or_default(),
                    kms_key: is("KmsMasterKeyId").map(Input::Known),
                    tags: tags.tags.into(),
                },
                outputs: TopicOutputs {
                    id: arn.clone().into(),
                    arn: arn.clone().into(),
                },
                id: arn,
            }))
        })
        .await
    }

    /// A topic's ARN is made of its region, account and name (SNS API reference, `CreateTopic`).
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let name = wanted.topic_name.as_ref().and_then(Input::known);
        Ok(name.map(|name| aws.arn("sns", name).0).into_iter().collect())
    }
}
