//! The shop at each step of the story, as a declaration.

use tenon::prelude::*;
use tenon_resources::declaration::{Declared, Document, EnvironmentSpec};

/// A step of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// As it stands at first.
    First,
    /// Every port is open, and a role may write.
    Opened,
    /// HTTPS is open, and a role may write.
    Https,
    /// As at first, with another tag on the network.
    Tagged,
    /// HTTPS is open, a role may write, and the network has the tag.
    TaggedHttps,
}

/// The declaration of the shop for an environment.
pub(crate) fn shop(env: &str, step: Step) -> Document {
    let mut declared: Declared = tenon::declare("shop", tenon::Anywhere::Local, |s| {
        let tagged = matches!(step, Step::Tagged | Step::TaggedHttps);
        let door = s.within("network", |s| {
            let mut vpc = ec2::Vpc::new("10.20.0.0/16");
            if tagged {
                vpc = vpc.tags([("team", "shop")]);
            }
            let vpc = s.add("vpc", vpc);
            s.add("subnet", ec2::Subnet::new(&vpc.id, "10.20.0.0/20", "eu-west-1a"));
            s.add("door", ec2::SecurityGroup::new(&vpc.id, "The front door"))
        });
        let traffic = match step {
            Step::First | Step::Tagged => None,
            Step::Opened => Some(ec2::Traffic::All),
            Step::Https | Step::TaggedHttps => Some(ec2::Traffic::tcp(443)),
        };
        let writes = traffic.is_some();
        if let Some(traffic) = traffic {
            s.add("open", ec2::IngressRule::new(&door.id, "0.0.0.0/0", traffic));
        }
        s.within("api", |s| {
            let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
            let role = s.add("role", iam::Role::new(trust));
            let actions: &[&str] = if writes {
                &["s3:GetObject", "s3:PutObject"]
            } else {
                &["s3:GetObject"]
            };
            let may = iam::Policy::allow(actions.iter().copied()).on(["arn:aws:s3:::assets/*"]);
            s.add("may", iam::RolePolicy::new(&role.id, may));
        });
    });
    env.clone_into(&mut declared.env);
    let mut environment = EnvironmentSpec::sandbox(env);
    environment.approval = env == "prod";
    environment.disposable = env.starts_with("pr-");
    environment.expires_after_s = environment.disposable.then_some(72 * 3600);
    declared.disposable = environment.disposable;
    Document {
        environment,
        declared,
    }
}

/// The declaration of a service that runs an image, in an environment that takes a plan by its digest.
pub(crate) fn service(env: &str, image: &str) -> Document {
    let mut declared: Declared = tenon::declare("shop", tenon::Anywhere::Local, |s| {
        let cluster = s.add("cluster", ecs::Cluster::new());
        let logs = s.add("logs", logs::LogGroup::new().log_group_name("/shop/api"));
        let trust = iam::Policy::assumed_by_service("ecs-tasks.amazonaws.com");
        let role = s.add("execution", iam::Role::new(trust));
        let log = ecs::LogConfiguration::awslogs(&logs.id, "eu-west-1", "api");
        let container = ecs::ContainerDefinition::new("api", image).log_configuration(log);
        let task = ecs::TaskDefinition::new("api")
            .execution_role(&role.arn)
            .containers([container]);
        let task = s.add("task", task);
        let service = ecs::Service::new(&cluster.id, &task.id)
            .desired_count(2)
            .subnets(["subnet-1"]);
        s.add("api", service);
    });
    env.clone_into(&mut declared.env);
    Document {
        environment: EnvironmentSpec::sandbox(env),
        declared,
    }
}
