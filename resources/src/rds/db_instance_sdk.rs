//! Database instances there and back.

use super::{
    DatabaseInsightsMode, DbInstance, DbInstanceOutputs, StorageType,
    db_instance::major,
    db_instance_calls::{Exports, FinalSnapshot},
};
use crate::{aws::ToSdk, prelude::*};
use sdk::rds::types as t;

impl ToSdk<t::CloudwatchLogsExportConfiguration> for Exports {
    fn to_sdk(self) -> Option<t::CloudwatchLogsExportConfiguration> {
        let exports =
            t::CloudwatchLogsExportConfiguration::builder().set_enable_log_types(self.enable.to_sdk());
        Some(exports.set_disable_log_types(self.disable.to_sdk()).build())
    }
}

impl ToSdk<String> for FinalSnapshot {
    fn to_sdk(self) -> Option<String> {
        let (of, operation): (String, String) = (self.of.to_sdk()?, self.operation.to_sdk()?);
        Some(format!("{of}-final-{operation}"))
    }
}

impl Observe for DbInstance {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let filters: Vec<Option<Vec<t::Filter>>> = match by {
            // A filter shortens the list by what is gone, where a name would be refused.
            By::Ids(ids) => ids
                .chunks(50)
                .map(|ids| {
                    let filter = t::Filter::builder()
                        .name("db-instance-id")
                        .set_values(Some(ids.to_vec()));
                    Some(vec![filter.build()])
                })
                .collect(),
            By::Owner(_) => vec![None],
        };
        let mut seen = vec![];
        for filters in filters {
            let pages = items!(aws.rds.describe_db_instances().set_filters(filters));
            let read = match aws.all("rds", "DescribeDBInstances", pages).await {
                Err(error) if error.code == "DBInstanceNotFound" => vec![],
                read => read?,
            };
            seen.extend(read.into_iter().filter_map(see));
        }
        Ok(seen)
    }
}

/// The status of an instance, by AWS's word for it (RDS user guide, "Viewing Amazon RDS DB instance status":
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html>). Any word that is not listed, a new
/// one of AWS's too, is [`Status::Impaired`]: nothing is ever concluded from it that could cost data.
fn status(word: &str) -> Status {
    match word {
        // It serves while its disk is moved about.
        "available" | "storage-optimization" | "storage-initialization" => Status::Ready,
        "deleting" | "delete-precheck" => Status::Leaving(word.into()),
        "stopped" | "stopping" => Status::Stopped(word.into()),
        // "can't be recovered to" and "failed and Amazon RDS can't recover it".
        "failed" | "restore-error" => Status::Failed(word.replace('-', " ")),
        "backing-up"
        | "configuring-enhanced-monitoring"
        | "configuring-iam-database-auth"
        | "configuring-log-exports"
        | "converting-to-vpc"
        | "creating"
        | "maintenance"
        | "modifying"
        | "moving-to-vpc"
        | "rebooting"
        | "renaming"
        | "resetting-master-credentials"
        | "starting"
        | "storage-config-upgrade"
        | "upgrading" => Status::Pending(word.into()),
        // `storage-full`, `insufficient-capacity`, `inaccessible-encryption-credentials(-recoverable)`, `incompatible-…`.
        other => Status::Impaired(other.replace('-', " ")),
    }
}

fn number<T: TryFrom<i32>>(value: Option<i32>) -> Option<T> {
    value.and_then(|v| v.try_into().ok())
}

fn arn(text: Option<String>) -> Option<Input<Arn>> {
    text.map(|arn| Input::Known(arn.into()))
}

/// An instance as AWS gives it. A change that waits for its window counts as made: it was asked for, and will be.
#[expect(clippy::too_many_lines, reason = "a line or two for each field")]
fn see(item: t::DbInstance) -> Option<Seen<DbInstance>> {
    let id = item.db_instance_identifier?;
    let waits = item
        .pending_modified_values
        .unwrap_or_else(|| t::PendingModifiedValues::builder().build());
    let engine = item.engine?;
    let version = waits.engine_version.or(item.engine_version).unwrap_or_default();
    let groups = item
        .vpc_security_groups
        .into_iter()
        .flatten()
        .filter_map(|g| g.vpc_security_group_id);
    let subnets = waits
        .db_subnet_group_name
        .or(item.db_subnet_group.and_then(|g| g.db_subnet_group_name));
    let parameters = item
        .db_parameter_groups
        .into_iter()
        .flatten()
        .find_map(|g| g.db_parameter_group_name);
    let options = item
        .option_group_memberships
        .into_iter()
        .flatten()
        .find_map(|g| g.option_group_name);
    let storage = waits.storage_type.or(item.storage_type);
    let mut exports: BTreeSet<String> = item
        .enabled_cloudwatch_logs_exports
        .into_iter()
        .flatten()
        .collect();
    if let Some(pending) = waits.pending_cloudwatch_logs_exports {
        exports.extend(pending.log_types_to_enable.into_iter().flatten());
        for off in pending.log_types_to_disable.into_iter().flatten() {
            exports.remove(&off);
        }
    }
    let endpoint = item.endpoint;
    let reachable = endpoint
        .as_ref()
        .and_then(|e| e.port)
        .or(item.db_instance_port.filter(|p| *p > 0));
    let port = number(waits.port.or(reachable)).unwrap_or(5432);
    let secret = item.master_user_secret;
    Some(Seen {
        status: status(item.db_instance_status.as_deref().unwrap_or("available")),
        inputs: DbInstance {
            engine_version: major(&engine, &version),
            exact_version: Some(version).filter(|v| !v.is_empty()),
            engine,
            db_instance_class: waits
                .db_instance_class
                .or(item.db_instance_class)
                .unwrap_or_default(),
            db_instance_identifier: Some(Input::Known(id.clone())),
            db_name: item.db_name.map(Input::Known),
            master_username: item.master_username.unwrap_or_default(),
            manage_master_user_password: secret.is_some(),
            master_user_secret_kms_key: arn(secret.as_ref().and_then(|s| s.kms_key_id.clone())),
            port,
            allocated_storage: number(waits.allocated_storage.or(item.allocated_storage)).unwrap_or_default(),
            max_allocated_storage: number(item.max_allocated_storage),
            storage_type: storage
                .and_then(|s| StorageType::word(&s))
                .unwrap_or(StorageType::Gp3),
            iops: number(waits.iops.or(item.iops)),
            storage_throughput: number(waits.storage_throughput.or(item.storage_throughput)),
            storage_encrypted: item.storage_encrypted.unwrap_or(false),
            kms_key: arn(item.kms_key_id),
            db_subnet_group: subnets.map(|name| Input::Known(name.into())),
            vpc_security_groups: groups.map(|g| Input::Known(g.into())).collect(),
            publicly_accessible: item.publicly_accessible.unwrap_or(false),
            multi_az: waits.multi_az.or(item.multi_az).unwrap_or(false),
            availability_zone: item.availability_zone.map(|z| Input::Known(z.into())),
            db_parameter_group: parameters.map(|name| Input::Known(name.into())),
            option_group: options.map(Input::Known),
            backup_retention_period: number(waits.backup_retention_period.or(item.backup_retention_period))
                .unwrap_or_default(),
            preferred_backup_window: item.preferred_backup_window,
            preferred_maintenance_window: item.preferred_maintenance_window,
            auto_minor_version_upgrade: item.auto_minor_version_upgrade.unwrap_or(true),
            copy_tags_to_snapshot: item.copy_tags_to_snapshot.unwrap_or(false),
            ca_certificate_identifier: waits.ca_certificate_identifier.or(item.ca_certificate_identifier),
            enable_iam_database_authentication: waits
                .iam_database_authentication_enabled
                .or(item.iam_database_authentication_enabled)
                .unwrap_or(false),
            enable_cloudwatch_logs_exports: exports,
            enable_performance_insights: item.performance_insights_enabled.unwrap_or(false),
            performance_insights_retention_period: number(item.performance_insights_retention_period),
            performance_insights_kms_key: arn(item.performance_insights_kms_key_id),
            database_insights_mode: item
                .database_insights_mode
                .and_then(|m| DatabaseInsightsMode::word(m.as_str()))
                .unwrap_or(DatabaseInsightsMode::Standard),
            monitoring_interval: number(item.monitoring_interval).unwrap_or(0),
            monitoring_role: arn(item.monitoring_role_arn),
            deletion_protection: item.deletion_protection.unwrap_or(false),
            // How calls are made, which AWS does not keep.
            apply_immediately: true,
            final_snapshot: true,
            delete_automated_backups: true,
            tags: item.tag_list.into(),
        },
        outputs: DbInstanceOutputs {
            id: id.clone().into(),
            arn: item.db_instance_arn.unwrap_or_default().into(),
            endpoint: endpoint.and_then(|e| e.address).unwrap_or_default(),
            port,
            master_user_secret: secret.and_then(|s| s.secret_arn).unwrap_or_default().into(),
            resource_id: item.dbi_resource_id.unwrap_or_default(),
        },
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_waits_for_its_window_is_no_difference() {
        let waits = t::PendingModifiedValues::builder()
            .db_instance_class("db.m7g.large")
            .multi_az(true);
        let item = t::DbInstance::builder()
            .db_instance_identifier("db")
            .engine("postgres")
            .engine_version("17.4");
        let item = item
            .db_instance_class("db.t4g.small")
            .multi_az(false)
            .pending_modified_values(waits.build());
        let seen = see(item.build()).expect("an instance");
        assert_eq!(
            (seen.inputs.db_instance_class.as_str(), seen.inputs.multi_az),
            ("db.m7g.large", true)
        );
        assert_eq!(seen.inputs.engine_version, "17");
        assert_eq!(seen.status, Status::Ready);
    }

    /// <https://github.com/hashicorp/terraform-provider-aws/issues/29757>: a database that is stopped at night, full or
    /// misconfigured still has its data.
    #[test]
    fn no_instance_that_can_be_recovered_counts_as_failed_for_good() {
        for word in ["stopped", "stopping"] {
            assert_eq!(status(word), Status::Stopped(word.into()));
        }
        for word in [
            "storage-full",
            "insufficient-capacity",
            "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable",
            "incompatible-network",
            "incompatible-parameters",
            "a-word-of-tomorrow",
        ] {
            assert_eq!(status(word), Status::Impaired(word.replace('-', " ")));
        }
        for word in ["starting", "backing-up", "modifying"] {
            assert_eq!(status(word), Status::Pending(word.into()));
        }
        assert_eq!(
            status("delete-precheck"),
            Status::Leaving("delete-precheck".into())
        );
        assert_eq!(status("restore-error"), Status::Failed("restore error".into()));
    }
}
