//! The calls that make, change and remove a database instance.

use super::{
    DatabaseInsightsMode, DbInstanceIdentifier, DbParameterGroupName, DbSubnetGroupName, StorageType,
};
use crate::{ec2::SecurityGroupId, prelude::*};

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of AWS's own")]
#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "CreateDBInstance",
    also(
        "rds:AddTagsToResource",
        "iam:CreateServiceLinkedRole",
        "iam:PassRole",
        "secretsmanager:CreateSecret",
        "secretsmanager:TagResource",
        "kms:DescribeKey",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:GenerateDataKey"
    )
)]
pub(super) struct CreateDbInstance {
    pub(super) db_instance_identifier: Option<Input<String>>,
    pub(super) engine: String,
    pub(super) engine_version: String,
    pub(super) db_instance_class: String,
    pub(super) db_name: Option<Input<String>>,
    pub(super) master_username: String,
    pub(super) manage_master_user_password: bool,
    pub(super) master_user_secret_kms_key_id: Option<Input<Arn>>,
    pub(super) port: u16,
    pub(super) allocated_storage: u32,
    pub(super) max_allocated_storage: Option<u32>,
    pub(super) storage_type: StorageType,
    pub(super) iops: Option<u32>,
    pub(super) storage_throughput: Option<u32>,
    pub(super) storage_encrypted: bool,
    pub(super) kms_key_id: Option<Input<Arn>>,
    pub(super) db_subnet_group_name: Option<Input<DbSubnetGroupName>>,
    pub(super) vpc_security_group_ids: BTreeSet<Input<SecurityGroupId>>,
    pub(super) publicly_accessible: bool,
    pub(super) multi_az: bool,
    pub(super) availability_zone: Option<Input<AvailabilityZone>>,
    pub(super) db_parameter_group_name: Option<Input<DbParameterGroupName>>,
    pub(super) option_group_name: Option<Input<String>>,
    pub(super) backup_retention_period: u16,
    pub(super) preferred_backup_window: Option<String>,
    pub(super) preferred_maintenance_window: Option<String>,
    pub(super) auto_minor_version_upgrade: bool,
    pub(super) copy_tags_to_snapshot: bool,
    pub(super) ca_certificate_identifier: Option<String>,
    pub(super) enable_iam_database_authentication: bool,
    pub(super) enable_cloudwatch_logs_exports: BTreeSet<String>,
    pub(super) enable_performance_insights: bool,
    pub(super) performance_insights_retention_period: Option<u16>,
    pub(super) performance_insights_kms_key_id: Option<Input<Arn>>,
    pub(super) database_insights_mode: DatabaseInsightsMode,
    pub(super) monitoring_interval: u16,
    pub(super) monitoring_role_arn: Option<Input<Arn>>,
    pub(super) deletion_protection: bool,
    pub(super) tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    folds,
    name = "ModifyDBInstance",
    also(
        "iam:PassRole",
        "secretsmanager:CreateSecret",
        "secretsmanager:TagResource",
        "kms:DescribeKey",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:GenerateDataKey"
    )
)]
pub(super) struct ModifyDbInstance {
    pub(super) db_instance_identifier: Input<DbInstanceIdentifier>,
    pub(super) apply_immediately: bool,
    pub(super) engine_version: Option<String>,
    pub(super) allow_major_version_upgrade: Option<bool>,
    pub(super) db_instance_class: Option<String>,
    pub(super) manage_master_user_password: Option<bool>,
    pub(super) master_user_secret_kms_key_id: Option<Input<Arn>>,
    pub(super) db_port_number: Option<u16>,
    pub(super) allocated_storage: Option<u32>,
    pub(super) max_allocated_storage: Option<u32>,
    pub(super) storage_type: Option<StorageType>,
    pub(super) iops: Option<u32>,
    pub(super) storage_throughput: Option<u32>,
    pub(super) db_subnet_group_name: Option<Input<DbSubnetGroupName>>,
    pub(super) vpc_security_group_ids: Option<BTreeSet<Input<SecurityGroupId>>>,
    pub(super) publicly_accessible: Option<bool>,
    pub(super) multi_az: Option<bool>,
    pub(super) db_parameter_group_name: Option<Input<DbParameterGroupName>>,
    pub(super) option_group_name: Option<Input<String>>,
    pub(super) backup_retention_period: Option<u16>,
    pub(super) preferred_backup_window: Option<String>,
    pub(super) preferred_maintenance_window: Option<String>,
    pub(super) auto_minor_version_upgrade: Option<bool>,
    pub(super) copy_tags_to_snapshot: Option<bool>,
    pub(super) ca_certificate_identifier: Option<String>,
    pub(super) enable_iam_database_authentication: Option<bool>,
    pub(super) cloudwatch_logs_export_configuration: Option<Exports>,
    pub(super) enable_performance_insights: Option<bool>,
    pub(super) performance_insights_retention_period: Option<u16>,
    pub(super) performance_insights_kms_key_id: Option<Input<Arn>>,
    pub(super) database_insights_mode: Option<DatabaseInsightsMode>,
    pub(super) monitoring_interval: Option<u16>,
    pub(super) monitoring_role_arn: Option<Input<Arn>>,
    pub(super) deletion_protection: Option<bool>,
}

impl ModifyDbInstance {
    /// No change at all, made at once or in the next maintenance window.
    pub(super) fn at(apply_immediately: bool) -> Self {
        Self {
            db_instance_identifier: this(),
            apply_immediately,
            engine_version: None,
            allow_major_version_upgrade: None,
            db_instance_class: None,
            manage_master_user_password: None,
            master_user_secret_kms_key_id: None,
            db_port_number: None,
            allocated_storage: None,
            max_allocated_storage: None,
            storage_type: None,
            iops: None,
            storage_throughput: None,
            db_subnet_group_name: None,
            vpc_security_group_ids: None,
            publicly_accessible: None,
            multi_az: None,
            db_parameter_group_name: None,
            option_group_name: None,
            backup_retention_period: None,
            preferred_backup_window: None,
            preferred_maintenance_window: None,
            auto_minor_version_upgrade: None,
            copy_tags_to_snapshot: None,
            ca_certificate_identifier: None,
            enable_iam_database_authentication: None,
            cloudwatch_logs_export_configuration: None,
            enable_performance_insights: None,
            performance_insights_retention_period: None,
            performance_insights_kms_key_id: None,
            database_insights_mode: None,
            monitoring_interval: None,
            monitoring_role_arn: None,
            deletion_protection: None,
        }
    }
}

/// Which logs go to `CloudWatch` from now on, and which no longer, as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Exports {
    pub(super) enable: BTreeSet<String>,
    pub(super) disable: BTreeSet<String>,
}

/// The name of a last snapshot: the database's and the operation's, so that a retry asks for the same one, and a later
/// database of the same name for another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FinalSnapshot {
    pub(super) of: Input<String>,
    pub(super) operation: Token,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "DeleteDBInstance",
    also("rds:CreateDBSnapshot", "rds:AddTagsToResource")
)]
pub(super) struct DeleteDbInstance {
    pub(super) db_instance_identifier: Input<DbInstanceIdentifier>,
    pub(super) skip_final_snapshot: bool,
    pub(super) final_db_snapshot_identifier: Option<FinalSnapshot>,
    pub(super) delete_automated_backups: bool,
}
