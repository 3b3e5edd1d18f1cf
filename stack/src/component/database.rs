//! A PostgreSQL database that speaks TLS alone, encrypted, backed up, and reached by whom it admits.
//!
//! Its schema is its program's. Its password is made and kept by RDS: no program, plan or state ever has it.

use super::{Logs, Network};
use crate::{environment::Environment, scope::Scope};
use tenon_resources::{
    ec2::{EgressRule, IngressRule, SecurityGroup, SecurityGroupId, Traffic},
    kms::{Alias, Key},
    rds::{DbInstance, DbParameterGroup, DbSubnetGroup},
    value::{Arn, Output},
};

/// What a [`Database`] is.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The name of the database in it.
    pub name: &'static str,
    /// Its instance class.
    pub class: &'static str,
    /// The memory of that class in MiB, from which alarms follow.
    pub memory: u32,
    /// Its storage in GiB, at first and at the most.
    pub storage: (u32, u32),
    /// Keep a standby in another zone.
    pub multi_az: bool,
    /// Keep statistics of its load for a week.
    pub insights: bool,
    /// For how many days it can be brought back to any second, up to 35.
    pub backup_days: u16,
    /// What becomes of its data when it is deleted.
    pub ending: Ending,
}

/// What becomes of data when the database that holds it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The database refuses to be deleted, until this is changed and applied.
    Refused,
    /// A last snapshot is taken, and backups are kept.
    Kept,
    /// It is lost, backups included.
    Lost,
}

/// A PostgreSQL database in the isolated subnets.
///
/// ```
/// use tenon::{component::{Database, Ending, Instance, Logs, Nat, Network, NetworkConfig}, prelude::*};
/// # fn program(s: &mut Scope<'_, Anywhere>) {
/// # let config = NetworkConfig { cidr_block: Cidr4::lit("10.20.0.0/16"), zones: vec!["a".into(), "b".into()], nat: Nat::Single, isolated_ingress: ec2::Traffic::tcp(5432) };
/// let network = s.within("network", |s| Network::new(s, &config));
/// let logs = s.within("logs", |s| Logs::new(s, 30));
/// let small = Instance {
///     name: "blog",
///     class: "db.t4g.micro",
///     memory: 1024,
///     storage: (20, 100),
///     multi_az: false,
///     insights: false,
///     backup_days: 7,
///     ending: Ending::Refused,
/// };
/// let database = s.within("database", |s| Database::new(s, &network, &logs, small));
/// let worker = s.add("worker", ec2::SecurityGroup::new(&network.vpc, "The worker"));
/// database.admit(s, &worker.id, "worker");
/// s.output("db_endpoint", &database.endpoint);
/// # }
/// # tenon::declare("doc", Anywhere::Local, program).check().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Database {
    /// The name of its host.
    pub endpoint: Output<String>,
    /// The secret with the first user's name and password, as JSON with `username` and `password`.
    pub secret: Output<Arn>,
    /// Its identifier, for metrics.
    pub identifier: String,
    /// What it was asked to be.
    pub instance: Instance,
    door: Output<SecurityGroupId>,
}

/// The major version of PostgreSQL; minor ones come by themselves.
const VERSION: &str = "17";

impl Database {
    /// The port that it listens on.
    pub const PORT: u16 = 5432;

    /// Declares it.
    pub fn new<E: Environment>(
        s: &mut Scope<'_, E>,
        network: &Network,
        logs: &Logs,
        instance: Instance,
    ) -> Self {
        let door = s.add("door", SecurityGroup::new(&network.vpc, "The database")).id;
        let key = s.add(
            "key",
            Key::new().description("The database").rotation_in_days(365u32),
        );
        s.add("alias", Alias::new(&key.id));
        let subnets = s.add(
            "subnets",
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
        let parameters = s.add("parameters", parameters);

        // RDS makes the group by itself, without key or end, unless it is there first; its name follows from the
        // instance's, so the instance has one of the program's.
        let identifier = s.full_name("postgres").to_lowercase();
        let log = logs.named_group(s, "log", &format!("/aws/rds/instance/{identifier}/postgresql"));
        let (least, most) = instance.storage;
        let mut database = DbInstance::new("postgres", VERSION, instance.class)
            .db_instance_identifier(identifier.as_str())
            .db_name(instance.name)
            .allocated_storage(least)
            .max_allocated_storage(most)
            .kms_key(&key.arn)
            .db_subnet_group(&subnets.id)
            .vpc_security_groups([&door])
            .db_parameter_group(&parameters.id)
            .multi_az(instance.multi_az)
            .backup_retention_period(instance.backup_days)
            .enable_cloudwatch_logs_exports(["postgresql"])
            .deletion_protection(instance.ending == Ending::Refused)
            .final_snapshot(instance.ending != Ending::Lost)
            .delete_automated_backups(instance.ending == Ending::Lost);
        if instance.insights {
            database = database
                .enable_performance_insights(true)
                .performance_insights_retention_period(7u16)
                .performance_insights_kms_key(&key.arn);
        }
        let made = s.after(&log).add("postgres", database);
        Self {
            endpoint: made.endpoint,
            secret: made.master_user_secret,
            identifier,
            instance,
            door,
        }
    }

    /// Lets `caller` speak to it. Declared in the scope of whoever asks, where `name` tells callers apart.
    pub fn admit<E: Environment>(&self, s: &mut Scope<'_, E>, caller: &Output<SecurityGroupId>, name: &str) {
        let postgres = Traffic::tcp(Self::PORT);
        s.add(
            &format!("{name}-to-database"),
            EgressRule::new(caller, &self.door, postgres).description("The database"),
        );
        s.add(
            &format!("database-from-{name}"),
            IngressRule::new(&self.door, caller, postgres).description(name),
        );
    }

    /// How many connections it takes: what RDS's guide gives as the default of `max_connections`, the memory in bytes by
    /// 9,531,392, or 5,000.
    pub(super) fn connections(&self) -> u32 {
        let bytes = u64::from(self.instance.memory) * 1024 * 1024;
        u32::try_from((bytes / 9_531_392).min(5000)).unwrap_or(5000)
    }
}
