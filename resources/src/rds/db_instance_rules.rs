//! Rules of AWS for the settings of a DB instance.

use super::DbSubnetGroupName;
use super::db_instance::{DbInstance, StorageType, major};
use crate::prelude::*;

impl DbInstance {
    // Long: one rule after the other, each with its sentence.
    /// Findings about the settings by themselves, as sentences.
    pub(super) fn findings(&self) -> Vec<String> {
        let (engine, version, port) = (&self.engine, &self.engine_version, self.port);
        let (storage, disk) = (self.allocated_storage, self.storage_type);
        let major = major(engine, version);
        let wrong = |condition: bool, why: String| condition.then_some(why);
        let exact = self.exact_version.as_ref();
        let exact = exact.filter(|exact| self::major(engine, exact) != major);
        let max = self.max_allocated_storage.filter(|max| *max <= storage);
        let (interval, role) = (self.monitoring_interval, self.monitoring_role.is_some());
        let days = self.performance_insights_retention_period;
        let findings = [
            wrong(
                major != *version,
                format!("`engine_version` is `{version}`: write `{major}`, and the rest as `exact_version`"),
            ),
            exact.map(|exact| {
                format!("`exact_version` is `{exact}`, which is not of `engine_version` `{major}`")
            }),
            wrong(
                engine.starts_with("aurora"),
                format!("`engine` is `{engine}`, whose instances belong to a cluster"),
            ),
            wrong(
                matches!(engine.as_str(), "mysql" | "mariadb") && port == 5432,
                format!("`port` is 5432, and `{engine}` speaks on 3306: set it"),
            ),
            wrong(
                self.vpc_security_groups.is_empty(),
                "`vpc_security_groups` is empty, and AWS would take the VPC's default group: name one".into(),
            ),
            max.map(|max| {
                format!(
                    "`max_allocated_storage` is {max}: make it more than `allocated_storage`, {storage}, or leave it unset"
                )
            }),
            wrong(
                self.storage_throughput.is_some() && disk != StorageType::Gp3,
                format!("`storage_throughput` is set, and a disk of `{disk}` has none"),
            ),
            wrong(
                matches!(disk, StorageType::Io1 | StorageType::Io2) && self.iops.is_none(),
                format!("`iops` is unset, and a disk of `{disk}` needs some"),
            ),
            wrong(
                !matches!(interval, 0 | 1 | 5 | 10 | 15 | 30 | 60),
                format!("`monitoring_interval` is {interval}, and AWS takes 0, 1, 5, 10, 15, 30 or 60 seconds"),
            ),
            wrong(
                (interval > 0) != role,
                "`monitoring_interval` and `monitoring_role` go together: set both or neither".into(),
            ),
            wrong(
                days.is_some_and(|d| d != 7 && d != 731 && d % 31 != 0),
                "`performance_insights_retention_period` is 7, 731, or a multiple of 31 days".into(),
            ),
            wrong(
                self.multi_az && self.availability_zone.is_some(),
                "`availability_zone` is set, and with `multi_az` AWS chooses both: drop it".into(),
            ),
            wrong(
                self.kms_key.is_some() && !self.storage_encrypted,
                "`kms_key` is set, and `storage_encrypted` is off".into(),
            ),
        ];
        findings.into_iter().flatten().collect()
    }

    /// `true` if the subnet group is another one of the VPC that the instance is in.
    ///
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html> (`InvalidVPCNetworkStateFault`)
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.VPC2VPC.html>
    pub(super) fn moves_within_its_vpc(&self, was: &Self, look: Look<'_>) -> bool {
        let (Some(group), Some(old)) = (&self.db_subnet_group, &was.db_subnet_group) else {
            return false;
        };
        if group == old {
            return false;
        }
        let subnets = |group: &Input<DbSubnetGroupName>| -> BTreeSet<String> {
            let group = serde_json::to_value(group).unwrap_or_default();
            let subnets = look(&group, "subnets");
            let subnets = subnets
                .iter()
                .flat_map(|list| list.as_array().into_iter().flatten());
            // A subnet that is not known itself stands for its VPC: the same one is in the same VPC.
            subnets
                .flat_map(|s| [Some(s.to_string()), look(s, "vpc").map(|vpc| vpc.to_string())])
                .flatten()
                .collect()
        };
        !subnets(group).is_disjoint(&subnets(old))
    }
}
