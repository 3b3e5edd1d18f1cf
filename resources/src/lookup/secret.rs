//! A secret of Secrets Manager that exists.

use super::query::Lookup;
use crate::secretsmanager::SecretOutputs;
use serde::{Deserialize, Serialize};

/// A secret, by its name: its ARN, never its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    name: String,
}

impl Secret {
    /// The secret with this name.
    pub fn named(name: &str) -> Self {
        Self { name: name.into() }
    }
}

impl Lookup for Secret {
    const KIND: &'static str = "secretsmanager.secret";
    const DOC: &'static str = "A secret, by its name: its ARN, never its value.";
    const ACTIONS: &'static [&'static str] = &["secretsmanager:ListSecrets"];
    type Found = SecretOutputs;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for Secret {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let pages = crate::aws::pages!(aws.secretsmanager.list_secrets());
        let pages = aws.all("secretsmanager", "ListSecrets", pages).await?;
        let secrets = pages.into_iter().flat_map(|p| p.secret_list.unwrap_or_default());
        let candidate = |secret: crate::aws::sdk::secretsmanager::types::SecretListEntry| {
            let (name, arn) = (secret.name?, secret.arn?);
            Some(crate::cloud::Candidate {
                label: name.clone(),
                facts: serde_json::json!({"name": name}),
                outputs: serde_json::json!({"id": name, "arn": arn}),
            })
        };
        Ok(secrets.filter_map(candidate).collect())
    }
}
