//! An instance profile.

use super::RoleName;
use crate::prelude::*;

id!(
    /// An instance profile's name, such as `shop-prod-web-1a2b3c`.
    InstanceProfileName
);

/// An instance profile: the container through which an EC2 instance has a role.
///
/// ```
/// use tenon_resources::iam::InstanceProfile;
/// InstanceProfile::new().role("web");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.instance_profile", cfn = "AWS::IAM::InstanceProfile")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html#API_DeleteInstanceProfile_Errors
#[facts(gone("NoSuchEntity"), in_use("DeleteConflict", 120), second_create = Refused("EntityAlreadyExists"))]
#[on("arn:aws:iam::{account}:instance-profile/*{id}")]
#[by(instance_profile_name)]
#[create(
    CreateInstanceProfile: iam,
    also("iam:TagInstanceProfile"),
    on = "arn:aws:iam::{account}:instance-profile/*"
)]
#[delete(DeleteInstanceProfile: iam)]
#[retag(TagInstanceProfile, UntagInstanceProfile: iam)]
#[calls(AddRoleToInstanceProfile, RemoveRoleFromInstanceProfile)]
#[sdk(iam::InstanceProfile)]
pub struct InstanceProfile {
    /// The name, unique in the account.
    #[immutable]
    #[named(max = 128, id, also = "-_+=,.@")]
    #[read(Some(Input::Known(item.instance_profile_name.clone())))]
    pub instance_profile_name: Option<Input<String>>,
    /// The path, which is part of the ARN, such as `/service/`.
    #[immutable]
    #[default("/".into())]
    #[sample("/service/")]
    #[wrong_if(!(it.starts_with('/') && it.ends_with('/')), "is `{it}`: begin and end it with `/`")]
    pub path: String,
    /// The role, of which a profile has one at the most. Instances without a role have no credentials.
    #[default(None)]
    #[after_create]
    #[by_hand]
    #[member("")]
    #[cfn("Roles")]
    #[read(item.roles().first().map(|role| Input::Known(role.role_name.clone().into())))]
    #[sample("a", "b")]
    pub role: Option<Input<RoleName>>,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of an instance profile.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct InstanceProfileOutputs {
    /// The name.
    #[shape("{instance_profile_name}")]
    pub id: InstanceProfileName,
    /// The ARN.
    #[shape("arn:aws:iam::{account}:instance-profile{path}{id}")]
    pub arn: Arn,
}

impl Lifecycle for InstanceProfile {
    const READ: Read = Read::new(
        "iam",
        "GetInstanceProfile",
        1,
        &["iam:GetInstanceProfile", "iam:ListInstanceProfiles"],
    );

    fn create(&self) -> Steps {
        CreateInstanceProfile::steps(self)
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html: "An instance profile can contain only one
    // role": the one goes before the other comes.
    fn set(&self, was: &Self, field: InstanceProfileField) -> Steps {
        match field {
            InstanceProfileField::Role => {
                let without = was.role.clone().map_or_else(Steps::none, Self::remove);
                let with = self.role.clone().map_or_else(Steps::none, Self::add);
                without.then(with)
            }
        }
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html: "The instance profile must not have an
    // associated role."
    fn delete(&self) -> Steps {
        let without = self.role.clone().map_or_else(Steps::none, Self::remove);
        without.then(DeleteInstanceProfile::steps(self))
    }
}

impl InstanceProfile {
    /// The role and the profile may be unknown for a moment after they were made.
    fn add(role: Input<RoleName>) -> Steps {
        let add = AddRoleToInstanceProfile {
            instance_profile_name: this(),
            role_name: role,
        };
        Steps::update(add).retry_on("NoSuchEntity", minutes(2))
    }

    /// A role that is not in the profile any more is removed already.
    fn remove(role: Input<RoleName>) -> Steps {
        let remove = RemoveRoleFromInstanceProfile {
            instance_profile_name: this(),
            role_name: role,
        };
        Steps::update(remove).ok_on("NoSuchEntity")
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    iam,
    also("iam:PassRole to ec2.amazonaws.com"),
    on = "arn:aws:iam::{account}:instance-profile/*{id}"
)]
struct AddRoleToInstanceProfile {
    instance_profile_name: Input<InstanceProfileName>,
    role_name: Input<RoleName>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:instance-profile/*{id}")]
struct RemoveRoleFromInstanceProfile {
    instance_profile_name: Input<InstanceProfileName>,
    role_name: Input<RoleName>,
}

#[cfg(feature = "aws")]
impl Observe for InstanceProfile {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let pages = items!(aws.iam.list_instance_profiles());
                let profiles = aws.all("iam", "ListInstanceProfiles", pages).await?;
                profiles.into_iter().map(|p| p.instance_profile_name).collect()
            }
        };
        crate::aws::each(names, |name| async move {
            let request = aws.iam.get_instance_profile().instance_profile_name(&name);
            let reply = request.send().await;
            let gone = crate::aws::gone::<Self>();
            let reply = crate::aws::present("iam", "GetInstanceProfile", reply, gone)?;
            let profile = reply.and_then(|r| r.instance_profile);
            let seen = profile.map(|profile| read(&profile).map_err(broken::<Self>));
            seen.transpose()
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn read(profile: &sdk::iam::types::InstanceProfile) -> Result<Seen<InstanceProfile>, Missing> {
    let name = profile.instance_profile_name.clone();
    Ok(Seen {
        status: Status::Ready,
        inputs: InstanceProfile::from_sdk(profile)?,
        outputs: InstanceProfileOutputs {
            id: name.clone().into(),
            arn: profile.arn.clone().into(),
        },
        id: name,
    })
}
