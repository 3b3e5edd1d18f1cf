//! What moto's ECS takes and forgets of services, kept in front of it.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The members of `CreateService` and `UpdateService` that its answers leave out.
const FORGOTTEN: [&str; 7] = [
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "propagateTags",
];

/// What it would have kept, by the service's name.
#[derive(Debug, Default)]
pub(crate) struct Services(BTreeMap<String, Map<String, Value>>);

impl Services {
    /// Takes note of a request.
    pub(crate) fn ask(&mut self, operation: &str, body: &[u8]) {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = match operation {
            "CreateService" => &request["serviceName"],
            "UpdateService" => &request["service"],
            _ => return,
        };
        let Some(name) = name.as_str().and_then(|name| name.rsplit('/').next()) else {
            return;
        };
        let kept = self.0.entry(name.to_owned()).or_default();
        for member in FORGOTTEN {
            if let Some(value) = request.get(member) {
                kept.insert(member.to_owned(), value.clone());
            }
        }
    }

    /// Puts into an answer what is missing from it.
    pub(crate) fn complete(&self, operation: &str, body: &[u8]) -> Option<Vec<u8>> {
        if operation != "DescribeServices" {
            return None;
        }
        let mut answer: Value = serde_json::from_slice(body).ok()?;
        for service in answer["services"].as_array_mut()? {
            let kept = service["serviceName"].as_str().and_then(|name| self.0.get(name));
            for (member, value) in kept.into_iter().flatten() {
                service[member] = value.clone();
            }
        }
        serde_json::to_vec(&answer).ok()
    }
}
