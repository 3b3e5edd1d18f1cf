//! A container of a task.

use super::FirelensConfiguration;
use crate::{prelude::*, value::Part};

choice!(
    /// The transport protocol of a port mapping.
    Transport of ecs::TransportProtocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
    }
);

choice!(
    /// The condition of a container dependency.
    ContainerCondition of ecs::ContainerCondition {
        /// The container has started.
        Start = "START",
        /// The container has ended.
        Complete = "COMPLETE",
        /// The container has ended with exit code 0.
        Success = "SUCCESS",
        /// The container's health check passes.
        Healthy = "HEALTHY",
    }
);

choice!(
    /// The log driver of a container.
    LogDriver of ecs::LogDriver {
        /// `CloudWatch` Logs.
        Awslogs = "awslogs",
        /// A log router beside it.
        Awsfirelens = "awsfirelens",
        /// Splunk.
        Splunk = "splunk",
        /// Fluentd; not on Fargate.
        Fluentd = "fluentd",
        /// Graylog; not on Fargate.
        Gelf = "gelf",
        /// journald; not on Fargate.
        Journald = "journald",
        /// Files on the instance; not on Fargate.
        JsonFile = "json-file",
        /// syslog; not on Fargate.
        Syslog = "syslog",
    }
);

choice!(
    /// The resource of a ulimit.
    UlimitName of ecs::UlimitName {
        /// Size of core files.
        Core = "core",
        /// Processor time.
        Cpu = "cpu",
        /// Size of the data segment.
        Data = "data",
        /// Size of files.
        Fsize = "fsize",
        /// File locks.
        Locks = "locks",
        /// Locked memory.
        Memlock = "memlock",
        /// Bytes in message queues.
        Msgqueue = "msgqueue",
        /// Niceness.
        Nice = "nice",
        /// Open files.
        Nofile = "nofile",
        /// Processes.
        Nproc = "nproc",
        /// Resident memory.
        Rss = "rss",
        /// Real-time priority.
        Rtprio = "rtprio",
        /// Real-time processor time.
        Rttime = "rttime",
        /// Pending signals.
        Sigpending = "sigpending",
        /// Size of the stack.
        Stack = "stack",
    }
);

/// A port that a container listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortMapping {
    /// The port.
    pub container_port: u16,
    /// The transport protocol.
    pub protocol: Transport,
    /// The name of the port mapping, for Service Connect.
    pub name: Option<String>,
}

/// A container health check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// The command: `CMD` and its words, or `CMD-SHELL` and a line.
    pub command: Vec<String>,
    /// The time from one check to the next, in seconds, 5 to 300.
    pub interval: u16,
    /// The timeout of a check, in seconds, 2 to 60.
    pub timeout: u16,
    /// The number of failures in a row that make the container unhealthy, 1 to 10.
    pub retries: u16,
    /// The start period, in which failures do not count, in seconds, 0 to 300.
    pub start_period: u16,
}

impl HealthCheck {
    /// A line for the container's shell, with AWS's intervals.
    pub fn shell(line: &str) -> Self {
        Self::command(["CMD-SHELL", line])
    }

    /// A command and its words, with `CMD` or `CMD-SHELL` first, with AWS's intervals.
    pub fn command<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Self {
        let command = words.into_iter().map(Into::into).collect();
        Self {
            command,
            interval: 30,
            timeout: 5,
            retries: 3,
            start_period: 0,
        }
    }
}

/// A log configuration: where a container's output goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogConfiguration {
    /// The log driver.
    pub driver: LogDriver,
    /// The options of the log driver.
    pub options: BTreeMap<String, Input<String>>,
    /// The secret options of the log driver: where each is kept, as in [`ContainerDefinition::secrets`].
    pub secret_options: BTreeMap<String, Input<String>>,
}

impl LogConfiguration {
    /// `CloudWatch` Logs: log group `group` of `region`, in streams that begin with `prefix`.
    ///
    /// ```
    /// use tenon_resources::{ecs::LogConfiguration, value::here};
    /// LogConfiguration::awslogs("/shop/web", &here::region(), "web");
    /// ```
    pub fn awslogs(group: impl Into<Part>, region: impl Into<Part>, prefix: &str) -> Self {
        let options = [
            ("awslogs-group", Input::of(group)),
            ("awslogs-region", Input::of(region)),
            ("awslogs-stream-prefix", Input::Known(prefix.into())),
        ];
        let options = options.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        Self {
            driver: LogDriver::Awslogs,
            options,
            secret_options: BTreeMap::new(),
        }
    }

    /// Also tells the driver `value` for `key`.
    #[must_use]
    pub fn option(mut self, key: &str, value: impl Into<Part>) -> Self {
        self.options.insert(key.into(), Input::of(value));
        self
    }
}

/// A limit of the kernel's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ulimit {
    /// The resource that is limited.
    pub name: UlimitName,
    /// The limit that a process may raise.
    pub soft_limit: u32,
    /// The limit that it may raise it to.
    pub hard_limit: u32,
}

/// A mount point of a volume in a container.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MountPoint {
    /// The path in the container.
    pub container_path: String,
    /// The task's volume.
    pub source_volume: String,
    /// Read-only access to the volume.
    pub read_only: bool,
}

/// A container of a task.
///
/// ```
/// use tenon_resources::ecs::{ContainerDefinition, HealthCheck};
/// ContainerDefinition::new("web", "nginx:1.29")
///     .port(8080)
///     .env("LOG_LEVEL", "info")
///     .secret("DATABASE_PASSWORD", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf:password::")
///     .health_check(HealthCheck::shell("wget -qO- localhost:8080/healthz"))
///     .readonly_root_filesystem(true)
///     .user("1000");
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of AWS's own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerDefinition {
    /// The name, unique in the task definition.
    pub name: String,
    /// The image, best with a digest or a tag that is never moved.
    pub image: Input<String>,
    /// The task stops when it stops.
    pub essential: bool,
    /// The share of the processor kept for it, 1024 to the core; 0 is none.
    pub cpu: u32,
    /// The memory it may take, in MiB: it is killed beyond.
    pub memory: Option<u32>,
    /// The memory kept for it, in MiB.
    pub memory_reservation: Option<u32>,
    /// The image's entry point, replaced.
    pub entry_point: Vec<String>,
    /// The image's command, replaced.
    pub command: Vec<String>,
    /// The directory it starts in.
    pub working_directory: Option<String>,
    /// The user that the container runs as: a user, or `user:group`.
    pub user: Option<String>,
    /// Environment variables that anyone may read.
    pub environment: BTreeMap<String, Input<String>>,
    /// Files with environment variables: the ARNs of objects of S3 whose keys end with `.env`, up to ten. The execution role reads them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment_files: Vec<Input<String>>,
    /// Environment variables that are secrets: the ARN of a Secrets Manager secret, with `:key::` behind it for one key
    /// of several, or of an SSM parameter. The execution role reads them.
    pub secrets: BTreeMap<String, Input<String>>,
    /// The ports it listens on.
    pub port_mappings: Vec<PortMapping>,
    /// The health check.
    pub health_check: Option<HealthCheck>,
    /// The log configuration.
    pub log_configuration: Option<LogConfiguration>,
    /// The `FireLens` configuration of a container that routes the logs of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firelens_configuration: Option<FirelensConfiguration>,
    /// The dependencies: conditions that other containers reach before this one starts.
    pub depends_on: BTreeMap<String, ContainerCondition>,
    /// The start timeout: the time that the dependencies may take, in seconds.
    pub start_timeout: Option<u16>,
    /// The stop timeout: the time before a container that does not stop is killed, in seconds; up to 120 on Fargate.
    pub stop_timeout: Option<u16>,
    /// Read-only access to the root file system.
    pub readonly_root_filesystem: bool,
    /// A small init runs first: it passes signals on and reaps.
    pub init_process_enabled: bool,
    /// Capabilities of the kernel's that it has beyond the usual ones.
    pub add_capabilities: BTreeSet<String>,
    /// Capabilities of the kernel's that it does not have; `ALL` is every one.
    pub drop_capabilities: BTreeSet<String>,
    /// Root on the instance; not on Fargate.
    pub privileged: bool,
    /// Limits of the kernel's.
    pub ulimits: BTreeSet<Ulimit>,
    /// The mount points of the task's volumes.
    pub mount_points: BTreeSet<MountPoint>,
    /// Labels.
    pub docker_labels: BTreeMap<String, String>,
    /// The secret that signs in to its registry, when that is neither public nor ECR.
    pub repository_credentials: Option<Input<Arn>>,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $t:ty),* $(,)?) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $name: $t) -> Self { self.$name = $name.into(); self })*
    };
}

fn words<T: Into<String>, C: FromIterator<String>>(words: impl IntoIterator<Item = T>) -> C {
    words.into_iter().map(Into::into).collect()
}

impl ContainerDefinition {
    /// The memory that it keeps for itself, in MiB.
    pub(super) fn least_memory(&self) -> u32 {
        self.memory_reservation.or(self.memory).unwrap_or(0)
    }

    /// A container `name` that runs `image`.
    pub fn new(name: &str, image: impl Into<Part>) -> Self {
        Self {
            name: name.into(),
            image: Input::of(image),
            essential: true,
            cpu: 0,
            memory: None,
            memory_reservation: None,
            entry_point: vec![],
            command: vec![],
            working_directory: None,
            user: None,
            environment: BTreeMap::new(),
            environment_files: vec![],
            secrets: BTreeMap::new(),
            port_mappings: vec![],
            health_check: None,
            log_configuration: None,
            firelens_configuration: None,
            depends_on: BTreeMap::new(),
            start_timeout: None,
            stop_timeout: None,
            readonly_root_filesystem: false,
            init_process_enabled: false,
            add_capabilities: BTreeSet::new(),
            drop_capabilities: BTreeSet::new(),
            privileged: false,
            ulimits: BTreeSet::new(),
            mount_points: BTreeSet::new(),
            docker_labels: BTreeMap::new(),
            repository_credentials: None,
        }
    }

    setters! {
        /// The task stops when the container stops.
        essential: bool,
        /// The share of the processor kept for it, 1024 to the core.
        cpu: u32,
        /// The memory it may take, in MiB.
        memory: u32,
        /// The memory kept for it, in MiB.
        memory_reservation: u32,
        /// The health check.
        health_check: HealthCheck,
        /// The log configuration.
        log_configuration: LogConfiguration,
        /// The `FireLens` configuration, for a container that routes the logs of others.
        firelens_configuration: FirelensConfiguration,
        /// The start timeout: the time that the dependencies may take, in seconds.
        start_timeout: u16,
        /// The stop timeout: the time that the container may take to stop, in seconds.
        stop_timeout: u16,
        /// Read-only access to the root file system.
        readonly_root_filesystem: bool,
        /// An init process in the container.
        init_process_enabled: bool,
        /// Elevated privileges on the instance (privileged).
        privileged: bool,
    }

    /// The directory it starts in.
    #[must_use]
    pub fn working_directory(mut self, path: &str) -> Self {
        self.working_directory = Some(path.into());
        self
    }

    /// The user that the container runs as.
    #[must_use]
    pub fn user(mut self, user: &str) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Replaces the image's entry point.
    #[must_use]
    pub fn entry_point<T: Into<String>>(mut self, entry_point: impl IntoIterator<Item = T>) -> Self {
        self.entry_point = words(entry_point);
        self
    }

    /// Replaces the image's command.
    #[must_use]
    pub fn command<T: Into<String>>(mut self, command: impl IntoIterator<Item = T>) -> Self {
        self.command = words(command);
        self
    }

    /// An environment variable that anyone may read.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<Part>) -> Self {
        self.environment.insert(name.into(), Input::of(value));
        self
    }

    /// A file with environment variables: the ARN of an object of S3 whose key ends with `.env`.
    #[must_use]
    pub fn env_file(mut self, object: impl Into<Part>) -> Self {
        self.environment_files.push(Input::of(object));
        self
    }

    /// An environment variable that is a secret: where it is kept, as in [`secrets`](Self::secrets).
    #[must_use]
    pub fn secret(mut self, name: &str, value_from: impl Into<Part>) -> Self {
        self.secrets.insert(name.into(), Input::of(value_from));
        self
    }

    /// Listens on TCP port `port`.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        self.port_mapping(PortMapping {
            container_port: port,
            protocol: Transport::Tcp,
            name: None,
        })
    }

    /// Listens on a port.
    #[must_use]
    pub fn port_mapping(mut self, port: PortMapping) -> Self {
        self.port_mappings.push(port);
        self
    }

    /// Starts once the container `name` has come to `condition`.
    #[must_use]
    pub fn depends_on(mut self, name: &str, condition: ContainerCondition) -> Self {
        self.depends_on.insert(name.into(), condition);
        self
    }

    /// Limits what the kernel gives it.
    #[must_use]
    pub fn ulimit(mut self, name: UlimitName, soft_limit: u32, hard_limit: u32) -> Self {
        self.ulimits.insert(Ulimit {
            name,
            soft_limit,
            hard_limit,
        });
        self
    }

    /// The task's volume `source_volume` appears at `container_path`.
    #[must_use]
    pub fn mount(mut self, source_volume: &str, container_path: &str, read_only: bool) -> Self {
        let (source_volume, container_path) = (source_volume.into(), container_path.into());
        self.mount_points.insert(MountPoint {
            container_path,
            source_volume,
            read_only,
        });
        self
    }

    /// Has more capabilities of the kernel's.
    #[must_use]
    pub fn add_capabilities<T: Into<String>>(mut self, capabilities: impl IntoIterator<Item = T>) -> Self {
        self.add_capabilities = words(capabilities);
        self
    }

    /// Has fewer capabilities of the kernel's.
    #[must_use]
    pub fn drop_capabilities<T: Into<String>>(mut self, capabilities: impl IntoIterator<Item = T>) -> Self {
        self.drop_capabilities = words(capabilities);
        self
    }

    /// A label.
    #[must_use]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.docker_labels.insert(key.into(), value.into());
        self
    }

    /// The secret that signs in to its registry.
    #[must_use]
    pub fn repository_credentials(mut self, secret: impl IntoInput<Arn>) -> Self {
        self.repository_credentials = Some(secret.into_input());
        self
    }

    /// Findings of what AWS would refuse of this container alone, as sentences.
    pub(crate) fn check(&self, fargate: bool) -> Vec<String> {
        let both = self
            .secrets
            .keys()
            .find(|key| self.environment.contains_key(*key));
        let both = both.map(|both| format!("has `{both}` as a variable and as a secret: keep one"));
        let health = self.health_check.iter().flat_map(HealthCheck::findings);
        let mut ports = BTreeSet::new();
        let twice = self.port_mappings.iter().filter_map(|port| {
            let new = ports.insert((port.container_port, port.protocol));
            (!new).then(|| format!("listens on {} {} twice", port.protocol, port.container_port))
        });
        let on_fargate = fargate.then(|| self.on_fargate());
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
        let logs = self
            .log_configuration
            .iter()
            .filter(|logs| logs.driver == LogDriver::Awslogs);
        let lacking = logs.flat_map(|logs| {
            let needed = ["awslogs-group", "awslogs-region"].into_iter();
            needed.filter(|option| {
                !logs.options.contains_key(*option) && !logs.secret_options.contains_key(*option)
            })
        });
        let lacking =
            lacking.map(|option| format!("writes to CloudWatch Logs without the option `{option}`"));
        let all = both
            .into_iter()
            .chain(health)
            .chain(twice)
            .chain(lacking)
            .chain(on_fargate.into_iter().flatten());
        all.map(|what| format!("`containers`: `{}` {what}", self.name))
            .collect()
    }

    /// Findings of what Fargate does not run, as ends of sentences about the container.
    fn on_fargate(&self) -> Vec<String> {
        let mut findings: Vec<String> = vec![];
        if self.privileged {
            findings.push("is privileged, and Fargate runs none such".into());
        }
        if self.stop_timeout.is_some_and(|s| s > 120) {
            findings.push("takes longer than 120 seconds to stop, and Fargate waits no longer".into());
        }
        if self.add_capabilities.iter().any(|c| c != "SYS_PTRACE") {
            findings.push("has capabilities added, and Fargate adds `SYS_PTRACE` only".into());
        }
        let known = |driver| {
            matches!(
                driver,
                LogDriver::Awslogs | LogDriver::Awsfirelens | LogDriver::Splunk
            )
        };
        if let Some(log) = self.log_configuration.as_ref().filter(|log| !known(log.driver)) {
            findings.push(format!(
                "logs by `{}`, and Fargate knows `awslogs`, `awsfirelens` and `splunk`",
                log.driver
            ));
        }
        findings
    }
}

impl HealthCheck {
    /// Findings of what AWS would refuse, as ends of sentences about the container.
    fn findings(&self) -> Vec<String> {
        let ranges = [
            ("interval", self.interval, 5, 300),
            ("timeout", self.timeout, 2, 60),
            ("number of retries", self.retries, 1, 10),
            ("start period", self.start_period, 0, 300),
        ];
        let outside = ranges
            .iter()
            .filter(|(_, value, from, to)| !(from..=to).contains(&value));
        let mut findings: Vec<String> = outside
            .map(|(what, value, from, to)| {
                format!("has a health check with a {what} of {value}, and AWS takes {from} to {to}")
            })
            .collect();
        let first = self.command.first().map(String::as_str);
        if !matches!(first, Some("CMD" | "CMD-SHELL")) {
            findings.push("has a health check whose command does not begin with `CMD` or `CMD-SHELL`".into());
        }
        findings
    }
}
