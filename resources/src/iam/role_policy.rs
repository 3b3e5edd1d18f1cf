//! What a role may do, written into the role itself.

use super::{Policy, RoleName};
use crate::prelude::*;

/// A policy that belongs to one role and goes with it.
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
pub struct RolePolicy {
    /// The role.
    #[immutable]
    #[attachment]
    #[cfn("RoleName")]
    pub role: Input<RoleName>,
    /// What it may do.
    #[cfn("PolicyDocument")]
    pub policy: Policy,
    /// Its name, unique in the role.
    #[immutable]
    #[named(max = 128, also = "-_+=,.@")]
    pub policy_name: Option<Input<String>>,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RolePolicyOutputs {
    /// The role's name and its own, with a `|` between.
    #[shape("{role}|{policy_name}")]
    pub id: String,
}

impl Lifecycle for RolePolicy {
    const CALLS: &'static [CallInfo] = &[PutRolePolicy::INFO, DeleteRolePolicy::INFO];
    const READ: Read = Read {
        service: "iam",
        operation: "GetRolePolicy",
        batch: 1,
        actions: &["iam:GetRolePolicy", "iam:ListRolePolicies"],
    };

    const INSIDE: Option<Inside> = Some(Inside {
        of: "iam.role",
        field: "role",
    });

    fn identity(&self) -> Identity {
        let name = self.policy_name.as_ref();
        name.map_or(Identity::Assigned, |name| {
            Identity::Natural(text!("{}|{}", &self.role, name))
        })
    }

    fn create(&self) -> Steps {
        Steps::create(self.put()).retry_on("NoSuchEntity", minutes(2))
    }

    fn set(&self, _was: &Self, field: RolePolicyField) -> Steps {
        match field {
            RolePolicyField::Policy => Steps::update(self.put()),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteRolePolicy {
            role_name: self.role.clone(),
            policy_name: self.policy_name.clone(),
        })
        .ok_on("NoSuchEntity")
    }

    fn check(&self) -> Vec<String> {
        self.policy.check("policy", 10_240)
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("a", Policy::allow(["s3:GetObject"]).on(["*"])).policy_name("a"),
            Self::new("b", Policy::allow(["sqs:SendMessage"]).on(["*"])).policy_name("b"),
        ]
    }
}

impl RolePolicy {
    fn put(&self) -> PutRolePolicy {
        PutRolePolicy {
            role_name: self.role.clone(),
            policy_name: self.policy_name.clone(),
            policy_document: self.policy.clone(),
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*")]
struct PutRolePolicy {
    role_name: Input<RoleName>,
    policy_name: Option<Input<String>>,
    policy_document: Policy,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*")]
struct DeleteRolePolicy {
    role_name: Input<RoleName>,
    policy_name: Option<Input<String>>,
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
            let Some(reply) = crate::aws::present("iam", "GetRolePolicy", reply, &["NoSuchEntity"])? else {
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
            let names = crate::aws::there(names, &["NoSuchEntity"])?;
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
