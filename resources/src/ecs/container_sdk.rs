//! Containers there and back.

use super::{
    ContainerCondition, ContainerDefinition, HealthCheck, LogConfiguration, LogDriver, MountPoint,
    PortMapping, Transport, Ulimit, UlimitName,
};
use crate::{aws::ToSdk, prelude::*};
use sdk::ecs::types as t;

/// Nothing where there is nothing: an empty list is a value of its own to some of AWS's checks.
fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    Some(items).filter(|items| !items.is_empty())
}

fn pairs(map: BTreeMap<String, Input<String>>) -> impl Iterator<Item = (String, Option<String>)> {
    map.into_iter().map(|(key, value)| (key, value.to_sdk()))
}

fn secrets(map: BTreeMap<String, Input<String>>) -> Option<Vec<t::Secret>> {
    let secret = |(name, from)| t::Secret::builder().name(name).set_value_from(from).build().ok();
    some(pairs(map).filter_map(secret).collect())
}

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EnvironmentFile.html: S3 is the one type.
fn files(objects: Vec<Input<String>>) -> Vec<t::EnvironmentFile> {
    let file = |object: Input<String>| {
        let file = t::EnvironmentFile::builder().set_value(object.to_sdk());
        file.r#type(t::EnvironmentFileType::S3).build().ok()
    };
    objects.into_iter().filter_map(file).collect()
}

fn credentials(secret: Input<Arn>) -> Option<t::RepositoryCredentials> {
    let credentials = t::RepositoryCredentials::builder();
    credentials
        .set_credentials_parameter(secret.to_sdk())
        .build()
        .ok()
}

impl ToSdk<t::ContainerDefinition> for ContainerDefinition {
    fn to_sdk(self) -> Option<t::ContainerDefinition> {
        let variable = |(name, value)| t::KeyValuePair::builder().name(name).set_value(value).build();
        let depends = |(name, condition): (String, ContainerCondition)| {
            t::ContainerDependency::builder()
                .container_name(name)
                .set_condition(condition.to_sdk())
                .build()
                .ok()
        };
        let capabilities =
            (!self.add_capabilities.is_empty() || !self.drop_capabilities.is_empty()).then(|| {
                let capabilities = t::KernelCapabilities::builder();
                let capabilities = capabilities.set_add(some(self.add_capabilities.into_iter().collect()));
                capabilities
                    .set_drop(some(self.drop_capabilities.into_iter().collect()))
                    .build()
            });
        let linux = (self.init_process_enabled || capabilities.is_some()).then(|| {
            let linux = t::LinuxParameters::builder().set_capabilities(capabilities);
            linux.init_process_enabled(self.init_process_enabled).build()
        });
        Some(
            t::ContainerDefinition::builder()
                .name(self.name)
                .set_image(self.image.to_sdk())
                .essential(self.essential)
                .set_cpu(self.cpu.to_sdk())
                .set_memory(self.memory.to_sdk())
                .set_memory_reservation(self.memory_reservation.to_sdk())
                .set_entry_point(some(self.entry_point))
                .set_command(some(self.command))
                .set_working_directory(self.working_directory)
                .set_user(self.user)
                .set_environment(some(pairs(self.environment).map(variable).collect()))
                .set_environment_files(some(files(self.environment_files)))
                .set_secrets(secrets(self.secrets))
                .set_port_mappings(self.port_mappings.to_sdk().and_then(some))
                .set_health_check(self.health_check.to_sdk())
                .set_log_configuration(self.log_configuration.to_sdk())
                .set_firelens_configuration(self.firelens_configuration.to_sdk())
                .set_depends_on(some(self.depends_on.into_iter().filter_map(depends).collect()))
                .set_start_timeout(self.start_timeout.to_sdk())
                .set_stop_timeout(self.stop_timeout.to_sdk())
                .readonly_root_filesystem(self.readonly_root_filesystem)
                .set_linux_parameters(linux)
                .set_privileged(self.privileged.then_some(true))
                .set_ulimits(self.ulimits.to_sdk().and_then(some))
                .set_mount_points(self.mount_points.to_sdk().and_then(some))
                .set_docker_labels(
                    (!self.docker_labels.is_empty()).then(|| self.docker_labels.into_iter().collect()),
                )
                .set_repository_credentials(self.repository_credentials.and_then(credentials))
                .build(),
        )
    }
}

impl ToSdk<t::PortMapping> for PortMapping {
    fn to_sdk(self) -> Option<t::PortMapping> {
        let port = t::PortMapping::builder().container_port(i32::from(self.container_port));
        Some(
            port.set_protocol(self.protocol.to_sdk())
                .set_name(self.name)
                .build(),
        )
    }
}

impl ToSdk<t::HealthCheck> for HealthCheck {
    fn to_sdk(self) -> Option<t::HealthCheck> {
        let check = t::HealthCheck::builder()
            .set_command(Some(self.command))
            .set_interval(self.interval.to_sdk());
        let check = check
            .set_timeout(self.timeout.to_sdk())
            .set_retries(self.retries.to_sdk());
        let start = Some(self.start_period).filter(|s| *s > 0);
        check.set_start_period(start.to_sdk()).build().ok()
    }
}

impl ToSdk<t::LogConfiguration> for LogConfiguration {
    fn to_sdk(self) -> Option<t::LogConfiguration> {
        let log = t::LogConfiguration::builder().set_log_driver(self.driver.to_sdk());
        let log = log
            .set_options(self.options.to_sdk())
            .set_secret_options(secrets(self.secret_options));
        log.build().ok()
    }
}

impl ToSdk<t::Ulimit> for Ulimit {
    fn to_sdk(self) -> Option<t::Ulimit> {
        let limit = t::Ulimit::builder()
            .set_name(self.name.to_sdk())
            .set_soft_limit(self.soft_limit.to_sdk());
        limit.set_hard_limit(self.hard_limit.to_sdk()).build().ok()
    }
}

impl ToSdk<t::MountPoint> for MountPoint {
    fn to_sdk(self) -> Option<t::MountPoint> {
        let mount = t::MountPoint::builder()
            .source_volume(self.source_volume)
            .container_path(self.container_path);
        Some(mount.read_only(self.read_only).build())
    }
}

fn number<T: TryFrom<i32>>(value: Option<i32>) -> Option<T> {
    value.and_then(|v| v.try_into().ok())
}

fn kept(secrets: Option<Vec<t::Secret>>) -> BTreeMap<String, Input<String>> {
    secrets
        .into_iter()
        .flatten()
        .map(|s| (s.name, Input::Known(s.value_from)))
        .collect()
}

impl ContainerDefinition {
    // Long: a line or two for each field.
    /// A container as AWS gives it. What it fills in (a host port that is the container's, a `tcp`, empty lists) is
    /// dropped.
    #[expect(clippy::too_many_lines, reason = "a line or two for each field")]
    pub(crate) fn seen(item: t::ContainerDefinition) -> Self {
        let linux = item.linux_parameters;
        let capabilities = linux.as_ref().and_then(|l| l.capabilities.clone());
        let (add, drop) = capabilities.map(|c| (c.add, c.drop)).unwrap_or_default();
        let port = |p: t::PortMapping| {
            let protocol = p
                .protocol
                .and_then(|p| Transport::word(p.as_str()))
                .unwrap_or(Transport::Tcp);
            Some(PortMapping {
                container_port: number(p.container_port)?,
                protocol,
                name: p.name,
            })
        };
        let variable = |v: t::KeyValuePair| Some((v.name?, Input::Known(v.value.unwrap_or_default())));
        let mount = |m: t::MountPoint| {
            let (container_path, source_volume) = (m.container_path?, m.source_volume?);
            Some(MountPoint {
                container_path,
                source_volume,
                read_only: m.read_only.unwrap_or(false),
            })
        };
        let limit = |l: t::Ulimit| {
            let (soft_limit, hard_limit) = (l.soft_limit.try_into().ok()?, l.hard_limit.try_into().ok()?);
            Some(Ulimit {
                name: UlimitName::word(l.name.as_str())?,
                soft_limit,
                hard_limit,
            })
        };
        let depends = |d: t::ContainerDependency| {
            Some((d.container_name, ContainerCondition::word(d.condition.as_str())?))
        };
        let credentials = item
            .repository_credentials
            .map(|c| Input::Known(c.credentials_parameter.into()));
        Self {
            name: item.name.unwrap_or_default(),
            image: Input::Known(item.image.unwrap_or_default()),
            essential: item.essential.unwrap_or(true),
            cpu: item.cpu.try_into().unwrap_or_default(),
            memory: number(item.memory),
            memory_reservation: number(item.memory_reservation),
            entry_point: item.entry_point.unwrap_or_default(),
            command: item.command.unwrap_or_default(),
            working_directory: item.working_directory.filter(|d| !d.is_empty()),
            user: item.user.filter(|u| !u.is_empty()),
            environment: item
                .environment
                .into_iter()
                .flatten()
                .filter_map(variable)
                .collect(),
            environment_files: (item.environment_files.into_iter().flatten())
                .map(|file| Input::Known(file.value))
                .collect(),
            secrets: kept(item.secrets),
            port_mappings: item
                .port_mappings
                .into_iter()
                .flatten()
                .filter_map(port)
                .collect(),
            health_check: item.health_check.map(|check| HealthCheck {
                command: check.command,
                interval: number(check.interval).unwrap_or(30),
                timeout: number(check.timeout).unwrap_or(5),
                retries: number(check.retries).unwrap_or(3),
                start_period: number(check.start_period).unwrap_or(0),
            }),
            log_configuration: item.log_configuration.and_then(|log| {
                let options = log
                    .options
                    .into_iter()
                    .flatten()
                    .map(|(k, v)| (k, Input::Known(v)))
                    .collect();
                let driver = LogDriver::word(log.log_driver.as_str())?;
                Some(LogConfiguration {
                    driver,
                    options,
                    secret_options: kept(log.secret_options),
                })
            }),
            firelens_configuration: item.firelens_configuration.and_then(super::firelens::of),
            depends_on: item
                .depends_on
                .into_iter()
                .flatten()
                .filter_map(depends)
                .collect(),
            start_timeout: number(item.start_timeout),
            stop_timeout: number(item.stop_timeout),
            readonly_root_filesystem: item.readonly_root_filesystem.unwrap_or(false),
            init_process_enabled: linux.and_then(|l| l.init_process_enabled).unwrap_or(false),
            add_capabilities: add.into_iter().flatten().collect(),
            drop_capabilities: drop.into_iter().flatten().collect(),
            privileged: item.privileged.unwrap_or(false),
            ulimits: item.ulimits.into_iter().flatten().filter_map(limit).collect(),
            mount_points: item
                .mount_points
                .into_iter()
                .flatten()
                .filter_map(mount)
                .collect(),
            docker_labels: item.docker_labels.into_iter().flatten().collect(),
            repository_credentials: credentials,
        }
    }
}
