//! A service: tasks that are kept running.

use super::{CapacityShare, ClusterName, RETAG, TaskDefinitionArn, retag};
use crate::{
    appscaling::ScalableResource,
    ec2::{SecurityGroupId, SubnetId},
    elb::RoutedTargetGroup,
    prelude::*,
};

id!(
    /// Names a service: its cluster's name, a slash, and its own.
    ServiceId
);

choice!(
    /// What a service's tasks run on, when it has no shares of capacity providers.
    LaunchType of ecs::LaunchType {
        /// Nobody's servers.
        Fargate = "FARGATE",
        /// One's own instances.
        Ec2 = "EC2",
        /// One's own machines elsewhere.
        External = "EXTERNAL",
    }
);

choice!(
    /// How many tasks a service has.
    SchedulingStrategy of ecs::SchedulingStrategy {
        /// As many as are desired.
        Replica = "REPLICA",
        /// One on every instance.
        Daemon = "DAEMON",
    }
);

choice!(
    /// Whose tags a service's tasks get.
    PropagateTags of ecs::PropagateTags {
        /// The service's.
        Service = "SERVICE",
        /// The task definition's.
        TaskDefinition = "TASK_DEFINITION",
        /// Nobody's.
        None = "NONE",
    }
);

choice!(
    /// Whether tasks are moved so that every zone has its share.
    ZoneRebalancing of ecs::AvailabilityZoneRebalancing {
        /// They are.
        Enabled = "ENABLED",
        /// They are not.
        Disabled = "DISABLED",
    }
);

/// What becomes of a deployment whose tasks do not stay up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CircuitBreaker {
    /// ECS tries for ever.
    Off,
    /// It fails, and what still runs stays.
    Fail,
    /// It fails, and the last one that worked comes back.
    RollBack,
}

/// A port of a service's tasks that a load balancer sends requests to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Balanced {
    /// The target group that its tasks are registered with; one that a listener or a rule routes to.
    pub target_group: Input<RoutedTargetGroup>,
    /// The container.
    pub container_name: String,
    /// Its port.
    pub container_port: u16,
}

impl Balanced {
    /// Requests to `target_group` go to port `port` of container `container`.
    ///
    /// A target group that nothing routes to is none that fits, because AWS refuses a service with one:
    ///
    /// ```compile_fail,E0277
    /// use tenon_resources::{ecs::Balanced, elb::TargetGroupArn, value::Output};
    /// let group: Output<TargetGroupArn> = Output::new("web/group", "id");
    /// Balanced::new(&group, "web", 8080); // the listener's or the rule's `target_group` belongs here
    /// ```
    pub fn new(target_group: impl IntoInput<RoutedTargetGroup>, container: &str, port: u16) -> Self {
        Self {
            target_group: target_group.into_input(),
            container_name: container.into(),
            container_port: port,
        }
    }
}

/// Tasks that are kept running, replaced without a gap when their definition changes.
///
/// ```
/// use tenon_resources::ecs::{Balanced, LaunchType, Service};
/// Service::new("shop", "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:1")
///     .launch_type(LaunchType::Fargate)
///     .subnets(["subnet-1", "subnet-2"])
///     .security_groups(["sg-1"])
///     .desired_count(2u32)
///     .load_balancers([Balanced::new("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/2", "web", 8080)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecs.service", cfn = "AWS::ECS::Service", ready = 30)]
pub struct Service {
    /// The cluster it runs in.
    #[immutable]
    pub cluster: Input<ClusterName>,
    /// What its tasks are.
    pub task_definition: Input<TaskDefinitionArn>,
    /// Its name, unique in its cluster.
    #[immutable]
    #[named(max = 255, also = "-_")]
    pub service_name: Option<Input<String>>,
    /// How many tasks are kept running. Unset, one to begin with, and then whatever scaling makes of it.
    pub desired_count: Option<u32>,
    /// What its tasks run on; unset, what `capacity` says, or else the cluster.
    #[immutable]
    pub launch_type: Option<LaunchType>,
    /// What its tasks run on, by shares; instead of `launch_type`.
    #[cfn("CapacityProviderStrategy")]
    pub capacity: Option<BTreeSet<CapacityShare>>,
    /// The version of Fargate.
    pub platform_version: Option<String>,
    /// The subnets of its tasks.
    #[cfn("NetworkConfiguration")]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// The security groups around its tasks.
    #[cfn("NetworkConfiguration")]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Give its tasks public addresses.
    #[default(false)]
    #[cfn("NetworkConfiguration")]
    pub assign_public_ip: bool,
    /// The ports that load balancers send requests to.
    pub load_balancers: BTreeSet<Balanced>,
    /// How long health checks do not count for a new task, in seconds.
    #[default(0)]
    pub health_check_grace_period_seconds: u32,
    /// What becomes of a deployment whose tasks do not stay up.
    #[default(CircuitBreaker::RollBack)]
    #[cfn("DeploymentConfiguration")]
    pub circuit_breaker: CircuitBreaker,
    /// How many tasks may run during a deployment, in percent of those desired.
    #[default(200)]
    #[cfn("DeploymentConfiguration")]
    pub maximum_percent: u16,
    /// How many tasks must be well during a deployment, in percent of those desired.
    #[default(100)]
    #[cfn("DeploymentConfiguration")]
    pub minimum_healthy_percent: u16,
    /// Alarms that fail a deployment, and bring the last one back.
    #[cfn("DeploymentConfiguration")]
    pub deployment_alarms: BTreeSet<Input<String>>,
    /// Allow sessions inside its containers.
    #[default(false)]
    pub enable_execute_command: bool,
    /// Tag its tasks with the names of the cluster and the service.
    #[default(false)]
    #[cfn("EnableECSManagedTags")]
    pub enable_ecs_managed_tags: bool,
    /// Whose tags its tasks get.
    #[default(PropagateTags::None)]
    pub propagate_tags: PropagateTags,
    /// Whether tasks are moved so that every zone has its share.
    pub availability_zone_rebalancing: Option<ZoneRebalancing>,
    /// How many tasks it has.
    #[immutable]
    #[default(SchedulingStrategy::Replica)]
    pub scheduling_strategy: SchedulingStrategy,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ServiceOutputs {
    /// Its cluster's name, a slash, and its own.
    #[shape("{cluster}/{service_name}")]
    pub id: ServiceId,
    /// Its ARN.
    #[shape("arn:aws:ecs:{region}:{account}:service/{id}")]
    pub arn: Arn,
    /// Its name.
    #[shape("{service_name}")]
    pub name: String,
    /// What scales, for a scalable target.
    #[shape("service/{id}")]
    pub scalable: ScalableResource,
}

impl Lifecycle for Service {
    const CALLS: &'static [CallInfo] = &[
        CreateService::INFO,
        UpdateService::INFO,
        DeleteService::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "ecs",
        operation: "DescribeServices",
        batch: 10,
        actions: &[
            "ecs:DescribeServices",
            "ecs:ListServices",
            "ecs:ListClusters",
            "ecs:ListTasks",
            "ecs:DescribeTasks",
        ],
    };
    /// A deployment that failed is over, and once ECS has rolled back the service is ready again, with the old tasks: to
    /// wait on would take that for success.
    const IMPAIRED_ENDS_WAIT: bool = true;

    fn identity(&self) -> Identity {
        match &self.service_name {
            Some(name) => Identity::Natural(text!("{}/{}", &self.cluster, name)),
            None => Identity::Assigned,
        }
    }

    fn create(&self) -> Steps {
        let replicas = self.scheduling_strategy == SchedulingStrategy::Replica;
        Steps::create(CreateService {
            cluster: self.cluster.clone(),
            service_name: self.service_name.clone(),
            task_definition: self.task_definition.clone(),
            client_token: Token::Fill,
            desired_count: replicas.then(|| self.desired_count.unwrap_or(1)),
            launch_type: self.launch_type,
            capacity_provider_strategy: self.capacity.clone(),
            platform_version: self.platform_version.clone(),
            network_configuration: self.network(),
            load_balancers: self.load_balancers.clone(),
            health_check_grace_period_seconds: self.grace(),
            deployment_configuration: self.deployment(),
            enable_execute_command: self.enable_execute_command,
            enable_ecs_managed_tags: self.enable_ecs_managed_tags,
            propagate_tags: self.propagate_tags,
            availability_zone_rebalancing: self.availability_zone_rebalancing,
            scheduling_strategy: self.scheduling_strategy,
            tags: self.tags.clone(),
        })
        .retry_on("ClusterNotFoundException", minutes(2))
        .retry_on_message(
            "InvalidParameterException",
            "verify that the ECS service role",
            minutes(2),
        )
        .retry_on_message(
            "InvalidParameterException",
            "Unable to assume the service linked role",
            minutes(2),
        )
        .retry_on_message(
            "InvalidParameterException",
            "does not have an associated load balancer",
            minutes(2),
        )
        // A predecessor's name is held until its last task has stopped.
        .retry_on_message("InvalidParameterException", "still Draining", minutes(20))
    }

    fn set(&self, was: &Self, field: ServiceField) -> Steps {
        use ServiceField as F;
        let update = |set: fn(&Self, &mut UpdateService)| {
            let mut call = UpdateService::of(self);
            set(self, &mut call);
            Steps::update(call)
        };
        match field {
            F::TaskDefinition => update(|s, c| c.task_definition = Some(s.task_definition.clone())),
            // Unset, the number is scaling's: nothing to do.
            F::DesiredCount => match self.desired_count {
                Some(_) => update(|s, c| c.desired_count = s.desired_count),
                None => Steps::none(),
            },
            // Tasks that run move only with a deployment.
            F::Capacity => update(|s, c| {
                c.capacity_provider_strategy = Some(s.capacity.clone().unwrap_or_default());
                c.force_new_deployment = Some(true);
            }),
            F::PlatformVersion => update(|s, c| {
                c.platform_version = Some(s.platform_version.clone().unwrap_or_else(|| "LATEST".into()));
                c.force_new_deployment = Some(true);
            }),
            F::Subnets | F::SecurityGroups | F::AssignPublicIp => {
                update(|s, c| c.network_configuration = s.network())
            }
            F::LoadBalancers => update(|s, c| {
                c.load_balancers = Some(s.load_balancers.clone());
                c.health_check_grace_period_seconds = s.grace();
            }),
            F::HealthCheckGracePeriodSeconds => match self.grace() {
                Some(_) => update(|s, c| c.health_check_grace_period_seconds = s.grace()),
                None => Steps::none(),
            },
            F::CircuitBreaker | F::MaximumPercent | F::MinimumHealthyPercent | F::DeploymentAlarms => {
                update(|s, c| c.deployment_configuration = Some(s.deployment()))
            }
            F::EnableExecuteCommand => {
                update(|s, c| c.enable_execute_command = Some(s.enable_execute_command))
            }
            F::EnableEcsManagedTags => {
                update(|s, c| c.enable_ecs_managed_tags = Some(s.enable_ecs_managed_tags))
            }
            F::PropagateTags => update(|s, c| c.propagate_tags = Some(s.propagate_tags)),
            F::AvailabilityZoneRebalancing => match self.availability_zone_rebalancing {
                Some(_) => update(|s, c| c.availability_zone_rebalancing = s.availability_zone_rebalancing),
                None => Steps::none(),
            },
            F::Tags => retag(own("arn"), &self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        // By force: it need not be scaled to nothing first. Its tasks drain, and hold what they use, until it is gone.
        Steps::delete(DeleteService {
            cluster: self.cluster.clone(),
            service: self.service_name.clone(),
            force: true,
        })
        .ok_on("ServiceNotFoundException")
        .ok_on("ServiceNotActiveException")
        .ok_on("ClusterNotFoundException")
        .retry_on_message("InvalidParameterException", "deployments are active", minutes(20))
        .until_gone(minutes(20))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if let Some(capacity) = &self.capacity {
            findings.extend(CapacityShare::check(capacity, "capacity"));
            if self.launch_type.is_some() && !capacity.is_empty() {
                findings
                    .push("`launch_type` and `capacity` are both set, and AWS takes one: drop one".into());
            }
        }
        if self.launch_type == Some(LaunchType::Fargate) && self.subnets.is_empty() {
            findings.push("`subnets` is empty, and tasks on Fargate stand in one".into());
        }
        if self.subnets.is_empty() && (!self.security_groups.is_empty() || self.assign_public_ip) {
            findings.push("`security_groups` or `assign_public_ip` is set: set `subnets`, too".into());
        }
        if self.scheduling_strategy == SchedulingStrategy::Daemon {
            if self.desired_count.is_some() {
                findings
                    .push("`desired_count` is set, and a daemon runs once on every instance: drop it".into());
            }
            if self.launch_type == Some(LaunchType::Fargate) {
                findings.push(
                    "`scheduling_strategy` is `DAEMON`, and Fargate has no instances: use `REPLICA`".into(),
                );
            }
        }
        if self.health_check_grace_period_seconds > 0 && self.load_balancers.is_empty() {
            findings.push(
                "`health_check_grace_period_seconds` is set, and no load balancer checks health".into(),
            );
        }
        if self.maximum_percent <= self.minimum_healthy_percent {
            findings.push(format!(
                "`maximum_percent` is {}: make it more than `minimum_healthy_percent`, {}, or no deployment can move",
                self.maximum_percent, self.minimum_healthy_percent
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("cluster-1", "web:1")
                .service_name("a")
                .desired_count(2u32)
                .capacity([CapacityShare::new("FARGATE", 1)])
                .subnets(["subnet-1"])
                .tags([("Name", "a")]),
            Self::new("cluster-2", "web:2")
                .service_name("b")
                .launch_type(LaunchType::Ec2)
                .platform_version("1.4.0")
                .subnets(["subnet-2", "subnet-3"])
                .security_groups(["sg-1"])
                .assign_public_ip(true)
                .load_balancers([Balanced::new("tg-1", "web", 8080)])
                .health_check_grace_period_seconds(60u32)
                .circuit_breaker(CircuitBreaker::Fail)
                .maximum_percent(150u16)
                .minimum_healthy_percent(50u16)
                .deployment_alarms(["errors"])
                .enable_execute_command(true)
                .enable_ecs_managed_tags(true)
                .propagate_tags(PropagateTags::Service)
                .availability_zone_rebalancing(ZoneRebalancing::Disabled)
                .scheduling_strategy(SchedulingStrategy::Daemon)
                .tags([("Name", "b")]),
        ]
    }
}

impl Service {
    /// Only tasks with a network interface of their own have one.
    fn network(&self) -> Option<Network> {
        (!self.subnets.is_empty()).then(|| Network {
            subnets: self.subnets.clone(),
            security_groups: self.security_groups.clone(),
            assign_public_ip: self.assign_public_ip,
        })
    }

    /// AWS refuses one without a load balancer.
    fn grace(&self) -> Option<u32> {
        (!self.load_balancers.is_empty()).then_some(self.health_check_grace_period_seconds)
    }

    fn deployment(&self) -> Deployment {
        Deployment {
            circuit_breaker: self.circuit_breaker,
            maximum_percent: self.maximum_percent,
            minimum_healthy_percent: self.minimum_healthy_percent,
            alarms: self.deployment_alarms.clone(),
        }
    }
}

/// The network of a service's tasks, as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Network {
    pub(super) subnets: BTreeSet<Input<SubnetId>>,
    pub(super) security_groups: BTreeSet<Input<SecurityGroupId>>,
    pub(super) assign_public_ip: bool,
}

/// How tasks are replaced, as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Deployment {
    pub(super) circuit_breaker: CircuitBreaker,
    pub(super) maximum_percent: u16,
    pub(super) minimum_healthy_percent: u16,
    pub(super) alarms: BTreeSet<Input<String>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    ecs,
    also("ecs:TagResource"),
    on = "arn:aws:ecs:{region}:{account}:service/{id}"
)]
struct CreateService {
    cluster: Input<ClusterName>,
    service_name: Option<Input<String>>,
    task_definition: Input<TaskDefinitionArn>,
    client_token: Token,
    desired_count: Option<u32>,
    launch_type: Option<LaunchType>,
    capacity_provider_strategy: Option<BTreeSet<CapacityShare>>,
    platform_version: Option<String>,
    network_configuration: Option<Network>,
    load_balancers: BTreeSet<Balanced>,
    health_check_grace_period_seconds: Option<u32>,
    deployment_configuration: Deployment,
    enable_execute_command: bool,
    enable_ecs_managed_tags: bool,
    propagate_tags: PropagateTags,
    availability_zone_rebalancing: Option<ZoneRebalancing>,
    scheduling_strategy: SchedulingStrategy,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, folds, on = "arn:aws:ecs:{region}:{account}:service/{id}")]
struct UpdateService {
    cluster: Input<ClusterName>,
    service: Option<Input<String>>,
    task_definition: Option<Input<TaskDefinitionArn>>,
    desired_count: Option<u32>,
    capacity_provider_strategy: Option<BTreeSet<CapacityShare>>,
    platform_version: Option<String>,
    force_new_deployment: Option<bool>,
    network_configuration: Option<Network>,
    load_balancers: Option<BTreeSet<Balanced>>,
    health_check_grace_period_seconds: Option<u32>,
    deployment_configuration: Option<Deployment>,
    enable_execute_command: Option<bool>,
    enable_ecs_managed_tags: Option<bool>,
    propagate_tags: Option<PropagateTags>,
    availability_zone_rebalancing: Option<ZoneRebalancing>,
}

impl UpdateService {
    /// No change at all.
    fn of(service: &Service) -> Self {
        Self {
            cluster: service.cluster.clone(),
            service: service.service_name.clone(),
            task_definition: None,
            desired_count: None,
            capacity_provider_strategy: None,
            platform_version: None,
            force_new_deployment: None,
            network_configuration: None,
            load_balancers: None,
            health_check_grace_period_seconds: None,
            deployment_configuration: None,
            enable_execute_command: None,
            enable_ecs_managed_tags: None,
            propagate_tags: None,
            availability_zone_rebalancing: None,
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(ecs, on = "arn:aws:ecs:{region}:{account}:service/{id}")]
struct DeleteService {
    cluster: Input<ClusterName>,
    service: Option<Input<String>>,
    force: bool,
}
