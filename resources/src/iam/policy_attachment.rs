//! A managed policy attached to a role.

use super::RoleName;
use crate::prelude::*;

/// A managed policy attached to a role: the role has the policy's permissions. The policy is AWS's or the account's own.
///
/// ```
/// use tenon_resources::iam::PolicyAttachment;
/// PolicyAttachment::new("api", "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.policy_attachment")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html: attaching twice succeeds.
#[facts(gone("NoSuchEntity"), second_create = Overwritten)]
#[on("arn:aws:iam::{account}:role/*")]
#[create(AttachRolePolicy: iam, rules(.retry_on_message("NoSuchEntity", "role", minutes(2))))]
#[delete(DetachRolePolicy: iam, same(role, policy))]
pub struct PolicyAttachment {
    /// The role.
    #[immutable]
    #[attachment]
    #[member("role_name")]
    #[cfn("")]
    #[sample("a", "b")]
    #[inside("iam.role")]
    pub role: Input<RoleName>,
    /// The managed policy's ARN.
    #[immutable]
    #[member("policy_arn")]
    #[cfn("")]
    #[sample(
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    )]
    pub policy: Input<Arn>,
}

/// Outputs of an attachment.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct PolicyAttachmentOutputs {
    /// The role's name and the policy's ARN, with a `|` between.
    #[shape("{role}|{policy}")]
    pub id: String,
}

impl Lifecycle for PolicyAttachment {
    // At most 20 managed policies can be attached to a role.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    const READ: Read = Read::new(
        "iam",
        "ListAttachedRolePolicies",
        20,
        &["iam:ListAttachedRolePolicies"],
    );

    fn identity(&self) -> Identity {
        Identity::Natural(text!("{}|{}", &self.role, &self.policy))
    }

    fn create(&self) -> Steps {
        AttachRolePolicy::steps(self)
    }

    fn set(&self, _: &Self, field: PolicyAttachmentField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DetachRolePolicy::steps(self)
    }
}

#[cfg(feature = "aws")]
impl Observe for PolicyAttachment {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default();
        let roles: BTreeSet<&str> = ids.iter().filter_map(|id| Some(id.split_once('|')?.0)).collect();
        let attached = crate::aws::each(roles, |role| async move {
            let pages = items!(aws.iam.list_attached_role_policies().role_name(role));
            let read = aws.all("iam", "ListAttachedRolePolicies", pages).await;
            let read = crate::aws::there(read, crate::aws::gone::<Self>())?;
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
            let read = crate::aws::there(read, crate::aws::gone::<Self>())?;
            let id = |policy: sdk::iam::types::AttachedPolicy| Some(format!("{role}|{}", policy.policy_arn?));
            Ok(read.map(|policies| policies.into_iter().filter_map(id).collect::<Vec<_>>()))
        });
        Ok(attached.await?.into_iter().flatten().collect())
    }
}
