//! A topic policy: the accounts and services that may publish to a topic, and subscribe to it.

use super::TopicArn;
use crate::{iam::Policy, prelude::*};

/// The `Id` of the policy that AWS gives a topic.
const DEFAULT: &str = "__default_policy_ID";

/// A topic policy: what others than the account may do with a topic. A resource of its own, because its statements name the topic.
/// Deleting it restores the default policy of every topic: the account, and nobody else.
///
/// ```
/// use tenon_resources::{iam::Policy, sns::{TopicArn, TopicPolicy}, value::Output};
/// let topic: Output<TopicArn> = Output::new("alarms", "id");
/// let publish = Policy::allow(["sns:Publish"]).service("events.amazonaws.com").on([&topic]);
/// TopicPolicy::new(&topic, publish);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("sns.topic_policy", cfn = "AWS::SNS::TopicPolicy")]
// https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html#API_SetTopicAttributes_Errors
#[facts(gone("NotFound", "NotFoundException"), second_create = Overwritten)]
#[calls(SetTopicAttributes)]
pub struct TopicPolicy {
    /// The topic.
    #[immutable]
    #[attachment]
    #[cfn("Topics")]
    #[sample(
        "arn:aws:sns:eu-west-1:111111111111:a",
        "arn:aws:sns:eu-west-1:111111111111:b"
    )]
    #[inside("sns.topic")]
    pub topic: Input<TopicArn>,
    /// The policy document.
    #[cfn("PolicyDocument")]
    #[sample(
        Policy::allow(["sns:Publish"]).service("events.amazonaws.com").on(["arn:aws:sns:eu-west-1:111111111111:a"]),
        Policy::allow(["sns:Publish"]).service("s3.amazonaws.com").on(["arn:aws:sns:eu-west-1:111111111111:b"])
    )]
    #[checked(it.check_as(field, 30_720, crate::iam::Attached::Resource))]
    pub policy: Policy,
}

/// Outputs of a topic policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TopicPolicyOutputs {
    /// The topic's ARN.
    #[shape("{topic}")]
    pub id: TopicArn,
}

impl Lifecycle for TopicPolicy {
    const READ: Read = Read::new("sns", "GetTopicAttributes", 1, &["sns:GetTopicAttributes"]);

    fn identity(&self) -> Identity {
        Identity::Natural(self.topic.text())
    }

    fn create(&self) -> Steps {
        principal_may_be_new(Steps::create(self.put(self.policy.clone())))
    }

    fn set(&self, _: &Self, field: TopicPolicyField) -> Steps {
        match field {
            TopicPolicyField::Policy => principal_may_be_new(Steps::update(self.put(self.policy.clone()))),
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
        Steps::delete(self.put(policy)).expecting(Self::FACTS)
    }
}

/// A principal that was created a moment ago is unknown to SNS for a while.
fn principal_may_be_new(steps: Steps) -> Steps {
    steps.retry_on_message("InvalidParameter", "PrincipalNotFound", minutes(2))
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
            let attributes = super::topic_attributes(aws, arn).await?;
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

    async fn parts(_: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        // Each has one at the most, by its own id.
        Ok(of.to_vec())
    }
}
