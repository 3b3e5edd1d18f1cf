//! A task definition.

#[cfg(feature = "aws")]
use super::task_definition_sdk as read;
use super::{ContainerDefinition, HealthCheck, LogConfiguration, UlimitName, Volume};
use crate::prelude::*;

id!(
    /// The ARN of one revision of a task definition.
    TaskDefinitionArn
);

choice!(
    /// The launch types that a task definition is validated for.
    Compatibility of ecs::Compatibility {
        /// Fargate: AWS's servers.
        Fargate = "FARGATE",
        /// EC2: the account's own instances.
        Ec2 = "EC2",
    }
);

choice!(
    /// The network mode of a task's containers.
    NetworkMode of ecs::NetworkMode {
        /// An elastic network interface for each task; the only mode on Fargate.
        Awsvpc = "awsvpc",
        /// The bridge network of Docker on the instance.
        Bridge = "bridge",
        /// The network of the instance itself.
        Host = "host",
        /// No connection to a network.
        None = "none",
    }
);

choice!(
    /// The CPU architecture that a task runs on.
    CpuArchitecture of ecs::CpuArchitecture {
        /// Intel and AMD, 64 bits.
        X8664 = "X86_64",
        /// Arm, 64 bits; cheaper on Fargate.
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

/// A task definition: the containers that run together as a task, and what they run with. AWS keeps every revision: a change
/// registers a new one, and the old one is deregistered once nothing runs it.
///
/// ```
/// use tenon_resources::ecs::{ContainerDefinition, CpuArchitecture, TaskDefinition};
/// TaskDefinition::new("shop-web")
///     .cpu(512)
///     .memory(1024)
///     .cpu_architecture(CpuArchitecture::Arm64)
///     .containers([ContainerDefinition::new("web", "nginx:1.29").port(8080)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecs.task_definition", cfn = "AWS::ECS::TaskDefinition")]
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html: every call makes a revision.
#[facts(second_create = Another)]
#[create(RegisterTaskDefinition: ecs, id = o.task_definition?.task_definition_arn?,
    also("ecs:TagResource", "iam:PassRole to ecs-tasks.amazonaws.com"),
    rules(.retry_on_message("ClientException", "Too many concurrent attempts", minutes(2))))]
// A revision that is gone or inactive is a ClientException, as much else is: the read that follows tells them apart. The action has no
// resource to limit it to: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
#[delete(DeregisterTaskDefinition: ecs, by(task_definition), rules(
    .ok_on("ClientException")
    .ok_on("InvalidParameterException")
    .until_gone(minutes(1))
))]
#[retag(TagResource, UntagResource: ecs, by(resource_arn))]
#[sdk(ecs::TaskDefinition)]
pub struct TaskDefinition {
    /// The family: the name that the revisions share.
    #[immutable]
    #[sample("a", "b")]
    pub family: Input<String>,
    /// The containers.
    #[immutable]
    #[member("container_definitions")]
    #[read(read::containers(item))]
    #[cfn("ContainerDefinitions")]
    #[sample(
        [ContainerDefinition::new("web", "nginx:1.29")],
        [ContainerDefinition::new("web", "nginx:1.29")
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
            .label("team", "shop")]
    )]
    #[wrong_if(!it.iter().any(|c| c.essential), "has no essential one: a task needs one that it stops with")]
    #[checked(me.findings_of_containers(field))]
    pub containers: Vec<ContainerDefinition>,
    /// The CPU units of the task; 1024 are one vCPU.
    #[immutable]
    #[default(256)]
    #[read(read::number(item.cpu.as_ref()))]
    #[sample(1024)]
    #[wrong_if(me.refused_by_fargate(*it), "is {it}, and Fargate takes 256, 512, 1024, 2048, 4096, 8192 or 16384")]
    #[wrong_if(me.on_fargate_windows() && *it < 1024, "is {it}, and Windows on Fargate takes at least 1024")]
    #[wrong_if(me.kept(|c| c.cpu) > *it, "is {it}, and the containers keep {} for themselves", me.kept(|c| c.cpu))]
    pub cpu: u32,
    /// The memory of the task, in MiB.
    #[immutable]
    #[default(512)]
    #[read(read::number(item.memory.as_ref()))]
    #[sample(2048)]
    #[checked(me.refused_memory(*it).map(|why| format!("`{field}` {why}")))]
    #[wrong_if(me.kept(ContainerDefinition::least_memory) > *it, "is {it}, and the containers keep {} for themselves", me.kept(ContainerDefinition::least_memory))]
    pub memory: u32,
    /// The CPU architecture that the containers run on.
    #[immutable]
    #[default(CpuArchitecture::X8664)]
    #[member(create = "runtime_platform")]
    #[create_with(Platform, Platform::of(me))]
    #[read(read::architecture(item))]
    #[cfn("RuntimePlatform")]
    #[sample(CpuArchitecture::Arm64)]
    #[in_struct(Platform)]
    #[wrong_if(me.on_fargate_windows() && *it == CpuArchitecture::Arm64, "is `{it}`, and Windows on Fargate runs on `X86_64` only")]
    pub cpu_architecture: CpuArchitecture,
    /// The operating system family of the containers.
    #[immutable]
    #[default(OperatingSystem::Linux)]
    #[part_of(cpu_architecture)]
    #[read(read::operating_system(item))]
    #[cfn("RuntimePlatform")]
    #[sample(OperatingSystem::WindowsServer2022Core)]
    #[in_struct(Platform)]
    pub operating_system: OperatingSystem,
    /// The launch types that AWS validates the task definition for.
    #[immutable]
    #[default(BTreeSet::from([Compatibility::Fargate]))]
    #[sample([Compatibility::Ec2])]
    #[missing_if(true, "is empty: name `FARGATE` or `EC2`")]
    pub requires_compatibilities: BTreeSet<Compatibility>,
    /// The network mode of the containers.
    #[immutable]
    #[default(NetworkMode::Awsvpc)]
    #[read(read::network_mode(item))]
    #[sample(NetworkMode::Bridge)]
    #[wrong_if(me.on_fargate() && *it != NetworkMode::Awsvpc, "is `{it}`, and Fargate takes `awsvpc`")]
    pub network_mode: NetworkMode,
    /// The task execution role: the ECS agent fetches images, reads secrets and writes logs with it.
    #[immutable]
    #[default(None)]
    #[member("execution_role_arn")]
    #[cfn("ExecutionRoleArn")]
    #[sample("arn:aws:iam::111111111111:role/execution")]
    pub execution_role: Option<Input<Arn>>,
    /// The task role: the containers have its permissions.
    #[immutable]
    #[default(None)]
    #[member("task_role_arn")]
    #[cfn("TaskRoleArn")]
    #[sample("arn:aws:iam::111111111111:role/task")]
    pub task_role: Option<Input<Arn>>,
    /// The ephemeral storage on Fargate, in GiB; unset is 20.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html
    #[immutable]
    #[default(None)]
    #[range(21..=200)]
    #[member(create = "ephemeral_storage")]
    #[create_with(Option<Gib>, me.ephemeral_storage_gib.map(Gib))]
    #[read(read::storage(item))]
    #[cfn("EphemeralStorage")]
    #[sample(50)]
    pub ephemeral_storage_gib: Option<u16>,
    /// The data volumes that the containers share.
    #[immutable]
    #[create_with(Option<BTreeSet<Volume>>, Some(me.volumes.clone()).filter(|all| !all.is_empty()))]
    #[sample([Volume::empty("tmp")])]
    #[checked(it.iter().find(|v| me.on_fargate() && v.host_path.is_some()).map(|v| {
        format!("`{field}`: `{}` is a directory of the instance: Fargate has none", v.name)
    }))]
    pub volumes: BTreeSet<Volume>,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of a task definition.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct TaskDefinitionOutputs {
    /// The ARN of this revision.
    #[shape("arn:aws:ecs:{region}:{account}:task-definition/{family}:{digits}")]
    pub id: TaskDefinitionArn,
    /// The family.
    #[shape("{family}")]
    pub family: String,
}

impl Lifecycle for TaskDefinition {
    const READ: Read = Read::new(
        "ecs",
        "DescribeTaskDefinition",
        1,
        &["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"],
    );

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
        RegisterTaskDefinition::steps(self)
    }

    fn set(&self, _: &Self, field: TaskDefinitionField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeregisterTaskDefinition::steps(self)
    }
}

/// An ephemeral storage, as calls take it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Gib(pub(super) u16);
