//! The availability zones of the region.

use super::query::{Lookup, found};
use crate::cloud::Candidate;
use crate::value::AvailabilityZone;
use serde::{Deserialize, Serialize};

/// All availability zones of the region that the account may use now; local zones and wavelength zones are none.
///
/// Their names stand in lists for all of them. A program that makes a subnet in each must know their number: it names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityZones {
    state: String,
    zone_type: String,
}

found! {
    /// Outputs of availability zones.
    AvailabilityZonesFound, AvailabilityZonesRefs {
        /// The name, such as `eu-west-1a`.
        name: AvailabilityZone = "The name, such as `eu-west-1a`.",
        /// The id, which is the same in every account, such as `euw1-az1`.
        id: String = "The id, which is the same in every account, such as `euw1-az1`.",
    }
}

impl AvailabilityZones {
    /// Those that are available.
    pub fn available() -> Self {
        Self {
            state: "available".into(),
            zone_type: "availability-zone".into(),
        }
    }
}

impl Lookup for AvailabilityZones {
    const KIND: &'static str = "ec2.availability_zones";
    const DOC: &'static str = "All availability zones of the region that the account may use.";
    const ACTIONS: &'static [&'static str] = &["ec2:DescribeAvailabilityZones"];
    const MANY: bool = true;
    type Found = AvailabilityZonesFound;

    fn choose(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let query = serde_json::to_value(self).unwrap_or_default();
        let mut zones: Vec<_> = candidates
            .into_iter()
            .filter(|c| super::matches(&query, &c.facts))
            .collect();
        zones.sort_by(|a, b| a.label.cmp(&b.label));
        zones
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for AvailabilityZones {
    async fn candidates(&self, aws: &crate::aws::Aws) -> Result<Vec<Candidate>, crate::cloud::CallError> {
        let reply = aws.ec2.describe_availability_zones().send().await;
        let reply = reply.map_err(|e| crate::aws::call_error("ec2", "DescribeAvailabilityZones", e))?;
        let candidate = |zone: &crate::aws::sdk::ec2::types::AvailabilityZone| {
            let name = zone.zone_name()?;
            Some(Candidate {
                label: name.into(),
                facts: serde_json::json!({"state": zone.state().map(|s| s.as_str()), "zone_type": zone.zone_type()}),
                outputs: serde_json::json!({"name": name, "id": zone.zone_id()}),
            })
        };
        Ok(reply.availability_zones().iter().filter_map(candidate).collect())
    }
}
