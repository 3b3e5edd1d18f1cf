//! A PostgreSQL database on RDS: encrypted, backed up, reachable only over TLS and only from the security groups that are
//! let in.
//!
//! RDS makes and rotates the password; no program, plan or state ever contains it. The schema belongs to the application.

use super::{Logs, Network};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ec2::{EgressRule, IngressRule, SecurityGroup, SecurityGroupId, Traffic},
    kms::{Alias, Key},
    rds::{DbInstance, DbParameterGroup, DbSubnetGroup},
    value::{Arn, Output},
};

/// Specification of a [`Database`].
#[derive(Clone, Debug)]
pub struct DatabaseSpec {
    /// Name of the database in the instance.
    pub db_name: &'static str,
    /// Instance class: `db.t4g.micro`.
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
    /// Days of point-in-time recovery, up to 35.
    pub backup_retention_days: u16,
    /// Fate of the data when the database is deleted.
    pub deletion_policy: DeletionPolicy,
}

/// Fate of the data when the database that holds it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// Deletion protection: AWS refuses to delete the database until this is changed and applied.
    Protect,
    /// A final snapshot is taken, and automated backups are kept.
    Snapshot,
    /// The data is deleted with the database, automated backups included.
    Delete,
}

/// A PostgreSQL database in the isolated subnets.
///
/// ```
/// use tenon_language::{component::{Database, DatabaseSpec, DeletionPolicy, Logs, Nat, Network, NetworkConfig}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// # let config = NetworkConfig { cidr_block: Cidr4::lit("10.20.0.0/16"), zones: vec!["a".into(), "b".into()], nat: Nat::Single, isolated_ingress: ec2::Traffic::tcp(5432) };
/// let network = s.within("network", |s| Network::new(s, &config));
/// let logs = s.within("logs", |s| Logs::new(s, 30));
/// let spec = DatabaseSpec {
///     db_name: "blog",
///     instance_class: "db.t4g.micro",
///     memory_mib: 1024,
///     allocated_storage: 20,
///     max_allocated_storage: 100,
///     multi_az: false,
///     performance_insights: false,
///     backup_retention_days: 7,
///     deletion_policy: DeletionPolicy::Protect,
/// };
/// let database = s.within("database", |s| Database::new(s, &network, &logs, spec));
/// let worker = s.add("worker", ec2::SecurityGroup::new(&network.vpc, "The worker"));
/// database.allow_from(s, &worker.id, "worker");
/// s.output("db_endpoint", &database.endpoint);
/// # }
/// # tenon_language::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Database {
    /// Host name of the instance.
    pub endpoint: Output<String>,
    /// Secrets Manager secret of the master user, JSON with `username` and `password`.
    pub master_user_secret: Output<Arn>,
    /// Identifier of the instance, the dimension of its metrics.
    pub identifier: String,
    /// Specification that the database was declared with.
    pub spec: DatabaseSpec,
    /// Security group of the instance.
    pub security_group: Output<SecurityGroupId>,
}

/// Major version of PostgreSQL; RDS upgrades the minor version by itself.
const VERSION: &str = "17";

impl Database {
    /// TCP port of the instance.
    pub const PORT: u16 = 5432;

    // Long: one declaration after the other, each used by the next.
    /// Declares the instance and what belongs to it: a security group, a KMS key, a subnet group, a parameter group and a
    /// log group.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        network: &Network,
        logs: &Logs,
        spec: DatabaseSpec,
    ) -> Self {
        s.moved("door", "security-group");
        // The descriptions of this group and of the parameter group are immutable in AWS: another text replaces them.
        let security_group = s
            .add("security-group", SecurityGroup::new(&network.vpc, "The database"))
            .id;
        let key = s.add(
            "key",
            Key::new().description("The database").rotation_in_days(365u32),
        );
        s.add("alias", Alias::new(&key.id));
        s.moved("subnets", "subnet-group");
        let subnet_group = s.add(
            "subnet-group",
            DbSubnetGroup::new("The isolated subnets").subnets(&network.isolated),
        );
        let parameters = DbParameterGroup::new(
            format!("postgres{VERSION}"),
            "TLS alone, and slow statements in the log",
        )
        .parameter("rds.force_ssl", "1")
        .parameter("log_min_duration_statement", "500")
        .parameter("log_lock_waits", "1")
        .parameter("idle_in_transaction_session_timeout", "60000");
        s.moved("parameters", "parameter-group");
        let parameter_group = s.add("parameter-group", parameters);

        // Without this log group RDS would create one, unencrypted and without retention. Its name contains the instance's
        // identifier, which is therefore made here and not by the engine.
        let identifier = s.full_name("postgres").to_lowercase();
        s.moved("log", "log-group");
        let log_group = logs.named_group(
            s,
            "log-group",
            &format!("/aws/rds/instance/{identifier}/postgresql"),
        );
        let policy = spec.deletion_policy;
        let mut instance = DbInstance::new("postgres", VERSION, spec.instance_class)
            .db_instance_identifier(identifier.as_str())
            .db_name(spec.db_name)
            .allocated_storage(spec.allocated_storage)
            .max_allocated_storage(spec.max_allocated_storage)
            .kms_key(&key.arn)
            .db_subnet_group(&subnet_group.id)
            .vpc_security_groups([&security_group])
            .db_parameter_group(&parameter_group.id)
            .multi_az(spec.multi_az)
            .backup_retention_period(spec.backup_retention_days)
            .enable_cloudwatch_logs_exports(["postgresql"])
            .deletion_protection(policy == DeletionPolicy::Protect)
            .final_snapshot(policy != DeletionPolicy::Delete)
            .delete_automated_backups(policy == DeletionPolicy::Delete);
        if spec.performance_insights {
            instance = instance
                .enable_performance_insights(true)
                .performance_insights_retention_period(7u16)
                .performance_insights_kms_key(&key.arn);
        }
        let instance = s.after(&log_group).add("postgres", instance);
        Self {
            endpoint: instance.endpoint,
            master_user_secret: instance.master_user_secret,
            identifier,
            spec,
            security_group,
        }
    }

    /// Declares the two rules that let the security group `client` connect: in the scope of the client, with addresses that
    /// contain `name`.
    pub fn allow_from<E: Environment>(
        &self,
        s: &mut Scope<'_, E>,
        client: &Output<SecurityGroupId>,
        name: &str,
    ) {
        let postgres = Traffic::tcp(Self::PORT);
        s.add(
            &format!("{name}-to-database"),
            EgressRule::new(client, &self.security_group, postgres).description("The database"),
        );
        s.add(
            &format!("database-from-{name}"),
            IngressRule::new(&self.security_group, client, postgres).description(name),
        );
    }

    /// Default of `max_connections`: the memory in bytes by 9,531,392, at most 5,000 (RDS guide, "Maximum number of database
    /// connections").
    pub(super) fn max_connections(&self) -> u32 {
        let bytes = u64::from(self.spec.memory_mib) * 1024 * 1024;
        u32::try_from((bytes / 9_531_392).min(5000)).unwrap_or(5000)
    }
}
