//! Capacity provider strategies: the capacity that tasks run on.

use crate::{prelude::*, value::Part};

/// An item of a capacity provider strategy: a capacity provider's share of the tasks.
///
/// ```
/// use tenon_resources::ecs::CapacityShare;
/// let steady = CapacityShare::new("FARGATE", 1).base(2);
/// let cheap = CapacityShare::new("FARGATE_SPOT", 3);
/// assert_ne!(steady, cheap);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CapacityShare {
    /// The capacity provider: `FARGATE`, `FARGATE_SPOT`, or the name of one's own.
    pub capacity_provider: Input<String>,
    /// The weight, 0 to 1000: the share of the tasks beyond `base`, relative to the sum of all weights.
    pub weight: u32,
    /// The base: the number of tasks that run on it at a minimum; only one item may have a base.
    pub base: u32,
}

impl CapacityShare {
    /// An item with weight `weight` and base 0.
    pub fn new(capacity_provider: impl Into<Part>, weight: u32) -> Self {
        Self {
            capacity_provider: Input::of(capacity_provider),
            weight,
            base: 0,
        }
    }

    /// Sets the base.
    #[must_use]
    pub fn base(mut self, base: u32) -> Self {
        self.base = base;
        self
    }

    /// Findings of what AWS would refuse, as sentences about `field`.
    pub(crate) fn check(shares: &BTreeSet<Self>, field: &str) -> Vec<String> {
        let mut findings = vec![];
        if shares.iter().filter(|s| s.base > 0).count() > 1 {
            findings.push(format!("`{field}` has more than one `base`, and AWS takes one"));
        }
        if let Some(heavy) = shares.iter().find(|s| s.weight > 1000) {
            findings.push(format!(
                "`{field}` has a weight of {}, and AWS takes 0 to 1000",
                heavy.weight
            ));
        }
        if !shares.is_empty() && shares.iter().all(|s| s.weight == 0) {
            findings.push(format!(
                "`{field}` has no weight above 0, so nothing would run: give one"
            ));
        }
        findings
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::ecs::types::CapacityProviderStrategyItem> for CapacityShare {
    fn to_sdk(self) -> Option<sdk::ecs::types::CapacityProviderStrategyItem> {
        let share = sdk::ecs::types::CapacityProviderStrategyItem::builder();
        let share = share.set_capacity_provider(self.capacity_provider.to_sdk());
        share
            .set_weight(self.weight.to_sdk())
            .set_base(self.base.to_sdk())
            .build()
            .ok()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::FromSdk<sdk::ecs::types::CapacityProviderStrategyItem> for CapacityShare {
    fn from_sdk(item: sdk::ecs::types::CapacityProviderStrategyItem) -> Option<Self> {
        let weight = item.weight.try_into().unwrap_or_default();
        Some(Self::new(item.capacity_provider, weight).base(item.base.try_into().unwrap_or_default()))
    }
}
