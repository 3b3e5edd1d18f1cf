//! What a role may do, by reference to a managed policy.

use super::RoleName;
use crate::prelude::*;

/// Grants a role what a managed policy says, AWS's or the account's own.
///
/// ```
/// use tenon_resources::iam::PolicyAttachment;
/// PolicyAttachment::new("api", "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.policy_attachment")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html: attaching twice succeeds.
#[facts(gone("NoSuchEntity"), second_create = Overwritten)]
pub struct PolicyAttachment {
    /// The role.
    #[immutable]
    #[attachment]
    #[cfn("")]
    pub role: Input<RoleName>,
    /// The managed policy's ARN.
    #[immutable]
    #[cfn("")]
    pub policy: Input<Arn>,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct PolicyAttachmentOutputs {
    /// The role's name and the policy's ARN, with a `|` between.
    #[shape("{role}|{policy}")]
    pub id: String,
}

impl Lifecycle for PolicyAttachment {
    const CALLS: &'static [CallInfo] = &[AttachRolePolicy::INFO, DetachRolePolicy::INFO];
    const READ: Read = Read {
        service: "iam",
        operation: "ListAttachedRolePolicies",
        // The most that one role can have.
        batch: 20,
        actions: &["iam:ListAttachedRolePolicies"],
    };

    const INSIDE: Option<Inside> = Some(Inside {
        of: "iam.role",
        field: "role",
    });

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.role, &self.policy))
    }

    fn create(&self) -> Steps {
        Steps::create(AttachRolePolicy {
            role_name: self.role.clone(),
            policy_arn: self.policy.clone(),
        })
        .retry_on_message("NoSuchEntity", "role", minutes(2))
    }

    fn set(&self, _was: &Self, field: PolicyAttachmentField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        Steps::delete(DetachRolePolicy {
            role_name: self.role.clone(),
            policy_arn: self.policy.clone(),
        })
        .ok_on("NoSuchEntity")
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("a", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            Self::new(
                "b",
                "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            ),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*")]
struct AttachRolePolicy {
    role_name: Input<RoleName>,
    policy_arn: Input<Arn>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*")]
struct DetachRolePolicy {
    role_name: Input<RoleName>,
    policy_arn: Input<Arn>,
}

#[cfg(feature = "aws")]
impl Observe for PolicyAttachment {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default();
        let roles: BTreeSet<&str> = ids.iter().filter_map(|id| Some(id.split_once('|')?.0)).collect();
        let attached = crate::aws::each(roles, |role| async move {
            let pages = items!(aws.iam.list_attached_role_policies().role_name(role));
            let read = aws.all("iam", "ListAttachedRolePolicies", pages).await;
            let read = crate::aws::there(read, &["NoSuchEntity"])?;
            Ok(read.map(|policies| (role, policies)))
        });
        let all = attached
            .await?
            .into_iter()
            .flat_map(|(role, policies)| policies.into_iter().map(move |p| (role, p.policy_arn)));
        let seen = all.filter_map(|(role, arn)| {
            let arn = arn?;
            let id = format!("{role}|{arn}");
            Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    role: Input::Known(role.into()),
                    policy: Input::Known(arn.into()),
                },
                outputs: PolicyAttachmentOutputs { id: id.clone() },
                id,
            })
        });
        Ok(seen.filter(|s| ids.contains(&s.id)).collect())
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let attached = crate::aws::each(of, |role| async move {
            let pages = items!(aws.iam.list_attached_role_policies().role_name(role));
            let read = aws.all("iam", "ListAttachedRolePolicies", pages).await;
            let read = crate::aws::there(read, &["NoSuchEntity"])?;
            let id = |policy: sdk::iam::types::AttachedPolicy| Some(format!("{role}|{}", policy.policy_arn?));
            Ok(read.map(|policies| policies.into_iter().filter_map(id).collect::<Vec<_>>()))
        });
        Ok(attached.await?.into_iter().flatten().collect())
    }
}
