//! A database instance.

#[cfg(feature = "aws")]
use super::db_instance_sdk as read;
use super::{DbParameterGroupName, DbSubnetGroupName};
use crate::{ec2::SecurityGroupId, prelude::*};

id!(
    /// A database instance's identifier, unique in its account and region.
    DbInstanceIdentifier
);

choice!(
    /// The storage type of a database instance.
    StorageType {
        /// General purpose SSD; IOPS and throughput apart from the size.
        Gp3 = "gp3",
        /// General purpose SSD; IOPS by the size.
        Gp2 = "gp2",
        /// Provisioned IOPS SSD.
        Io1 = "io1",
        /// Provisioned IOPS SSD, more durable.
        Io2 = "io2",
        /// Magnetic.
        Standard = "standard",
    }
);

choice!(
    /// The mode of Database Insights.
    DatabaseInsightsMode of rds::DatabaseInsightsMode {
        /// Seven days of database load.
        Standard = "standard",
        /// Fifteen months, with locks and execution plans. Priced by the vCPU.
        Advanced = "advanced",
    }
);

/// A DB instance: a database that RDS runs. RDS makes the master user's password and keeps it in Secrets Manager: no plan, no state and no
/// program ever holds it.
///
/// ```
/// use tenon_resources::rds::DbInstance;
/// DbInstance::new("postgres", "17", "db.t4g.small")
///     .db_name("shop")
///     .allocated_storage(50)
///     .max_allocated_storage(200)
///     .db_subnet_group("private")
///     .vpc_security_groups(["sg-1"])
///     .multi_az(true)
///     .deletion_protection(true);
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of AWS's own")]
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("rds.db_instance", cfn = "AWS::RDS::DBInstance", ready = 60, stateful)]
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html#API_CreateDBInstance_Errors
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html#API_DeleteDBInstance_Errors
#[facts(gone("DBInstanceNotFound"), second_create = Refused("DBInstanceAlreadyExists"))]
#[by(db_instance_identifier)]
#[create(CreateDbInstance: rds, name = "CreateDBInstance", also(
    "rds:CreateDBInstance on arn:aws:rds:{region}:{account}:og:default:*",
    "rds:CreateDBInstance on arn:aws:rds:{region}:{account}:pg:default.*",
    "rds:AddTagsToResource", "iam:CreateServiceLinkedRole to rds.amazonaws.com", "iam:PassRole to monitoring.rds.amazonaws.com",
    "secretsmanager:CreateSecret on arn:aws:secretsmanager:{region}:{account}:secret:rds!db-* if manage_master_user_password",
    "secretsmanager:TagResource on arn:aws:secretsmanager:{region}:{account}:secret:rds!db-* if manage_master_user_password",
    "kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"
), rules(.retry_on_message(ROLE.0, ROLE.1, ROLE.2)))]
#[update(ModifyDbInstance: rds, name = "ModifyDBInstance", folds, also(
    "iam:PassRole to monitoring.rds.amazonaws.com",
    "secretsmanager:CreateSecret on arn:aws:secretsmanager:{region}:{account}:secret:rds!db-* if manage_master_user_password",
    "secretsmanager:TagResource on arn:aws:secretsmanager:{region}:{account}:secret:rds!db-* if manage_master_user_password",
    "kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"
), with(
    apply_immediately: bool = me.apply_immediately,
    allow_major_version_upgrade: Option<bool> = None,
    cloudwatch_logs_export_configuration: Option<Exports> = None,
), rules(.retry_on(BUSY.0, BUSY.1).retry_on_message(ROLE.0, ROLE.1, ROLE.2)))]
#[delete(DeleteDbInstance: rds, name = "DeleteDBInstance", also(
    "rds:CreateDBSnapshot on arn:aws:rds:{region}:{account}:snapshot:{id}-* if final_db_snapshot_identifier",
    "rds:AddTagsToResource on arn:aws:rds:{region}:{account}:snapshot:{id}-* if final_db_snapshot_identifier"
), with(
    skip_final_snapshot: bool = !me.final_snapshot,
    final_db_snapshot_identifier: Option<FinalSnapshot> = me.snapshot(),
    delete_automated_backups: bool = me.delete_automated_backups,
), rules(.ok_on_message(BUSY.0, DELETING).retry_on(BUSY.0, BUSY.1)))]
#[retag(AddTagsToResource, RemoveTagsFromResource: rds, by(resource_name = "arn"))]
#[sdk(rds::DbInstance)]
pub struct DbInstance {
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html: `Engine`, `DBInstanceClass`.
    /// The engine: `postgres`, `mysql`, `mariadb`, or one of Oracle's, SQL Server's or Db2's.
    #[immutable]
    #[sample("postgres", "mysql")]
    #[wrong_if(it.starts_with("aurora"), "is `{it}`, whose instances belong to a cluster")]
    #[pattern(
        "aurora-(mysql|postgresql)|custom-oracle-(ee|se2)(-cdb)?|custom-sqlserver-(dev|ee|se|web)|db2-(ae|se)|mariadb|mysql|oracle-(ee|se2)(-cdb)?|postgres|sqlserver-(dev-ee|ee|ex|se|web)"
    )]
    pub engine: String,
    /// The engine's major version: `17` of `PostgreSQL`, `8.4` of `MySQL`. A change upgrades the engine, which no call undoes.
    #[create_with(String, me.version())]
    #[by_hand]
    #[read(read::major_version(item))]
    #[sample("16", "8.4")]
    #[wrong_if(me.major(it) != *it, "is `{it}`: write `{}`, and the rest as `exact_version`", me.major(it))]
    #[pattern("[0-9]+([.][0-9]+)*")]
    pub engine_version: String,
    /// The instance class.
    #[cfn("DBInstanceClass")]
    #[sample("db.t4g.micro", "db.m7g.large")]
    #[pattern("db([.][a-z0-9-]+){2,}")]
    pub db_instance_class: String,
    /// The identifier, unique in its account and region.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
    #[immutable]
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html: `DBInstanceIdentifier`.
    #[named(max = 63, id, also = "-", lower, pattern = "[a-z](?:-?[a-z0-9])*")]
    #[pattern("[a-z](-?[a-z0-9]+)*")]
    #[cfn("DBInstanceIdentifier")]
    pub db_instance_identifier: Option<Input<String>>,
    /// The engine version in full: `17.4`. Unset, AWS chooses one of the major version, and `auto_minor_version_upgrade` says whether it
    /// is upgraded.
    #[member(create = "", update = "", read = "engine_version")]
    #[by_hand]
    #[cfn("EngineVersion")]
    #[sample("8.4.4")]
    #[wrong_if(me.major(it) != me.major(&me.engine_version), "is `{it}`, which is not of `engine_version` `{}`", me.major(&me.engine_version))]
    pub exact_version: Option<String>,
    /// The name of the initial database.
    #[immutable]
    #[cfn("DBName")]
    #[sample("shop")]
    pub db_name: Option<Input<String>>,
    /// The master user, who has every right.
    #[immutable]
    #[default("dbadmin".to_owned())]
    #[sample("root")]
    #[length(1..=128)]
    #[pattern("[a-zA-Z][a-zA-Z0-9_]*")]
    pub master_username: String,
    /// The master user's password is managed by RDS: it is kept in Secrets Manager, and rotated every week. Off only for a database that
    /// came with a password of its own.
    #[default(true)]
    #[together(password)]
    #[read(item.master_user_secret.is_some())]
    #[sample(false)]
    pub manage_master_user_password: bool,
    /// The KMS key of the master user's secret; unset is AWS's own for Secrets Manager.
    #[member("master_user_secret_kms_key_id")]
    #[together(password)]
    #[read(read::secret_key(item))]
    #[cfn("MasterUserSecret")]
    #[sample("key-1")]
    pub master_user_secret_kms_key: Option<Input<Arn>>,
    /// The port.
    #[default(5432)]
    #[member(update = "db_port_number", read = "db_instance_port")]
    #[sample(3306)]
    #[wrong_if(*it == 5432 && matches!(me.engine.as_str(), "mysql" | "mariadb"), "is {it}, and `{}` speaks on 3306: set it", me.engine)]
    pub port: u16,
    /// The allocated storage, in GiB. It can grow and never shrink; what storage autoscaling added is not looked at.
    #[default(20)]
    #[write_only]
    #[sample(100)]
    pub allocated_storage: u32,
    /// The maximum storage threshold of storage autoscaling, in GiB; unset: no autoscaling.
    #[default(None)]
    #[by_hand]
    #[sample(500)]
    #[wrong_if(*it <= me.allocated_storage, "is {it}: make it more than `allocated_storage`, {}, or leave it unset", me.allocated_storage)]
    pub max_allocated_storage: Option<u32>,
    /// The storage type.
    #[default(StorageType::Gp3)]
    #[by_hand]
    #[sample(StorageType::Io2)]
    pub storage_type: StorageType,
    /// Provisioned IOPS.
    #[by_hand]
    #[sample(3000)]
    #[missing_if(matches!(me.storage_type, StorageType::Io1 | StorageType::Io2), "is unset, and a disk of `{}` needs some", me.storage_type)]
    pub iops: Option<u32>,
    /// The storage throughput, in MiB a second; `gp3` only.
    #[by_hand]
    #[sample(250, _)]
    #[wrong_if(me.storage_type != StorageType::Gp3, "is set, and a disk of `{}` has none", me.storage_type)]
    pub storage_throughput: Option<u32>,
    /// Encryption of the storage, the backups and the logs.
    #[immutable]
    #[default(true)]
    #[read(item.storage_encrypted.unwrap_or(false))]
    #[sample(false)]
    pub storage_encrypted: bool,
    /// The KMS key of the storage; unset is AWS's own for RDS.
    #[immutable]
    #[member("kms_key_id")]
    #[cfn("KmsKeyId")]
    #[sample("key-2", _)]
    #[wrong_if(!me.storage_encrypted, "is set, and `storage_encrypted` is off")]
    pub kms_key: Option<Input<Arn>>,
    /// The DB subnet group; unset: the default VPC's. A change moves the instance, which is unavailable meanwhile.
    #[member("db_subnet_group_name")]
    #[read(read::subnet_group(item))]
    #[cfn("DBSubnetGroupName")]
    #[sample("private")]
    pub db_subnet_group: Option<Input<DbSubnetGroupName>>,
    /// The VPC security groups.
    #[member("vpc_security_group_ids")]
    #[read(read::security_groups(item))]
    #[cfn("VPCSecurityGroups")]
    #[sample(["sg-1"], ["sg-2"])]
    #[missing_if(true, "is empty, and AWS would take the VPC's default group: name one")]
    pub vpc_security_groups: BTreeSet<Input<SecurityGroupId>>,
    /// Public accessibility: the endpoint has a public address.
    #[default(false)]
    #[sample(true)]
    pub publicly_accessible: bool,
    /// Multi-AZ: a standby in another availability zone, in step, which takes over when the first fails.
    #[default(false)]
    #[cfn("MultiAZ")]
    #[sample(true)]
    pub multi_az: bool,
    /// The availability zone.
    #[immutable]
    #[sample("eu-west-1a", _)]
    #[wrong_if(me.multi_az, "is set, and with `multi_az` AWS chooses both: drop it")]
    pub availability_zone: Option<Input<AvailabilityZone>>,
    /// The parameter group; unset: the engine's default.
    #[member("db_parameter_group_name")]
    #[read(read::parameter_group(item))]
    #[cfn("DBParameterGroupName")]
    #[sample("mysql84")]
    pub db_parameter_group: Option<Input<DbParameterGroupName>>,
    /// The option group; unset: the engine's default.
    #[member("option_group_name")]
    #[read(read::option_group(item))]
    #[cfn("OptionGroupName")]
    #[sample("audit")]
    pub option_group: Option<Input<String>>,
    /// The backup retention period, in days; 0: no automated backups.
    #[default(7)]
    #[range(0..=35)]
    #[sample(14)]
    pub backup_retention_period: u16,
    /// The backup window, in UTC: `03:00-04:00`.
    #[pattern("[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}")]
    #[sample("03:00-04:00")]
    pub preferred_backup_window: Option<String>,
    /// The maintenance window, in UTC: `sun:04:00-sun:05:00`. AWS keeps it in small letters.
    #[pattern("[a-z]{3}:[0-9]{2}:[0-9]{2}-[a-z]{3}:[0-9]{2}:[0-9]{2}")]
    #[sample("sun:04:00-sun:05:00")]
    pub preferred_maintenance_window: Option<String>,
    /// Automatic minor version upgrades.
    #[default(true)]
    #[sample(false)]
    pub auto_minor_version_upgrade: bool,
    /// Tags are copied to snapshots.
    #[default(true)]
    #[read(item.copy_tags_to_snapshot.unwrap_or(false))]
    #[sample(false)]
    pub copy_tags_to_snapshot: bool,
    /// The certificate authority of the server certificate.
    #[cfn("CACertificateIdentifier")]
    #[sample("rds-ca-rsa4096-g1")]
    pub ca_certificate_identifier: Option<String>,
    /// IAM database authentication.
    #[default(false)]
    #[member(read = "iam_database_authentication_enabled")]
    #[cfn("EnableIAMDatabaseAuthentication")]
    #[sample(true)]
    pub enable_iam_database_authentication: bool,
    /// Log exports to `CloudWatch` Logs: `postgresql`, `upgrade`, `error`, `slowquery` …
    #[member(update = "", read = "enabled_cloudwatch_logs_exports")]
    #[by_hand]
    #[sample(["error"])]
    pub enable_cloudwatch_logs_exports: BTreeSet<String>,
    /// Performance Insights: the database load, statement by statement.
    #[default(false)]
    #[member(read = "performance_insights_enabled")]
    #[together(insights)]
    #[sample(true)]
    pub enable_performance_insights: bool,
    /// The retention period of Performance Insights, in days: 7, 731, or a multiple of 31.
    #[sent_as(Option<u16>, me.insights(me.performance_insights_retention_period.as_ref()))]
    #[together(insights)]
    #[sample(465)]
    #[wrong_if(*it != 7 && *it != 731 && it % 31 != 0, "is 7, 731, or a multiple of 31 days")]
    pub performance_insights_retention_period: Option<u16>,
    /// The KMS key of Performance Insights; unset is AWS's own for RDS.
    #[member("performance_insights_kms_key_id")]
    #[sent_as(Option<Input<Arn>>, me.insights(me.performance_insights_kms_key.as_ref()))]
    #[together(insights)]
    #[cfn("PerformanceInsightsKMSKeyId")]
    #[sample("key-3")]
    pub performance_insights_kms_key: Option<Input<Arn>>,
    /// The mode of Database Insights.
    #[default(DatabaseInsightsMode::Standard)]
    #[by_hand]
    #[sample(DatabaseInsightsMode::Advanced)]
    pub database_insights_mode: DatabaseInsightsMode,
    /// The granularity of Enhanced Monitoring, in seconds: 1, 5, 10, 15, 30 or 60; 0: none.
    #[default(0)]
    #[together(monitoring)]
    #[sample(60)]
    #[wrong_if(!matches!(it, 0 | 1 | 5 | 10 | 15 | 30 | 60), "is {it}, and AWS takes 0, 1, 5, 10, 15, 30 or 60 seconds")]
    #[wrong_if((*it > 0) != me.monitoring_role.is_some(), "and `monitoring_role` go together: set both or neither")]
    pub monitoring_interval: u16,
    /// The role with which Enhanced Monitoring writes to `CloudWatch` Logs.
    #[member("monitoring_role_arn")]
    #[together(monitoring)]
    #[cfn("MonitoringRoleArn")]
    #[sample("arn:aws:iam::111111111111:role/monitoring")]
    #[pattern("arn:[a-z0-9-]+:iam::[0-9]{12}:role/.+")]
    pub monitoring_role: Option<Input<Arn>>,
    /// Deletion protection.
    #[default(false)]
    #[sample(true)]
    pub deletion_protection: bool,
    /// Changes are made at once, and not in the next maintenance window.
    #[default(true)]
    #[write_only]
    #[local]
    #[sample(false)]
    pub apply_immediately: bool,
    /// A final snapshot is taken when the instance is deleted.
    #[default(true)]
    #[write_only]
    #[local]
    #[cfn("")]
    #[sample(false)]
    pub final_snapshot: bool,
    /// Automated backups are deleted with the instance.
    #[default(true)]
    #[write_only]
    #[local]
    #[sample(false)]
    pub delete_automated_backups: bool,
    /// Tags.
    #[member(read = "tag_list")]
    pub tags: Tags,
}

/// Outputs of a database instance.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DbInstanceOutputs {
    /// The identifier.
    #[shape("{db_instance_identifier}")]
    pub id: DbInstanceIdentifier,
    /// The ARN.
    #[shape("arn:aws:rds:{region}:{account}:db:{id}")]
    pub arn: Arn,
    /// The endpoint's host name, once the instance is ready.
    #[shape("{id}.{hex8}.{region}.rds.amazonaws.com")]
    #[shown_while_pending("https://github.com/ansible/ansible-modules-core/issues/3865")]
    pub endpoint: String,
    /// The port.
    #[shape("{port}")]
    #[shown_while_pending("https://github.com/ansible/ansible-modules-core/issues/3865")]
    pub port: u16,
    /// The secret with the master user's name and password, as JSON with the keys `username` and `password`.
    #[shape("arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{hex17}-{hex8}")]
    #[shown_while_pending(
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_MasterUserSecret.html"
    )]
    pub master_user_secret: Arn,
    /// The resource ID, which never changes; IAM policies for database authentication name it.
    #[shape("db-{hex17}")]
    pub resource_id: String,
}

/// A role is unknown to RDS for a while after its creation: Terraform retries for 2 min.
const ROLE: (&str, &str, u32) = (
    "InvalidParameterValue",
    "IAM role ARN value is invalid",
    minutes(2),
);
/// Another change may be under way.
const BUSY: (&str, u32) = ("InvalidDBInstanceState", minutes(30));
const DELETING: &str = "is already being deleted";

impl Lifecycle for DbInstance {
    const READ: Read = Read::new("rds", "DescribeDBInstances", 50, &["rds:DescribeDBInstances"]);

    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Status.html: it serves while its disk is
    // moved about; "failed and Amazon RDS can't recover it".
    const STATUSES: &'static [StatusWords] = &[StatusWords {
        member: "DBInstanceStatus",
        words: &[
            ("available", Meaning::Ready),
            ("storage-optimization", Meaning::Ready),
            ("storage-initialization", Meaning::Ready),
            ("stopped", Meaning::Stopped),
            ("stopping", Meaning::Stopped),
            ("deleting", Meaning::Leaving),
            ("delete-precheck", Meaning::Leaving),
            ("backing-up", Meaning::Pending),
            ("backtracking", Meaning::Pending),
            ("configuring-enhanced-monitoring", Meaning::Pending),
            ("configuring-iam-database-auth", Meaning::Pending),
            ("configuring-log-exports", Meaning::Pending),
            ("converting-to-vpc", Meaning::Pending),
            ("creating", Meaning::Pending),
            ("maintenance", Meaning::Pending),
            ("modifying", Meaning::Pending),
            ("moving-to-vpc", Meaning::Pending),
            ("rebooting", Meaning::Pending),
            ("renaming", Meaning::Pending),
            ("resetting-master-credentials", Meaning::Pending),
            ("starting", Meaning::Pending),
            ("storage-config-upgrade", Meaning::Pending),
            ("upgrading", Meaning::Pending),
            ("inaccessible-encryption-credentials", Meaning::Impaired),
            (
                "inaccessible-encryption-credentials-recoverable",
                Meaning::Impaired,
            ),
            ("incompatible-create", Meaning::Impaired),
            ("incompatible-network", Meaning::Impaired),
            ("incompatible-option-group", Meaning::Impaired),
            ("incompatible-parameters", Meaning::Impaired),
            ("incompatible-restore", Meaning::Impaired),
            ("insufficient-capacity", Meaning::Impaired),
            ("storage-full", Meaning::Impaired),
            ("failed", Meaning::Failed),
            ("restore-error", Meaning::Failed),
        ],
    }];

    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html#USER_StopInstance.Limitations: "You can't modify a
    // stopped DB instance".
    const CHANGES_WHILE_STOPPED: bool = false;

    fn guard(&self) -> Option<Guard> {
        self.deletion_protection.then_some(Guard::DELETION_PROTECTION)
    }

    fn create(&self) -> Steps {
        CreateDbInstance::steps(self)
    }

    fn set(&self, was: &Self, field: DbInstanceField) -> Steps {
        use DbInstanceField as F;
        let mut call = ModifyDbInstance::unchanged(self);
        match field {
            F::EngineVersion => {
                call.engine_version = Some(self.version());
                call.allow_major_version_upgrade = Some(true);
            }
            F::ExactVersion if self.exact_version.is_none() => return Steps::none(),
            F::ExactVersion => call.engine_version = Some(self.version()),
            // RDS wants the size with the speed. A size that grew by itself is not known, and must not be asked to shrink.
            F::Iops | F::StorageThroughput | F::StorageType => {
                let size = Some(self.allocated_storage);
                call.allocated_storage = size.filter(|_| self.max_allocated_storage.is_none());
                call.storage_type = Some(self.storage_type);
                (call.iops, call.storage_throughput) = (self.iops, self.storage_throughput);
            }
            // "To disable storage autoscaling, set it to the size": the user guide's words for no bound.
            F::MaxAllocatedStorage => {
                call.max_allocated_storage = self.max_allocated_storage.or(Some(self.allocated_storage));
            }
            F::EnableCloudwatchLogsExports => {
                let (now, was) = (
                    &self.enable_cloudwatch_logs_exports,
                    &was.enable_cloudwatch_logs_exports,
                );
                call.cloudwatch_logs_export_configuration = Some(Exports {
                    enable: now - was,
                    disable: was - now,
                });
                return Steps::update(call).retry_on(BUSY.0, BUSY.1);
            }
            F::DatabaseInsightsMode => {
                call.database_insights_mode = Some(self.database_insights_mode);
                // The advanced mode is refused without Performance Insights, kept for as long.
                call.enable_performance_insights = self.insights(Some(&true));
                call.performance_insights_retention_period =
                    self.insights(self.performance_insights_retention_period.as_ref());
            }
        }
        call.steps()
    }

    fn delete(&self) -> Steps {
        let unprotected = Steps::none().then_if(self.deletion_protection, || {
            let mut call = ModifyDbInstance::unchanged(self);
            (call.apply_immediately, call.deletion_protection) = (true, Some(false));
            Steps::update(call)
                .expecting(Self::FACTS)
                .ok_on_message(BUSY.0, DELETING)
                .retry_on(BUSY.0, BUSY.1)
        });
        let delete = unprotected.then(DeleteDbInstance::steps(self));
        // A snapshot of this operation's own name is this operation's: it was under way before.
        let delete = if self.final_snapshot {
            delete.ok_on("DBSnapshotAlreadyExists")
        } else {
            delete.destroys("the database and everything in it")
        };
        delete.until_gone(minutes(60))
    }

    fn refuses(&self, was: &Self, field: &str, look: Look<'_>) -> Option<String> {
        (field == "db_subnet_group" && self.moves_within_its_vpc(was, look)).then(|| {
            "cannot be moved to another subnet group of the same VPC, which AWS refuses (InvalidVPCNetworkStateFault): keep the name of its subnet group, and change the subnets of that group instead".into()
        })
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
    /// The major version of `version` of this engine.
    fn major(&self, version: &str) -> String {
        major(&self.engine, version)
    }

    fn version(&self) -> String {
        self.exact_version
            .clone()
            .unwrap_or_else(|| self.engine_version.clone())
    }

    /// A setting of Performance Insights, which AWS takes only where they are on.
    fn insights<T: Clone>(&self, setting: Option<&T>) -> Option<T> {
        setting.filter(|_| self.enable_performance_insights).cloned()
    }

    fn snapshot(&self) -> Option<FinalSnapshot> {
        self.final_snapshot.then(|| FinalSnapshot {
            of: self.db_instance_identifier.clone().unwrap_or_else(this),
            operation: Token::Fill,
        })
    }
}

/// Log exports to enable and to disable, as a call takes them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Exports {
    pub(super) enable: BTreeSet<String>,
    pub(super) disable: BTreeSet<String>,
}

/// The identifier of a final snapshot: the instance's and the operation's, so that a retry asks for the same one, and a later instance
/// of the same identifier for another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FinalSnapshot {
    pub(super) of: Input<String>,
    pub(super) operation: Token,
}

#[cfg(test)]
#[path = "db_instance_tests.rs"]
mod tests;
