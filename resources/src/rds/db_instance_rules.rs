//! Rules of AWS for the settings of a DB instance.

use super::DbSubnetGroupName;
use super::db_instance::DbInstance;
use crate::prelude::*;

impl DbInstance {
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
