//! What a service is made of: the ground it stands on, and the program it runs.

use super::{Logs, Network, PublicLoadBalancer};
use tenon_resources::{
    ecs::{ClusterName, ContainerDefinition},
    value::{Arn, Input, Output},
};

/// What services stand on.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The network whose private subnets they are in.
    pub network: &'a Network,
    /// The load balancer that sends them requests.
    pub load_balancer: &'a PublicLoadBalancer,
    /// The cluster they run in.
    pub cluster: &'a Output<ClusterName>,
    /// Where their output goes.
    pub logs: &'a Logs,
}

/// What a [`WebService`] is.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its container: image, command and environment. The rest is the component's.
    pub container: ContainerDefinition,
    /// Whole secrets for its environment: the variable, and the Secrets Manager secret's ARN. It may read these and no others.
    pub secrets: Vec<(&'static str, Input<Arn>)>,
    /// The ECR repository of its image, if it is from one.
    pub repository: Option<Output<Arn>>,
    /// The TCP port it listens on.
    pub port: u16,
    /// The words of a command inside the container that succeeds when it is healthy.
    pub check: Vec<&'static str>,
    /// The path that answers 200 when it can take requests.
    pub health_path: &'static str,
    /// The paths that are its own, such as `/api/*`; five at the most.
    pub paths: Vec<&'static str>,
    /// Its place among the services that the load balancer tries; lower comes first.
    pub priority: u16,
    /// CPU units; 1024 are one vCPU.
    pub cpu: u32,
    /// Memory in MiB.
    pub memory: u32,
    /// The fewest tasks and the most.
    pub tasks: (u32, u32),
    /// Run on capacity that AWS may take back.
    pub spot: bool,
}
