//! A role: an identity that services and people take on.

use super::Policy;
use crate::prelude::*;

id!(
    /// Names a role, such as `shop-prod-api-1a2b3c`.
    RoleName
);

/// An identity with permissions that AWS services, other accounts or federated users take on. What it may do is said by
/// `iam.role_policy` and `iam.policy_attachment`.
///
/// ```
/// use tenon_resources::iam::{Policy, Role};
/// Role::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com")).description("What the tasks may do");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.role", cfn = "AWS::IAM::Role")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
#[facts(gone("NoSuchEntity"), second_create = Refused("EntityAlreadyExists"))]
pub struct Role {
    /// Who may take it on: its trust policy.
    #[cfn("AssumeRolePolicyDocument")]
    pub assume_role_policy: Policy,
    /// Its name, unique in the account.
    #[immutable]
    #[named(max = 64, also = "-_+=,.@")]
    pub role_name: Option<Input<String>>,
    /// The folder of its ARN, such as `/service/`.
    #[immutable]
    #[default("/".into())]
    pub path: String,
    /// What it is for, up to 1,000 characters.
    #[default(String::new())]
    pub description: String,
    /// How long a session of it may last, 3,600 to 43,200 seconds.
    #[default(3600)]
    pub max_session_duration: u32,
    /// The managed policy that bounds whatever its policies grant.
    #[default(None)]
    pub permissions_boundary: Option<Input<Arn>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct RoleOutputs {
    /// Its name.
    #[shape("{role_name}")]
    pub id: RoleName,
    /// Its ARN.
    #[shape("arn:aws:iam::{account}:role{path}{id}")]
    pub arn: Arn,
    /// Its unique id, which no later role of the same name has.
    #[shape("AROA{hex17}")]
    pub unique_id: String,
}

impl Lifecycle for Role {
    const CALLS: &'static [CallInfo] = &[
        CreateRole::INFO,
        UpdateAssumeRolePolicy::INFO,
        UpdateRole::INFO,
        PutRolePermissionsBoundary::INFO,
        DeleteRolePermissionsBoundary::INFO,
        TagRole::INFO,
        UntagRole::INFO,
        DeleteRole::INFO,
    ];
    const READ: Read = Read {
        service: "iam",
        operation: "GetRole",
        batch: 1,
        actions: &["iam:GetRole", "iam:ListRoles"],
    };

    const CLAIMS_IDENTITY: bool = true;

    fn identity(&self) -> Identity {
        Identity::named(self.role_name.as_ref())
    }

    fn create(&self) -> Steps {
        // A principal that was made a moment ago is unknown for a while: Terraform tries for 2 minutes.
        Steps::create(CreateRole {
            role_name: self.role_name.clone(),
            path: self.path.clone(),
            assume_role_policy_document: self.assume_role_policy.clone(),
            description: Some(self.description.clone()).filter(|d| !d.is_empty()),
            max_session_duration: self.max_session_duration,
            permissions_boundary: self.permissions_boundary.clone(),
            tags: self.tags.clone(),
        })
        .retry_on_message("MalformedPolicyDocument", "Invalid principal", minutes(2))
    }

    fn set(&self, was: &Self, field: RoleField) -> Steps {
        match field {
            RoleField::AssumeRolePolicy => Steps::update(UpdateAssumeRolePolicy {
                role_name: this(),
                policy_document: self.assume_role_policy.clone(),
            })
            .retry_on_message("MalformedPolicyDocument", "Invalid principal", minutes(2)),
            // Both are said each time: UpdateRole takes an absent duration for one hour, its reference says.
            RoleField::Description | RoleField::MaxSessionDuration => Steps::update(UpdateRole {
                role_name: this(),
                description: self.description.clone(),
                max_session_duration: self.max_session_duration,
            }),
            RoleField::PermissionsBoundary => match self.permissions_boundary.clone() {
                Some(permissions_boundary) => Steps::update(PutRolePermissionsBoundary {
                    role_name: this(),
                    permissions_boundary,
                }),
                None => Steps::update(DeleteRolePermissionsBoundary { role_name: this() }),
            },
            RoleField::Tags => {
                let (tags, tag_keys) = self.tags.changes(&was.tags);
                Steps::none()
                    .then_if(!tags.0.is_empty(), || {
                        Steps::update(TagRole {
                            role_name: this(),
                            tags,
                        })
                    })
                    .then_if(!tag_keys.is_empty(), || {
                        Steps::update(UntagRole {
                            role_name: this(),
                            tag_keys,
                        })
                    })
            }
        }
    }

    fn delete(&self) -> Steps {
        // A policy that was just detached is seen for a while: Terraform tries for 2 minutes.
        Steps::delete(DeleteRole { role_name: this() })
            .ok_on("NoSuchEntity")
            .retry_on("DeleteConflict", minutes(2))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = self.assume_role_policy.check("assume_role_policy", 2048);
        if !(3600..=43_200).contains(&self.max_session_duration) {
            let seconds = self.max_session_duration;
            findings.push(format!(
                "`max_session_duration` is {seconds}, and AWS takes 3600 to 43200 seconds"
            ));
        }
        if !(self.path.starts_with('/') && self.path.ends_with('/')) {
            findings.push(format!("`path` is `{}`: begin and end it with `/`", self.path));
        }
        findings
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: "Names are not distinguished by case", whatever their
    // path is.
    fn claims(&self) -> Vec<Claim> {
        let name = self.role_name.as_ref().and_then(Input::known);
        name.map(|name| Claim::of("role name, whatever its case,", name.to_lowercase()))
            .into_iter()
            .collect()
    }

    fn samples() -> [Self; 2] {
        [
            Self::new(Policy::assumed_by_service("ecs-tasks.amazonaws.com"))
                .role_name("a")
                .tags([("Name", "a")]),
            Self::new(Policy::assumed_by_service("lambda.amazonaws.com"))
                .role_name("b")
                .path("/service/")
                .description("What the function may do")
                .max_session_duration(7200u32)
                .permissions_boundary("arn:aws:iam::aws:policy/PowerUserAccess")
                .tags([("Name", "b")]),
        ]
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, also("iam:TagRole"), on = "arn:aws:iam::{account}:role/*")]
struct CreateRole {
    role_name: Option<Input<String>>,
    path: String,
    assume_role_policy_document: Policy,
    description: Option<String>,
    max_session_duration: u32,
    permissions_boundary: Option<Input<Arn>>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*{id}")]
struct UpdateAssumeRolePolicy {
    role_name: Input<RoleName>,
    policy_document: Policy,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, folds, on = "arn:aws:iam::{account}:role/*{id}")]
struct UpdateRole {
    role_name: Input<RoleName>,
    description: String,
    max_session_duration: u32,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*{id}")]
struct PutRolePermissionsBoundary {
    role_name: Input<RoleName>,
    permissions_boundary: Input<Arn>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*{id}")]
struct DeleteRolePermissionsBoundary {
    role_name: Input<RoleName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*{id}")]
struct TagRole {
    role_name: Input<RoleName>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*{id}")]
struct UntagRole {
    role_name: Input<RoleName>,
    tag_keys: Vec<String>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:role/*{id}")]
struct DeleteRole {
    role_name: Input<RoleName>,
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
            let reply = crate::aws::present("iam", "GetRole", reply, &["NoSuchEntity"])?;
            reply.and_then(|r| r.role).map(see).transpose()
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(role: sdk::iam::types::Role) -> Result<Seen<Role>, CallError> {
    let trust = role.assume_role_policy_document.unwrap_or_default();
    // For a few seconds after create the ARN is shown as the unique id: Terraform waits for it, too.
    let known = role.arn.starts_with("arn:");
    Ok(Seen {
        status: if known {
            Status::Ready
        } else {
            Status::Pending("its ARN is not known yet".into())
        },
        inputs: Role {
            assume_role_policy: super::document("GetRole", &trust)?,
            role_name: Some(Input::Known(role.role_name.clone())),
            path: role.path,
            description: role.description.unwrap_or_default(),
            max_session_duration: role
                .max_session_duration
                .and_then(|s| s.try_into().ok())
                .unwrap_or(3600),
            permissions_boundary: role
                .permissions_boundary
                .and_then(|b| b.permissions_boundary_arn)
                .map(|arn| Input::Known(arn.into())),
            tags: role.tags.into(),
        },
        outputs: RoleOutputs {
            id: role.role_name.clone().into(),
            arn: role.arn.into(),
            unique_id: role.role_id,
        },
        id: role.role_name,
    })
}
