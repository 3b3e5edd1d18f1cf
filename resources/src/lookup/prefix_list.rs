//! A managed prefix list.

use super::query::{Lookup, found};
use crate::ec2::PrefixListId;
use serde::{Deserialize, Serialize};

/// A managed prefix list, by its name: the addresses of an AWS service, or the account's own.
///
/// ```
/// use tenon_resources::lookup::PrefixList;
/// PrefixList::named("com.amazonaws.global.cloudfront.origin-facing");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefixList {
    name: String,
}

found! {
    /// Outputs of a managed prefix list.
    PrefixListFound, PrefixListRefs {
        /// The id.
        id: PrefixListId = "The id.",
    }
}

impl PrefixList {
    /// The one with this name.
    pub fn named(name: &str) -> Self {
        Self { name: name.into() }
    }

    /// The addresses from which CloudFront asks its origins.
    pub fn cloudfront_origin_facing() -> Self {
        Self::named("com.amazonaws.global.cloudfront.origin-facing")
    }
}

impl Lookup for PrefixList {
    const KIND: &'static str = "ec2.managed_prefix_list";
    const DOC: &'static str = "A managed prefix list, by its name.";
    const ACTIONS: &'static [&'static str] = &["ec2:DescribeManagedPrefixLists"];
    type Found = PrefixListFound;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for PrefixList {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        let pages = crate::aws::items!(aws.ec2.describe_managed_prefix_lists());
        let lists = aws.all("ec2", "DescribeManagedPrefixLists", pages).await?;
        let candidate = |list: crate::aws::sdk::ec2::types::ManagedPrefixList| {
            let (id, name) = (list.prefix_list_id?, list.prefix_list_name?);
            Some(crate::cloud::Candidate {
                label: name.clone(),
                facts: serde_json::json!({"name": name}),
                outputs: serde_json::json!({"id": id}),
            })
        };
        Ok(lists.into_iter().filter_map(candidate).collect())
    }
}
