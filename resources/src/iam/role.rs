//! An IAM role.

use super::Policy;
use crate::prelude::*;

id!(
    /// A role's name, such as `shop-prod-api-1a2b3c`.
    RoleName
);

/// An IAM role: an identity that AWS services, other accounts or federated users assume. Its permissions are those of
/// `iam.role_policy` and `iam.policy_attachment`.
///
/// ```
/// use tenon_resources::iam::{Policy, Role};
/// Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")).description("Permissions of the tasks");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.role", cfn = "AWS::IAM::Role")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html#API_DeleteRole_Errors
#[facts(gone("NoSuchEntity"), in_use("DeleteConflict", 120), second_create = Refused("EntityAlreadyExists"))]
#[on("arn:aws:iam::{account}:role/*{id}")]
// A principal that was created a moment ago is unknown for a while: Terraform retries for 2 minutes.
#[by(role_name)]
#[create(CreateRole: iam, also("iam:TagRole"), on = "arn:aws:iam::{account}:role/*", rules(
    .retry_on_message("MalformedPolicyDocument", "Invalid principal", minutes(2))
))]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html: without a duration, it becomes one hour.
#[update(UpdateRole: iam, folds, whole)]
#[update(UpdateAssumeRolePolicy: iam, rules(
    .retry_on_message("MalformedPolicyDocument", "Invalid principal", minutes(2))
))]
#[update(PutRolePermissionsBoundary: iam)]
// A policy that was detached a moment ago still counts for a while: Terraform retries for 2 minutes.
#[delete(DeleteRole: iam)]
#[retag(TagRole, UntagRole: iam)]
#[sdk(iam::Role)]
pub struct Role {
    /// The trust policy: the principals that may assume the role.
    #[member(create = "assume_role_policy_document", update = "policy_document")]
    #[updated_by(UpdateAssumeRolePolicy)]
    #[read(Policy::default())]
    #[cfn("AssumeRolePolicyDocument")]
    #[sample(
        Policy::assumed_by_service("ecs-tasks.amazonaws.com"),
        Policy::assumed_by_service("lambda.amazonaws.com")
    )]
    #[checked(it.check_as(field, 2048, crate::iam::Attached::Own))]
    pub assume_role_policy: Policy,
    /// The name, unique in the account.
    #[immutable]
    #[named(max = 64, id, also = "-_+=,.@")]
    #[read(Some(Input::Known(item.role_name.clone())))]
    pub role_name: Option<Input<String>>,
    /// The path, which is part of the ARN, such as `/service/`.
    #[immutable]
    #[default("/".into())]
    #[sample("/service/")]
    #[wrong_if(!(it.starts_with('/') && it.ends_with('/')), "is `{it}`: begin and end it with `/`")]
    pub path: String,
    /// The description.
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    #[default(String::new())]
    #[length(0..=1_000)]
    #[create_with(Option<String>, Some(me.description.clone()).filter(|text| !text.is_empty()))]
    #[sample("What the function may do")]
    pub description: String,
    /// The maximum session duration, in seconds.
    #[default(3600)]
    #[range(3_600..=43_200)]
    #[sample(7200u32)]
    pub max_session_duration: u32,
    /// The permissions boundary: the managed policy that limits what the role's policies grant.
    #[default(None)]
    #[updated_by(PutRolePermissionsBoundary)]
    #[unset(DeleteRolePermissionsBoundary: iam)]
    #[read(boundary(item))]
    #[sample("arn:aws:iam::aws:policy/PowerUserAccess")]
    #[length(20..=2048)]
    pub permissions_boundary: Option<Input<Arn>>,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a role.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RoleOutputs {
    /// The name.
    #[shape("{role_name}")]
    pub id: RoleName,
    /// The ARN.
    #[shape("arn:aws:iam::{account}:role{path}{id}")]
    pub arn: Arn,
    /// The unique ID, which no later role of the same name has.
    #[shape("AROA{hex17}")]
    pub unique_id: String,
}

impl Lifecycle for Role {
    const READ: Read = Read::new("iam", "GetRole", 1, &["iam:GetRole", "iam:ListRoles"]);

    const CLAIMS_IDENTITY: bool = true;

    fn create(&self) -> Steps {
        CreateRole::steps(self)
    }

    fn set(&self, _: &Self, field: RoleField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteRole::steps(self)
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: "Names are not distinguished by case", whatever their
    // path is.
    fn claims(&self) -> Vec<Claim> {
        let name = self.role_name.as_ref().and_then(Input::known);
        name.map(|name| Claim::of("role name, whatever its case,", name.to_lowercase()))
            .into_iter()
            .collect()
    }
}

#[cfg(feature = "aws")]
impl Observe for Role {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let roles = aws.all("iam", "ListRoles", items!(aws.iam.list_roles())).await?;
                // Nobody but AWS makes these, and nobody but AWS tags them.
                let ours = roles
                    .into_iter()
                    .filter(|r| !r.path.starts_with("/aws-service-role/"));
                ours.map(|r| r.role_name).collect()
            }
        };
        crate::aws::each(names, |name| async move {
            let reply = aws.iam.get_role().role_name(&name).send().await;
            let reply = crate::aws::present("iam", "GetRole", reply, crate::aws::gone::<Self>())?;
            reply.and_then(|r| r.role).map(read).transpose()
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn boundary(role: &sdk::iam::types::Role) -> Option<Input<Arn>> {
    let boundary = role.permissions_boundary.as_ref()?;
    boundary
        .permissions_boundary_arn
        .clone()
        .map(|arn| Input::Known(arn.into()))
}

#[cfg(feature = "aws")]
fn read(role: sdk::iam::types::Role) -> Result<Seen<Role>, CallError> {
    let mut inputs = Role::from_sdk(&role).map_err(broken::<Role>)?;
    let trust = role.assume_role_policy_document.unwrap_or_default();
    inputs.assume_role_policy = super::document("GetRole", &trust)?;
    // For a few seconds after create the ARN is shown as the unique ID: Terraform waits for it, too.
    let known = role.arn.starts_with("arn:");
    Ok(Seen {
        status: if known {
            Status::Ready
        } else {
            Status::Pending("its ARN is not known yet".into())
        },
        inputs,
        outputs: RoleOutputs {
            id: role.role_name.clone().into(),
            arn: role.arn.into(),
            unique_id: role.role_id,
        },
        id: role.role_name,
    })
}
