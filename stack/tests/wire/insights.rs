//! What moto's RDS takes and forgets of databases, kept in front of it: Performance Insights.

use crate::form::{self, escaped};
use std::collections::BTreeMap;

/// The members of `CreateDBInstance` and `ModifyDBInstance`, and what `DescribeDBInstances` calls them.
const FORGOTTEN: [(&str, &str); 4] = [
    ("DatabaseInsightsMode", "DatabaseInsightsMode"),
    ("EnablePerformanceInsights", "PerformanceInsightsEnabled"),
    ("PerformanceInsightsKMSKeyId", "PerformanceInsightsKMSKeyId"),
    (
        "PerformanceInsightsRetentionPeriod",
        "PerformanceInsightsRetentionPeriod",
    ),
];

/// What it would have kept, by the database's identifier.
#[derive(Debug, Default)]
pub(crate) struct Insights(BTreeMap<String, BTreeMap<&'static str, String>>);

impl Insights {
    /// Takes note of a request.
    pub(crate) fn ask(&mut self, operation: &str, request: &[u8]) {
        if !matches!(operation, "CreateDBInstance" | "ModifyDBInstance") {
            return;
        }
        let form = form::members(request);
        let Some(name) = form.get("DBInstanceIdentifier") else {
            return;
        };
        let kept = self.0.entry(name.clone()).or_default();
        for (member, answered) in FORGOTTEN {
            if let Some(value) = form.get(member) {
                kept.insert(answered, value.clone());
            }
        }
    }

    /// Puts into an answer what is missing from it.
    pub(crate) fn complete(&self, operation: &str, answer: &[u8]) -> Option<String> {
        if operation != "DescribeDBInstances" {
            return None;
        }
        let mut answer = String::from_utf8_lossy(answer).into_owned();
        for (name, kept) in &self.0 {
            let at = format!("<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier>");
            let members = kept.iter().map(|(k, v)| format!("<{k}>{}</{k}>", escaped(v)));
            answer = answer.replace(&at, &format!("{at}{}", members.collect::<String>()));
        }
        Some(answer)
    }
}
