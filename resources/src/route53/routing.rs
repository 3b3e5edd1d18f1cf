//! Routing policies of records.

use crate::prelude::*;

choice!(
    /// The role of a record in failover.
    FailoverRole of route53::ResourceRecordSetFailover {
        /// The record that answers while it is healthy.
        Primary = "PRIMARY",
        /// The record that answers while the primary one is not healthy.
        Secondary = "SECONDARY",
    }
);

/// A routing policy: how Route 53 chooses between records of one name and type. All of them have the same kind of policy.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// Weighted routing: a share of the answers, 0 to 255; 0 is none, unless all are 0.
    Weight(u8),
    /// Failover routing.
    Failover(FailoverRole),
    /// Latency-based routing: the region, such as `eu-west-1`, whose network is fastest for the asker.
    Region(String),
    /// Geolocation routing by country, such as `DE`, or `*` for everywhere else.
    Country(String),
    /// Multivalue answer routing: up to eight healthy records, at random.
    MultiValue,
}

#[cfg(feature = "aws")]
impl Routing {
    /// The policy of a record set, if it has one of these.
    pub(super) fn of(set: &sdk::route53::types::ResourceRecordSet) -> Option<Self> {
        let country = set.geo_location.as_ref().and_then(|geo| geo.country_code.clone());
        let failover = set.failover.as_ref().and_then(|f| FailoverRole::word(f.as_str()));
        let weight = set.weight.and_then(|weight| weight.try_into().ok());
        weight
            .map(Self::Weight)
            .or_else(|| failover.map(Self::Failover))
            .or_else(|| {
                set.region
                    .as_ref()
                    .map(|region| Self::Region(region.as_str().into()))
            })
            .or_else(|| country.map(Self::Country))
            .or_else(|| (set.multi_value_answer == Some(true)).then_some(Self::MultiValue))
    }

    /// The set with this policy.
    pub(super) fn on(
        self,
        set: sdk::route53::types::builders::ResourceRecordSetBuilder,
    ) -> sdk::route53::types::builders::ResourceRecordSetBuilder {
        match self {
            Self::Weight(weight) => set.weight(weight.into()),
            Self::Failover(role) => set.failover(role.as_str().into()),
            Self::Region(region) => set.region(region.as_str().into()),
            Self::Country(code) => {
                let place = sdk::route53::types::GeoLocation::builder().country_code(code);
                set.geo_location(place.build())
            }
            Self::MultiValue => set.multi_value_answer(true),
        }
    }
}
