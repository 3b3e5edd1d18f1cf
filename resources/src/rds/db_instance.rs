//! A database instance.

use super::{
    DbParameterGroupName, DbSubnetGroupName, RETAG,
    db_instance_calls::{CreateDbInstance, DeleteDbInstance, Exports, FinalSnapshot, ModifyDbInstance},
    retag,
};
use crate::{ec2::SecurityGroupId, prelude::*};

id!(
    /// Names a database instance in its account and region.
    DbInstanceIdentifier
);

choice!(
    /// What a database's disk is.
    StorageType {
        /// SSD, its speed paid apart from its size.
        Gp3 = "gp3",
        /// SSD, its speed by its size.
        Gp2 = "gp2",
        /// SSD of a speed that is promised.
        Io1 = "io1",
        /// SSD of a speed that is promised, more durable.
        Io2 = "io2",
        /// Magnetic.
        Standard = "standard",
    }
);

choice!(
    /// How much is kept of what a database did.
    DatabaseInsightsMode of rds::DatabaseInsightsMode {
        /// Seven days of load.
        Standard = "standard",
        /// Fifteen months, with locks and plans. Costs by the processor.
        Advanced = "advanced",
    }
);

/// A database. Its password is made and kept by RDS in Secrets Manager: no plan, no state and no program ever holds it.
///
/// ```
/// use tenon_resources::rds::DbInstance;
/// DbInstance::new("postgres", "17", "db.t4g.small")
///     .db_name("shop")
///     .allocated_storage(50u32)
///     .max_allocated_storage(200u32)
///     .db_subnet_group("private")
///     .vpc_security_groups(["sg-1"])
///     .multi_az(true)
///     .deletion_protection(true);
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of AWS's own")]
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("rds.db_instance", cfn = "AWS::RDS::DBInstance", ready = 60, stateful)]
pub struct DbInstance {
    /// The engine: `postgres`, `mysql`, `mariadb`, or one of Oracle's, SQL Server's or Db2's.
    #[immutable]
    pub engine: String,
    /// The engine's major version: `17` of `PostgreSQL`, `8.4` of `MySQL`. A change upgrades it, which no call undoes.
    pub engine_version: String,
    /// The size of the machine.
    #[cfn("DBInstanceClass")]
    pub db_instance_class: String,
    /// Its identifier, unique in its account and region.
    #[immutable]
    #[named(max = 63, also = "-", lower)]
    #[cfn("DBInstanceIdentifier")]
    pub db_instance_identifier: Option<Input<String>>,
    /// The engine's version in full: `17.4`. Unset, AWS chooses it within the major one, and
    /// `auto_minor_version_upgrade` says whether it moves on.
    #[cfn("EngineVersion")]
    pub exact_version: Option<String>,
    /// The name of the database that is made in it.
    #[immutable]
    #[cfn("DBName")]
    pub db_name: Option<Input<String>>,
    /// The first user, who may do everything.
    #[immutable]
    #[default("dbadmin".to_owned())]
    pub master_username: String,
    /// RDS makes the first user's password, keeps it in Secrets Manager and changes it every week. Off only for a
    /// database that came with a password of its own.
    #[default(true)]
    pub manage_master_user_password: bool,
    /// The key that the password is encrypted with; unset is AWS's own for Secrets Manager.
    #[cfn("MasterUserSecret")]
    pub master_user_secret_kms_key: Option<Input<Arn>>,
    /// The port.
    #[default(5432)]
    pub port: u16,
    /// Its disk, in GiB. It can grow and never shrink; what it grew by itself is not looked at.
    #[default(20)]
    #[write_only]
    pub allocated_storage: u32,
    /// What its disk may grow to by itself, in GiB; unset is not at all.
    #[default(None)]
    pub max_allocated_storage: Option<u32>,
    /// What its disk is.
    #[default(StorageType::Gp3)]
    pub storage_type: StorageType,
    /// How many reads and writes a second its disk takes.
    pub iops: Option<u32>,
    /// How much its disk takes a second, in MiB; `gp3` only.
    pub storage_throughput: Option<u32>,
    /// Encrypt its disk, its backups and its logs.
    #[immutable]
    #[default(true)]
    pub storage_encrypted: bool,
    /// The key they are encrypted with; unset is AWS's own for RDS.
    #[immutable]
    #[cfn("KmsKeyId")]
    pub kms_key: Option<Input<Arn>>,
    /// The subnets it may stand in; unset are the default VPC's. A change moves it, and it is away meanwhile.
    #[cfn("DBSubnetGroupName")]
    pub db_subnet_group: Option<Input<DbSubnetGroupName>>,
    /// The security groups around it.
    #[cfn("VPCSecurityGroups")]
    pub vpc_security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Give it a public address.
    #[default(false)]
    pub publicly_accessible: bool,
    /// Keep a second one in another zone, in step, that takes over when the first fails.
    #[default(false)]
    #[cfn("MultiAZ")]
    pub multi_az: bool,
    /// The zone it stands in.
    #[immutable]
    pub availability_zone: Option<Input<AvailabilityZone>>,
    /// How its engine is set up; unset is the engine's default.
    #[cfn("DBParameterGroupName")]
    pub db_parameter_group: Option<Input<DbParameterGroupName>>,
    /// What its engine has besides; unset is the engine's default.
    #[cfn("OptionGroupName")]
    pub option_group: Option<Input<String>>,
    /// How many days back it can be brought to any second, 0 to 35; 0 is not at all.
    #[default(7)]
    pub backup_retention_period: u16,
    /// When it is backed up, in UTC: `03:00-04:00`.
    pub preferred_backup_window: Option<String>,
    /// When AWS may work on it, in UTC: `sun:04:00-sun:05:00`.
    pub preferred_maintenance_window: Option<String>,
    /// Move on to newer minor versions by itself.
    #[default(true)]
    pub auto_minor_version_upgrade: bool,
    /// Tag its snapshots as it is tagged.
    #[default(true)]
    pub copy_tags_to_snapshot: bool,
    /// The authority behind its certificate.
    #[cfn("CACertificateIdentifier")]
    pub ca_certificate_identifier: Option<String>,
    /// Let IAM's users and roles sign in.
    #[default(false)]
    #[cfn("EnableIAMDatabaseAuthentication")]
    pub enable_iam_database_authentication: bool,
    /// The engine's logs that go to `CloudWatch`: `postgresql`, `upgrade`, `error`, `slowquery` …
    pub enable_cloudwatch_logs_exports: BTreeSet<String>,
    /// Keep what loads it, statement by statement.
    #[default(false)]
    pub enable_performance_insights: bool,
    /// For how many days: 7, 731, or a multiple of 31.
    pub performance_insights_retention_period: Option<u16>,
    /// The key that this is encrypted with; unset is AWS's own for RDS.
    #[cfn("PerformanceInsightsKMSKeyId")]
    pub performance_insights_kms_key: Option<Input<Arn>>,
    /// How much is kept of what it did.
    #[default(DatabaseInsightsMode::Standard)]
    pub database_insights_mode: DatabaseInsightsMode,
    /// How often its machine is measured, in seconds: 1, 5, 10, 15, 30 or 60; 0 is not at all.
    #[default(0)]
    pub monitoring_interval: u16,
    /// The role that writes those measures.
    #[cfn("MonitoringRoleArn")]
    pub monitoring_role: Option<Input<Arn>>,
    /// Refuse to delete it.
    #[default(false)]
    pub deletion_protection: bool,
    /// Make changes at once, and not in the next maintenance window.
    #[default(true)]
    #[write_only]
    pub apply_immediately: bool,
    /// Keep a last snapshot of it when it is deleted.
    #[default(true)]
    #[write_only]
    #[cfn("")]
    pub final_snapshot: bool,
    /// Delete its automated backups with it.
    #[default(true)]
    #[write_only]
    pub delete_automated_backups: bool,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DbInstanceOutputs {
    /// Its identifier.
    #[shape("{db_instance_identifier}")]
    pub id: DbInstanceIdentifier,
    /// Its ARN.
    #[shape("arn:aws:rds:{region}:{account}:db:{id}")]
    pub arn: Arn,
    /// The name of its host, once it is ready.
    #[shape("{id}.{hex8}.{region}.rds.amazonaws.com")]
    pub endpoint: String,
    /// Its port.
    #[shape("{port}")]
    pub port: u16,
    /// The secret with the first user's name and password, as JSON with the keys `username` and `password`.
    #[shape("arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{hex17}-{hex8}")]
    pub master_user_secret: Arn,
    /// What names it for ever, in IAM's policies for signing in.
    #[shape("db-{hex17}")]
    pub resource_id: String,
}

impl Lifecycle for DbInstance {
    const CALLS: &'static [CallInfo] = &[
        CreateDbInstance::INFO,
        ModifyDbInstance::INFO,
        DeleteDbInstance::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "rds",
        operation: "DescribeDBInstances",
        batch: 50,
        actions: &["rds:DescribeDBInstances"],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.db_instance_identifier.as_ref())
    }

    fn create(&self) -> Steps {
        let insights = self.enable_performance_insights;
        Steps::create(CreateDbInstance {
            db_instance_identifier: self.db_instance_identifier.clone(),
            engine: self.engine.clone(),
            engine_version: self.version(),
            db_instance_class: self.db_instance_class.clone(),
            db_name: self.db_name.clone(),
            master_username: self.master_username.clone(),
            manage_master_user_password: self.manage_master_user_password,
            master_user_secret_kms_key_id: self.master_user_secret_kms_key.clone(),
            port: self.port,
            allocated_storage: self.allocated_storage,
            max_allocated_storage: self.max_allocated_storage,
            storage_type: self.storage_type,
            iops: self.iops,
            storage_throughput: self.storage_throughput,
            storage_encrypted: self.storage_encrypted,
            kms_key_id: self.kms_key.clone(),
            db_subnet_group_name: self.db_subnet_group.clone(),
            vpc_security_group_ids: self.vpc_security_groups.clone(),
            publicly_accessible: self.publicly_accessible,
            multi_az: self.multi_az,
            availability_zone: self.availability_zone.clone(),
            db_parameter_group_name: self.db_parameter_group.clone(),
            option_group_name: self.option_group.clone(),
            backup_retention_period: self.backup_retention_period,
            preferred_backup_window: self.preferred_backup_window.clone(),
            preferred_maintenance_window: self.preferred_maintenance_window.clone(),
            auto_minor_version_upgrade: self.auto_minor_version_upgrade,
            copy_tags_to_snapshot: self.copy_tags_to_snapshot,
            ca_certificate_identifier: self.ca_certificate_identifier.clone(),
            enable_iam_database_authentication: self.enable_iam_database_authentication,
            enable_cloudwatch_logs_exports: self.enable_cloudwatch_logs_exports.clone(),
            enable_performance_insights: insights,
            performance_insights_retention_period: self
                .performance_insights_retention_period
                .filter(|_| insights),
            performance_insights_kms_key_id: self.performance_insights_kms_key.clone().filter(|_| insights),
            database_insights_mode: self.database_insights_mode,
            monitoring_interval: self.monitoring_interval,
            monitoring_role_arn: self.monitoring_role.clone(),
            deletion_protection: self.deletion_protection,
            tags: self.tags.clone(),
        })
        // A role takes a while to be known: Terraform retries for 2 min.
        .retry_on_message(
            "InvalidParameterValue",
            "IAM role ARN value is invalid",
            minutes(2),
        )
    }

    #[expect(clippy::too_many_lines, reason = "an arm for every field")]
    fn set(&self, was: &Self, field: DbInstanceField) -> Steps {
        use DbInstanceField as F;
        let modify = |set: fn(&Self, &mut ModifyDbInstance)| {
            let mut call = ModifyDbInstance::at(self.apply_immediately);
            set(self, &mut call);
            // Another change may be under way.
            Steps::update(call)
                .retry_on("InvalidDBInstanceState", minutes(30))
                .retry_on_message(
                    "InvalidParameterValue",
                    "IAM role ARN value is invalid",
                    minutes(2),
                )
        };
        match field {
            F::EngineVersion => modify(|s, c| {
                c.engine_version = Some(s.version());
                c.allow_major_version_upgrade = Some(true);
            }),
            F::ExactVersion => match self.exact_version {
                Some(_) => modify(|s, c| c.engine_version = Some(s.version())),
                None => Steps::none(),
            },
            F::DbInstanceClass => modify(|s, c| c.db_instance_class = Some(s.db_instance_class.clone())),
            F::ManageMasterUserPassword | F::MasterUserSecretKmsKey => modify(|s, c| {
                c.manage_master_user_password = Some(s.manage_master_user_password);
                c.master_user_secret_kms_key_id
                    .clone_from(&s.master_user_secret_kms_key);
            }),
            F::Port => modify(|s, c| c.db_port_number = Some(s.port)),
            F::AllocatedStorage => modify(|s, c| c.allocated_storage = Some(s.allocated_storage)),
            // RDS wants the size with the speed. One that grew by itself is not known, and must not be asked to shrink.
            F::Iops | F::StorageThroughput | F::StorageType => modify(|s, c| {
                c.allocated_storage = s.max_allocated_storage.is_none().then_some(s.allocated_storage);
                c.storage_type = Some(s.storage_type);
                c.iops = s.iops;
                c.storage_throughput = s.storage_throughput;
            }),
            // "To disable storage autoscaling, set it to the size": the user guide's words for no bound.
            F::MaxAllocatedStorage => modify(|s, c| {
                c.max_allocated_storage = Some(s.max_allocated_storage.unwrap_or(s.allocated_storage));
            }),
            F::DbSubnetGroup => modify(|s, c| c.db_subnet_group_name.clone_from(&s.db_subnet_group)),
            F::VpcSecurityGroups => {
                modify(|s, c| c.vpc_security_group_ids = Some(s.vpc_security_groups.clone()))
            }
            F::PubliclyAccessible => modify(|s, c| c.publicly_accessible = Some(s.publicly_accessible)),
            F::MultiAz => modify(|s, c| c.multi_az = Some(s.multi_az)),
            F::DbParameterGroup => modify(|s, c| c.db_parameter_group_name.clone_from(&s.db_parameter_group)),
            F::OptionGroup => modify(|s, c| c.option_group_name.clone_from(&s.option_group)),
            F::BackupRetentionPeriod => {
                modify(|s, c| c.backup_retention_period = Some(s.backup_retention_period))
            }
            F::PreferredBackupWindow => {
                modify(|s, c| c.preferred_backup_window.clone_from(&s.preferred_backup_window))
            }
            F::PreferredMaintenanceWindow => modify(|s, c| {
                c.preferred_maintenance_window
                    .clone_from(&s.preferred_maintenance_window);
            }),
            F::AutoMinorVersionUpgrade => {
                modify(|s, c| c.auto_minor_version_upgrade = Some(s.auto_minor_version_upgrade))
            }
            F::CopyTagsToSnapshot => modify(|s, c| c.copy_tags_to_snapshot = Some(s.copy_tags_to_snapshot)),
            F::CaCertificateIdentifier => modify(|s, c| {
                c.ca_certificate_identifier
                    .clone_from(&s.ca_certificate_identifier);
            }),
            F::EnableIamDatabaseAuthentication => modify(|s, c| {
                c.enable_iam_database_authentication = Some(s.enable_iam_database_authentication);
            }),
            F::EnableCloudwatchLogsExports => {
                let (now, was) = (
                    &self.enable_cloudwatch_logs_exports,
                    &was.enable_cloudwatch_logs_exports,
                );
                let exports = Exports {
                    enable: now - was,
                    disable: was - now,
                };
                let mut call = ModifyDbInstance::at(self.apply_immediately);
                call.cloudwatch_logs_export_configuration = Some(exports);
                Steps::update(call).retry_on("InvalidDBInstanceState", minutes(30))
            }
            F::EnablePerformanceInsights
            | F::PerformanceInsightsRetentionPeriod
            | F::PerformanceInsightsKmsKey => modify(|s, c| {
                let on = s.enable_performance_insights;
                c.enable_performance_insights = Some(on);
                c.performance_insights_retention_period =
                    s.performance_insights_retention_period.filter(|_| on);
                c.performance_insights_kms_key_id = s.performance_insights_kms_key.clone().filter(|_| on);
            }),
            F::DatabaseInsightsMode => modify(|s, c| {
                c.database_insights_mode = Some(s.database_insights_mode);
                // The advanced mode is refused without the load that it is about, kept for as long.
                if s.enable_performance_insights {
                    c.enable_performance_insights = Some(true);
                    c.performance_insights_retention_period = s.performance_insights_retention_period;
                }
            }),
            F::MonitoringInterval | F::MonitoringRole => modify(|s, c| {
                c.monitoring_interval = Some(s.monitoring_interval);
                c.monitoring_role_arn.clone_from(&s.monitoring_role);
            }),
            F::DeletionProtection => modify(|s, c| c.deletion_protection = Some(s.deletion_protection)),
            // These say how other calls are made.
            F::ApplyImmediately | F::FinalSnapshot | F::DeleteAutomatedBackups => Steps::none(),
            F::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        let unprotected = Steps::none().then_if(self.deletion_protection, || {
            let mut call = ModifyDbInstance::at(true);
            call.deletion_protection = Some(false);
            Steps::update(call)
                .ok_on("DBInstanceNotFound")
                .ok_on_message("InvalidDBInstanceState", "is already being deleted")
                .retry_on("InvalidDBInstanceState", minutes(30))
        });
        let snapshot = self.final_snapshot.then(|| FinalSnapshot {
            of: self.db_instance_identifier.clone().unwrap_or_else(this),
            operation: Token::Fill,
        });
        let delete = unprotected
            .then(Steps::delete(DeleteDbInstance {
                db_instance_identifier: this(),
                skip_final_snapshot: !self.final_snapshot,
                final_db_snapshot_identifier: snapshot,
                delete_automated_backups: self.delete_automated_backups,
            }))
            .ok_on("DBInstanceNotFound")
            .ok_on_message("InvalidDBInstanceState", "is already being deleted")
            .retry_on("InvalidDBInstanceState", minutes(30));
        // A snapshot of this operation's own name is this operation's: it was under way before.
        let delete = if self.final_snapshot {
            delete.ok_on("DBSnapshotAlreadyExists")
        } else {
            delete.destroys("the database and everything in it")
        };
        delete.until_gone(minutes(60))
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let major = major(&self.engine, &self.engine_version);
        if major != self.engine_version {
            findings.push(format!(
                "`engine_version` is `{}`: write `{major}`, and the rest as `exact_version`",
                self.engine_version
            ));
        }
        if let Some(exact) = &self.exact_version
            && super::db_instance::major(&self.engine, exact) != major
        {
            findings.push(format!(
                "`exact_version` is `{exact}`, which is not of `engine_version` `{major}`"
            ));
        }
        if self.engine.starts_with("aurora") {
            findings.push(format!(
                "`engine` is `{}`, whose instances belong to a cluster",
                self.engine
            ));
        }
        if matches!(self.engine.as_str(), "mysql" | "mariadb") && self.port == 5432 {
            findings.push(format!(
                "`port` is 5432, and `{}` speaks on 3306: set it",
                self.engine
            ));
        }
        if self.vpc_security_groups.is_empty() {
            findings.push(
                "`vpc_security_groups` is empty, and AWS would take the VPC's default group: name one".into(),
            );
        }
        if self.backup_retention_period > 35 {
            findings.push(format!(
                "`backup_retention_period` is {}, and AWS takes 0 to 35 days",
                self.backup_retention_period
            ));
        }
        if let Some(max) = self.max_allocated_storage
            && max <= self.allocated_storage
        {
            findings.push(format!(
                "`max_allocated_storage` is {max}: make it more than `allocated_storage`, {}, or leave it unset",
                self.allocated_storage
            ));
        }
        if self.storage_throughput.is_some() && self.storage_type != StorageType::Gp3 {
            findings.push(format!(
                "`storage_throughput` is set, and a disk of `{}` has none",
                self.storage_type
            ));
        }
        if matches!(self.storage_type, StorageType::Io1 | StorageType::Io2) && self.iops.is_none() {
            findings.push(format!(
                "`iops` is unset, and a disk of `{}` is promised some",
                self.storage_type
            ));
        }
        if !matches!(self.monitoring_interval, 0 | 1 | 5 | 10 | 15 | 30 | 60) {
            findings.push(format!(
                "`monitoring_interval` is {}, and AWS takes 0, 1, 5, 10, 15, 30 or 60 seconds",
                self.monitoring_interval
            ));
        }
        if (self.monitoring_interval > 0) != self.monitoring_role.is_some() {
            findings
                .push("`monitoring_interval` and `monitoring_role` go together: set both or neither".into());
        }
        if self
            .performance_insights_retention_period
            .is_some_and(|d| d != 7 && d != 731 && d % 31 != 0)
        {
            findings
                .push("`performance_insights_retention_period` is 7, 731, or a multiple of 31 days".into());
        }
        if self.multi_az && self.availability_zone.is_some() {
            findings.push("`availability_zone` is set, and with `multi_az` AWS chooses both: drop it".into());
        }
        if self.kms_key.is_some() && !self.storage_encrypted {
            findings.push("`kms_key` is set, and `storage_encrypted` is off".into());
        }
        let upper =
            |window: &Option<String>| window.as_ref().is_some_and(|w| w.chars().any(char::is_uppercase));
        if upper(&self.preferred_maintenance_window) {
            findings.push(
                "`preferred_maintenance_window` has capitals, and AWS keeps it in small letters".into(),
            );
        }
        if let Some(id) = self.db_instance_identifier.as_ref().and_then(Input::known)
            && (!id.starts_with(|c: char| c.is_ascii_lowercase()) || id.ends_with('-') || id.contains("--"))
        {
            findings.push(format!(
                "`db_instance_identifier` is `{id}`: begin it with a letter, and put no hyphen at its end or two in a row"
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("postgres", "16", "db.t4g.micro")
                .db_instance_identifier("a")
                .storage_throughput(250u32)
                .kms_key("key-2")
                .availability_zone("eu-west-1a")
                .vpc_security_groups(["sg-1"])
                .tags([("Name", "a")]),
            Self::new("mysql", "8.4", "db.m7g.large")
                .db_instance_identifier("b")
                .exact_version("8.4.4")
                .db_name("shop")
                .master_username("root")
                .manage_master_user_password(false)
                .master_user_secret_kms_key("key-1")
                .port(3306u16)
                .allocated_storage(100u32)
                .max_allocated_storage(500u32)
                .storage_type(StorageType::Io2)
                .iops(3000u32)
                .storage_encrypted(false)
                .db_subnet_group("private")
                .vpc_security_groups(["sg-2"])
                .publicly_accessible(true)
                .multi_az(true)
                .db_parameter_group("mysql84")
                .option_group("audit")
                .backup_retention_period(14u16)
                .preferred_backup_window("03:00-04:00")
                .preferred_maintenance_window("sun:04:00-sun:05:00")
                .auto_minor_version_upgrade(false)
                .copy_tags_to_snapshot(false)
                .ca_certificate_identifier("rds-ca-rsa4096-g1")
                .enable_iam_database_authentication(true)
                .enable_cloudwatch_logs_exports(["error"])
                .enable_performance_insights(true)
                .performance_insights_retention_period(465u16)
                .performance_insights_kms_key("key-3")
                .database_insights_mode(DatabaseInsightsMode::Advanced)
                .monitoring_interval(60u16)
                .monitoring_role("arn:aws:iam::111111111111:role/monitoring")
                .deletion_protection(true)
                .apply_immediately(false)
                .final_snapshot(false)
                .delete_automated_backups(false)
                .tags([("Name", "b")]),
        ]
    }
}

/// The major version of `version`: two numbers for `MySQL`, `MariaDB`, SQL Server and Db2, one for the others.
pub(super) fn major(engine: &str, version: &str) -> String {
    let numbers = if ["mysql", "mariadb", "sqlserver", "db2"]
        .iter()
        .any(|e| engine.contains(e))
    {
        2
    } else {
        1
    };
    version.split('.').take(numbers).collect::<Vec<_>>().join(".")
}

impl DbInstance {
    fn version(&self) -> String {
        self.exact_version
            .clone()
            .unwrap_or_else(|| self.engine_version.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_versions() {
        let majors = [
            ("postgres", "17.4", "17"),
            ("mysql", "8.0.40", "8.0"),
            ("mariadb", "10.11.9", "10.11"),
        ];
        let others = [
            ("oracle-ee", "19.0.0.0.ru-2024-01", "19"),
            ("sqlserver-se", "15.00.4316.3.v1", "15.00"),
        ];
        for (engine, version, expected) in majors.into_iter().chain(others) {
            assert_eq!(major(engine, version), expected, "{engine}");
        }
    }

    #[test]
    fn a_last_snapshot_or_a_warning() {
        let kept = DbInstance::new("postgres", "17", "db.t4g.small").db_instance_identifier("db");
        let delete = &kept.delete().0[0];
        assert_eq!(delete.destroys, None);
        assert_eq!(delete.params["skip_final_snapshot"], false);
        assert_eq!(
            delete.params["final_db_snapshot_identifier"]["operation"]["$token"],
            true
        );
        let lost = kept.final_snapshot(false).deletion_protection(true).delete().0;
        assert_eq!(lost[0].params["deletion_protection"], false);
        assert_eq!(
            lost[1].destroys.as_deref(),
            Some("the database and everything in it")
        );
    }
}
