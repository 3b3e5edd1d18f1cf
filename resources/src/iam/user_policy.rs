//! An inline policy of a user.

use super::{Policy, UserName};
use crate::prelude::*;

/// An inline policy of a user: permissions that belong to the user and are deleted with it.
///
/// ```
/// use tenon_resources::{iam::{Policy, UserName, UserPolicy}, text, value::{Arn, Output}};
/// let (user, bucket): (Output<UserName>, Output<Arn>) = (Output::new("mail", "id"), Output::new("uploads", "arn"));
/// UserPolicy::new(&user, Policy::allow(["s3:GetObject"]).on([text!("{}/*", &bucket)]));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.user_policy", cfn = "AWS::IAM::UserPolicy")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html: "Adds or updates".
#[facts(gone("NoSuchEntity"), second_create = Overwritten)]
#[on("arn:aws:iam::{account}:user/*")]
#[create(PutUserPolicy: iam, puts, create_rules(.retry_on("NoSuchEntity", minutes(2))))]
#[delete(DeleteUserPolicy: iam, same(user, policy_name))]
pub struct UserPolicy {
    /// The user.
    #[immutable]
    #[attachment]
    #[member("user_name")]
    #[cfn("UserName")]
    #[sample("a", "b")]
    #[inside("iam.user")]
    #[length(1..=64)]
    #[pattern(r"[\w+=,.@-]+")]
    pub user: Input<UserName>,
    /// The policy document.
    #[member("policy_document")]
    #[cfn("PolicyDocument")]
    #[sample(Policy::allow(["s3:GetObject"]).on(["*"]), Policy::allow(["sqs:SendMessage"]).on(["*"]))]
    #[checked(it.check_as(field, 10_240, crate::iam::Attached::Identity))]
    pub policy: Policy,
    /// The policy's name, unique in the user.
    #[immutable]
    #[named(max = 128, also = "-_+=,.@")]
    pub policy_name: Option<Input<String>>,
}

/// Outputs of an inline policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct UserPolicyOutputs {
    /// The user's name and the policy's, with a `|` between.
    #[shape("{user}|{policy_name}")]
    pub id: String,
}

impl Lifecycle for UserPolicy {
    const READ: Read = Read::new(
        "iam",
        "GetUserPolicy",
        1,
        &["iam:GetUserPolicy", "iam:ListUserPolicies"],
    );

    fn identity(&self) -> Identity {
        let name = self.policy_name.as_ref();
        name.map_or(Identity::Assigned, |name| {
            Identity::Natural(text!("{}|{}", &self.user, name))
        })
    }

    fn create(&self) -> Steps {
        PutUserPolicy::steps(self)
    }

    fn set(&self, _: &Self, field: UserPolicyField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteUserPolicy::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for UserPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by
            .ids()
            .unwrap_or_default()
            .iter()
            .filter_map(|id| id.split_once('|'));
        crate::aws::each(ids, |(user, name)| async move {
            let reply = aws
                .iam
                .get_user_policy()
                .user_name(user)
                .policy_name(name)
                .send()
                .await;
            let Some(reply) = crate::aws::present("iam", "GetUserPolicy", reply, crate::aws::gone::<Self>())?
            else {
                return Ok(None);
            };
            let id = format!("{user}|{name}");
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    user: Input::Known(reply.user_name.into()),
                    policy: super::document("GetUserPolicy", &reply.policy_document)?,
                    policy_name: Some(Input::Known(reply.policy_name)),
                },
                outputs: UserPolicyOutputs { id: id.clone() },
                id,
            }))
        })
        .await
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let policies = crate::aws::each(of, |user| async move {
            let pages = items!(aws.iam.list_user_policies().user_name(user));
            let names: Result<Vec<String>, CallError> = aws.all("iam", "ListUserPolicies", pages).await;
            let names = crate::aws::there(names, crate::aws::gone::<Self>())?;
            Ok(names.map(|names| {
                names
                    .into_iter()
                    .map(|name| format!("{user}|{name}"))
                    .collect::<Vec<_>>()
            }))
        });
        Ok(policies.await?.into_iter().flatten().collect())
    }
}
