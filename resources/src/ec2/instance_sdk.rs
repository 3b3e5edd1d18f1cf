//! Instances to the SDK and back.

use super::{
    Instance, InstanceOutputs, UserData, VolumeType,
    instance::{Monitoring, Profile},
};
use crate::{aws::ToSdk, prelude::*};
use sdk::ec2::types as t;

impl ToSdk<t::IamInstanceProfileSpecification> for Profile {
    fn to_sdk(self) -> Option<t::IamInstanceProfileSpecification> {
        let name: Option<String> = self.name.to_sdk();
        let profile = t::IamInstanceProfileSpecification::builder();
        Some(profile.set_name(name).build())
    }
}

impl ToSdk<t::RunInstancesMonitoringEnabled> for Monitoring {
    fn to_sdk(self) -> Option<t::RunInstancesMonitoringEnabled> {
        let monitoring = t::RunInstancesMonitoringEnabled::builder();
        Some(monitoring.enabled(self.enabled).build())
    }
}

impl Observe for Instance {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let reservations = super::filtered!(aws, by, Self, describe_instances.set_filters, "instance-id");
        let instances = reservations
            .into_iter()
            .flat_map(|r| r.instances.unwrap_or_default());
        let instances: Vec<t::Instance> = instances.filter(there).collect();
        let roots: Vec<String> = instances.iter().filter_map(root_volume).collect();
        let volumes = volumes(aws, &roots).await?;
        let ids: Vec<String> = instances.iter().filter_map(|i| i.instance_id.clone()).collect();
        let associations = associations(aws, &ids).await?;
        crate::aws::each(instances, |item| {
            let root = root_volume(&item).and_then(|id| volumes.get(&id));
            let association = item.instance_id().and_then(|id| associations.get(id));
            read(aws, item, root, association.cloned().unwrap_or_default())
        })
        .await
    }
}

/// `false` of one that is listed for an hour after it was terminated.
fn there(item: &t::Instance) -> bool {
    let state = item.state().and_then(|s| s.name());
    state.is_none_or(|name| name.as_str() != "terminated")
}

/// The id of the root volume.
fn root_volume(item: &t::Instance) -> Option<String> {
    let root = item.root_device_name()?;
    let mut devices = item.block_device_mappings().iter();
    let device = devices.find(|device| device.device_name() == Some(root))?;
    device.ebs()?.volume_id().map(ToOwned::to_owned)
}

fn filter(name: &str, values: &[String]) -> t::Filter {
    let filter = t::Filter::builder().name(name);
    filter.set_values(Some(values.to_vec())).build()
}

/// Volumes by their ids; one that is gone is not listed.
async fn volumes(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, t::Volume>, CallError> {
    let mut all = BTreeMap::new();
    for ids in ids.chunks(200) {
        let request = aws.ec2.describe_volumes().filters(filter("volume-id", ids));
        let volumes = aws.all("ec2", "DescribeVolumes", items!(request)).await?;
        all.extend(
            volumes
                .into_iter()
                .filter_map(|v| Some((v.volume_id.clone()?, v))),
        );
    }
    Ok(all)
}

/// The ids of the associations with instance profiles, by the instances' ids.
async fn associations(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, String>, CallError> {
    const OPERATION: &str = "DescribeIamInstanceProfileAssociations";
    let mut all = BTreeMap::new();
    for ids in ids.chunks(200) {
        let request = aws.ec2.describe_iam_instance_profile_associations();
        let request = request.filters(filter("instance-id", ids));
        let associations = aws.all("ec2", OPERATION, items!(request)).await?;
        let stays = |a: &t::IamInstanceProfileAssociation| {
            let state = a.state().map(|state| state.as_str());
            state.is_none_or(|state| ["associating", "associated"].contains(&state))
        };
        let associations = associations.into_iter().filter(stays);
        all.extend(associations.filter_map(|a| Some((a.instance_id?, a.association_id?))));
    }
    Ok(all)
}

async fn read(
    aws: &Aws,
    item: t::Instance,
    root: Option<&t::Volume>,
    profile_association: String,
) -> Result<Option<Seen<Instance>>, CallError> {
    let state = item
        .state()
        .and_then(|s| s.name())
        .map_or("pending", |s| s.as_str());
    let why = item.state_reason().and_then(|reason| reason.message());
    let Some(status) = Instance::STATUSES[0].status(state, why) else {
        return Ok(None);
    };
    let broken = broken::<Instance>;
    let id = item
        .instance_id
        .clone()
        .ok_or(Missing("instance_id"))
        .map_err(broken)?;
    let mut inputs = Instance::from_sdk(&item).map_err(broken)?;
    let gone = crate::aws::gone::<Instance>();
    let attribute = |name: &str| {
        let request = aws.ec2.describe_instance_attribute().instance_id(&id);
        request.attribute(name.into()).send()
    };
    let (data, protection) = Box::pin(futures::future::join(
        attribute("userData"),
        attribute("disableApiTermination"),
    ))
    .await;
    let data = crate::aws::present("ec2", "DescribeInstanceAttribute", data, gone)?;
    let protection = crate::aws::present("ec2", "DescribeInstanceAttribute", protection, gone)?;
    let (Some(data), Some(protection)) = (data, protection) else {
        return Ok(None);
    };
    inputs.user_data = data.user_data().and_then(|d| d.value()).and_then(plain);
    let protection = protection.disable_api_termination().and_then(|p| p.value());
    inputs.disable_api_termination = protection == Some(true);
    if let Some(root) = root {
        inputs.root_volume_size = root.size.and_then(|size| size.try_into().ok());
        inputs.root_volume_type = root
            .volume_type()
            .and_then(|word| VolumeType::word(word.as_str()));
        inputs.root_volume_encrypted = root.encrypted;
        inputs.root_volume_kms_key = root.kms_key_id.clone().map(|arn| Input::Known(arn.into()));
    }
    Ok(Some(Seen {
        status,
        outputs: InstanceOutputs {
            arn: aws.arn("ec2", &format!("instance/{id}")),
            id: id.clone().into(),
            private_ip: item.private_ip_address.clone().unwrap_or_default(),
            root_volume: root_volume(&item).unwrap_or_default(),
            profile_association,
        },
        inputs,
        id,
    }))
}

/// User data as it was written; `None` where there is none.
fn plain(encoded: &str) -> Option<Input<UserData>> {
    let bytes = aws_smithy_types::base64::decode(encoded).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (!text.is_empty()).then(|| Input::Known(text.into()))
}
