//! A target that is registered with a target group.

use super::TargetGroupArn;
use crate::prelude::*;

/// A registered target: an instance or an IP address to which a target group forwards. The tasks of a service register themselves.
///
/// ```
/// use tenon_resources::elb::TargetAttachment;
/// TargetAttachment::new("tg-1", "i-1").port(8080);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("elb.target_attachment")]
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html: registering twice succeeds.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
#[facts(gone("TargetGroupNotFound"), second_create = Overwritten)]
#[on("arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/*")]
// An instance that is not running yet is refused.
#[create(
    RegisterTargets: elb,
    with(targets: Vec<Target> = me.targets()),
    rules(.retry_on_message("InvalidTarget", "not in a running state", minutes(5)))
)]
#[delete(DeregisterTargets: elb, same(target_group), with(targets: Vec<Target> = me.targets()))]
pub struct TargetAttachment {
    /// The target group.
    #[immutable]
    #[member("target_group_arn")]
    #[cfn("")]
    #[sample("tg-1", "tg-2")]
    pub target_group: Input<TargetGroupArn>,
    /// The target, as the group's target type says: an instance's id or an IP address.
    #[immutable]
    #[member("")]
    #[cfn("")]
    #[sample("10.0.201.10", "10.0.201.11")]
    pub target: Input<String>,
    /// The port; that of the group when unset.
    #[immutable]
    #[default(None)]
    #[member("")]
    #[cfn("")]
    #[range(1..=65_535)]
    #[sample(8080)]
    pub port: Option<u16>,
}

/// A target, as calls name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Target {
    id: Input<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
}

impl TargetAttachment {
    fn targets(&self) -> Vec<Target> {
        vec![Target {
            id: self.target.clone(),
            port: self.port,
        }]
    }
}

/// Outputs of a registered target.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TargetAttachmentOutputs {
    /// The target group's ARN, the target, and its port where one is said, with a `|` between.
    #[shape("{target_group}|{target}|{port}")]
    pub id: String,
}

impl Lifecycle for TargetAttachment {
    const READ: Read = Read::new(
        "elb",
        "DescribeTargetHealth",
        1,
        &["elasticloadbalancing:DescribeTargetHealth"],
    );

    fn identity(&self) -> Identity {
        let port = self.port.map(|port| port.to_string()).unwrap_or_default();
        Identity::Natural(text!("{}|{}|{}", &self.target_group, &self.target, port))
    }

    fn create(&self) -> Steps {
        RegisterTargets::steps(self)
    }

    fn set(&self, _: &Self, field: TargetAttachmentField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeregisterTargets::steps(self)
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::elb::types::TargetDescription> for Target {
    fn to_sdk(self) -> Option<sdk::elb::types::TargetDescription> {
        let id: Option<String> = crate::aws::ToSdk::to_sdk(self.id);
        let target = sdk::elb::types::TargetDescription::builder().set_id(id);
        Some(target.set_port(self.port.map(i32::from)).build())
    }
}

/// The targets that are registered with a group, each with its port, without those that are on their way out; `None` without the
/// group.
#[cfg(feature = "aws")]
async fn registered(aws: &Aws, group: &str) -> Result<Option<Vec<(String, Option<i32>)>>, CallError> {
    // This operation has no pages.
    let reply = aws
        .elb
        .describe_target_health()
        .target_group_arn(group)
        .send()
        .await;
    let gone = crate::aws::gone::<TargetAttachment>();
    let reply = crate::aws::present("elb", "DescribeTargetHealth", reply, gone)?;
    let stays = |d: &sdk::elb::types::TargetHealthDescription| {
        let state = d.target_health().and_then(|health| health.state());
        state.is_none_or(|state| state.as_str() != "draining")
    };
    Ok(reply.map(|reply| {
        let targets = reply.target_health_descriptions.into_iter().flatten();
        let targets = targets.filter(stays).filter_map(|d| d.target);
        targets.filter_map(|t| Some((t.id?, t.port))).collect()
    }))
}

#[cfg(feature = "aws")]
impl Observe for TargetAttachment {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default();
        let group = |id: &String| Some(id.split_once('|')?.0.to_owned());
        let groups: BTreeSet<String> = ids.iter().filter_map(group).collect();
        let found = crate::aws::each(groups, |group| async move {
            let targets = registered(aws, &group).await?;
            Ok(targets.map(|targets| (group, targets)))
        });
        let found: BTreeMap<String, Vec<(String, Option<i32>)>> = found.await?.into_iter().collect();
        let seen = ids.iter().filter_map(|id| {
            let mut parts = id.split('|');
            let (group, target, port) = (parts.next()?, parts.next()?, parts.next()?);
            let port = port.parse::<u16>().ok();
            let same = |(other, at): &(String, Option<i32>)| {
                other == target && port.is_none_or(|port| *at == Some(port.into()))
            };
            found.get(group)?.iter().any(same).then(|| Seen {
                status: Status::Ready,
                inputs: Self {
                    target_group: Input::Known(group.into()),
                    target: Input::Known(target.into()),
                    port,
                },
                outputs: TargetAttachmentOutputs { id: id.clone() },
                id: id.clone(),
            })
        });
        Ok(seen.collect())
    }
}
