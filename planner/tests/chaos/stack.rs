//! A service in two zones behind a load balancer, its database, its alarms, and experiments on them.

use crate::common::add;
use tenon_planner::Declared;
use tenon_resources::{
    appscaling::ScalableTarget,
    cloudwatch::{Alarm, Comparison, Metric, MissingData},
    declaration::Experiment,
    ec2::{
        AclEntry, EgressRule, IngressRule, InternetGateway, NetworkAcl, NetworkAclAssociation, SecurityGroup,
        Subnet, Traffic, Vpc,
    },
    ecs::{Balanced, Service},
    elb::{Action, Condition, Listener, ListenerProtocol, ListenerRule, LoadBalancer, TargetGroup},
    rds::{DbInstance, DbSubnetGroup},
    value::Cidr4,
};

#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) tasks: u32,
    pub(crate) standby: bool,
}

// Long: one declaration after the other.
pub(crate) fn stack(size: Size) -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let vpc = add(&mut d, "vpc", Vpc::new("10.0.0.0/16")).id;
    let gateway = add(&mut d, "gateway", InternetGateway::new(&vpc));
    let ranges = [
        "10.0.0.0/20",
        "10.0.16.0/20",
        "10.0.32.0/20",
        "10.0.48.0/20",
        "10.0.64.0/20",
        "10.0.80.0/20",
    ];
    let subnet = |d: &mut Declared, tier: &str, n: usize| {
        let zone = ["a", "b"][n % 2];
        // As a stack has it: a public subnet comes after the attachment of the gateway.
        let vpc = if tier == "public" { &gateway.vpc } else { &vpc };
        let subnet = Subnet::new(vpc, ranges[n], format!("eu-west-1{zone}").as_str());
        add(d, &format!("{tier}-{zone}"), subnet).id
    };
    let public = [0, 1].map(|n| subnet(&mut d, "public", n));
    let private = [2, 3].map(|n| subnet(&mut d, "private", n));
    let isolated = [4, 5].map(|n| subnet(&mut d, "isolated", n));
    let entries = (0..2).flat_map(|n| {
        let number = 100 + u16::try_from(n).unwrap();
        let client = Cidr4::lit(ranges[2 + n]);
        [
            AclEntry::allow_in(number, Traffic::tcp(5432), client),
            AclEntry::allow_out(number, Traffic::tcp(1024..=65535), client),
        ]
    });
    let acl = add(&mut d, "isolated-acl", NetworkAcl::new(&vpc).entries(entries)).id;
    for (subnet, zone) in isolated.iter().zip(["a", "b"]) {
        let association = NetworkAclAssociation::new(subnet, &acl);
        add(&mut d, &format!("isolated-{zone}-acl"), association);
    }
    let front = add(&mut d, "front", SecurityGroup::new(&vpc, "The load balancer")).id;
    let own = add(&mut d, "own", SecurityGroup::new(&vpc, "The tasks")).id;
    let store = add(&mut d, "store", SecurityGroup::new(&vpc, "The database")).id;
    for (name, from, to, port) in [("service", &front, &own, 8080), ("database", &own, &store, 5432)] {
        add(
            &mut d,
            &format!("{name}-out"),
            EgressRule::new(from, to, Traffic::tcp(port)),
        );
        add(
            &mut d,
            &format!("{name}-in"),
            IngressRule::new(to, from, Traffic::tcp(port)),
        );
    }
    let balancer = LoadBalancer::new().subnets(&public).security_groups([&front]);
    let balancer = add(&mut d, "balancer", balancer);
    let group = add(&mut d, "group", TargetGroup::new(&vpc, 8080)).id;
    let none = Action::respond(404, "text/plain", "");
    let listener = Listener::new(&balancer.id, 80, ListenerProtocol::Http, none);
    let listener = add(&mut d, "listener", listener).id;
    let rule = ListenerRule::new(&listener, 10, Action::forward(&group));
    let routed = add(&mut d, "rule", rule.conditions([Condition::path(["/api/*"])])).target_group;
    let service = Service::new("cluster", "task:1")
        .subnets(&private)
        .security_groups([&own])
        .load_balancers([Balanced::new(&routed, "web", 8080)]);
    let service = add(&mut d, "service", service);
    add(
        &mut d,
        "tasks",
        ScalableTarget::new(&service.scalable, size.tasks, 6),
    );
    let subnets = add(
        &mut d,
        "subnets",
        DbSubnetGroup::new("Isolated").subnets(&isolated),
    )
    .id;
    let database = DbInstance::new("postgres", "17", "db.t4g.micro")
        .allocated_storage(20u32)
        .db_subnet_group(&subnets)
        .vpc_security_groups([&store])
        .multi_az(size.standby)
        .final_snapshot(false);
    add(&mut d, "database", database);
    let alarm = |d: &mut Declared, name: &str, metric: &str| {
        let metric = Metric::new("AWS/ApplicationELB", metric)
            .dimension("LoadBalancer", &balancer.full_name)
            .statistic("Sum")
            .period(60);
        let alarm = Alarm::new(metric, Comparison::GreaterThanThreshold, 10)
            .evaluation_periods(2u32)
            .treat_missing_data(MissingData::NotBreaching);
        add(d, name, alarm).id
    };
    let refused = alarm(&mut d, "refused", "HTTPCode_ELB_5XX_Count");
    let failing = alarm(&mut d, "failing", "HTTPCode_Target_5XX_Count");
    for zone in ["a", "b"] {
        let experiment = Experiment::minutes(10, &refused).fail_zone(&vpc, zone);
        d.experiment(&format!("zone-{zone}"), experiment);
    }
    d.experiment("zone-c", Experiment::minutes(10, &refused).fail_zone(&vpc, "c"));
    d.experiment(
        "no-database",
        Experiment::minutes(10, &failing).cut_network(&store),
    );
    d.experiment(
        "no-tasks",
        Experiment::minutes(10, &refused).stop_tasks(&service.id, 0),
    );
    d.experiment(
        "one-task",
        Experiment::minutes(10, &refused).stop_tasks(&service.id, 1),
    );
    let all = Experiment::minutes(10, &refused)
        .fail_zone(&vpc, "a")
        .stop_tasks(&service.id, 2)
        .cut_network(&store);
    d.experiment("everything", all);
    d
}
