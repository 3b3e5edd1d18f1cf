//! The differences between the environments; everything else is the same in all of them.

use tenon::{DeployTarget, component::Nat, environments};

environments! {
    /// Environments of the shop.
    pub enum Env {
        /// The sandbox on this machine.
        Local = "local": DeployTarget::Sandbox, disposable;
        /// Costs little; may be thrown away.
        Dev = "dev": DeployTarget::FirstApply, disposable;
        /// As production, smaller.
        Staging = "staging": DeployTarget::FirstApply;
        /// Highly available; has customers.
        Prod = "prod": DeployTarget::FirstApply, confirm;
    }
}

/// Sizes and policies of an environment.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The VPC's address range. No two overlap, so that the VPCs can be peered.
    pub cidr_block: &'static str,
    /// NAT gateways, through which the private subnets reach the internet.
    pub nat: Nat,
    /// Fargate Spot for the tasks: cheaper capacity that AWS may take back.
    pub spot: bool,
    /// Tasks of the API.
    pub api: TaskSize,
    /// Tasks of the front end.
    pub web: TaskSize,
    /// Database.
    pub database: DatabaseSize,
    /// Retention of logs in days.
    pub log_retention_days: u32,
    /// The API may run without tokens, open to everyone.
    pub allow_anonymous: bool,
    /// Retention of the audit trail in days.
    pub audit_retention_days: u32,
    /// Deletion protection of the load balancer and the database.
    pub deletion_protection: bool,
}

/// Size and number of the tasks of a service.
#[derive(Clone, Copy, Debug)]
pub struct TaskSize {
    /// CPU units; 1024 are one vCPU.
    pub cpu: u32,
    /// Memory in MiB.
    pub memory: u32,
    /// Minimum number of tasks.
    pub min_tasks: u32,
    /// Maximum number of tasks.
    pub max_tasks: u32,
}

/// Size and availability of the database.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseSize {
    /// Instance class.
    pub instance_class: &'static str,
    /// Memory of that class in MiB, from which the thresholds of alarms are computed.
    pub memory_mib: u32,
    /// Storage at creation, in GiB.
    pub allocated_storage: u32,
    /// Limit in GiB up to which RDS grows the storage by itself.
    pub max_allocated_storage: u32,
    /// Standby in another availability zone.
    pub multi_az: bool,
    /// Performance Insights, kept for 7 days, which is free (RDS guide, "Pricing and data retention").
    pub performance_insights: bool,
}

impl Env {
    /// Profile of the environment.
    // Long: a table of the environments, a row each.
    pub fn profile(self) -> Profile {
        let tasks = |cpu, memory, min_tasks, max_tasks| TaskSize {
            cpu,
            memory,
            min_tasks,
            max_tasks,
        };
        let small = DatabaseSize {
            instance_class: "db.t4g.micro",
            memory_mib: 1024,
            allocated_storage: 20,
            max_allocated_storage: 100,
            multi_az: false,
            performance_insights: false,
        };
        let dev = Profile {
            cidr_block: "10.10.0.0/16",
            nat: Nat::Single,
            spot: true,
            api: tasks(256, 512, 1, 2),
            web: tasks(256, 512, 1, 2),
            database: small,
            log_retention_days: 7,
            allow_anonymous: true,
            audit_retention_days: 30,
            deletion_protection: false,
        };
        match self {
            Self::Local => Profile {
                cidr_block: "10.0.0.0/16",
                ..dev
            },
            Self::Dev => dev,
            Self::Staging => Profile {
                cidr_block: "10.20.0.0/16",
                spot: false,
                api: tasks(512, 1024, 2, 4),
                web: tasks(256, 512, 2, 4),
                database: DatabaseSize {
                    instance_class: "db.t4g.small",
                    memory_mib: 2048,
                    performance_insights: true,
                    ..small
                },
                log_retention_days: 30,
                audit_retention_days: 90,
                allow_anonymous: false,
                ..dev
            },
            Self::Prod => Profile {
                cidr_block: "10.30.0.0/16",
                nat: Nat::PerZone,
                spot: false,
                api: tasks(1024, 2048, 2, 10),
                web: tasks(512, 1024, 2, 6),
                database: DatabaseSize {
                    instance_class: "db.m7g.large",
                    memory_mib: 8192,
                    allocated_storage: 100,
                    max_allocated_storage: 1000,
                    multi_az: true,
                    performance_insights: true,
                },
                log_retention_days: 90,
                audit_retention_days: 400,
                allow_anonymous: false,
                deletion_protection: true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Env;
    use std::collections::BTreeSet;
    use tenon::{Environment, component::Nat};

    #[test]
    fn every_environment_has_addresses_of_its_own() {
        let ranges: BTreeSet<_> = Env::ALL.iter().map(|env| env.profile().cidr_block).collect();
        assert_eq!(ranges.len(), Env::ALL.len());
    }

    #[test]
    fn production_survives_the_loss_of_a_zone() {
        let prod = Env::Prod.profile();
        assert!(prod.nat == Nat::PerZone && prod.database.multi_az && prod.deletion_protection && !prod.spot);
        assert!(prod.api.min_tasks >= 2 && prod.web.min_tasks >= 2);
        assert!(!Env::Prod.profile().allow_anonymous);
    }
}
