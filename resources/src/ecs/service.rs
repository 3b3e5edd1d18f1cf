//! A service: tasks of a task definition that ECS keeps running.

#[cfg(feature = "aws")]
use super::service_sdk as read;
use super::{AdvancedConfiguration, CapacityShare, ClusterName, DeploymentStrategy, TaskDefinitionArn};
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
    /// The other target group and the rule of blue/green deployments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advanced_configuration: Option<AdvancedConfiguration>,
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
            advanced_configuration: None,
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
#[update(UpdateService: ecs, folds, same(cluster, service_name = service), with(force_new_deployment: Option<bool> = None))]
// With `force`, the service need not be scaled to 0 first. Its tasks drain, and use what they use until the service is gone.
#[delete(DeleteService: ecs, same(cluster, service_name = service), with(force: bool = true), rules(.retry_on_message("InvalidParameterException", "deployments are active", minutes(20)).until_gone(minutes(20))))]
#[retag(TagResource, UntagResource: ecs, by(resource_arn = "arn"), on = "*")]
#[sdk(ecs::Service)]
pub struct Service {
    /// The cluster.
    #[immutable]
    #[read(read::cluster(item)?.into_input())]
    #[sample("cluster-1", "cluster-2")]
    pub cluster: Input<ClusterName>,
    /// The task definition.
    #[sample("web:1", "web:2")]
    pub task_definition: Input<TaskDefinitionArn>,
    /// The name, unique in its cluster.
    #[immutable]
    #[named(max = 255, also = "-_")]
    pub service_name: Option<Input<String>>,
    /// The desired count of tasks. Unset: 1 at first, and then the number that scaling sets.
    #[create_with(Option<u32>, me.first_count())]
    #[read(item.desired_count.try_into().ok())]
    #[sample(2, _)]
    #[wrong_if(!me.counts(), "is set, and a daemon runs once on every instance: drop it")]
    pub desired_count: Option<u32>,
    /// The launch type; unset: `capacity`, or else the cluster's default.
    #[immutable]
    #[sample(LaunchType::Ec2)]
    #[wrong_if(me.capacity.as_ref().is_some_and(|c| !c.is_empty()), "and `capacity` are both set, and AWS takes one: drop one")]
    pub launch_type: Option<LaunchType>,
    /// The capacity provider strategy; instead of `launch_type`.
    #[member("capacity_provider_strategy")]
    #[by_hand]
    #[read(crate::aws::FromSdk::from_sdk(item.capacity_provider_strategy.clone()))]
    #[cfn("CapacityProviderStrategy")]
    #[sample([CapacityShare::new("FARGATE", 1)], _)]
    #[checked(CapacityShare::check(it, field))]
    pub capacity: Option<BTreeSet<CapacityShare>>,
    /// The platform version of Fargate.
    #[by_hand]
    #[sample("1.4.0")]
    pub platform_version: Option<String>,
    /// The subnets of the tasks.
    #[member("network_configuration")]
    #[sent_as(Option<Network>, me.network())]
    #[read(read::subnets(item))]
    #[cfn("NetworkConfiguration")]
    #[sample(["subnet-1"], ["subnet-2", "subnet-3"])]
    #[missing_if(me.on_fargate(), "is empty, and tasks on Fargate need one")]
    #[in_struct(Network)]
    pub subnets: BTreeSet<Input<SubnetId>>,
    /// The security groups of the tasks.
    #[part_of(subnets)]
    #[read(read::security_groups(item))]
    #[cfn("NetworkConfiguration")]
    #[sample(["sg-1"])]
    #[wrong_if(me.subnets.is_empty() && (!it.is_empty() || me.assign_public_ip), "or `assign_public_ip` is set: set `subnets`, too")]
    #[in_struct(Network)]
    pub security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Public IP addresses for the tasks.
    #[default(false)]
    #[part_of(subnets)]
    #[read(read::public_ip(item))]
    #[cfn("NetworkConfiguration")]
    #[sample(true)]
    #[in_struct(Network)]
    pub assign_public_ip: bool,
    /// The load balancers, by the target groups with which the service registers its tasks.
    #[by_hand]
    #[sample([Balanced::new("tg-1", "web", 8080)])]
    #[checked(me.misfit_of_shift(field))]
    pub load_balancers: BTreeSet<Balanced>,
    /// The health check grace period of a new task, in seconds: the time in which failed health checks do not count.
    #[default(0)]
    #[range(0..=2_147_483_647)]
    #[sent_as(Option<u32>, me.grace())]
    #[sample(60)]
    #[wrong_if(*it > 0 && me.load_balancers.is_empty(), "is set, and no load balancer checks health")]
    pub health_check_grace_period_seconds: u32,
    /// The deployment circuit breaker.
    #[default(CircuitBreaker::RollBack)]
    #[member("deployment_configuration")]
    #[sent_as(Deployment, Deployment::of(me))]
    #[read(read::circuit_breaker(item))]
    #[cfn("DeploymentConfiguration")]
    #[sample(CircuitBreaker::Fail)]
    #[in_struct(Deployment)]
    pub circuit_breaker: CircuitBreaker,
    /// The maximum percent: how many tasks may run during a deployment, in percent of the desired count.
    #[default(200)]
    #[part_of(circuit_breaker)]
    #[read(read::percent(item, |d| d.maximum_percent).unwrap_or(200))]
    #[cfn("DeploymentConfiguration")]
    #[sample(150)]
    #[wrong_if(*it <= me.minimum_healthy_percent, "is {it}: make it more than `minimum_healthy_percent`, {}, or no deployment can move", me.minimum_healthy_percent)]
    #[in_struct(Deployment)]
    pub maximum_percent: u16,
    /// The minimum healthy percent: how many tasks must be healthy during a deployment, in percent of the desired count.
    #[default(100)]
    #[part_of(circuit_breaker)]
    #[read(read::percent(item, |d| d.minimum_healthy_percent).unwrap_or(100))]
    #[cfn("DeploymentConfiguration")]
    #[sample(50)]
    #[in_struct(Deployment)]
    pub minimum_healthy_percent: u16,
    /// The deployment alarms: a deployment fails and is rolled back when one of these `CloudWatch` alarms goes off.
    #[part_of(circuit_breaker)]
    #[read(read::alarms(item))]
    #[cfn("DeploymentConfiguration")]
    #[sample(["errors"])]
    #[in_struct(Deployment, alarms)]
    pub deployment_alarms: BTreeSet<Input<String>>,
    /// The deployment strategy. Unset: AWS's, which is a rolling deployment until another one was set.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    #[part_of(circuit_breaker)]
    #[read(read::strategy(item))]
    #[cfn("DeploymentConfiguration")]
    #[sample(DeploymentStrategy::BlueGreen, DeploymentStrategy::Rolling)]
    #[in_struct(Deployment)]
    pub strategy: Option<DeploymentStrategy>,
    /// The bake time, in minutes: how long both versions run once the requests are shifted. Alarms that go off in it turn the deployment
    /// back; a deployment is ready only after it, and half an hour is waited for that: more than 25 minutes want `ready_within`, too.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html: "You must provide this parameter when you
    // use the BLUE_GREEN deployment strategy."
    #[part_of(circuit_breaker)]
    #[read(read::bake_time(item))]
    #[cfn("DeploymentConfiguration")]
    #[range(0..=1440)]
    #[sample(5, _)]
    #[missing_if(me.is_blue_green(), "is unset, and a blue/green deployment needs it; 0 removes the old tasks as soon as the requests are shifted")]
    #[wrong_if(!me.is_blue_green(), "is set, and only a blue/green deployment has one: set `strategy` to `BLUE_GREEN`")]
    #[in_struct(Deployment)]
    pub bake_time_in_minutes: Option<u16>,
    /// ECS Exec: sessions inside the containers.
    #[default(false)]
    #[sample(true)]
    pub enable_execute_command: bool,
    /// ECS managed tags: the tasks are tagged with the names of the cluster and the service.
    #[default(false)]
    #[cfn("EnableECSManagedTags")]
    #[sample(true)]
    pub enable_ecs_managed_tags: bool,
    /// The source of the tags of the tasks.
    #[default(PropagateTags::None)]
    #[sample(PropagateTags::Service)]
    pub propagate_tags: PropagateTags,
    /// Availability Zone rebalancing: tasks are moved so that every zone has its share.
    #[sample(ZoneRebalancing::Disabled)]
    pub availability_zone_rebalancing: Option<ZoneRebalancing>,
    /// The scheduling strategy.
    #[immutable]
    #[default(SchedulingStrategy::Replica)]
    #[sample(SchedulingStrategy::Daemon)]
    #[wrong_if(!me.counts() && me.on_fargate(), "is `{it}`, and Fargate has no instances: use `REPLICA`")]
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
        let shifts = self.misfits_of_rules(look);
        findings.into_iter().flatten().chain(shifts).collect()
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
}

impl Service {
    /// The desired count of the create call. A daemon has none.
    fn first_count(&self) -> Option<u32> {
        self.counts().then(|| self.desired_count.unwrap_or(1))
    }

    /// The network configuration: only tasks of the network mode `awsvpc`, which have subnets, have one.
    fn on_fargate(&self) -> bool {
        self.launch_type == Some(LaunchType::Fargate)
    }

    /// `true` if it runs a number of tasks, and not one on every instance.
    fn counts(&self) -> bool {
        self.scheduling_strategy == SchedulingStrategy::Replica
    }

    fn network(&self) -> Option<Network> {
        (!self.subnets.is_empty()).then(|| Network::of(self))
    }

    /// The health check grace period, which AWS refuses without a load balancer.
    fn grace(&self) -> Option<u32> {
        (!self.load_balancers.is_empty()).then_some(self.health_check_grace_period_seconds)
    }
}
