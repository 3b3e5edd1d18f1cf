//! A task definition: which containers run together, and with what.

use super::{ContainerDefinition, LogDriver, RETAG, retag};
use crate::prelude::*;

id!(
    /// Names one revision of a task definition: its ARN.
    TaskDefinitionArn
);

choice!(
    /// What a task can run on.
    Compatibility of ecs::Compatibility {
        /// Nobody's servers.
        Fargate = "FARGATE",
        /// One's own instances.
        Ec2 = "EC2",
    }
);

choice!(
    /// How a task's containers are connected.
    NetworkMode of ecs::NetworkMode {
        /// A network interface of its own; the only one on Fargate.
        Awsvpc = "awsvpc",
        /// The instance's bridge.
        Bridge = "bridge",
        /// The instance's own network.
        Host = "host",
        /// Not at all.
        None = "none",
    }
);

choice!(
    /// The processor a task runs on.
    CpuArchitecture of ecs::CpuArchitecture {
        /// Intel's and AMD's.
        X8664 = "X86_64",
        /// Arm's; cheaper on Fargate.
        Arm64 = "ARM64",
    }
);

choice!(
    /// The operating system of a task's containers.
    OperatingSystem of ecs::OsFamily {
        /// Linux.
        Linux = "LINUX",
        /// Windows Server 2019 Core.
        WindowsServer2019Core = "WINDOWS_SERVER_2019_CORE",
        /// Windows Server 2019 Full.
        WindowsServer2019Full = "WINDOWS_SERVER_2019_FULL",
        /// Windows Server 2022 Core.
        WindowsServer2022Core = "WINDOWS_SERVER_2022_CORE",
        /// Windows Server 2022 Full.
        WindowsServer2022Full = "WINDOWS_SERVER_2022_FULL",
    }
);

/// Files that a task's containers share. Without a source they are the task's own, empty at first and gone with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Volume {
    /// Its name, by which containers mount it.
    pub name: String,
    /// A file system of EFS.
    pub efs: Option<EfsVolume>,
    /// A directory of the instance; not on Fargate.
    pub host_path: Option<String>,
}

/// A file system of EFS, spoken to over TLS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EfsVolume {
    /// The file system.
    pub file_system: Input<String>,
    /// The directory that is the volume's root; `/` with an access point.
    pub root_directory: String,
    /// The access point to go through.
    pub access_point: Option<Input<String>>,
    /// The task role's permissions count.
    pub iam: bool,
}

impl Volume {
    /// An empty one.
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.into(),
            efs: None,
            host_path: None,
        }
    }

    /// A file system of EFS.
    pub fn efs(name: &str, efs: EfsVolume) -> Self {
        Self {
            efs: Some(efs),
            ..Self::empty(name)
        }
    }
}

/// Which containers run together, and with what. AWS keeps every revision: a change makes a new one, and the old one is
/// deregistered once nothing runs it.
///
/// ```
/// use tenon_resources::ecs::{ContainerDefinition, CpuArchitecture, TaskDefinition};
/// TaskDefinition::new("shop-web")
///     .cpu(512u32)
///     .memory(1024u32)
///     .cpu_architecture(CpuArchitecture::Arm64)
///     .containers([ContainerDefinition::new("web", "nginx:1.29").port(8080)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecs.task_definition", cfn = "AWS::ECS::TaskDefinition")]
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html: every call makes a revision.
#[facts(second_create = Another)]
pub struct TaskDefinition {
    /// The name that its revisions share.
    #[immutable]
    pub family: Input<String>,
    /// Its containers.
    #[immutable]
    #[cfn("ContainerDefinitions")]
    pub containers: Vec<ContainerDefinition>,
    /// Its share of processors, 1024 to the core.
    #[immutable]
    #[default(256)]
    pub cpu: u32,
    /// Its memory, in MiB.
    #[immutable]
    #[default(512)]
    pub memory: u32,
    /// The processor it runs on.
    #[immutable]
    #[default(CpuArchitecture::X8664)]
    #[cfn("RuntimePlatform")]
    pub cpu_architecture: CpuArchitecture,
    /// The operating system of its containers.
    #[immutable]
    #[default(OperatingSystem::Linux)]
    #[cfn("RuntimePlatform")]
    pub operating_system: OperatingSystem,
    /// What it can run on.
    #[immutable]
    #[default(BTreeSet::from([Compatibility::Fargate]))]
    pub requires_compatibilities: BTreeSet<Compatibility>,
    /// How its containers are connected.
    #[immutable]
    #[default(NetworkMode::Awsvpc)]
    pub network_mode: NetworkMode,
    /// The role that starts it: fetches images, reads secrets, writes logs.
    #[immutable]
    #[default(None)]
    #[cfn("ExecutionRoleArn")]
    pub execution_role: Option<Input<Arn>>,
    /// The role that its containers have.
    #[immutable]
    #[default(None)]
    #[cfn("TaskRoleArn")]
    pub task_role: Option<Input<Arn>>,
    /// Its disk on Fargate, in GiB, 21 to 200; unset is 20.
    #[immutable]
    #[default(None)]
    #[cfn("EphemeralStorage")]
    pub ephemeral_storage_gib: Option<u16>,
    /// Files that its containers share.
    #[immutable]
    pub volumes: BTreeSet<Volume>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TaskDefinitionOutputs {
    /// The ARN of this revision.
    #[shape("arn:aws:ecs:{region}:{account}:task-definition/{family}:{digits}")]
    pub id: TaskDefinitionArn,
    /// The name that its revisions share.
    #[shape("{family}")]
    pub family: String,
}

impl Lifecycle for TaskDefinition {
    const CALLS: &'static [CallInfo] = &[
        RegisterTaskDefinition::INFO,
        DeregisterTaskDefinition::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ecs",
        operation: "DescribeTaskDefinition",
        batch: 1,
        actions: &["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"],
    };

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html: deregistered ones are kept.
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "status",
        words: &[
            ("ACTIVE", Meaning::Ready),
            ("INACTIVE", Meaning::Gone),
            ("DELETE_IN_PROGRESS", Meaning::Gone),
        ],
    }];

    fn create(&self) -> Steps {
        Steps::create(RegisterTaskDefinition {
            family: self.family.clone(),
            container_definitions: self.containers.clone(),
            cpu: self.cpu,
            memory: self.memory,
            runtime_platform: Platform {
                cpu_architecture: self.cpu_architecture,
                operating_system: self.operating_system,
            },
            requires_compatibilities: self.requires_compatibilities.clone(),
            network_mode: self.network_mode,
            execution_role_arn: self.execution_role.clone(),
            task_role_arn: self.task_role.clone(),
            ephemeral_storage: self.ephemeral_storage_gib.map(Gib),
            volumes: Some(self.volumes.clone()).filter(|v| !v.is_empty()),
            tags: self.tags.clone(),
        })
        .retry_on_message("ClientException", "Too many concurrent attempts", minutes(2))
    }

    fn set(&self, was: &Self, field: TaskDefinitionField) -> Steps {
        match field {
            TaskDefinitionField::Tags => retag(this(), &self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // What is gone or inactive is a ClientException, as much else: the read that follows tells them apart.
        Steps::delete(DeregisterTaskDefinition {
            task_definition: this(),
        })
        .ok_on("ClientException")
        .ok_on("InvalidParameterException")
        .until_gone(minutes(1))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let fargate = self.requires_compatibilities.contains(&Compatibility::Fargate);
        if fargate {
            findings.extend(self.check_fargate());
        }
        if self.requires_compatibilities.is_empty() {
            findings.push("`requires_compatibilities` is empty: name `FARGATE` or `EC2`".into());
        }
        if !self.containers.iter().any(|c| c.essential) {
            findings.push("`containers` has no essential one: a task needs one that it stops with".into());
        }
        let named = |name: &str| self.containers.iter().find(|c| c.name == name);
        for (i, container) in self.containers.iter().enumerate() {
            let name = &container.name;
            let mut say = |what: String| findings.push(format!("`containers`: `{name}` {what}"));
            if self.containers[..i].iter().any(|c| c.name == *name) {
                say("is there twice".into());
            }
            for (other, condition) in &container.depends_on {
                match named(other) {
                    _ if other == name => say("waits for itself".into()),
                    None => say(format!("waits for `{other}`, which is not there")),
                    Some(c)
                        if *condition == super::ContainerCondition::Healthy && c.health_check.is_none() =>
                    {
                        say(format!(
                            "waits for `{other}` to be healthy, which has no health check"
                        ));
                    }
                    Some(c)
                        if *condition != super::ContainerCondition::Start
                            && c.essential
                            && matches!(
                                condition,
                                super::ContainerCondition::Complete | super::ContainerCondition::Success
                            ) =>
                    {
                        say(format!(
                            "waits for `{other}` to end, which is essential: the task would end with it"
                        ));
                    }
                    Some(_) => {}
                }
            }
            for mount in &container.mount_points {
                if !self.volumes.iter().any(|v| v.name == mount.source_volume) {
                    say(format!(
                        "mounts `{}`, which is not in `volumes`",
                        mount.source_volume
                    ));
                }
            }
            let logs_out = container
                .log_configuration
                .as_ref()
                .is_some_and(|l| l.driver == LogDriver::Awslogs);
            if self.execution_role.is_none() && (!container.secrets.is_empty() || fargate && logs_out) {
                say("has secrets or writes to CloudWatch Logs: set `execution_role`, which does that".into());
            }
            findings.extend(container.check(fargate));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        use super::{HealthCheck, LogConfiguration, UlimitName};
        [
            Self::new("a")
                .containers([ContainerDefinition::new("web", "nginx:1.29")])
                .tags([("Name", "a")]),
            Self::new("b")
                .cpu(1024u32)
                .memory(2048u32)
                .cpu_architecture(CpuArchitecture::Arm64)
                .operating_system(OperatingSystem::WindowsServer2022Core)
                .requires_compatibilities([Compatibility::Ec2])
                .network_mode(NetworkMode::Bridge)
                .execution_role("arn:aws:iam::111111111111:role/execution")
                .task_role("arn:aws:iam::111111111111:role/task")
                .ephemeral_storage_gib(50u16)
                .volumes([Volume::empty("tmp")])
                .containers([ContainerDefinition::new("web", "nginx:1.29")
                    .cpu(512)
                    .memory(1024)
                    .memory_reservation(512)
                    .entry_point(["/init"])
                    .command(["serve"])
                    .working_directory("/srv")
                    .user("1000")
                    .env("LOG_LEVEL", "info")
                    .secret("TOKEN", "arn:aws:ssm:eu-west-1:111111111111:parameter/token")
                    .port(8080)
                    .health_check(HealthCheck::shell("wget -qO- localhost:8080/healthz"))
                    .log_configuration(LogConfiguration::awslogs("/shop/web", "eu-west-1", "web"))
                    .stop_timeout(60)
                    .readonly_root_filesystem(true)
                    .init_process_enabled(true)
                    .drop_capabilities(["ALL"])
                    .ulimit(UlimitName::Nofile, 65_536, 65_536)
                    .mount("tmp", "/tmp", false)
                    .label("team", "shop")])
                .tags([("Name", "b")]),
        ]
    }
}

/// The memory that Fargate gives to `cpu`, in MiB: from, to, and in steps of (API reference of `RegisterTaskDefinition`,
/// `memory`).
fn fargate_memory(cpu: u32) -> Option<(u32, u32, u32)> {
    const GB: u32 = 1024;
    Some(match cpu {
        256 => (512, 2 * GB, 512),
        512 => (GB, 4 * GB, GB),
        1024 => (2 * GB, 8 * GB, GB),
        2048 => (4 * GB, 16 * GB, GB),
        4096 => (8 * GB, 30 * GB, GB),
        8192 => (16 * GB, 60 * GB, 4 * GB),
        16_384 => (32 * GB, 120 * GB, 8 * GB),
        _ => return None,
    })
}

impl TaskDefinition {
    fn check_fargate(&self) -> Vec<String> {
        let mut findings = vec![];
        match fargate_memory(self.cpu) {
            None => findings.push(format!(
                "`cpu` is {}, and Fargate takes 256, 512, 1024, 2048, 4096, 8192 or 16384",
                self.cpu
            )),
            // A quarter of a core has 512, 1024 and 2048, and not 1536.
            Some((from, to, step))
                if !(from..=to).contains(&self.memory)
                    || !(self.memory - from).is_multiple_of(step)
                    || (self.cpu, self.memory) == (256, 1536) =>
            {
                findings.push(match self.cpu {
                    256 => format!(
                        "`memory` is {}, and Fargate gives `cpu` 256 512, 1024 or 2048",
                        self.memory
                    ),
                    cpu => format!(
                        "`memory` is {}, and Fargate gives `cpu` {cpu} {from} to {to} in steps of {step}",
                        self.memory
                    ),
                });
            }
            Some(_) => {}
        }
        if self.network_mode != NetworkMode::Awsvpc {
            findings.push(format!(
                "`network_mode` is `{}`, and Fargate takes `awsvpc`",
                self.network_mode
            ));
        }
        if self
            .ephemeral_storage_gib
            .is_some_and(|gib| !(21..=200).contains(&gib))
        {
            findings.push(
                "`ephemeral_storage_gib` is out of range: Fargate takes 21 to 200, or unset for 20".into(),
            );
        }
        if self.operating_system != OperatingSystem::Linux {
            if self.cpu < 1024 {
                findings.push(format!(
                    "`cpu` is {}, and Windows on Fargate takes at least 1024",
                    self.cpu
                ));
            }
            if self.cpu_architecture == CpuArchitecture::Arm64 {
                findings.push(
                    "`cpu_architecture` is `ARM64`, and Windows on Fargate runs on `X86_64` only".into(),
                );
            }
        }
        let cpu: u32 = self.containers.iter().map(|c| c.cpu).sum();
        if cpu > self.cpu {
            findings.push(format!(
                "`cpu` is {}, and the containers keep {cpu} for themselves",
                self.cpu
            ));
        }
        let kept = |c: &ContainerDefinition| c.memory_reservation.or(c.memory).unwrap_or(0);
        let memory: u32 = self.containers.iter().map(kept).sum();
        if memory > self.memory {
            findings.push(format!(
                "`memory` is {}, and the containers keep {memory} for themselves",
                self.memory
            ));
        }
        if let Some(volume) = self.volumes.iter().find(|v| v.host_path.is_some()) {
            findings.push(format!(
                "`volumes`: `{}` is a directory of the instance: Fargate has none",
                volume.name
            ));
        }
        findings
    }
}

/// What a task runs on, as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Platform {
    cpu_architecture: CpuArchitecture,
    operating_system: OperatingSystem,
}

/// A disk, as a call takes it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Gib(u16);

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, id = o.task_definition?.task_definition_arn?, also("ecs:TagResource", "iam:PassRole to ecs-tasks.amazonaws.com"))]
struct RegisterTaskDefinition {
    family: Input<String>,
    container_definitions: Vec<ContainerDefinition>,
    cpu: u32,
    memory: u32,
    runtime_platform: Platform,
    requires_compatibilities: BTreeSet<Compatibility>,
    network_mode: NetworkMode,
    execution_role_arn: Option<Input<Arn>>,
    task_role_arn: Option<Input<Arn>>,
    ephemeral_storage: Option<Gib>,
    volumes: Option<BTreeSet<Volume>>,
    tags: Tags,
}

/// This call's action has no resource to limit it to (service authorization reference of Amazon ECS).
#[derive(Call, Serialize, Deserialize)]
#[call(ecs)]
struct DeregisterTaskDefinition {
    task_definition: Input<TaskDefinitionArn>,
}

#[cfg(feature = "aws")]
mod convert {
    use super::{EfsVolume, Gib, Platform, Volume};
    use crate::{aws::ToSdk, prelude::*};
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

    impl Volume {
        /// A volume as AWS gives it.
        pub(super) fn seen(item: t::Volume) -> Option<Self> {
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
}

#[cfg(feature = "aws")]
impl Observe for TaskDefinition {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let arns = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                // No list says whose they are, and no filter asks for tags: the newest come first, and are read each.
                let request = aws
                    .ecs
                    .list_task_definitions()
                    .sort(sdk::ecs::types::SortOrder::Desc);
                aws.all("ecs", "ListTaskDefinitions", items!(request)).await?
            }
        };
        crate::aws::each(arns, |arn| async move {
            let request = aws.ecs.describe_task_definition().task_definition(arn);
            let reply = request
                .include(sdk::ecs::types::TaskDefinitionField::Tags)
                .send()
                .await;
            match reply.map_err(|e| crate::aws::call_error("ecs", "DescribeTaskDefinition", e)) {
                Ok(reply) => Ok(reply
                    .task_definition
                    .and_then(|item| see(item, reply.tags.into()))),
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

#[cfg(feature = "aws")]
fn see(item: sdk::ecs::types::TaskDefinition, tags: Tags) -> Option<Seen<TaskDefinition>> {
    // AWS keeps deregistered ones, as `INACTIVE`, then `DELETE_IN_PROGRESS`.
    if item.status.as_ref().is_some_and(|s| s.as_str() != "ACTIVE") {
        return None;
    }
    let id = item.task_definition_arn?;
    let family = item.family?;
    let platform = item.runtime_platform;
    let processor = platform.as_ref().and_then(|p| p.cpu_architecture.as_ref());
    let system = platform.as_ref().and_then(|p| p.operating_system_family.as_ref());
    let runs_on = item.requires_compatibilities.into_iter().flatten();
    let storage = item.ephemeral_storage.and_then(|s| s.size_in_gib.try_into().ok());
    Some(Seen {
        status: Status::Ready,
        inputs: TaskDefinition {
            family: Input::Known(family.clone()),
            containers: item
                .container_definitions
                .into_iter()
                .flatten()
                .map(ContainerDefinition::seen)
                .collect(),
            cpu: item.cpu.and_then(|c| c.parse().ok()).unwrap_or_default(),
            memory: item.memory.and_then(|m| m.parse().ok()).unwrap_or_default(),
            cpu_architecture: processor
                .and_then(|p| CpuArchitecture::word(p.as_str()))
                .unwrap_or(CpuArchitecture::X8664),
            operating_system: system
                .and_then(|s| OperatingSystem::word(s.as_str()))
                .unwrap_or(OperatingSystem::Linux),
            requires_compatibilities: runs_on.filter_map(|c| Compatibility::word(c.as_str())).collect(),
            network_mode: item
                .network_mode
                .and_then(|m| NetworkMode::word(m.as_str()))
                .unwrap_or(NetworkMode::Bridge),
            execution_role: item.execution_role_arn.map(|arn| Input::Known(arn.into())),
            task_role: item.task_role_arn.map(|arn| Input::Known(arn.into())),
            // 20 is what Fargate gives when nothing is asked, and cannot be asked for.
            ephemeral_storage_gib: storage.filter(|gib| *gib > 20),
            volumes: item
                .volumes
                .into_iter()
                .flatten()
                .filter_map(Volume::seen)
                .collect(),
            tags,
        },
        outputs: TaskDefinitionOutputs {
            id: id.clone().into(),
            family,
        },
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fargate_takes_what_its_table_says() {
        let takes = |cpu: u32, memory: u32| {
            let task = TaskDefinition::new("a").cpu(cpu).memory(memory);
            task.containers([ContainerDefinition::new("web", "nginx")])
                .check()
                .is_empty()
        };
        for (cpu, memory) in [
            (256, 512),
            (256, 2048),
            (512, 4096),
            (1024, 5120),
            (4096, 30_720),
            (8192, 20_480),
        ] {
            assert!(takes(cpu, memory), "{cpu} {memory}");
        }
        for (cpu, memory) in [
            (256, 1536),
            (256, 4096),
            (512, 512),
            (1000, 2048),
            (8192, 17_408),
            (16_384, 32_000),
        ] {
            assert!(!takes(cpu, memory), "{cpu} {memory}");
        }
    }

    #[test]
    fn what_a_container_waits_for_is_there_and_can_come_to_that() {
        let condition = super::super::ContainerCondition::Healthy;
        let web = ContainerDefinition::new("web", "nginx").depends_on("db", condition);
        let task = TaskDefinition::new("a");
        let alone = task.clone().containers([web.clone()]).check();
        assert_eq!(alone, ["`containers`: `web` waits for `db`, which is not there"]);
        let unchecked = task
            .containers([web, ContainerDefinition::new("db", "postgres")])
            .check();
        assert_eq!(
            unchecked,
            ["`containers`: `web` waits for `db` to be healthy, which has no health check"]
        );
    }
}
