//! An inline policy of a role.

use super::{Policy, RoleName};
use crate::prelude::*;

/// An inline policy of a role: permissions that belong to the role and are deleted with it.
///
/// ```
/// use tenon_resources::{iam::{Policy, RoleName, RolePolicy}, text, value::{Arn, Output}};
/// let (role, bucket): (Output<RoleName>, Output<Arn>) = (Output::new("api", "id"), Output::new("uploads", "arn"));
/// RolePolicy::new(&role, Policy::allow(["s3:GetObject"]).on([text!("{}/*", &bucket)]));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.role_policy", cfn = "AWS::IAM::RolePolicy")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html: "Adds or updates".
#[facts(gone("NoSuchEntity"), second_create = Overwritten)]
#[on("arn:aws:iam::{account}:role/*")]
#[create(PutRolePolicy: iam, puts, create_rules(.retry_on("NoSuchEntity", minutes(2))))]
#[delete(DeleteRolePolicy: iam, same(role, policy_name))]
pub struct RolePolicy {
    /// The role.
    #[immutable]
    #[attachment]
    #[member("role_name")]
    #[cfn("RoleName")]
    #[sample("a", "b")]
    #[inside("iam.role")]
    #[length(1..=64)]
    #[pattern(r"[\w+=,.@-]+")]
    pub role: Input<RoleName>,
    /// The policy document.
    #[member("policy_document")]
    #[cfn("PolicyDocument")]
    #[sample(Policy::allow(["s3:GetObject"]).on(["*"]), Policy::allow(["sqs:SendMessage"]).on(["*"]))]
    #[checked(it.check_as(field, 10_240, crate::iam::Attached::Identity))]
    pub policy: Policy,
    /// The policy's name, unique in the role.
    #[immutable]
    #[named(max = 128, also = "-_+=,.@")]
    pub policy_name: Option<Input<String>>,
}

/// Outputs of an inline policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RolePolicyOutputs {
    /// The role's name and the policy's, with a `|` between.
    #[shape("{role}|{policy_name}")]
    pub id: String,
}

impl Lifecycle for RolePolicy {
    const READ: Read = Read::new(
        "iam",
        "GetRolePolicy",
        1,
        &["iam:GetRolePolicy", "iam:ListRolePolicies"],
    );

    fn identity(&self) -> Identity {
        let name = self.policy_name.as_ref();
        name.map_or(Identity::Assigned, |name| {
            Identity::Natural(text!("{}|{}", &self.role, name))
        })
    }

    fn create(&self) -> Steps {
        PutRolePolicy::steps(self)
    }

    fn set(&self, _: &Self, field: RolePolicyField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteRolePolicy::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for RolePolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by
            .ids()
            .unwrap_or_default()
            .iter()
            .filter_map(|id| id.split_once('|'));
        crate::aws::each(ids, |(role, name)| async move {
            let reply = aws
                .iam
                .get_role_policy()
                .role_name(role)
                .policy_name(name)
                .send()
                .await;
            let Some(reply) = crate::aws::present("iam", "GetRolePolicy", reply, crate::aws::gone::<Self>())?
            else {
                return Ok(None);
            };
            let id = format!("{role}|{name}");
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    role: Input::Known(reply.role_name.into()),
                    policy: super::document("GetRolePolicy", &reply.policy_document)?,
                    policy_name: Some(Input::Known(reply.policy_name)),
                },
                outputs: RolePolicyOutputs { id: id.clone() },
                id,
            }))
        })
        .await
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let policies = crate::aws::each(of, |role| async move {
            let pages = items!(aws.iam.list_role_policies().role_name(role));
            let names: Result<Vec<String>, CallError> = aws.all("iam", "ListRolePolicies", pages).await;
            let names = crate::aws::there(names, crate::aws::gone::<Self>())?;
            Ok(names.map(|names| {
                names
                    .into_iter()
                    .map(|name| format!("{role}|{name}"))
                    .collect::<Vec<_>>()
            }))
        });
        Ok(policies.await?.into_iter().flatten().collect())
    }
}
