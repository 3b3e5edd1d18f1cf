//! Who may publish to a topic, and subscribe to it.

use super::TopicArn;
use crate::{iam::Policy, prelude::*};

/// The `Id` of the policy that AWS gives a topic.
const DEFAULT: &str = "__default_policy_ID";

/// What others than the account may do with a topic. A resource of its own, because its statements name the topic.
/// Removing it puts back what AWS gives every topic: the account, and nobody else.
///
/// ```
/// use tenon_resources::{iam::Policy, sns::{TopicArn, TopicPolicy}, value::Output};
/// let topic: Output<TopicArn> = Output::new("alarms", "id");
/// let publish = Policy::allow(["sns:Publish"]).service("events.amazonaws.com").on([&topic]);
/// TopicPolicy::new(&topic, publish);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sns.topic_policy", cfn = "AWS::SNS::TopicPolicy")]
pub struct TopicPolicy {
    /// The topic.
    #[immutable]
    #[attachment]
    #[cfn("Topics")]
    pub topic: Input<TopicArn>,
    /// Who may do what with it.
    #[cfn("PolicyDocument")]
    pub policy: Policy,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TopicPolicyOutputs {
    /// The topic's ARN.
    #[shape("{topic}")]
    pub id: TopicArn,
}

impl Lifecycle for TopicPolicy {
    const CALLS: &'static [CallInfo] = &[SetTopicAttributes::INFO];
    const READ: Read = Read {
        service: "sns",
        operation: "GetTopicAttributes",
        batch: 1,
        actions: &["sns:GetTopicAttributes"],
    };

    fn identity(&self) -> Identity {
        Identity::Natural(self.topic.text())
    }

    fn create(&self) -> Steps {
        // A principal that was made a moment ago is unknown for a while.
        Steps::create(self.put(self.policy.clone())).retry_on_message(
            "InvalidParameter",
            "PrincipalNotFound",
            minutes(2),
        )
    }

    fn set(&self, _was: &Self, field: TopicPolicyField) -> Steps {
        match field {
            TopicPolicyField::Policy => Steps::update(self.put(self.policy.clone())).retry_on_message(
                "InvalidParameter",
                "PrincipalNotFound",
                minutes(2),
            ),
        }
    }

    fn delete(&self) -> Steps {
        // The account is in the ARN: `arn:aws:sns:<region>:<account>:<name>`.
        let account = self
            .topic
            .known()
            .and_then(|t| t.0.split(':').nth(4).map(str::to_owned));
        let mut policy = Policy::from(
            Policy::allow([
                "SNS:AddPermission",
                "SNS:DeleteTopic",
                "SNS:GetTopicAttributes",
                "SNS:ListSubscriptionsByTopic",
                "SNS:Publish",
                "SNS:RemovePermission",
                "SNS:SetTopicAttributes",
                "SNS:Subscribe",
            ])
            .sid("__default_statement_ID")
            .anyone()
            .on([&self.topic])
            .when("StringEquals", "AWS:SourceOwner", account),
        );
        policy.id = Some(DEFAULT.into());
        Steps::delete(self.put(policy))
            .ok_on("NotFound")
            .ok_on("NotFoundException")
    }

    fn check(&self) -> Vec<String> {
        self.policy.check("policy", 30_720)
    }

    fn samples() -> [Self; 2] {
        let to = |topic: &str, service: &str| {
            Self::new(topic, Policy::allow(["sns:Publish"]).service(service).on([topic]))
        };
        [
            to("arn:aws:sns:eu-west-1:111111111111:a", "events.amazonaws.com"),
            to("arn:aws:sns:eu-west-1:111111111111:b", "s3.amazonaws.com"),
        ]
    }
}

impl TopicPolicy {
    fn put(&self, policy: Policy) -> SetTopicAttributes {
        SetTopicAttributes {
            topic_arn: self.topic.clone(),
            attribute_name: "Policy".into(),
            attribute_value: policy,
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(sns, on = "{id}")]
struct SetTopicAttributes {
    topic_arn: Input<TopicArn>,
    attribute_name: String,
    attribute_value: Policy,
}

#[cfg(feature = "aws")]
impl Observe for TopicPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        crate::aws::each(by.ids().unwrap_or_default(), |arn| async move {
            let attributes = super::attribute::of_topic(aws, arn).await?;
            let Some(text) = attributes.and_then(|mut a| a.remove("Policy")) else {
                return Ok(None);
            };
            let policy = crate::iam::policy::document("sns", "GetTopicAttributes", &text)?;
            if policy.id.as_deref() == Some(DEFAULT) {
                return Ok(None);
            }
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    topic: Input::Known(arn.as_str().into()),
                    policy,
                },
                outputs: TopicPolicyOutputs {
                    id: arn.as_str().into(),
                },
                id: arn.clone(),
            }))
        })
        .await
    }
}
