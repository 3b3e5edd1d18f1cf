//! A web service: a container on Fargate behind a load balancer, in as many tasks as it takes.
//!
//! Where its data is, and who else may speak to it, is not here: whoever has a door opens it for the service's own.

use super::{Ground, Program};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    appscaling::{Metric, ScalableTarget, ScalingPolicy},
    ec2::{EgressRule, SecurityGroup, SecurityGroupId, Traffic},
    ecs::{
        Balanced, CapacityShare, ContainerDefinition, HealthCheck, LogConfiguration, Service, TaskDefinition,
    },
    elb::{Action, Condition, ListenerRule, TargetGroup},
    iam::{Policy, Role, RolePolicy},
    text,
    value::{Arn, Cidr4, Output},
};

/// A container on Fargate behind a load balancer.
///
/// Its tasks have no public address, take requests from the load balancer alone, run without root on a file system that
/// cannot be written, and may read their own secrets and write their own logs. A deployment that does not become healthy is
/// rolled back. Their number follows CPU and memory.
///
/// ```
/// use tenon::{component::{Ground, LoadBalancerConfig, Logs, Nat, Network, NetworkConfig, Program, PublicLoadBalancer, WebService}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// # let config = NetworkConfig { cidr_block: Cidr4::lit("10.20.0.0/16"), zones: vec!["a".into(), "b".into()], nat: Nat::Single, isolated_ingress: ec2::Traffic::tcp(5432) };
/// let network = s.within("network", |s| Network::new(s, &config));
/// let alb = s.within("alb", |s| PublicLoadBalancer::new(s, &network, &LoadBalancerConfig::default()));
/// let logs = s.within("logs", |s| Logs::new(s, 30));
/// let cluster = s.add("cluster", ecs::Cluster::new().capacity_providers(["FARGATE"]));
/// let ground = Ground { network: &network, load_balancer: &alb, cluster: &cluster.id, logs: &logs };
/// let program = Program {
///     container: ecs::ContainerDefinition::new("blog", "shop/blog:1.4.2").env("PORT", 8080u16),
///     secrets: vec![],
///     repository: None,
///     port: 8080,
///     check: vec!["blog", "check"],
///     health_path: "/health",
///     paths: vec!["/*"],
///     priority: 100,
///     cpu: 256,
///     memory: 512,
///     tasks: (1, 2),
///     spot: true,
/// };
/// s.within("blog", |s| WebService::new(s, &ground, &program));
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct WebService {
    /// What stands around its tasks, for whoever lets them in.
    pub door: Output<SecurityGroupId>,
    /// The service's name.
    pub name: Output<String>,
    /// The service's ARN.
    pub arn: Output<Arn>,
    /// Its target group's name in metrics: `targetgroup/name/id`.
    pub target_group: Output<String>,
    /// The name that its task definitions share.
    pub family: String,
    /// The roles of its tasks: what starts them, and what they are.
    pub roles: [Output<Arn>; 2],
}

/// Whom containers run as: nobody in particular, and not root.
const USER: &str = "10001:10001";

/// How long a task may take to finish its requests, in seconds: what the load balancer waits, and then what is left to the process.
const DRAIN: u16 = 30;

impl WebService {
    /// Declares it.
    pub fn new<E: Environment>(s: &mut Scope<'_, E>, ground: &Ground<'_>, program: &Program) -> Self {
        let name = program.container.name.clone();
        let door = s
            .add(
                "door",
                SecurityGroup::new(&ground.network.vpc, text!("The tasks of {}", &name)),
            )
            .id;
        ground.load_balancer.allow_to(s, &door, program.port);
        // Images, secrets and logs are behind AWS's public addresses, which have no list to name here.
        let https = EgressRule::new(&door, Cidr4::ANYWHERE, Traffic::tcp(443))
            .description("Images, secrets and logs");
        s.add("https-out", https);

        let group = TargetGroup::new(&ground.network.vpc, program.port)
            .health_check_path(program.health_path)
            .health_check_interval_seconds(15u16)
            .healthy_threshold_count(2u16)
            .deregistration_delay(DRAIN);
        let group = s.add("targets", group);
        let rule = ListenerRule::new(
            &ground.load_balancer.listener,
            program.priority,
            Action::forward(&group.id),
        )
        .conditions([Condition::path(program.paths.iter().copied())]);
        let routed = s.add("paths", rule).target_group;

        let log = ground.logs.group(s, "log");
        let start = starter(s, program, &log.arn);
        let trust = Policy::assumed_by_service("ecs-tasks.amazonaws.com");
        let account = s.account();
        let trust = trust.when("StringEquals", "aws:SourceAccount", [&account]);
        let run = s
            .add(
                "role",
                Role::new(trust).description("What the tasks are; it may do nothing"),
            )
            .arn;

        let family = s.full_name("task");
        let container = harden(program, LogConfiguration::awslogs(&log.id, s.region(), &name));
        let task = TaskDefinition::new(family.as_str())
            .containers([container])
            .cpu(program.cpu)
            .memory(program.memory)
            .execution_role(&start)
            .task_role(&run);
        let task = s.add("task", task);
        let capacity = if program.spot { "FARGATE_SPOT" } else { "FARGATE" };
        let service = Service::new(ground.cluster, &task.id)
            .capacity([CapacityShare::new(capacity, 1)])
            .subnets(&ground.network.private)
            .security_groups([&door])
            .load_balancers([Balanced::new(&routed, &name, program.port)])
            .health_check_grace_period_seconds(60u32);
        let service = s.add("service", service);

        let (least, most) = program.tasks;
        let target = s
            .add("scaling", ScalableTarget::new(&service.scalable, least, most))
            .registered;
        s.add(
            "scale-on-cpu",
            ScalingPolicy::new(&target, Metric::EcsServiceAverageCpu, 60.0),
        );
        s.add(
            "scale-on-memory",
            ScalingPolicy::new(&target, Metric::EcsServiceAverageMemory, 75.0),
        );
        let (name, arn, target_group) = (service.name, service.arn, group.full_name);
        Self {
            door,
            name,
            arn,
            target_group,
            family,
            roles: [start, run],
        }
    }
}

/// The role that starts the tasks: it reads the program's secrets, writes its log, and fetches its image.
fn starter<E: Environment>(s: &mut Scope<'_, E>, program: &Program, log: &Output<Arn>) -> Output<Arn> {
    let account = s.account();
    let trust = Policy::assumed_by_service("ecs-tasks.amazonaws.com").when(
        "StringEquals",
        "aws:SourceAccount",
        [&account],
    );
    let role = s.add("starter", Role::new(trust).description("Starts the tasks"));
    let write = Policy::allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on([text!("{}:*", log)]);
    let mut policy = Policy::from(write);
    if !program.secrets.is_empty() {
        let secrets = program.secrets.iter().map(|(_, arn)| arn);
        policy = policy.and(Policy::allow(["secretsmanager:GetSecretValue"]).on(secrets));
    }
    if let Some(repository) = &program.repository {
        // AWS knows no resource for the token (Service Authorization Reference, ECR); it opens nothing by itself.
        let pull = [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ];
        policy = policy
            .and(Policy::allow(pull).on([repository]))
            .and(Policy::allow(["ecr:GetAuthorizationToken"]).on(["*"]));
    }
    s.add("starter-may", RolePolicy::new(&role.id, policy));
    role.arn
}

fn harden(program: &Program, log: LogConfiguration) -> ContainerDefinition {
    let check = ["CMD"].into_iter().chain(program.check.iter().copied());
    let mut container = program
        .container
        .clone()
        .port(program.port)
        .user(USER)
        .readonly_root_filesystem(true)
        .init_process_enabled(true)
        .drop_capabilities(["ALL"])
        .stop_timeout(DRAIN * 2)
        .health_check(HealthCheck {
            interval: 15,
            start_period: 30,
            ..HealthCheck::command(check)
        })
        .log_configuration(log);
    for (variable, secret) in &program.secrets {
        container = container.secret(variable, secret);
    }
    container
}
