//! The differences between the environments; everything else is the same in all of them.

use tenon::{DeployTarget, component::Nat, environments};

environments! {
    /// Environments of the platform.
    pub enum Env {
        /// The sandbox on this machine.
        Local = "local": DeployTarget::Sandbox, disposable;
        /// Costs little; may be thrown away.
        Dev = "dev": DeployTarget::FirstApply, disposable;
        /// As production, smaller.
        Staging = "staging": DeployTarget::FirstApply;
        /// Highly available; has every event of every site.
        Prod = "prod": DeployTarget::FirstApply, confirm;
    }
}

/// Sizes and policies of an environment.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The VPC's address range. No two overlap, so that the VPCs can be peered.
    pub cidr_block: &'static str,
    /// NAT gateways, through which the hosts reach AWS's services.
    pub nat: Nat,
    /// Hosts that take events.
    pub ingest: FleetSize,
    /// Hosts that store and archive events.
    pub work: FleetSize,
    /// Hosts that answer the figures.
    pub read: FleetSize,
    /// DocumentDB cluster.
    pub documents: DocumentsSize,
    /// Retention of logs in days.
    pub log_retention_days: u32,
    /// The API may have no tokens: everyone who reaches it is an administrator.
    pub allow_anonymous: bool,
    /// Deletion protection of the load balancer and the database.
    pub deletion_protection: bool,
    /// Requests from one address in five minutes, beyond which the edge refuses it.
    pub requests_per_address: u32,
}

/// Size and number of the hosts of a fleet.
#[derive(Clone, Copy, Debug)]
pub struct FleetSize {
    /// Instance type, of an arm64 family.
    pub instance_type: &'static str,
    /// Minimum number of hosts.
    pub min: u32,
    /// Maximum number of hosts.
    pub max: u32,
}

/// Size and number of the instances of the DocumentDB elastic cluster.
#[derive(Clone, Copy, Debug)]
pub struct DocumentsSize {
    /// vCPUs of the shard: 2, 4, 8, 16, 32 or 64.
    pub shard_capacity: u32,
    /// Number of instances of the shard, each in another zone as far as there are zones.
    pub instances: u32,
    /// Days of point-in-time recovery.
    pub backup_retention_days: u32,
}

impl Env {
    /// Profile of the environment.
    // Long: a table of the environments, a row each.
    pub fn profile(self) -> Profile {
        let fleet = |instance_type, min, max| FleetSize {
            instance_type,
            min,
            max,
        };
        let small = DocumentsSize {
            shard_capacity: 2,
            instances: 1,
            backup_retention_days: 1,
        };
        let dev = Profile {
            cidr_block: "10.50.0.0/16",
            nat: Nat::Single,
            ingest: fleet("t4g.small", 1, 2),
            work: fleet("t4g.small", 1, 2),
            read: fleet("t4g.small", 1, 2),
            documents: small,
            log_retention_days: 7,
            allow_anonymous: false,
            deletion_protection: false,
            requests_per_address: 3000,
        };
        match self {
            Self::Local => Profile {
                cidr_block: "10.40.0.0/16",
                allow_anonymous: true,
                ..dev
            },
            Self::Dev => dev,
            Self::Staging => Profile {
                cidr_block: "10.60.0.0/16",
                ingest: fleet("c7g.medium", 2, 4),
                work: fleet("c7g.medium", 2, 4),
                read: fleet("r7g.medium", 2, 2),
                documents: DocumentsSize {
                    instances: 2,
                    backup_retention_days: 7,
                    ..small
                },
                log_retention_days: 30,
                ..dev
            },
            Self::Prod => Profile {
                cidr_block: "10.70.0.0/16",
                nat: Nat::PerZone,
                ingest: fleet("c7g.large", 2, 10),
                work: fleet("c7g.large", 2, 10),
                read: fleet("r7g.large", 2, 6),
                documents: DocumentsSize {
                    shard_capacity: 8,
                    instances: 3,
                    backup_retention_days: 14,
                },
                log_retention_days: 90,
                deletion_protection: true,
                ..dev
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
        assert!(prod.nat == Nat::PerZone && prod.documents.instances >= 2 && prod.deletion_protection);
        assert!(
            [prod.ingest, prod.work, prod.read]
                .iter()
                .all(|fleet| fleet.min >= 2)
        );
    }

    #[test]
    fn no_environment_at_aws_is_open_to_everyone() {
        for env in Env::ALL {
            assert_eq!(
                env.profile().allow_anonymous,
                *env == Env::Local,
                "{}",
                env.name()
            );
        }
    }
}
