//! One service on Fargate behind a load balancer, from the components that come with Tenon.
//!
//! The network, the load balancer and the logs are components: functions that take a scope and return what others may refer to.
//! Leave one out, or hand one the wrong thing, and this file does not compile.

use tenon::{
    component::{
        LoadBalancerConfig, Logs, Nat, Network, NetworkConfig, PublicLoadBalancer, ServiceContext,
        ServiceSpec, WebService,
    },
    prelude::*,
};

fn fargate(s: &mut Scope<Anywhere>) {
    let config = NetworkConfig {
        cidr_block: Cidr4::lit("10.20.0.0/16"),
        zones: vec!["a".into(), "b".into()],
        nat: Nat::Single,
        isolated_ingress: ec2::Traffic::tcp(5432),
    };
    let network = s.within("network", |s| Network::new(s, &config));
    let alb = s.within("alb", |s| {
        PublicLoadBalancer::new(s, &network, &LoadBalancerConfig::default())
    });
    let logs = s.within("logs", |s| Logs::new(s, 7));
    let cluster = s.add(
        "cluster",
        ecs::Cluster::new().capacity_providers(["FARGATE", "FARGATE_SPOT"]),
    );

    let context = ServiceContext {
        network: &network,
        load_balancer: &alb,
        cluster: &cluster.id,
        logs: &logs,
    };
    let spec = ServiceSpec {
        container: ecs::ContainerDefinition::new("hello", "nginxinc/nginx-unprivileged:1.29"),
        secrets: vec![],
        repository: None,
        port: 8080,
        health_check_command: vec!["curl", "--fail", "http://127.0.0.1:8080/"],
        health_check_path: "/",
        path_patterns: vec!["/*"],
        priority: 100,
        cpu: 256,
        memory: 512,
        min_tasks: 1,
        max_tasks: 4,
        spot: true,
    };
    s.within("hello", |s| WebService::new(s, &context, &spec));
    s.output("url", &alb.url);
}

fn main() -> ExitCode {
    tenon::run("fargate", fargate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_stands_up_and_comes_down() {
        let declared = tenon::declare("fargate", Anywhere::Local, fargate);
        let plan = tenon_examples::stands_up(&declared).await;
        let service = plan
            .calls
            .iter()
            .position(|c| c.step.operation == "CreateService");
        let listener = plan.calls.iter().position(|c| c.step.operation == "CreateRule");
        assert!(listener < service, "a service comes after what routes to it");
    }
}
