//! Specification of a web service, and the components that it depends on.

use super::{Logs, Network, PublicLoadBalancer};
use tenon_resources::{
    ecs::{ClusterName, ContainerDefinition},
    value::{Arn, Input, Output},
};

/// Components that a [`WebService`](super::WebService) is connected to; one context serves many services.
#[derive(Clone, Copy, Debug)]
pub struct ServiceContext<'a> {
    /// Network, in whose private subnets the tasks run.
    pub network: &'a Network,
    /// Load balancer that sends requests to the tasks.
    pub load_balancer: &'a PublicLoadBalancer,
    /// ECS cluster that the service runs in.
    pub cluster: &'a Output<ClusterName>,
    /// Log groups, one of which receives the output of the tasks.
    pub logs: &'a Logs,
}

/// Specification of a [`WebService`](super::WebService).
#[derive(Clone, Debug)]
pub struct ServiceSpec {
    /// Container: image, command and environment. Port, user, health check, logging and hardening are the component's.
    pub container: ContainerDefinition,
    /// Secrets for the environment, whole: the variable, and the ARN of the Secrets Manager secret. The execution role may
    /// read these and no others.
    pub secrets: Vec<(&'static str, Input<Arn>)>,
    /// ECR repository of the image, if it is from one.
    pub repository: Option<Output<Arn>>,
    /// TCP port that the container listens on.
    pub port: u16,
    /// Command and arguments, run in the container, that exit with 0 when it is healthy.
    pub health_check_command: Vec<&'static str>,
    /// Path that answers 200 when the container can take requests; the load balancer asks for it.
    pub health_check_path: &'static str,
    /// Path patterns of the requests that the service takes, such as `/api/*`; five at the most (Elastic Load Balancing
    /// guide, "Quotas for your Application Load Balancers": condition values per rule).
    pub path_patterns: Vec<&'static str>,
    /// Priority of the listener rule, unique among the services of a load balancer; the lowest is evaluated first.
    pub priority: u16,
    /// CPU units; 1024 are one vCPU.
    pub cpu: u32,
    /// Memory in MiB.
    pub memory: u32,
    /// Minimum number of tasks.
    pub min_tasks: u32,
    /// Maximum number of tasks, up to which the service scales out.
    pub max_tasks: u32,
    /// Fargate Spot: cheaper capacity that AWS may take back with two minutes' notice.
    pub spot: bool,
}
