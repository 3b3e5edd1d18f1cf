//! The key behind an alias of KMS.

use super::query::{Lookup, found};
use crate::{kms::KeyId, value::Arn};
use serde::{Deserialize, Serialize};

/// An alias of KMS and the key that it stands for.
///
/// ```
/// use tenon_resources::lookup::KmsAlias;
/// KmsAlias::named("alias/aws/s3");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KmsAlias {
    name: String,
}

found! {
    /// Outputs of an alias of KMS.
    KmsAliasFound, KmsAliasRefs {
        /// The id of the key.
        key: KeyId = "The id of the key.",
        /// The ARN of the key.
        key_arn: Arn = "The ARN of the key.",
        /// The ARN of the alias.
        arn: Arn = "The ARN of the alias.",
    }
}

impl KmsAlias {
    /// The alias with this name, which begins with `alias/`.
    pub fn named(name: &str) -> Self {
        Self { name: name.into() }
    }
}

impl Lookup for KmsAlias {
    const KIND: &'static str = "kms.alias";
    const DOC: &'static str = "An alias of KMS and the key that it stands for.";
    const ACTIONS: &'static [&'static str] = &["kms:ListAliases"];
    type Found = KmsAliasFound;

    fn check(&self) -> Vec<String> {
        let wrong = !self.name.starts_with("alias/");
        let why = || format!("`name` is `{}`; write `alias/{}`", self.name, self.name);
        wrong.then(why).into_iter().collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for KmsAlias {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let pages = crate::aws::items!(aws.kms.list_aliases());
        let aliases = aws.all("kms", "ListAliases", pages).await?;
        let candidate = |alias: crate::aws::sdk::kms::types::AliasListEntry| {
            // An alias that AWS keeps for a service has no key until the service is used.
            let (name, arn, key) = (alias.alias_name?, alias.alias_arn?, alias.target_key_id?);
            Some(crate::cloud::Candidate {
                label: name.clone(),
                facts: serde_json::json!({"name": name}),
                outputs: serde_json::json!({"key": key, "key_arn": aws.arn("kms", &format!("key/{key}")), "arn": arn}),
            })
        };
        Ok(aliases.into_iter().filter_map(candidate).collect())
    }
}
