//! Task definitions to the SDK and back.

use super::{
    ContainerDefinition, CpuArchitecture, EfsVolume, NetworkMode, OperatingSystem, TaskDefinition,
    TaskDefinitionOutputs, Volume,
    task_definition::{Gib, Platform},
};
use crate::{
    aws::{FromSdk, ToSdk, call_error, each},
    prelude::*,
};
use sdk::ecs::types as t;

impl ToSdk<t::RuntimePlatform> for Platform {
    fn to_sdk(self) -> Option<t::RuntimePlatform> {
        let platform = t::RuntimePlatform::builder().set_cpu_architecture(self.cpu_architecture.to_sdk());
        Some(
            platform
                .set_operating_system_family(self.operating_system.to_sdk())
                .build(),
        )
    }
}

impl ToSdk<t::EphemeralStorage> for Gib {
    fn to_sdk(self) -> Option<t::EphemeralStorage> {
        Some(
            t::EphemeralStorage::builder()
                .size_in_gib(i32::from(self.0))
                .build(),
        )
    }
}

impl ToSdk<t::Volume> for Volume {
    fn to_sdk(self) -> Option<t::Volume> {
        let efs = self.efs.and_then(|efs| {
            let iam = if efs.iam { "ENABLED" } else { "DISABLED" };
            let access = t::EfsAuthorizationConfig::builder().iam(iam.into());
            t::EfsVolumeConfiguration::builder()
                .set_file_system_id(efs.file_system.to_sdk())
                .root_directory(efs.root_directory)
                .transit_encryption(t::EfsTransitEncryption::Enabled)
                .authorization_config(access.set_access_point_id(efs.access_point.to_sdk()).build())
                .build()
                .ok()
        });
        let host = self
            .host_path
            .map(|path| t::HostVolumeProperties::builder().source_path(path).build());
        Some(
            t::Volume::builder()
                .name(self.name)
                .set_host(host)
                .set_efs_volume_configuration(efs)
                .build(),
        )
    }
}

impl FromSdk<t::Volume> for Volume {
    fn from_sdk(item: t::Volume) -> Option<Self> {
        let efs = item.efs_volume_configuration.map(|efs| {
            let access = efs.authorization_config;
            let iam = access.as_ref().and_then(|a| a.iam.as_ref());
            EfsVolume {
                file_system: Input::Known(efs.file_system_id),
                root_directory: efs.root_directory.unwrap_or_else(|| "/".into()),
                iam: iam.is_some_and(|i| i.as_str() == "ENABLED"),
                access_point: access.and_then(|a| a.access_point_id).map(Input::Known),
            }
        });
        // An empty host is no host.
        let host_path = item.host.and_then(|h| h.source_path);
        Some(Self {
            name: item.name?,
            efs,
            host_path,
        })
    }
}

impl Observe for TaskDefinition {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let arns = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                // No list says whose they are, and no filter asks for tags: the newest come first, and are read each.
                let request = aws.ecs.list_task_definitions().sort(t::SortOrder::Desc);
                aws.all("ecs", "ListTaskDefinitions", items!(request)).await?
            }
        };
        each(arns, |arn| async move {
            let request = aws.ecs.describe_task_definition().task_definition(arn);
            let reply = request.include(t::TaskDefinitionField::Tags).send().await;
            match reply.map_err(|e| call_error("ecs", "DescribeTaskDefinition", e)) {
                Ok(reply) => {
                    let item = reply.task_definition.filter(is_active);
                    let seen = item.map(|item| seen(item, reply.tags.into())).transpose();
                    seen.map_err(broken::<Self>)
                }
                // One that never was, or was deleted for good.
                Err(e)
                    if e.code == "ClientException"
                        && e.message.contains("Unable to describe task definition") =>
                {
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        })
        .await
    }
}

/// AWS keeps deregistered revisions, as `INACTIVE`, then `DELETE_IN_PROGRESS`.
fn is_active(item: &t::TaskDefinition) -> bool {
    item.status
        .as_ref()
        .is_none_or(|status| status.as_str() == "ACTIVE")
}

fn seen(item: t::TaskDefinition, tags: Tags) -> Result<Seen<TaskDefinition>, Missing> {
    let inputs = TaskDefinition {
        tags,
        ..TaskDefinition::from_sdk(&item)?
    };
    let id = item.task_definition_arn.ok_or(Missing("task_definition_arn"))?;
    let family = item.family.ok_or(Missing("family"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs,
        outputs: TaskDefinitionOutputs {
            id: id.clone().into(),
            family,
        },
        id,
    })
}

pub(super) fn containers(item: &t::TaskDefinition) -> Vec<ContainerDefinition> {
    let containers = item.container_definitions().iter().cloned();
    containers.map(ContainerDefinition::seen).collect()
}

/// A number that AWS gives as text.
pub(super) fn number(text: Option<&String>) -> u32 {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

pub(super) fn architecture(item: &t::TaskDefinition) -> CpuArchitecture {
    let platform = item.runtime_platform.as_ref();
    let word = platform.and_then(|p| p.cpu_architecture.as_ref());
    word.and_then(|word| CpuArchitecture::word(word.as_str()))
        .unwrap_or(CpuArchitecture::X8664)
}

pub(super) fn operating_system(item: &t::TaskDefinition) -> OperatingSystem {
    let platform = item.runtime_platform.as_ref();
    let word = platform.and_then(|p| p.operating_system_family.as_ref());
    word.and_then(|word| OperatingSystem::word(word.as_str()))
        .unwrap_or(OperatingSystem::Linux)
}

pub(super) fn network_mode(item: &t::TaskDefinition) -> NetworkMode {
    let word = item.network_mode.as_ref();
    word.and_then(|word| NetworkMode::word(word.as_str()))
        .unwrap_or(NetworkMode::Bridge)
}

/// The ephemeral storage. 20 GiB are what Fargate gives without it, and cannot be asked for.
pub(super) fn storage(item: &t::TaskDefinition) -> Option<u16> {
    let storage = item.ephemeral_storage.as_ref()?;
    storage.size_in_gib.try_into().ok().filter(|gib| *gib > 20)
}
