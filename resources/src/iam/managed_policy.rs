//! A managed policy of the account.

use super::Policy;
use crate::prelude::*;

id!(
    /// A managed policy's ARN, such as `arn:aws:iam::111111111111:policy/shop-prod-reads-1a2b3c`.
    ManagedPolicyArn
);

/// A managed policy of the account: permissions that stand alone and are attached to roles by `iam.policy_attachment`. A change
/// of the document makes a version, which becomes the default at once; IAM keeps five, and the oldest one gives way.
///
/// ```
/// use tenon_resources::iam::{ManagedPolicy, Policy};
/// ManagedPolicy::new(Policy::allow(["s3:GetObject"]).on(["arn:aws:s3:::uploads/*"])).description("Reads uploads");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("iam.managed_policy", cfn = "AWS::IAM::ManagedPolicy", by_name)]
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html: refused while it is attached, which a policy that was
// detached a moment ago still counts as: Terraform retries for 2 minutes.
#[facts(gone("NoSuchEntity"), in_use("DeleteConflict", 120), second_create = Refused("EntityAlreadyExists"))]
#[on("{id}")]
#[by(policy_arn)]
#[create(CreatePolicy: iam, id = o.policy?.arn?, also("iam:TagPolicy"), on = "arn:aws:iam::{account}:policy/*")]
#[update(
    CreatePolicyVersion: iam,
    with(set_as_default: bool = true),
    also("iam:ListPolicyVersions", "iam:DeletePolicyVersion"),
    sent_by = wire::version
)]
#[delete(DeletePolicy: iam)]
#[retag(TagPolicy, UntagPolicy: iam)]
#[calls(DeletePolicyVersion)]
#[sdk(iam::Policy)]
pub struct ManagedPolicy {
    /// The policy document.
    #[member("policy_document")]
    #[cfn("PolicyDocument")]
    #[read(Policy::default())]
    #[sample(Policy::allow(["s3:GetObject"]).on(["*"]), Policy::allow(["sqs:SendMessage"]).on(["*"]))]
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    #[checked(it.check_as(field, 6_144, crate::iam::Attached::Identity))]
    pub policy: Policy,
    /// The name, unique in the account whatever the path is.
    #[immutable]
    #[named(max = 128, also = "-_+=,.@")]
    #[cfn("ManagedPolicyName")]
    pub policy_name: Option<Input<String>>,
    /// The path, which is part of the ARN, such as `/service/`.
    #[immutable]
    #[default("/".into())]
    #[sample("/service/")]
    #[wrong_if(!(it.starts_with('/') && it.ends_with('/')), "is `{it}`: begin and end it with `/`")]
    pub path: String,
    /// The description, which no call changes.
    #[immutable]
    #[default(String::new())]
    #[length(0..=1_000)]
    #[create_with(Option<String>, Some(me.description.clone()).filter(|text| !text.is_empty()))]
    #[sample("Sends orders")]
    pub description: String,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a managed policy.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ManagedPolicyOutputs {
    /// The ARN, which is the id.
    #[shape("arn:aws:iam::{account}:policy{path}{policy_name}")]
    pub id: ManagedPolicyArn,
    /// The ARN, for attachments and permissions boundaries.
    #[shape("{id}")]
    pub arn: Arn,
}

impl Lifecycle for ManagedPolicy {
    const READ: Read = Read::new(
        "iam",
        "GetPolicy",
        1,
        &["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicies"],
    );

    const CLAIMS_IDENTITY: bool = true;

    fn create(&self) -> Steps {
        CreatePolicy::steps(self)
    }

    fn set(&self, _: &Self, field: ManagedPolicyField) -> Steps {
        match field {}
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html: "Delete all versions of the policy" but the default
    // one first.
    fn delete(&self) -> Steps {
        let versions = DeletePolicyVersion {
            policy_arn: this(),
            version_id: None,
        };
        Steps::update(versions)
            .ok_on("NoSuchEntity")
            .then(DeletePolicy::steps(self))
    }

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html: "Names are not distinguished by case", whatever their
    // path is.
    fn claims(&self) -> Vec<Claim> {
        let name = self.policy_name.as_ref().and_then(Input::known);
        name.map(|name| Claim::of("managed policy name, whatever its case,", name.to_lowercase()))
            .into_iter()
            .collect()
    }
}

/// `DeletePolicyVersion` of every version but the default one, which are listed when the call is sent: as many calls as there are
/// versions, and none where there is one.
#[derive(Call, Serialize, Deserialize)]
#[call(iam, also("iam:ListPolicyVersions"), on = "{id}", sent_by = wire::tidy)]
struct DeletePolicyVersion {
    policy_arn: Input<String>,
    /// The version, which is filled in when the call is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
}

#[cfg(feature = "aws")]
mod wire {
    use super::{CreatePolicyVersion, DeletePolicyVersion};
    use crate::{
        aws::{Aws, ToSdk, items},
        cloud::{CallError, Reply},
        value::Input,
    };

    /// The number of versions that IAM keeps of a policy.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    const MOST: usize = 5;

    /// `CreatePolicyVersion`, once there is room for another version.
    pub(super) async fn version(call: CreatePolicyVersion, aws: &Aws) -> Result<Reply, CallError> {
        let arn: String = call.policy_arn.clone().to_sdk().unwrap_or_default();
        let others = others(aws, &arn).await?;
        if others.len() + 1 >= MOST
            && let Some(oldest) = others.into_iter().next()
        {
            delete(aws, &arn, oldest).await?;
        }
        call.send_as_it_is(aws).await
    }

    /// Deletes every version but the default one.
    pub(super) async fn tidy(call: DeletePolicyVersion, aws: &Aws) -> Result<Reply, CallError> {
        let arn: String = call.policy_arn.to_sdk().unwrap_or_default();
        for version in others(aws, &arn).await? {
            delete(aws, &arn, version).await?;
        }
        Ok(Reply::default())
    }

    /// The versions of a policy but the default one, the oldest first.
    async fn others(aws: &Aws, arn: &str) -> Result<Vec<String>, CallError> {
        let pages = items!(aws.iam.list_policy_versions().policy_arn(arn));
        let versions = aws.all("iam", "ListPolicyVersions", pages).await?;
        let others = versions.into_iter().filter(|v| !v.is_default_version);
        let mut others: Vec<String> = others.filter_map(|v| v.version_id).collect();
        // `v1`, `v2`, …, `v10`: the number grows with each version.
        others.sort_by_key(|id| id.trim_start_matches('v').parse::<u64>().unwrap_or(u64::MAX));
        Ok(others)
    }

    async fn delete(aws: &Aws, arn: &str, version: String) -> Result<(), CallError> {
        let call = DeletePolicyVersion {
            policy_arn: Input::Known(arn.into()),
            version_id: Some(version),
        };
        call.send_as_it_is(aws).await?;
        Ok(())
    }
}

/// The account's own policies, without those of AWS.
#[cfg(feature = "aws")]
async fn own_policies(aws: &Aws) -> Result<Vec<sdk::iam::types::Policy>, CallError> {
    let request = aws.iam.list_policies().scope("Local".into());
    aws.all("iam", "ListPolicies", items!(request)).await
}

#[cfg(feature = "aws")]
impl Observe for ManagedPolicy {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let arns = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let policies = own_policies(aws).await?;
                policies.into_iter().filter_map(|p| p.arn).collect()
            }
        };
        crate::aws::each(arns, |arn| read(aws, arn)).await
    }
}

#[cfg(feature = "aws")]
impl ByName for ManagedPolicy {
    /// A name is taken once in an account (IAM API reference, `CreatePolicy`), and case does not count.
    async fn named(aws: &Aws, wanted: &Self) -> Result<Vec<String>, CallError> {
        let Some(name) = wanted.policy_name.as_ref().and_then(Input::known) else {
            return Ok(vec![]);
        };
        let same = |p: &sdk::iam::types::Policy| {
            p.policy_name()
                .is_some_and(|other| other.eq_ignore_ascii_case(name))
        };
        let policies = own_policies(aws).await?.into_iter().filter(same);
        Ok(policies.filter_map(|p| p.arn).collect())
    }
}

#[cfg(feature = "aws")]
async fn read(aws: &Aws, arn: String) -> Result<Option<Seen<ManagedPolicy>>, CallError> {
    let gone = crate::aws::gone::<ManagedPolicy>();
    let reply = aws.iam.get_policy().policy_arn(&arn).send().await;
    let reply = crate::aws::present("iam", "GetPolicy", reply, gone)?;
    let Some(policy) = reply.and_then(|r| r.policy) else {
        return Ok(None);
    };
    let default = policy.default_version_id.clone();
    let request = aws.iam.get_policy_version().policy_arn(&arn);
    let reply = request.set_version_id(default).send().await;
    let reply = crate::aws::present("iam", "GetPolicyVersion", reply, gone)?;
    let Some(version) = reply.and_then(|r| r.policy_version) else {
        return Ok(None);
    };
    let mut inputs = ManagedPolicy::from_sdk(&policy).map_err(broken::<ManagedPolicy>)?;
    inputs.policy = super::document("GetPolicyVersion", version.document().unwrap_or_default())?;
    Ok(Some(Seen {
        status: Status::Ready,
        inputs,
        outputs: ManagedPolicyOutputs {
            id: arn.clone().into(),
            arn: arn.clone().into(),
        },
        id: arn,
    }))
}
