//! An IAM user.

use crate::prelude::*;

id!(
    /// A user's name, such as `shop-prod-mail-1a2b3c`.
    UserName
);

/// An IAM user: an identity with credentials that last, for what can assume no role. It has the permissions of the managed policies that
/// are attached to it. Neither a password nor access keys are made here, where they would be recorded.
///
/// ```
/// use tenon_resources::iam::User;
/// User::new().policies(["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.user", cfn = "AWS::IAM::User")]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html#API_DeleteUser_Errors
#[facts(gone("NoSuchEntity"), in_use("DeleteConflict", 120), second_create = Refused("EntityAlreadyExists"))]
#[on("arn:aws:iam::{account}:user/*{id}")]
#[by(user_name)]
#[create(CreateUser: iam, also("iam:TagUser"), on = "arn:aws:iam::{account}:user/*")]
#[update(UpdateUser: iam)]
#[update(PutUserPermissionsBoundary: iam)]
#[delete(DeleteUser: iam)]
#[retag(TagUser, UntagUser: iam)]
#[calls(AttachUserPolicy, DetachUserPolicy)]
#[sdk(iam::User)]
pub struct User {
    /// The name, unique in the account.
    #[immutable]
    #[named(max = 64, id, also = "-_+=,.@")]
    #[read(Some(Input::Known(item.user_name.clone())))]
    pub user_name: Option<Input<String>>,
    /// The path, which is part of the ARN, such as `/service/`.
    #[default("/".into())]
    #[member("path", update = "new_path")]
    #[sample("/service/")]
    #[wrong_if(!(it.starts_with('/') && it.ends_with('/')), "is `{it}`: begin and end it with `/`")]
    pub path: String,
    /// The managed policies, by ARN, up to 20.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    #[default(BTreeSet::new())]
    #[after_create]
    #[by_hand]
    #[member("")]
    #[cfn("ManagedPolicyArns")]
    #[sample(["arn:aws:iam::aws:policy/ReadOnlyAccess"], ["arn:aws:iam::aws:policy/PowerUserAccess"])]
    #[wrong_if(it.len() > 20, "has {} policies, and AWS attaches up to 20", it.len())]
    pub policies: BTreeSet<Input<Arn>>,
    /// The permissions boundary: the managed policy that limits what the user's policies grant.
    #[default(None)]
    #[updated_by(PutUserPermissionsBoundary)]
    #[unset(DeleteUserPermissionsBoundary: iam)]
    #[read(boundary(item))]
    #[sample("arn:aws:iam::aws:policy/PowerUserAccess")]
    #[length(20..=2048)]
    pub permissions_boundary: Option<Input<Arn>>,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a user.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct UserOutputs {
    /// The name.
    #[shape("{user_name}")]
    pub id: UserName,
    /// The ARN.
    #[shape("arn:aws:iam::{account}:user{path}{id}")]
    pub arn: Arn,
}

impl Lifecycle for User {
    const READ: Read = Read::new(
        "iam",
        "GetUser",
        1,
        &["iam:GetUser", "iam:ListAttachedUserPolicies", "iam:ListUsers"],
    );

    const CLAIMS_IDENTITY: bool = true;

    fn create(&self) -> Steps {
        CreateUser::steps(self)
    }

    fn set(&self, was: &Self, field: UserField) -> Steps {
        match field {
            UserField::Policies => {
                let new = self.policies.difference(&was.policies).map(Self::attach);
                let gone = was.policies.difference(&self.policies).map(Self::detach);
                new.chain(gone).fold(Steps::none(), Steps::then)
            }
        }
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html: the policies are detached first.
    fn delete(&self) -> Steps {
        let detached = self.policies.iter().map(Self::detach);
        let detached = detached.fold(Steps::none(), Steps::then);
        detached.then(DeleteUser::steps(self))
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html: "Names are not distinguished by case."
    fn claims(&self) -> Vec<Claim> {
        let name = self.user_name.as_ref().and_then(Input::known);
        name.map(|name| Claim::of("user name, whatever its case,", name.to_lowercase()))
            .into_iter()
            .collect()
    }
}

impl User {
    /// The user and the policy may be unknown for a moment after they were made.
    fn attach(policy: &Input<Arn>) -> Steps {
        let attach = AttachUserPolicy {
            user_name: this(),
            policy_arn: policy.clone(),
        };
        Steps::update(attach).retry_on("NoSuchEntity", minutes(2))
    }

    /// A policy that is not attached any more is detached already.
    fn detach(policy: &Input<Arn>) -> Steps {
        let detach = DetachUserPolicy {
            user_name: this(),
            policy_arn: policy.clone(),
        };
        Steps::update(detach).ok_on("NoSuchEntity")
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:user/*{id}")]
struct AttachUserPolicy {
    user_name: Input<UserName>,
    policy_arn: Input<Arn>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(iam, on = "arn:aws:iam::{account}:user/*{id}")]
struct DetachUserPolicy {
    user_name: Input<UserName>,
    policy_arn: Input<Arn>,
}

#[cfg(feature = "aws")]
fn boundary(user: &sdk::iam::types::User) -> Option<Input<Arn>> {
    let boundary = user.permissions_boundary.as_ref()?;
    let arn = boundary.permissions_boundary_arn.clone();
    arn.map(|arn| Input::Known(arn.into()))
}

#[cfg(feature = "aws")]
impl Observe for User {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let users = aws.all("iam", "ListUsers", items!(aws.iam.list_users())).await?;
                users.into_iter().map(|user| user.user_name).collect()
            }
        };
        crate::aws::each(names, |name| read(aws, name)).await
    }
}

#[cfg(feature = "aws")]
async fn read(aws: &Aws, name: String) -> Result<Option<Seen<User>>, CallError> {
    let gone = crate::aws::gone::<User>();
    let reply = aws.iam.get_user().user_name(&name).send().await;
    let reply = crate::aws::present("iam", "GetUser", reply, gone)?;
    let pages = items!(aws.iam.list_attached_user_policies().user_name(&name));
    let attached = aws.all("iam", "ListAttachedUserPolicies", pages).await;
    let attached = crate::aws::there(attached, gone)?;
    let (Some(user), Some(attached)) = (reply.and_then(|r| r.user), attached) else {
        return Ok(None);
    };
    let mut inputs = User::from_sdk(&user).map_err(broken::<User>)?;
    let arns = attached.into_iter().filter_map(|policy| policy.policy_arn);
    inputs.policies = arns.map(|arn| Input::Known(arn.into())).collect();
    Ok(Some(Seen {
        status: Status::Ready,
        inputs,
        outputs: UserOutputs {
            id: user.user_name.clone().into(),
            arn: user.arn.into(),
        },
        id: user.user_name,
    }))
}
