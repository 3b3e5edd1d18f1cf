//! Logs of what is recorded: where each resource writes, and reading it whole, in order and once.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a resource is declared where it is written"
)]

mod common;

use common::{Fixture, add, block_on};
use std::sync::Arc;
use tenon_planner::{
    Declared, Error, Options,
    logs::{Logs, Source, logs, read},
    sandbox::SandboxConfig,
};
use tenon_resources::{
    ecs::{ContainerDefinition, LogConfiguration, Service, TaskDefinition},
    elb::{LoadBalancer, LogBucket},
    logs::LogGroup,
    rds::DbInstance,
};
use tenon_state::State;

fn stack() -> Declared {
    let mut d = Declared::new("shop", "test", None);
    d.disposable = true;
    let group = add(&mut d, "api/logs", LogGroup::new()).id;
    let log = |name: &str| LogConfiguration::awslogs(&group, "eu-west-1", name);
    let role = "arn:aws:iam::000000000000:role/execution";
    let definition = TaskDefinition::new("api").execution_role(role).containers([
        ContainerDefinition::new("web", "web:1").log_configuration(log("shop")),
        ContainerDefinition::new("proxy", "proxy:1").log_configuration(log("shop")),
    ]);
    let definition = add(&mut d, "api/task", definition).id;
    let service = Service::new("cluster", &definition)
        .subnets(["subnet-1"])
        .desired_count(2);
    add(&mut d, "api/service", service);
    add(
        &mut d,
        "api/foreign",
        Service::new("cluster", "foreign:7").subnets(["subnet-1"]),
    );
    let database =
        DbInstance::new("postgres", "17", "db.t4g.micro").enable_cloudwatch_logs_exports(["postgresql"]);
    add(
        &mut d,
        "data/db",
        database.vpc_security_groups(["sg-1"]).deletion_protection(false),
    );
    let quiet = DbInstance::new("postgres", "17", "db.t4g.micro").vpc_security_groups(["sg-1"]);
    add(&mut d, "data/quiet", quiet.deletion_protection(false));
    let balancer = LoadBalancer::new()
        .subnets(["subnet-1", "subnet-2"])
        .security_groups(["sg-1"])
        .access_logs(LogBucket::new("bucket").prefix("web"));
    add(&mut d, "edge", balancer);
    d
}

async fn applied() -> (Fixture, Arc<State>) {
    let fixture = Fixture::new(SandboxConfig::instant());
    let (_, summary) = fixture.apply(&stack(), &Options::default()).await;
    assert!(summary.complete(), "{:?}", summary.failed);
    let executor = fixture.executor(&stack()).await;
    let state = executor.store.state();
    executor.store.close().await.unwrap();
    (fixture, state)
}

fn groups(state: &State, address: &str) -> Vec<Source> {
    match logs(state, address).unwrap() {
        Logs::Groups(sources) => sources,
        Logs::Elsewhere(why) => panic!("{address} {why}"),
    }
}

fn elsewhere(state: &State, address: &str) -> String {
    match logs(state, address).unwrap() {
        Logs::Elsewhere(why) => why,
        Logs::Groups(sources) => panic!("{sources:?}"),
    }
}

#[test]
fn each_resource_says_where_it_writes() {
    block_on(async {
        let (_, state) = applied().await;
        let service = groups(&state, "api/service");
        let prefixes: Vec<_> = service.iter().filter_map(|s| s.prefix.as_deref()).collect();
        assert_eq!(prefixes, ["shop/proxy/", "shop/web/"]);
        assert!(service.iter().all(|s| s.place.is_home()), "{service:?}");
        let group = groups(&state, "api/logs");
        assert_eq!(
            (group.len(), &group[0].group, &group[0].prefix),
            (1, &service[0].group, &None)
        );
        let database = groups(&state, "data/db");
        assert!(
            database[0].group.starts_with("/aws/rds/instance/") && database[0].group.ends_with("/postgresql")
        );
        assert!(elsewhere(&state, "data/quiet").contains("enable_cloudwatch_logs_exports"));
        assert!(elsewhere(&state, "api/foreign").contains("foreign:7"));
        assert_eq!(elsewhere(&state, "edge"), "writes its logs to s3://bucket/web");
        // A scope has each group once.
        assert_eq!(groups(&state, "api/*").len(), 4);
        let error = logs(&state, "api/servise").unwrap_err();
        assert!(
            matches!(&error, Error::NoSuchAddress { near: Some(near), .. } if near == "api/service"),
            "{error}"
        );
    });
}

#[test]
fn every_page_is_read_in_order_and_from_the_time_on() {
    block_on(async {
        let (fixture, state) = applied().await;
        let web = groups(&state, "api/service").remove(1);
        let started = read(&*fixture.cloud, &web, 0).await.unwrap();
        assert_eq!(started.len(), 2, "a line of each of two tasks: {started:?}");
        for n in 0..250 {
            assert!(fixture.cloud.log(&web.group, "shop/web/1", &format!("line {n}")));
            assert!(fixture.cloud.log(&web.group, "shop/proxy/1", "another container"));
        }
        let all = read(&*fixture.cloud, &web, 0).await.unwrap();
        let lines: Vec<&str> = all.iter().skip(2).map(|e| e.message.as_str()).collect();
        assert_eq!(lines.len(), 250);
        assert!(
            lines
                .iter()
                .enumerate()
                .all(|(n, line)| *line == format!("line {n}"))
        );
        assert!(all.windows(2).all(|two| two[0].at_ms <= two[1].at_ms));
        let later = all.last().unwrap().at_ms + 1;
        assert_eq!(read(&*fixture.cloud, &web, later).await.unwrap(), []);
        let database = groups(&state, "data/db").remove(0);
        assert_eq!(read(&*fixture.cloud, &database, 0).await.unwrap().len(), 1);
        // The events of a group go with it.
        fixture.cloud.vanish("logs.log_group", &web.group);
        let gone = read(&*fixture.cloud, &web, 0).await.unwrap_err();
        assert_eq!(gone.code, "ResourceNotFoundException");
        assert!(!fixture.cloud.log(&web.group, "x", "y"));
    });
}
