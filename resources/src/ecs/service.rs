//! A service: tasks of a task definition that ECS keeps running.

#[cfg(feature = "aws")]
use super::service_sdk as read;
use super::{CapacityShare, ClusterName, TaskDefinitionArn};
use crate::{
    appscaling::ScalableResource,
    ec2::{SecurityGroupId, SubnetId},
    elb::RoutedTargetGroup,
    prelude::*,
};

id!(
    /// A service's id: the cluster's name, a slash, and the service's name.
    ServiceId
);

choice!(
    /// The launch type of a service without a capacity provider strategy.
    LaunchType of ecs::LaunchType {
        /// Fargate: no servers to manage.
        Fargate = "FARGATE",
        /// EC2 container instances of the cluster.
        Ec2 = "EC2",
        /// External instances (ECS Anywhere).
        External = "EXTERNAL",
    }
);

choice!(
    /// The scheduling strategy of a service.
    SchedulingStrategy of ecs::SchedulingStrategy {
        /// The desired count of tasks.
        Replica = "REPLICA",
        /// A task on every container instance.
        Daemon = "DAEMON",
    }
);

choice!(
    /// The source of the tags of a service's tasks.
    PropagateTags of ecs::PropagateTags {
        /// The service.
        Service = "SERVICE",
        /// The task definition.
        TaskDefinition = "TASK_DEFINITION",
        /// No source.
        None = "NONE",
    }
);

choice!(
    /// Availability Zone rebalancing: tasks are moved so that every zone has its share.
    ZoneRebalancing of ecs::AvailabilityZoneRebalancing {
        /// Tasks are rebalanced.
        Enabled = "ENABLED",
        /// Tasks stay where they started.
        Disabled = "DISABLED",
    }
);

/// The deployment circuit breaker: the end of a deployment whose tasks do not reach a steady state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CircuitBreaker {
    /// No circuit breaker: ECS tries for ever.
    Off,
    /// The deployment fails, and the tasks that still run stay.
    Fail,
    /// The deployment fails, and the service is rolled back to the last completed deployment.
    RollBack,
}

/// A load balancer of a service: the target group with which the service registers a port of its tasks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Balanced {
    /// The target group; one that a listener or a rule routes to.
    pub target_group: Input<RoutedTargetGroup>,
    /// The container.
    pub container_name: String,
    /// The container's port.
    pub container_port: u16,
}

impl Balanced {
    /// A load balancer that sends requests of `target_group` to port `port` of container `container`.
    ///
    /// A target group that nothing routes to does not compile, because AWS refuses a service with one:
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

/// A service: tasks that ECS keeps running, and replaces in a rolling deployment when their task definition changes.
///
/// ```
/// use tenon_resources::ecs::{Balanced, LaunchType, Service};
/// Service::new("shop", "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:1")
///     .launch_type(LaunchType::Fargate)
///     .subnets(["subnet-1", "subnet-2"])
///     .security_groups(["sg-1"])
///     .desired_count(2)
///     .load_balancers([Balanced::new("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/2", "web", 8080)]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ecs.service", cfn = "AWS::ECS::Service", ready = 30)]
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html#API_DeleteService_Errors
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#API_CreateService_Errors: a name that is taken is an
// InvalidParameterException, "Creation of service was not idempotent".
#[facts(
    gone("ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException"),
    second_create = Refused("InvalidParameterException"),
    exists("InvalidParameterException", "not idempotent")
)]
#[on("arn:aws:ecs:{region}:{account}:service/{id}")]
// A predecessor's name is taken until its last task has stopped.
#[create(CreateService: ecs, also("ecs:TagResource"), with(client_token: Token = Token::Fill), rules(
    .retry_on("ClusterNotFoundException", minutes(2))
    .retry_on_message("InvalidParameterException", "verify that the ECS service role", minutes(2))
    .retry_on_message("InvalidParameterException", "Unable to assume the service linked role", minutes(2))
    .retry_on_message("InvalidParameterException", "does not have an associated load balancer", minutes(2))
    .retry_on_message("InvalidParameterException", "still Draining", minutes(20))
))]
#[update(UpdateService: ecs, folds, with(
    cluster: Input<ClusterName> = me.cluster.clone(),
    service: Option<Input<String>> = me.service_name.clone(),
    force_new_deployment: Option<bool> = None,
))]
// With `force`, the service need not be scaled to 0 first. Its tasks drain, and use what they use until the service is gone.
#[delete(DeleteService: ecs, with(
    cluster: Input<ClusterName> = me.cluster.clone(),
    service: Option<Input<String>> = me.service_name.clone(),
    force: bool = true,
), rules(.retry_on_message("InvalidParameterException", "deployments are active", minutes(20)).until_gone(minutes(20))))]
#[retag(TagResource, UntagResource: ecs, by(resource_arn = "arn"), on = "*")]
#[sdk(ecs::Service)]
pub struct Service {
    /// The cluster.
    #[immutable]
    #[read(read::cluster(item)?.into_input())]
    pub cluster: Input<ClusterName>,
    /// The task definition.
    pub task_definition: Input<TaskDefinitionArn>,
    /// The name, unique in its cluster.
    #[immutable]
    #[named(max = 255, also = "-_")]
    pub service_name: Option<Input<String>>,
    /// The desired count of tasks. Unset: 1 at first, and then the number that scaling sets.
    #[create_with(Option<u32>, me.first_count())]
    #[read(item.desired_count.try_into().ok())]
    pub desired_count: Option<u32>,
    /// The launch type; unset: `capacity`, or else the cluster's default.
    #[immutable]
    pub launch_type: Option<LaunchType>,
    /// The capacity provider strategy; instead of `launch_type`.
    #[member("capacity_provider_strategy")]
    #[by_hand]
    #[read(crate::aws::FromSdk::from_sdk(item.capacity_provider_strategy.clone()))]
    #[cfn("CapacityProviderStrategy")]
    pub capacity: Option<BTreeSet<CapacityShare>>,
    /// The platform version of Fargate.
    #[by_hand]
    pub platform_version: Option<String>,
    /// The subnets of the tasks.
    #[member("network_configuration")]
    #[sent_as(Option<Network>, me.network())]
    #[read(read::subnets(item))]
    #[cfn("NetworkConfiguration")]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// The security groups of the tasks.
    #[part_of(subnets)]
    #[read(read::security_groups(item))]
    #[cfn("NetworkConfiguration")]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Public IP addresses for the tasks.
    #[default(false)]
    #[part_of(subnets)]
    #[read(read::public_ip(item))]
    #[cfn("NetworkConfiguration")]
    pub assign_public_ip: bool,
    /// The load balancers, by the target groups with which the service registers its tasks.
    #[by_hand]
    pub load_balancers: BTreeSet<Balanced>,
    /// The health check grace period of a new task, in seconds: the time in which failed health checks do not count.
    #[default(0)]
    #[range(0..=2_147_483_647)]
    #[sent_as(Option<u32>, me.grace())]
    pub health_check_grace_period_seconds: u32,
    /// The deployment circuit breaker.
    #[default(CircuitBreaker::RollBack)]
    #[member("deployment_configuration")]
    #[sent_as(Deployment, me.deployment())]
    #[read(read::circuit_breaker(item))]
    #[cfn("DeploymentConfiguration")]
    pub circuit_breaker: CircuitBreaker,
    /// The maximum percent: how many tasks may run during a deployment, in percent of the desired count.
    #[default(200)]
    #[part_of(circuit_breaker)]
    #[read(read::percent(item, |d| d.maximum_percent).unwrap_or(200))]
    #[cfn("DeploymentConfiguration")]
    pub maximum_percent: u16,
    /// The minimum healthy percent: how many tasks must be healthy during a deployment, in percent of the desired count.
    #[default(100)]
    #[part_of(circuit_breaker)]
    #[read(read::percent(item, |d| d.minimum_healthy_percent).unwrap_or(100))]
    #[cfn("DeploymentConfiguration")]
    pub minimum_healthy_percent: u16,
    /// The deployment alarms: a deployment fails and is rolled back when one of these `CloudWatch` alarms goes off.
    #[part_of(circuit_breaker)]
    #[read(read::alarms(item))]
    #[cfn("DeploymentConfiguration")]
    pub deployment_alarms: BTreeSet<Input<String>>,
    /// ECS Exec: sessions inside the containers.
    #[default(false)]
    pub enable_execute_command: bool,
    /// ECS managed tags: the tasks are tagged with the names of the cluster and the service.
    #[default(false)]
    #[cfn("EnableECSManagedTags")]
    pub enable_ecs_managed_tags: bool,
    /// The source of the tags of the tasks.
    #[default(PropagateTags::None)]
    pub propagate_tags: PropagateTags,
    /// Availability Zone rebalancing: tasks are moved so that every zone has its share.
    pub availability_zone_rebalancing: Option<ZoneRebalancing>,
    /// The scheduling strategy.
    #[immutable]
    #[default(SchedulingStrategy::Replica)]
    pub scheduling_strategy: SchedulingStrategy,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a service.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ServiceOutputs {
    /// The cluster's name, a slash, and the service's name.
    #[shape("{cluster}/{service_name}")]
    pub id: ServiceId,
    /// The ARN.
    #[shape("arn:aws:ecs:{region}:{account}:service/{id}")]
    pub arn: Arn,
    /// The name.
    #[shape("{service_name}")]
    pub name: String,
    /// The resource ID of the service for Application Auto Scaling.
    #[shape("service/{id}")]
    pub scalable: ScalableResource,
}

impl Lifecycle for Service {
    const READ: Read = Read::new(
        "ecs",
        "DescribeServices",
        10,
        &[
            "ecs:DescribeServices",
            "ecs:ListServices",
            "ecs:ListClusters",
            "ecs:ListTasks",
            "ecs:DescribeTasks",
        ],
    );
    /// A failed deployment is over. Once ECS has rolled back, the service is ready again with its old tasks, and a wait would take that for
    /// success.
    const IMPAIRED_ENDS_WAIT: bool = true;

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html and API_Deployment.html: another UpdateService mends a
    // deployment that failed.
    const STATUSES: &'static [StatusWords] = &[
        StatusWords {
            member: "status",
            words: &[
                ("ACTIVE", Meaning::Ready),
                ("DRAINING", Meaning::Leaving),
                ("INACTIVE", Meaning::Gone),
            ],
        },
        StatusWords {
            member: "deployments.rolloutState",
            words: &[
                ("COMPLETED", Meaning::Ready),
                ("IN_PROGRESS", Meaning::Pending),
                ("FAILED", Meaning::Impaired),
            ],
        },
    ];

    fn wants_stopped(&self) -> bool {
        self.desired_count == Some(0)
    }

    fn identity(&self) -> Identity {
        match &self.service_name {
            Some(name) => Identity::Natural(text!("{}/{}", &self.cluster, name)),
            None => Identity::Assigned,
        }
    }

    fn create(&self) -> Steps {
        CreateService::steps(self)
    }

    fn set(&self, _: &Self, field: ServiceField) -> Steps {
        let mut call = UpdateService::unchanged(self);
        match field {
            // Running tasks move only with a new deployment.
            ServiceField::Capacity => {
                call.capacity_provider_strategy = Some(self.capacity.clone().unwrap_or_default());
                call.force_new_deployment = Some(true);
            }
            ServiceField::PlatformVersion => {
                let latest = || "LATEST".into();
                call.platform_version = Some(self.platform_version.clone().unwrap_or_else(latest));
                call.force_new_deployment = Some(true);
            }
            ServiceField::LoadBalancers => {
                call.load_balancers = Some(self.load_balancers.clone());
                call.health_check_grace_period_seconds = self.grace();
            }
        }
        call.steps()
    }

    fn delete(&self) -> Steps {
        DeleteService::steps(self)
    }

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html: `PlatformTaskDefinitionIncompatibilityException`,
    // and `networkConfiguration`: "required for task definitions that use the awsvpc network mode".
    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        let task = serde_json::to_value(&self.task_definition).unwrap_or_default();
        let shares = self.capacity.iter().flatten();
        let on_fargate = self.launch_type == Some(LaunchType::Fargate)
            || shares
                .filter_map(|s| s.capacity_provider.known())
                .any(|p| p.starts_with("FARGATE"));
        let compatible = look(&task, "requires_compatibilities");
        let refused = on_fargate
            && compatible
                .and_then(|list| list.as_array().cloned())
                .is_some_and(|list| !list.iter().any(|word| word == "FARGATE"));
        let needs_subnets =
            self.subnets.is_empty() && look(&task, "network_mode").is_some_and(|mode| mode == "awsvpc");
        let findings = [
            refused.then(|| "`task_definition` is not for Fargate, on which the service runs: put `FARGATE` into its `requires_compatibilities`".to_owned()),
            needs_subnets.then(|| "`subnets` is empty, and its task definition has the network mode `awsvpc`, which needs some".to_owned()),
        ];
        findings.into_iter().flatten().collect()
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
            findings.push("`subnets` is empty, and tasks on Fargate need one".into());
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

    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html: at most five.
    fn beside(&self, was: &Self, field: &str) -> Option<Self> {
        let leaving = |of: &Self, other: &Self| -> Vec<Balanced> {
            let stays = |b: &&Balanced| {
                other
                    .load_balancers
                    .iter()
                    .any(|o| o.target_group == b.target_group)
            };
            of.load_balancers.iter().filter(|b| !stays(b)).cloned().collect()
        };
        // The tasks that run register with the new group on the port that they have.
        let pairs = leaving(was, self).into_iter().zip(leaving(self, was));
        let both: Vec<Balanced> = pairs
            .map(|(old, new)| Balanced {
                target_group: new.target_group,
                ..old
            })
            .collect();
        let mut beside = was.clone();
        beside.load_balancers.extend(both.iter().cloned());
        let fits = beside.load_balancers.len() <= 5;
        (field == "load_balancers" && fits && !both.is_empty()).then_some(beside)
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("cluster-1", "web:1")
                .service_name("a")
                .desired_count(2)
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
                .health_check_grace_period_seconds(60)
                .circuit_breaker(CircuitBreaker::Fail)
                .maximum_percent(150)
                .minimum_healthy_percent(50)
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
    /// The desired count of the create call. A daemon has none.
    fn first_count(&self) -> Option<u32> {
        let replicas = self.scheduling_strategy == SchedulingStrategy::Replica;
        replicas.then(|| self.desired_count.unwrap_or(1))
    }

    /// The network configuration: only tasks of the network mode `awsvpc`, which have subnets, have one.
    fn network(&self) -> Option<Network> {
        (!self.subnets.is_empty()).then(|| Network {
            subnets: self.subnets.clone(),
            security_groups: self.security_groups.clone(),
            assign_public_ip: self.assign_public_ip,
        })
    }

    /// The health check grace period, which AWS refuses without a load balancer.
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

/// A network configuration, as calls take it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Network {
    pub(super) subnets: BTreeSet<Input<SubnetId>>,
    pub(super) security_groups: BTreeSet<Input<SecurityGroupId>>,
    pub(super) assign_public_ip: bool,
}

/// A deployment configuration, as calls take it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Deployment {
    pub(super) circuit_breaker: CircuitBreaker,
    pub(super) maximum_percent: u16,
    pub(super) minimum_healthy_percent: u16,
    pub(super) alarms: BTreeSet<Input<String>>,
}
