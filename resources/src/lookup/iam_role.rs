//! A role that exists.

use super::query::Lookup;
use crate::iam::RoleOutputs;
use serde::{Deserialize, Serialize};

/// A role, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IamRole {
    role_name: String,
}

impl IamRole {
    /// The role with this name.
    pub fn named(name: &str) -> Self {
        Self {
            role_name: name.into(),
        }
    }
}

impl Lookup for IamRole {
    const KIND: &'static str = "iam.role";
    const DOC: &'static str = "A role, by its name.";
    const ACTIONS: &'static [&'static str] = &["iam:ListRoles"];
    type Found = RoleOutputs;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for IamRole {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let roles = aws
            .all("iam", "ListRoles", crate::aws::items!(aws.iam.list_roles()))
            .await?;
        let candidate = |role: crate::aws::sdk::iam::types::Role| crate::cloud::Candidate {
            label: role.role_name.clone(),
            facts: serde_json::json!({"role_name": role.role_name}),
            outputs: serde_json::json!({"id": role.role_name, "arn": role.arn, "unique_id": role.role_id}),
        };
        Ok(roles.into_iter().map(candidate).collect())
    }
}
