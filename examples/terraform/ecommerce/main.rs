//! The stack of the public configuration `fieldpar-star/ecommerce-devops-project`, folder `terraform`: a front end and an API on Fargate behind
//! a load balancer, and a PostgreSQL database.
//!
//! Every argument is that of the configuration, the variables with their defaults. The database's password is the exception: RDS makes
//! it and keeps it in Secrets Manager, so that no program, plan or state ever holds it.

use serde::Deserialize;
use tenon::prelude::*;

/// The variables of the configuration.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    vpc_cidr: String,
    availability_zones: Vec<String>,
    db_name: String,
    db_username: String,
    db_instance_class: String,
    backend_image: String,
    frontend_image: String,
    backend_cpu: u32,
    backend_memory: u32,
    frontend_cpu: u32,
    frontend_memory: u32,
    desired_count: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            vpc_cidr: "10.0.0.0/16".into(),
            availability_zones: vec!["us-east-1a".into(), "us-east-1b".into()],
            db_name: "ecommerce".into(),
            db_username: "postgres".into(),
            db_instance_class: "db.t3.micro".into(),
            backend_image: "bloomstechdev/ecommerce-backend:latest".into(),
            frontend_image: "bloomstechdev/ecommerce-frontend:latest".into(),
            backend_cpu: 256,
            backend_memory: 512,
            frontend_cpu: 256,
            frontend_memory: 512,
            desired_count: 1,
        }
    }
}

// Long: the configuration, in its order.
fn ecommerce(s: &mut Scope<Anywhere>) {
    let Some(settings) = s.settings::<Settings>() else {
        return;
    };
    let Ok(range) = settings.vpc_cidr.parse::<Cidr4>() else {
        return s.refuse(format!("`vpc_cidr` is {}, which is no range", settings.vpc_cidr));
    };
    let vpc = s.add("vpc", ec2::Vpc::new(range).enable_dns_hostnames(true));
    let gateway = s.add("igw", ec2::InternetGateway::new(&vpc.id));
    let table = s.add("public-rt", ec2::RouteTable::new(&gateway.vpc)).id;
    s.add(
        "public-route",
        ec2::Route::new(&table, Cidr4::ANYWHERE, &gateway.id),
    );
    let (mut public, mut private) = (vec![], vec![]);
    for (n, zone) in settings.availability_zones.iter().enumerate() {
        let (Some(front), Some(back)) = (range.slice(24, n), range.slice(24, n + 100)) else {
            return s.refuse("`vpc_cidr` has no room for the subnets");
        };
        let subnet = ec2::Subnet::new(&gateway.vpc, front, zone.as_str()).map_public_ip_on_launch(true);
        let subnet = s.add(&format!("public-subnet-{}", n + 1), subnet).id;
        s.add(
            &format!("public-subnet-{}-rt", n + 1),
            ec2::RouteTableAssociation::new(&table, &subnet),
        );
        public.push(subnet);
        let subnet = ec2::Subnet::new(&vpc.id, back, zone.as_str());
        private.push(s.add(&format!("private-subnet-{}", n + 1), subnet).id);
    }

    let alb = group(
        s,
        &vpc.id,
        "alb-sg",
        "Security group for Application Load Balancer",
    );
    for port in [80, 443] {
        s.add(
            &format!("alb-sg-in-{port}"),
            ec2::IngressRule::new(&alb, Cidr4::ANYWHERE, ec2::Traffic::tcp(port)),
        );
    }
    let tasks = group(s, &vpc.id, "ecs-tasks-sg", "Security group for ECS tasks");
    s.add(
        "ecs-tasks-sg-in",
        ec2::IngressRule::new(&tasks, &alb, ec2::Traffic::tcp(0..=65535)),
    );
    let rds = group(s, &vpc.id, "rds-sg", "Security group for RDS database");
    s.add(
        "rds-sg-in",
        ec2::IngressRule::new(&rds, &tasks, ec2::Traffic::tcp(5432)),
    );

    let subnets = rds::DbSubnetGroup::new("Managed by Tenon").subnets(&private);
    let subnets = s.add("db-subnet-group", subnets).id;
    let database = rds::DbInstance::new("postgres", "15", settings.db_instance_class.as_str())
        .allocated_storage(20)
        .storage_type(rds::StorageType::Gp2)
        .storage_encrypted(false)
        .db_name(settings.db_name.as_str())
        .master_username(settings.db_username.as_str())
        .db_subnet_group(&subnets)
        .vpc_security_groups([&rds])
        .final_snapshot(false)
        .deletion_protection(false);
    let database = s.add("db", database);

    let balancer = elb::LoadBalancer::new().security_groups([&alb]).subnets(&public);
    let balancer = s.add("alb", balancer);
    let frontend = elb::TargetGroup::new(&vpc.id, 80)
        .health_check_path("/health")
        .healthy_threshold_count(2)
        .unhealthy_threshold_count(10)
        .health_check_timeout_seconds(30)
        .health_check_interval_seconds(60);
    let frontend = s.add("frontend-tg", frontend).id;
    let backend = elb::TargetGroup::new(&vpc.id, 3000)
        .health_check_path("/health")
        .healthy_threshold_count(2)
        .unhealthy_threshold_count(3)
        .health_check_timeout_seconds(5)
        .health_check_interval_seconds(30);
    let backend = s.add("backend-tg", backend).id;
    let action = elb::Action::forward(&frontend);
    let listener = s.add(
        "listener",
        elb::Listener::new(&balancer.id, 80, elb::ListenerProtocol::Http, action),
    );
    let rule = elb::ListenerRule::new(&listener.id, 100, elb::Action::forward(&backend))
        .conditions([elb::Condition::path(["/api/*", "/health"])]);
    let rule = s.add("backend-rule", rule);

    let cluster = s.add(
        "cluster",
        ecs::Cluster::new().container_insights(ecs::ContainerInsights::Enabled),
    );
    let logs = s.add("logs", logs::LogGroup::new().retention_in_days(7)).id;
    let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
    let role = s.add("ecs-task-execution", iam::Role::new(trust));
    let managed = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
    s.add(
        "ecs-task-execution-policy",
        iam::PolicyAttachment::new(&role.id, managed),
    );
    let password = text!("{}:password::", &database.master_user_secret);
    let read = iam::Policy::allow(["secretsmanager:GetSecretValue"]).on([&database.master_user_secret]);
    s.add(
        "ecs-task-execution-password",
        iam::RolePolicy::new(&role.id, read),
    );

    let container = ecs::ContainerDefinition::new("backend", settings.backend_image.as_str())
        .port(3000)
        .env("PORT", "3000")
        .env("DB_HOST", &database.endpoint)
        .env("DB_PORT", "5432")
        .env("DB_USER", settings.db_username.as_str())
        .secret("DB_PASSWORD", password)
        .env("DB_NAME", settings.db_name.as_str())
        .env("NODE_ENV", "production")
        .log_configuration(ecs::LogConfiguration::awslogs(&logs, s.region(), "backend"));
    let backend = ecs::TaskDefinition::new(text!("{}-backend-{}", s.stack(), s.env().name()))
        .cpu(settings.backend_cpu)
        .memory(settings.backend_memory)
        .execution_role(&role.arn)
        .containers([container]);
    let container = ecs::ContainerDefinition::new("frontend", settings.frontend_image.as_str())
        .port(80)
        .log_configuration(ecs::LogConfiguration::awslogs(&logs, s.region(), "frontend"));
    let frontend = ecs::TaskDefinition::new(text!("{}-frontend-{}", s.stack(), s.env().name()))
        .cpu(settings.frontend_cpu)
        .memory(settings.frontend_memory)
        .execution_role(&role.arn)
        .containers([container]);
    for (name, definition, target, port) in [
        ("backend", backend, &rule.target_group, 3000),
        ("frontend", frontend, &listener.target_group, 80),
    ] {
        let definition = s.add(&format!("{name}-task"), definition).id;
        let service = ecs::Service::new(&cluster.id, &definition)
            .desired_count(settings.desired_count)
            .launch_type(ecs::LaunchType::Fargate)
            .subnets(&public)
            .security_groups([&tasks])
            .assign_public_ip(true)
            .load_balancers([ecs::Balanced::new(target, name, port)]);
        let service = s.add(name, service);
        s.output(&format!("{name}_service_name"), &service.name);
    }
    s.output("alb_dns_name", &balancer.dns_name);
    s.output("alb_url", text!("http://{}", &balancer.dns_name));
    s.output("rds_endpoint", text!("{}:5432", &database.endpoint));
    s.output("ecs_cluster_name", &cluster.id);
    s.output("vpc_id", &vpc.id);
}

/// A security group that lets everything out.
fn group(
    s: &mut Scope<Anywhere>,
    vpc: &Output<ec2::VpcId>,
    name: &str,
    description: &str,
) -> Output<ec2::SecurityGroupId> {
    let group = s.add(name, ec2::SecurityGroup::new(vpc, description)).id;
    s.add(
        &format!("{name}-out"),
        ec2::EgressRule::new(&group, Cidr4::ANYWHERE, ec2::Traffic::All),
    );
    group
}

fn main() -> ExitCode {
    tenon::run("ecommerce", ecommerce)
}

#[cfg(test)]
#[path = "../src/trial.rs"]
mod trial;

#[cfg(test)]
mod tests {
    use super::{ecommerce, trial::Case};
    use tenon::Given;

    #[tokio::test]
    async fn it_is_applied_changed_restored_and_destroyed() {
        let case = Case::new("ecommerce", ecommerce);
        case.holds(
            &Given::new(),
            &Given::new().set("backend_image", "bloomstechdev/ecommerce-backend:2"),
            ("ecs.service", "desired_count", 7.into()),
        )
        .await;
    }
}
