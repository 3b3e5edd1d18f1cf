//! A web service: a container on Fargate behind a load balancer, in as many tasks as its load needs.
//!
//! Databases and other dependencies are not declared here: each lets the security group of the service in.

use super::{ServiceContext, ServiceSpec};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    appscaling::{Metric, ScalableTarget, ScalingPolicy},
    ec2::{EgressRule, SecurityGroup, SecurityGroupId, Traffic},
    ecs::{
        Balanced, CapacityShare, ContainerDefinition, HealthCheck, LogConfiguration, Service, ServiceId,
        ServiceOutputs, TaskDefinition,
    },
    elb::{Action, Condition, ListenerRule, TargetGroup},
    iam::{Policy, Role, RolePolicy, Statement},
    resource::Outputs,
    text,
    value::{Arn, Cidr4, Output},
};

/// A container on Fargate behind a load balancer.
///
/// Tasks have no public address, take requests from the load balancer alone, run without root on a read-only file system,
/// and have a task role without permissions. The execution role may read the service's own secrets and write its own logs.
/// A deployment that does not become healthy is rolled back. The number of tasks follows CPU and memory.
///
/// ```
/// use tenon_language::{
///     component::{
///         LoadBalancerConfig, Logs, Nat, Network, NetworkConfig, PublicLoadBalancer, ServiceContext, ServiceSpec,
///         WebService,
///     },
///     prelude::*,
/// };
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// # let config = NetworkConfig { cidr_block: Cidr4::lit("10.20.0.0/16"), zones: vec!["a".into(), "b".into()], nat: Nat::Single, isolated_ingress: ec2::Traffic::tcp(5432) };
/// let network = s.within("network", |s| Network::new(s, &config));
/// let alb = s.within("alb", |s| PublicLoadBalancer::new(s, &network, &LoadBalancerConfig::default()));
/// let logs = s.within("logs", |s| Logs::new(s, 30));
/// let cluster = s.add("cluster", ecs::Cluster::new().capacity_providers(["FARGATE_SPOT"]));
/// let context = ServiceContext { network: &network, load_balancer: &alb, cluster: &cluster.id, logs: &logs };
/// let spec = ServiceSpec {
///     container: ecs::ContainerDefinition::new("blog", "shop/blog:1.4.2"),
///     secrets: vec![],
///     repository: None,
///     port: 8080,
///     health_check_command: vec!["blog", "check"],
///     health_check_path: "/health",
///     path_patterns: vec!["/*"],
///     priority: 100,
///     cpu: 256,
///     memory: 512,
///     min_tasks: 1,
///     max_tasks: 2,
///     spot: true,
/// };
/// s.within("blog", |s| WebService::new(s, &context, &spec));
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct WebService {
    /// Security group of the tasks.
    pub security_group: Output<SecurityGroupId>,
    /// Service, which an experiment stops tasks of.
    pub service: Output<ServiceId>,
    /// Name of the service.
    pub name: Output<String>,
    /// ARN of the service.
    pub arn: Output<Arn>,
    /// Name of the target group in metrics, the dimension `TargetGroup`: `targetgroup/name/id`.
    pub target_group_full_name: Output<String>,
    /// Family of the task definitions.
    pub family: String,
    /// Role that ECS starts the tasks with: it reads secrets, writes logs and pulls the image.
    pub execution_role: Output<Arn>,
    /// Role of the processes in the tasks; it has no permissions.
    pub task_role: Output<Arn>,
}

/// User and group of the containers: no account of the image, and not root.
const USER: &str = "10001:10001";

/// Seconds that the load balancer waits for the requests of a task that stops; the process has as long again after that.
const DEREGISTRATION_DELAY: u16 = 30;

impl WebService {
    // Long: one declaration after the other, each used by the next.
    /// Declares the service, its task definition, roles, log group, target group, listener rule and scaling.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        context: &ServiceContext<'_>,
        spec: &ServiceSpec,
    ) -> Self {
        let name = spec.container.name.clone();
        s.moved("door", "security-group");
        // The description is immutable in AWS: another text replaces the group.
        let security_group = s
            .add(
                "security-group",
                SecurityGroup::new(&context.network.vpc, text!("The tasks of {}", &name)),
            )
            .id;
        context.load_balancer.allow_to(s, &security_group, spec.port);
        // ECR, Secrets Manager and CloudWatch Logs are reached at public addresses, of which there is no list to name here.
        let https = EgressRule::new(&security_group, Cidr4::ANYWHERE, Traffic::tcp(443))
            .description("Images, secrets and logs");
        s.moved("https-out", "https-egress");
        s.add("https-egress", https);

        let target_group = TargetGroup::new(&context.network.vpc, spec.port)
            .health_check_path(spec.health_check_path)
            .health_check_interval_seconds(15u16)
            .healthy_threshold_count(2u16)
            .deregistration_delay(DEREGISTRATION_DELAY);
        s.moved("targets", "target-group");
        let target_group = s.add("target-group", target_group);
        let rule = ListenerRule::new(
            &context.load_balancer.listener,
            spec.priority,
            Action::forward(&target_group.id),
        )
        .conditions([Condition::path(spec.path_patterns.iter().copied())]);
        s.moved("paths", "listener-rule");
        let routed = s.add("listener-rule", rule).target_group;

        s.moved("log", "log-group");
        let log_group = context.logs.group(s, "log-group");
        let execution_role = execution_role(s, spec, &log_group.arn);
        let task_role = task_role(s);

        // The family is not made from the address of the task definition: another family would be another task definition,
        // and a deployment.
        let family = s.full_name("task");
        let log = LogConfiguration::awslogs(&log_group.id, s.region(), &name);
        let task = TaskDefinition::new(family.as_str())
            .containers([container(spec, log)])
            .cpu(spec.cpu)
            .memory(spec.memory)
            .execution_role(&execution_role)
            .task_role(&task_role);
        s.moved("task", "task-definition");
        let task = s.add("task-definition", task);
        let capacity = if spec.spot { "FARGATE_SPOT" } else { "FARGATE" };
        let service = Service::new(context.cluster, &task.id)
            .capacity([CapacityShare::new(capacity, 1)])
            .subnets(&context.network.private)
            .security_groups([&security_group])
            .load_balancers([Balanced::new(&routed, &name, spec.port)])
            .health_check_grace_period_seconds(60u32);
        let service = s.add("service", service);
        scaling(s, spec, &service);
        Self {
            security_group,
            service: service.id,
            name: service.name,
            arn: service.arn,
            target_group_full_name: target_group.full_name,
            family,
            execution_role,
            task_role,
        }
    }
}

/// Trust policy for tasks of this account alone (ECS guide, "Amazon ECS task IAM role").
fn assumed_by_tasks<E: Environment>(s: &Scope<'_, E>) -> Statement {
    let account = s.account();
    Policy::assumed_by_service("ecs-tasks.amazonaws.com").when(
        "StringEquals",
        "aws:SourceAccount",
        [&account],
    )
}

fn task_role<E: Environment>(s: &mut Scope<'_, E>) -> Output<Arn> {
    let role = Role::new(assumed_by_tasks(s)).description("Role of the tasks, without permissions");
    s.moved("role", "task-role");
    s.add("task-role", role).arn
}

/// The role that ECS starts tasks with, and its policy: read the service's secrets, write its log, pull its image.
fn execution_role<E: Environment>(
    s: &mut Scope<'_, E>,
    spec: &ServiceSpec,
    log: &Output<Arn>,
) -> Output<Arn> {
    let role = Role::new(assumed_by_tasks(s)).description("Starts the tasks");
    s.moved("starter", "execution-role");
    let role = s.add("execution-role", role);
    let write = Policy::allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on([text!("{}:*", log)]);
    let mut policy = Policy::from(write);
    if !spec.secrets.is_empty() {
        let secrets = spec.secrets.iter().map(|(_, arn)| arn);
        policy = policy.and(Policy::allow(["secretsmanager:GetSecretValue"]).on(secrets));
    }
    if let Some(repository) = &spec.repository {
        let pull = [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ];
        // GetAuthorizationToken supports no resource (Service Authorization Reference, ECR); its token alone pulls nothing.
        policy = policy
            .and(Policy::allow(pull).on([repository]))
            .and(Policy::allow(["ecr:GetAuthorizationToken"]).on(["*"]));
    }
    s.moved("starter-may", "execution-policy");
    s.add("execution-policy", RolePolicy::new(&role.id, policy));
    role.arn
}

/// The container of the specification, with its port, health check and log, without root and with a read-only file system.
fn container(spec: &ServiceSpec, log: LogConfiguration) -> ContainerDefinition {
    let command = ["CMD"]
        .into_iter()
        .chain(spec.health_check_command.iter().copied());
    let mut container = spec
        .container
        .clone()
        .port(spec.port)
        .user(USER)
        .readonly_root_filesystem(true)
        .init_process_enabled(true)
        .drop_capabilities(["ALL"])
        .stop_timeout(DEREGISTRATION_DELAY * 2)
        .health_check(HealthCheck {
            interval: 15,
            start_period: 30,
            ..HealthCheck::command(command)
        })
        .log_configuration(log);
    for (variable, secret) in &spec.secrets {
        container = container.secret(variable, secret);
    }
    container
}

/// Target tracking on CPU and memory, between the minimum and the maximum of tasks.
fn scaling<E: Environment>(
    s: &mut Scope<'_, E>,
    spec: &ServiceSpec,
    service: &<ServiceOutputs as Outputs>::Refs,
) {
    let target = ScalableTarget::new(&service.scalable, spec.min_tasks, spec.max_tasks);
    s.moved("scaling", "scalable-target");
    let target = s.add("scalable-target", target).registered;
    s.add(
        "scale-on-cpu",
        ScalingPolicy::new(&target, Metric::EcsServiceAverageCpu, 60.0),
    );
    s.add(
        "scale-on-memory",
        ScalingPolicy::new(&target, Metric::EcsServiceAverageMemory, 75.0),
    );
}
