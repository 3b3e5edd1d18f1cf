//! A managed policy of IAM that exists.

use super::query::{Lookup, found};
use crate::value::Arn;
use serde::{Deserialize, Serialize};

/// A managed policy, by its name: of AWS, or of the account.
///
/// ```
/// use tenon_resources::lookup::IamPolicy;
/// IamPolicy::of_aws("AmazonSSMManagedInstanceCore");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IamPolicy {
    policy_name: String,
    of: String,
}

found! {
    /// Outputs of a managed policy.
    IamPolicyFound, IamPolicyRefs {
        /// The ARN.
        arn: Arn = "The ARN.",
    }
}

impl IamPolicy {
    /// The one of AWS with this name.
    pub fn of_aws(name: &str) -> Self {
        Self {
            policy_name: name.into(),
            of: "AWS".into(),
        }
    }

    /// The one of the account with this name.
    pub fn of_account(name: &str) -> Self {
        Self {
            policy_name: name.into(),
            of: "Local".into(),
        }
    }
}

impl Lookup for IamPolicy {
    const KIND: &'static str = "iam.policy";
    const DOC: &'static str = "A managed policy, by its name: of AWS, or of the account.";
    const ACTIONS: &'static [&'static str] = &["iam:ListPolicies"];
    type Found = IamPolicyFound;
}

#[cfg(feature = "aws")]
impl crate::aws::LookUp for IamPolicy {
    async fn candidates(
        &self,
        aws: &crate::aws::Aws,
    ) -> Result<Vec<crate::cloud::Candidate>, crate::cloud::CallError> {
        use crate::aws::sdk::iam::types::{Policy, PolicyScopeType};
        let scope = PolicyScopeType::from(self.of.as_str());
        let pages = crate::aws::items!(aws.iam.list_policies().scope(scope));
        let policies = aws.all("iam", "ListPolicies", pages).await?;
        let candidate = |policy: Policy| {
            let (name, arn) = (policy.policy_name?, policy.arn?);
            Some(crate::cloud::Candidate {
                label: name.clone(),
                facts: serde_json::json!({"policy_name": name, "of": self.of}),
                outputs: serde_json::json!({"arn": arn}),
            })
        };
        Ok(policies.into_iter().filter_map(candidate).collect())
    }
}
