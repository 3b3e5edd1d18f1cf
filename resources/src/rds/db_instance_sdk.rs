//! Database instances to the SDK and back.

use super::{
    DbInstance, DbInstanceOutputs, DbParameterGroupName, DbSubnetGroupName,
    db_instance::{Exports, FinalSnapshot, major},
};
use crate::{
    aws::{ToSdk, gone, there},
    ec2::SecurityGroupId,
    prelude::*,
};
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
        let mut instances = vec![];
        for filters in filters {
            let pages = items!(aws.rds.describe_db_instances().set_filters(filters));
            let items = aws.all("rds", "DescribeDBInstances", pages).await;
            for item in there(items, gone::<Self>())?.into_iter().flatten() {
                instances.push(read(item).map_err(broken::<Self>)?);
            }
        }
        Ok(instances)
    }
}

/// The status of an instance, by AWS's word for it (RDS user guide, "Viewing Amazon RDS DB instance status":
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html>). Any word that is not listed, a new
/// one of AWS's too, is [`Status::Impaired`]: nothing is ever concluded from it that could cost data.
fn status(word: &str) -> Status {
    DbInstance::STATUSES[0]
        .status(word, None)
        .unwrap_or(Status::Ready)
}

/// The item with its pending values: a change that waits for its window counts as made, as it was asked for and will be.
fn as_asked(mut item: t::DbInstance) -> t::DbInstance {
    macro_rules! pending {
        ($from:ident: $($member:ident),*) => { $(item.$member = $from.$member.or(item.$member);)* };
    }
    let endpoint = item.endpoint.as_ref().and_then(|e| e.port);
    item.db_instance_port = endpoint.or(item.db_instance_port.filter(|port| *port > 0));
    let Some(waits) = item.pending_modified_values.take() else {
        return item;
    };
    item.db_instance_port = waits.port.or(item.db_instance_port);
    item.iam_database_authentication_enabled = waits
        .iam_database_authentication_enabled
        .or(item.iam_database_authentication_enabled);
    if let Some(name) = waits.db_subnet_group_name {
        item.db_subnet_group = Some(t::DbSubnetGroup::builder().db_subnet_group_name(name).build());
    }
    if let Some(exports) = waits.pending_cloudwatch_logs_exports {
        let on = item.enabled_cloudwatch_logs_exports.get_or_insert_default();
        on.extend(exports.log_types_to_enable.into_iter().flatten());
        let off = exports.log_types_to_disable.unwrap_or_default();
        on.retain(|log| !off.contains(log));
    }
    pending!(waits: engine_version, db_instance_class, allocated_storage, storage_type, iops, storage_throughput,
        multi_az, backup_retention_period, ca_certificate_identifier);
    item
}

pub(super) fn major_version(item: &t::DbInstance) -> String {
    let text = |member: &Option<String>| member.clone().unwrap_or_default();
    major(&text(&item.engine), &text(&item.engine_version))
}

pub(super) fn secret_key(item: &t::DbInstance) -> Option<Input<Arn>> {
    let key = item.master_user_secret.as_ref()?.kms_key_id.clone()?;
    Some(Input::Known(key.into()))
}

pub(super) fn subnet_group(item: &t::DbInstance) -> Option<Input<DbSubnetGroupName>> {
    let name = item.db_subnet_group.as_ref()?.db_subnet_group_name.clone()?;
    Some(Input::Known(name.into()))
}

pub(super) fn security_groups(item: &t::DbInstance) -> BTreeSet<Input<SecurityGroupId>> {
    let ids = item.vpc_security_groups().iter();
    let ids = ids.filter_map(|group| group.vpc_security_group_id.clone());
    ids.map(|id| Input::Known(id.into())).collect()
}

pub(super) fn parameter_group(item: &t::DbInstance) -> Option<Input<DbParameterGroupName>> {
    let mut groups = item.db_parameter_groups().iter();
    let name = groups.find_map(|group| group.db_parameter_group_name.clone())?;
    Some(Input::Known(name.into()))
}

pub(super) fn option_group(item: &t::DbInstance) -> Option<Input<String>> {
    let mut groups = item.option_group_memberships().iter();
    groups
        .find_map(|group| group.option_group_name.clone())
        .map(Input::Known)
}

fn read(item: t::DbInstance) -> Result<Seen<DbInstance>, Missing> {
    let item = as_asked(item);
    let inputs = DbInstance::from_sdk(&item)?;
    let id = item
        .db_instance_identifier
        .ok_or(Missing("db_instance_identifier"))?;
    let endpoint = item.endpoint.and_then(|e| e.address);
    let secret = item.master_user_secret.and_then(|s| s.secret_arn);
    Ok(Seen {
        status: status(item.db_instance_status.as_deref().unwrap_or("available")),
        outputs: DbInstanceOutputs {
            id: id.clone().into(),
            arn: item.db_instance_arn.unwrap_or_default().into(),
            endpoint: endpoint.unwrap_or_default(),
            port: inputs.port,
            master_user_secret: secret.unwrap_or_default().into(),
            resource_id: item.dbi_resource_id.unwrap_or_default(),
        },
        inputs,
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
        let observed = read(item.build()).expect("an instance");
        assert_eq!(
            (
                observed.inputs.db_instance_class.as_str(),
                observed.inputs.multi_az
            ),
            ("db.m7g.large", true)
        );
        assert_eq!(observed.inputs.engine_version, "17");
        assert_eq!(observed.status, Status::Ready);
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
