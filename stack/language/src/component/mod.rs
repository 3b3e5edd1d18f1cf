//! Components: reusable parts of stacks.
//!
//! A component is a function that takes a [`Scope`](crate::Scope) and returns values that other resources refer to;
//! nothing is registered and no trait is implemented. The example `shop` is made of these.
//!
//! Components that do not fit together do not compile. A database lets security groups in, and a subnet is none:
//!
//! ```compile_fail,E0308
//! # use tenon_language::{component::{Database, Network}, prelude::*};
//! fn wrong(s: &mut Scope<'_, Anywhere>, network: &Network, database: &Database) {
//!     database.allow_from(s, &network.private[0], "api");
//! }
//! ```
//!
//! An ECS service takes a target group to which a listener routes requests; AWS refuses one that has no listener:
//!
//! ```compile_fail,E0277
//! # use tenon_language::{component::Network, prelude::*};
//! fn wrong(s: &mut Scope<'_, Anywhere>, network: &Network) -> ecs::Balanced {
//!     let group = s.add("target-group", elb::TargetGroup::new(&network.vpc, 8080u16));
//!     ecs::Balanced::new(&group.id, "web", 8080)
//! }
//! ```
//!
//! A scaling policy takes a scalable target, and a service that is not registered as one does not compile:
//!
//! ```compile_fail,E0277
//! # use tenon_language::{prelude::*, resources::{ecs::ServiceOutputs, resource::Outputs}};
//! # type Service = <ServiceOutputs as Outputs>::Refs;
//! fn wrong(s: &mut Scope<'_, Anywhere>, service: &Service) {
//!     let cpu = appscaling::Metric::EcsServiceAverageCpu;
//!     s.add("scale", appscaling::ScalingPolicy::new(&service.scalable, cpu, 60.0));
//! }
//! ```

mod audit;
mod database;
mod files;
mod github_deploy_role;
mod github_repository;
mod load_balancer;
mod logs;
mod network;
mod observability;
mod repository;
mod service_spec;
mod web_service;

pub use audit::AuditTrail;
pub use database::{Database, DatabaseSpec, DeletionPolicy};
pub use files::Files;
pub use github_deploy_role::GithubDeployRole;
pub use github_repository::{GITHUB_ISSUER, GithubRepository, NoRepository};
pub use load_balancer::{LoadBalancerConfig, PublicLoadBalancer};
pub use logs::Logs;
pub use network::{Nat, Network, NetworkConfig};
pub use observability::{MonitoringTargets, Observability, OwnAlarm, OwnCondition};
pub use repository::repository;
pub use service_spec::{ServiceContext, ServiceSpec};
pub use web_service::WebService;
