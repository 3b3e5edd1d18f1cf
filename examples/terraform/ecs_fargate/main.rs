//! The stack of the public configuration `bradford-hamilton/terraform-ecs-fargate`, folder `terraform`: a service on Fargate behind a load
//! balancer, which steps up and down by two alarms.
//!
//! Step scaling and the log stream are data-driven types of `CloudFormation`. The VPC's main route table is no output of `ec2.vpc`, so the
//! public subnets have a table of their own. The count of tasks is that of scaling: three to six.

use serde::Deserialize;
use serde_json::json;
use tenon::prelude::*;

/// The variables of the configuration.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    zones: Vec<String>,
    app_image: String,
    app_port: u16,
    health_check_path: String,
    fargate_cpu: u32,
    fargate_memory: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zones: vec!["a".into(), "b".into()],
            app_image: "bradfordhamilton/crystal_blockchain:latest".into(),
            app_port: 3000,
            health_check_path: "/".into(),
            fargate_cpu: 1024,
            fargate_memory: 2048,
        }
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "as the configuration, from its first file to its last"
)]
// Long: each resource of the configuration, in its order.
fn ecs_fargate(s: &mut Scope<Anywhere>) {
    let Some(settings) = s.settings::<Settings>() else {
        return;
    };
    let range = Cidr4::lit("172.17.0.0/16");
    let vpc = s.add("vpc", ec2::Vpc::new(range)).id;
    let gateway = s.add("gateway", ec2::InternetGateway::new(&vpc));
    let table = s.add("public", ec2::RouteTable::new(&gateway.vpc)).id;
    s.add(
        "internet-access",
        ec2::Route::new(&table, Cidr4::ANYWHERE, &gateway.id),
    );
    let (mut public, mut private) = (vec![], vec![]);
    let zones = settings.zones.len();
    for (n, letter) in settings.zones.iter().enumerate() {
        let zone: Input<AvailabilityZone> = text!("{}{}", s.region(), letter.as_str()).typed();
        let (Some(back), Some(front)) = (range.slice(24, n), range.slice(24, zones + n)) else {
            return s.refuse("has more zones than ranges");
        };
        s.within(letter, |s| {
            let inside = s.add("private", ec2::Subnet::new(&vpc, back, &zone)).id;
            let outside = ec2::Subnet::new(&gateway.vpc, front, &zone).map_public_ip_on_launch(true);
            let outside = s.add("public", outside).id;
            s.add("public-table", ec2::RouteTableAssociation::new(&table, &outside));
            let address = s.add("address", ec2::ElasticIp::new()).id;
            let nat = s.add("nat", ec2::NatGateway::new(&outside, &address)).id;
            let table = s.add("table", ec2::RouteTable::new(&vpc)).id;
            s.add("out", ec2::Route::new(&table, Cidr4::ANYWHERE, &nat));
            s.add("private-table", ec2::RouteTableAssociation::new(&table, &inside));
            private.push(inside);
            public.push(outside);
        });
    }

    let port = settings.app_port;
    let lb = s
        .add("lb", ec2::SecurityGroup::new(&vpc, "controls access to the ALB"))
        .id;
    s.add(
        "lb-in",
        ec2::IngressRule::new(&lb, Cidr4::ANYWHERE, ec2::Traffic::tcp(port)),
    );
    s.add(
        "lb-out",
        ec2::EgressRule::new(&lb, Cidr4::ANYWHERE, ec2::Traffic::All),
    );
    let tasks = ec2::SecurityGroup::new(&vpc, "allow inbound access from the ALB only");
    let tasks = s.add("tasks", tasks).id;
    s.add(
        "tasks-in",
        ec2::IngressRule::new(&tasks, &lb, ec2::Traffic::tcp(port)),
    );
    s.add(
        "tasks-out",
        ec2::EgressRule::new(&tasks, Cidr4::ANYWHERE, ec2::Traffic::All),
    );

    let balancer = elb::LoadBalancer::new().subnets(&public).security_groups([&lb]);
    let balancer = s.add("alb", balancer);
    let group = elb::TargetGroup::new(&vpc, 80)
        .health_check_path(settings.health_check_path.as_str())
        .healthy_threshold_count(3)
        .unhealthy_threshold_count(2)
        .health_check_timeout_seconds(3)
        .health_check_interval_seconds(30);
    let group = s.add("app", group).id;
    let forward = elb::Action::forward(&group);
    let listener = elb::Listener::new(&balancer.id, port, elb::ListenerProtocol::Http, forward);
    let listener = s.add("front-end", listener);

    let logs = s.add("logs", logs::LogGroup::new().retention_in_days(30)).id;
    s.add(
        "log-stream",
        cfn::Resource::new(
            "AWS::Logs::LogStream",
            json!({ "LogGroupName": &logs, "LogStreamName": "cb-log-stream" }),
        ),
    );
    let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
    let role = s.add("execution", iam::Role::new(trust));
    let managed = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
    s.add("execution-policy", iam::PolicyAttachment::new(&role.id, managed));
    let cluster = s.add("cluster", ecs::Cluster::new()).id;
    let container = ecs::ContainerDefinition::new("cb-app", settings.app_image.as_str())
        .cpu(settings.fargate_cpu)
        .memory(settings.fargate_memory)
        .port(port)
        .log_configuration(ecs::LogConfiguration::awslogs(&logs, s.region(), "ecs"));
    let definition = ecs::TaskDefinition::new(text!("{}-{}-app", s.stack(), s.env().name()))
        .cpu(settings.fargate_cpu)
        .memory(settings.fargate_memory)
        .execution_role(&role.arn)
        .containers([container]);
    let definition = s.add("task", definition).id;
    let service = ecs::Service::new(&cluster, &definition)
        .launch_type(ecs::LaunchType::Fargate)
        .subnets(&private)
        .security_groups([&tasks])
        .assign_public_ip(true)
        .load_balancers([ecs::Balanced::new(&listener.target_group, "cb-app", port)]);
    let service = s.add("service", service);

    let target = s.add("target", appscaling::ScalableTarget::new(&service.scalable, 3, 6));
    for (name, step, comparison, threshold) in [
        (
            "up",
            1,
            cloudwatch::Comparison::GreaterThanOrEqualToThreshold,
            85.0,
        ),
        (
            "down",
            -1,
            cloudwatch::Comparison::LessThanOrEqualToThreshold,
            10.0,
        ),
    ] {
        let policy = cfn::Resource::new(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            json!({
                "PolicyName": text!("{}-{}-{}", s.stack(), s.env().name(), name),
                "PolicyType": "StepScaling",
                "ServiceNamespace": "ecs",
                "ResourceId": &target.registered,
                "ScalableDimension": "ecs:service:DesiredCount",
                "StepScalingPolicyConfiguration": {
                    "AdjustmentType": "ChangeInCapacity",
                    "Cooldown": 60,
                    "MetricAggregationType": "Maximum",
                    "StepAdjustments": [{ "MetricIntervalLowerBound": 0, "ScalingAdjustment": step }],
                },
            }),
        );
        let policy = s.add(&format!("scale-{name}"), policy);
        let cpu = cloudwatch::Metric::new("AWS/ECS", "CPUUtilization")
            .dimension("ClusterName", &cluster)
            .dimension("ServiceName", &service.name)
            .period(60);
        let alarm = cloudwatch::Alarm::new(cpu, comparison, threshold)
            .evaluation_periods(2)
            .alarm_actions([policy.get_as::<Arn>("Arn")]);
        s.add(&format!("cpu-{name}"), alarm);
    }
    s.output(
        "alb_hostname",
        text!("{}:{}", &balancer.dns_name, port.to_string()),
    );
}

fn main() -> ExitCode {
    tenon::run("ecs-fargate", ecs_fargate)
}

#[cfg(test)]
#[path = "../src/trial.rs"]
mod trial;

#[cfg(test)]
mod tests {
    use super::{ecs_fargate, trial::Case};
    use tenon::Given;

    #[tokio::test]
    async fn it_is_applied_changed_restored_and_destroyed() {
        let case = Case::new("ecs-fargate", ecs_fargate);
        case.holds(
            &Given::new(),
            &Given::new().set("app_image", "bradfordhamilton/crystal_blockchain:2"),
            ("ecs.cluster", "container_insights", "enabled".into()),
        )
        .await;
    }
}
